// Where in the stream of one channel the next connection goes on, kept across restarts.

import type { Clock } from '../../../domain/clock.ts'
import type { Marks } from '../settings.ts'
import { POSITION_AGE_MAX_MS, POSITION_AGE_STEP_MS } from './transport-limits.ts'

type Positions = {
  /** null: only what is new. Also where what is known is too old to be worth going back to. */
  current(): string | null
  moved(position: string): void
  /** It was refused; until the stream moves again there is none. */
  lose(): void
}

export function createPositions(deps: {
  readonly clock: Clock
  readonly marks: Marks
  /** Of the mark; the time of its last move, to the minute, has one of its own. */
  readonly key: string
}): Positions {
  const { clock, marks, key } = deps
  const ageKey = `${key}:at`
  let lost = false
  let datedAt = 0

  /** A position without a time was kept by an earlier version. */
  function isOld(): boolean {
    const at = Math.max(datedAt, Number(marks.get(ageKey) ?? Number.NaN))
    return clock.now() - at > POSITION_AGE_MAX_MS
  }

  return {
    current() {
      const stored = marks.get(key)
      return stored === undefined || stored === '' || lost || isOld() ? null : stored
    },
    moved(position) {
      lost = false
      if (marks.get(key) !== position) marks.set(key, position)
      if (clock.now() - datedAt < POSITION_AGE_STEP_MS) return
      datedAt = clock.now()
      marks.set(ageKey, String(datedAt))
    },
    lose() {
      lost = true
    },
  }
}
