// After each way up of the stream everybody is read, and what was missed is replayed. Replayed events that come while that reading is under way
// wait for its end: told in between they would look newer than what it shows, although they are history.

import type { Cancel, Clock } from '../../../domain/clock.ts'
import { CLOCK_SKEW_MS } from '../settings.ts'
import type { ChangeEvent } from '../wire.ts'
import { CATCH_UP_EVENTS_MAX, CATCH_UP_MAX_MS } from './transport-limits.ts'

type CatchUp = {
  event(event: ChangeEvent): void
  link(up: boolean): void
  /** Makes a reading; the first one after each way up holds events back. `asOf`: what is committed from then on it cannot know. */
  during<T>(reading: (asOf: number) => Promise<T>): Promise<T>
  stop(): void
}

export function createCatchUp(deps: { readonly clock: Clock; readonly take: (event: ChangeEvent) => void }): CatchUp {
  const { clock, take } = deps
  let waiting: ChangeEvent[] = []
  let isFirst = false
  let holding = false
  let cancel: Cancel = () => {}

  /** In their order; the last reading has been taken by then, or is not waited for any longer. */
  function flush(): void {
    cancel()
    holding = false
    for (const event of waiting.splice(0)) take(event)
  }

  return {
    event(event) {
      if (holding) waiting.push(event)
      else take(event)
      if (waiting.length >= CATCH_UP_EVENTS_MAX) flush()
    },
    link(up) {
      isFirst = up
    },
    async during(reading) {
      if (!isFirst) return await reading(clock.now())
      isFirst = false
      holding = true
      cancel()
      cancel = clock.after(CATCH_UP_MAX_MS, flush)
      try {
        // What is replayed is mostly older: clocks that differ a little must not make news of it.
        return await reading(clock.now() + CLOCK_SKEW_MS)
      } finally {
        // Whoever asked takes the result before.
        clock.soon(flush)
      }
    },
    stop() {
      cancel()
      waiting = []
    },
  }
}
