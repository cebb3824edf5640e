// When the org has no call left: nothing is asked for a growing while, then one call tries. No header says when there is room again.

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'

/** First pause; doubled with each refusal up to the longest. The daily limit is a rolling one: room comes back little by little. */
const PAUSES_MS = {
  daily: { first: 60_000, longest: 1_800_000 },
  concurrent: { first: 2_000, longest: 60_000 },
} as const

/** What one call finds out is known soon: the others may look again then. */
const TRYING_MS = 2_000

/** There is no call left; nothing was sent, and nothing will be before `untilMs`. */
export class Paused extends Error {
  override readonly name = 'Paused'
  readonly untilMs: number
  constructor(untilMs: number, when = `before ${new Date(untilMs).toISOString()}`) {
    super(`Salesforce said that its API limit is used up; nothing is asked ${when}`)
    this.untilMs = untilMs
  }
}

export type BudgetPause = {
  /** Throws Paused where no call may go out now. To be followed by one of the next three. */
  enter(): void
  answered(): void
  /** The call failed for another reason: whether there is room again is not known. */
  failed(): void
  refused(limit: 'daily' | 'concurrent'): void
  /** When calls may go out again; null: now. */
  until(): number | null
}

export function createBudgetPause(deps: {
  readonly clock: Clock
  readonly log: Log
  /** Between 0 and 1: jitter, so that several bridges do not come back at one instant. */
  readonly random: () => number
}): BudgetPause {
  const { clock, log, random } = deps
  let untilMs = 0
  let refusals = 0
  let trying = false

  return {
    enter() {
      if (clock.now() < untilMs) throw new Paused(untilMs)
      if (refusals === 0) return
      // One call finds out whether there is room again; the others wait for what it hears.
      if (trying) throw new Paused(clock.now() + TRYING_MS, 'until one call has found out')
      trying = true
    },
    answered() {
      trying = false
      if (refusals === 0) return
      refusals = 0
      log.info({ code: 'api_limit_over' }, 'Salesforce answers calls again')
    },
    failed() {
      trying = false
    },
    refused(limit) {
      trying = false
      // Calls that were under way together count as one refusal.
      if (clock.now() < untilMs) return
      const { first, longest } = PAUSES_MS[limit]
      const ceilingMs = Math.min(longest, first * 2 ** refusals)
      untilMs = clock.now() + Math.ceil(ceilingMs * (0.75 + random() / 4))
      refusals += 1
      log.warn(
        { code: 'api_limit', limit, untilMs, refusals },
        'The API calls of the org are used up; the bridge asks nothing for a while and goes on by its event stream',
      )
    },
    until: () => (clock.now() < untilMs ? untilMs : null),
  }
}
