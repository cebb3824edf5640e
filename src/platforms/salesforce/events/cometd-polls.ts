// Whether a CometD connection is still alive. Long polls are silent by nature, and Salesforce lets one wait for 110 s: too long to wait for
// in a bridge. So each poll asks to be answered sooner (`advice.timeout` of /meta/connect, which CometD's own server honours). That Salesforce
// does so too is unverified; so the first polls ask for seconds only, which shows it at once, and an org that does not is given its 110 s.

import type { Cancel, Clock } from '../../../domain/clock.ts'
import type { CometdLimits } from './transport-limits.ts'

/** Whether the org ends polls as asked; what one connection found out helps the next. */
export type Honours = { known: 'unknown' | 'yes' | 'no' }

type PollWatch = {
  /** A poll goes out; how long it asks to wait, null: as the org likes. */
  asked(): number | null
  /** A poll was answered, with or without events. */
  answered(): void
  /** Anything else came. */
  heard(): void
  /** From now on silence is an end; before, the dial has a limit of its own. */
  watch(): void
  stop(): void
}

/** An answer that comes at this share of what was asked for, or later, was not caused by anything else. */
const ON_TIME = 0.8

export function createPollWatch(deps: {
  readonly clock: Clock
  readonly limits: CometdLimits
  readonly honours: Honours
  readonly onSilent: (limitMs: number) => void
  readonly onUnhonoured: () => void
}): PollWatch {
  const { clock, limits, honours } = deps
  let shownHere = false
  let heardAt = clock.now()
  let sentAt = clock.now()
  /** What the poll that is open asked for. */
  let askedMs: number | null = null
  let watching = false
  let cancel: Cancel = () => {}

  function asked(): number | null {
    sentAt = clock.now()
    askedMs = honours.known === 'yes' ? limits.pollMs : honours.known === 'unknown' ? limits.firstPollMs : null
    plan()
    return askedMs
  }

  function answered(): void {
    const tookMs = clock.now() - sentAt
    if (askedMs !== null && tookMs >= askedMs * ON_TIME && tookMs <= askedMs + limits.slackMs) {
      honours.known = 'yes'
      shownHere = true
    }
    heard()
  }

  function heard(): void {
    heardAt = clock.now()
    plan()
  }

  /** When the next look is due: at the end of the patience that there is at present. */
  function plan(): void {
    cancel()
    if (!watching) return
    cancel = clock.after(Math.max(0, heardAt + patienceMs() - clock.now()), look)
  }

  function patienceMs(): number {
    if (honours.known === 'no' || askedMs === null) return limits.silenceMs
    return Math.min(limits.silenceMs, askedMs + limits.slackMs)
  }

  function look(): void {
    if (honours.known === 'unknown' && patienceMs() < limits.silenceMs) {
      honours.known = 'no'
      deps.onUnhonoured()
      plan()
      return
    }
    const limitMs = patienceMs()
    // The org may be another one behind the same name since: the next connection finds out anew.
    if (!shownHere) honours.known = 'unknown'
    deps.onSilent(limitMs)
  }

  return {
    asked,
    answered,
    heard,
    watch() {
      watching = true
      heard()
    },
    stop() {
      watching = false
      cancel()
    },
  }
}
