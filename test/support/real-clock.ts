// The machine's time, for tests on real sockets.

import type { Clock } from '../../src/domain/clock.ts'

export const REAL_CLOCK: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
  soon(callback) {
    setImmediate(callback)
  },
}
