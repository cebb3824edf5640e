// Tells of those who were turned away, without letting them fill the log: the first of a minute one by one, then how many there were.

import type { Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import { REFUSALS_LOGGED_PER_MINUTE } from './limits.ts'

const WINDOW_MS = 60_000

export type Refusals = {
  note(code: string, fields: Readonly<Record<string, string | number>>, words: string): void
  /** Looks whether something that was only counted is to be told; called every now and then. */
  sweep(): void
  count(): number
}

export function createRefusals({ clock, log }: { readonly clock: Clock; readonly log: Log }): Refusals {
  // One entry for each code, of which there is a handful.
  const lately = new Map<string, number>()
  let since = clock.now()
  let total = 0

  function sweep(): void {
    if (clock.now() - since < WINDOW_MS) return
    for (const [code, count] of lately) {
      const untold = count - REFUSALS_LOGGED_PER_MINUTE
      if (untold > 0) log.warn({ code, refused: untold }, 'More connections were refused for the same reason')
    }
    lately.clear()
    since = clock.now()
  }

  return {
    note(code, fields, words) {
      sweep()
      total += 1
      const count = (lately.get(code) ?? 0) + 1
      lately.set(code, count)
      if (count <= REFUSALS_LOGGED_PER_MINUTE) log.warn({ code, ...fields }, words)
    },
    sweep,
    count: () => total,
  }
}
