// The clock of the real world.

import type { Clock } from '../domain/clock.ts'

/** Node's timers cannot wait longer. */
const LONGEST_MS = 2 ** 31 - 1

export const REAL_CLOCK: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), LONGEST_MS))
    return () => clearTimeout(timer)
  },
  soon(callback) {
    setImmediate(callback)
  },
}
