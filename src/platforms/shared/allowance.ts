// How many calls a minute the platform allows just now: what was configured, less what it says it allows, less what others use of it.

import type { Clock } from '../../domain/clock.ts'

const MINUTE_MS = 60_000
/** Reset times come in whole seconds, rounded up. */
const ROUNDED_MS = 1_000

/** What a platform says with an answer. */
export type Said = {
  readonly allowed?: number
  /** Calls in its present minute, everybody's. */
  readonly count?: number
  /** Until that minute is over, ms. */
  readonly resetMs?: number
}

export type Allowance = {
  /** At least 1. */
  now(): number
  /** `ownSince`: calls of ours since an instant. Gives the instant until which nothing is left at all, if so. */
  heard(said: Said, ownSince: (instant: number) => number): number | undefined
}

export function createAllowance(deps: { readonly clock: Clock; readonly callsPerMinute: number }): Allowance {
  const { clock } = deps
  const configured = Math.max(1, Math.floor(deps.callsPerMinute))
  let budget = configured
  /** What the platform has said at least, since when. */
  let least = { allowed: Number.POSITIVE_INFINITY, since: clock.now() }
  /** Calls of others in the platform's present minute. */
  let others = { count: 0, until: 0 }

  /** Less at once; more only when nothing less was said for a minute, and never more than configured. */
  function learn(allowed: number): void {
    const now = clock.now()
    if (allowed < budget) budget = allowed
    least = { allowed: Math.min(least.allowed, allowed), since: least.since }
    if (now - least.since < MINUTE_MS) return
    budget = Math.max(budget, Math.min(configured, least.allowed))
    least = { allowed, since: now }
  }

  return {
    now: () => Math.max(1, clock.now() < others.until ? budget - others.count : budget),
    heard({ allowed, count, resetMs }, ownSince) {
      if (allowed !== undefined && allowed >= 1) learn(Math.floor(allowed))
      if (count === undefined || resetMs === undefined || !(resetMs > 0)) return undefined
      const until = clock.now() + Math.min(resetMs, MINUTE_MS)
      others = { count: Math.max(0, count - ownSince(until - MINUTE_MS - ROUNDED_MS)), until }
      return allowed !== undefined && count >= allowed ? clock.now() + resetMs : undefined
    },
  }
}
