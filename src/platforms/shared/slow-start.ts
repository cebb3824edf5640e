// After a platform has said "too many": one call, and with every good answer twice as many may be under way. So a platform that is not
// well is not overrun by all who waited, and the first call is the most urgent one.

import type { Clock } from '../../domain/clock.ts'

/** With so much credit the start is over. */
const CREDIT_ENOUGH = 64
/** Where no answer comes, one more call after so long, ms. */
const STEP_MS = 250

export type SlowStart = {
  begin(): void
  /** When a call may go, ms since 1970; 0: at once. */
  freeAt(): number
  /** How many may go now. */
  room(): number
  used(): void
  /** A call was answered, not with "too many". */
  answered(): void
}

export function createSlowStart(clock: Clock): SlowStart {
  let credit = Number.POSITIVE_INFINITY
  let lastAt = 0
  const over = () => credit === Number.POSITIVE_INFINITY
  return {
    begin() {
      credit = 1
      lastAt = clock.now()
    },
    freeAt: () => (credit >= 1 ? 0 : lastAt + STEP_MS),
    room: () => (credit >= 1 ? credit : clock.now() >= lastAt + STEP_MS ? 1 : 0),
    used() {
      if (over()) return
      credit = Math.max(0, credit - 1)
      lastAt = clock.now()
    },
    answered() {
      if (!over()) credit = credit + 2 >= CREDIT_ENOUGH ? Number.POSITIVE_INFINITY : credit + 2
    },
  }
}
