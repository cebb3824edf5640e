// Time for tests: it stands still until it is advanced, and everything that is due happens in order.

import type { Cancel, Clock } from '../../src/domain/clock.ts'

type Timer = { readonly due: number; readonly order: number; readonly callback: () => void }

export type VirtualClock = Clock & {
  /** Passes so much time, ms; what falls due happens at its own time, and what follows from it at the same instant is done before the next. */
  advance(ms: number): Promise<void>
  /** Does everything that can be done without time passing. */
  settle(): Promise<void>
  /** Timers that have not fired. */
  timers(): number
}

export function createVirtualClock(startMs = Date.parse('2026-11-21T10:00:00Z')): VirtualClock {
  const timers = new Set<Timer>()
  let soon: (() => void)[] = []
  let now = startMs
  let order = 0

  async function settle(): Promise<void> {
    do {
      const due = soon
      soon = []
      for (const callback of due) callback()
      // An immediate comes after all microtasks, also those that microtasks make.
      await new Promise((resolve) => setImmediate(resolve))
    } while (soon.length > 0)
  }

  function nextUntil(end: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of timers) {
      if (timer.due > end) continue
      if (first === undefined || timer.due < first.due || (timer.due === first.due && timer.order < first.order))
        first = timer
    }
    return first
  }

  return {
    now: () => now,
    after(delayMs, callback): Cancel {
      order += 1
      const timer = { due: now + Math.max(0, delayMs), order, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    soon(callback) {
      soon.push(callback)
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) {
        timers.delete(timer)
        now = timer.due
        timer.callback()
        await settle()
      }
      now = end
    },
    settle,
    timers: () => timers.size,
  }
}
