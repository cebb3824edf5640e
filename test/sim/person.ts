// Somebody as one platform knows them, and what the bridge asked of it about them.

import type { WriteResult } from '../../src/domain/platform.ts'
import type { Report } from '../../src/domain/report.ts'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../src/domain/side.ts'
import type { WorkState } from '../../src/domain/work.ts'

export type Item = {
  readonly channel: string
  readonly state: WorkState
  readonly at: number
  /** When it reached the first state that may count, by the bridge's clock. */
  readonly countedAt: number
}

export type Person = {
  readonly user: PlatformUserId
  status: StatusId
  /** Since when, by the platform's clock. */
  at: number
  readonly items: Map<string, Item>
  /** When they chose something here last, by the bridge's clock. */
  chosenAt: number
  /** When they logged in last, by the bridge's clock. */
  loggedInAt: number
  /** The last call to set a status. */
  lastCall: Call | null
  calls: number
  /** How often a status was taken and ignored since it was last set. */
  readonly ignored: Map<StatusId, number>
  /** They did something of which no report arrived. */
  hasUnheard: boolean
  /** Reports and calls that are under way. */
  underWay: number
  /** Delivered reports and when they were, the oldest first. */
  past: { readonly at: number; readonly report: Report }[]
}

/** One attempt of the bridge to set a status. */
export type Call = {
  readonly at: number
  readonly user: PlatformUserId
  readonly status: StatusId
  /** What they showed when it was made. */
  readonly shown: StatusId
  /** `none`: not answered yet, or never. */
  answer: WriteResult['kind'] | 'none'
  applied: boolean
}

export function newPerson(user: PlatformUserId): Person {
  return {
    user,
    status: OFFLINE,
    at: 0,
    items: new Map(),
    chosenAt: 0,
    loggedInAt: 0,
    lastCall: null,
    calls: 0,
    ignored: new Map(),
    hasUnheard: false,
    underWay: 0,
    past: [],
  }
}
