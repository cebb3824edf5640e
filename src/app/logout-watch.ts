// R22: many log-outs at once are more often a platform's fail-over than a fire drill, so from a point on they are checked before they are believed.

import type { Clock } from '../domain/clock.ts'
import type { PlatformUserId } from '../domain/side.ts'

const WINDOW_MS = 10_000
/** Fewer are never suspect, however few agents there are. */
const BURST_MIN = 5

export type LogoutWatch = {
  /** Somebody who was logged in is reported as logged out. Null: believed. Otherwise those who are to be read because of it. */
  loggedOut(user: PlatformUserId): readonly PlatformUserId[] | null
}

/** `agents`: how many the side has; `share`: of them, 0 to 1. */
export function createLogoutWatch(deps: {
  readonly clock: Clock
  readonly agents: number
  readonly share: () => number
}): LogoutWatch {
  /** When each log-out of the last seconds was heard, the oldest first. */
  const burst = new Map<PlatformUserId, number>()
  let suspicious = false

  function forgetOld(now: number): void {
    for (const [user, at] of burst) {
      if (at > now - WINDOW_MS) return
      burst.delete(user)
    }
  }

  return {
    loggedOut(user) {
      const now = deps.clock.now()
      forgetOld(now)
      burst.delete(user)
      burst.set(user, now)
      const before = suspicious
      suspicious = burst.size >= BURST_MIN && burst.size > deps.share() * deps.agents
      if (!suspicious) return null
      return before ? [user] : [...burst.keys()] // those already believed are checked once, with the first that is not
    },
  }
}
