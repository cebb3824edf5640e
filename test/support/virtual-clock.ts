// Time for tests: the stories' clock, told how much time is to pass instead of until when.

import {
  createVirtualClock as createStoryClock,
  type VirtualClock as StoryClock,
} from '../../src/stories/virtual-clock.ts'

export type VirtualClock = StoryClock & {
  /** Passes so much time, ms; what falls due happens at its own time, and what follows from it at the same instant is done before the next. */
  advance(ms: number): Promise<void>
  /** Timers that have not fired. */
  timers(): number
}

export function createVirtualClock(startMs = Date.parse('2026-11-21T10:00:00Z')): VirtualClock {
  const clock = createStoryClock(startMs)
  return { ...clock, advance: (ms) => clock.advanceTo(clock.now() + ms), timers: () => clock.pending() }
}
