// What a platform says about an agent. Adapters produce these; they never decide anything.

import type { StatusId } from './side.ts'
import type { WorkState } from './work.ts'

/** Who made a change. `unknown` where the platform does not tell. */
export type Actor = 'agent' | 'supervisor' | 'system' | 'unknown'

/**
 * When, by the platform. `version` grows with every change of the same thing (status spell, work item) and wins over `at`
 * where both reports have one; `at` is the platform's own clock, in ms since 1970.
 */
export type Stamp = {
  readonly at: number
  readonly version?: number
}

export type StatusReport = {
  readonly kind: 'status'
  readonly status: StatusId
  readonly stamp: Stamp
  readonly by: Actor
  /** The platform's id of the report, for the record. */
  readonly id?: string
}

export type WorkReport = {
  readonly kind: 'work'
  /** Unique for this agent on this side. */
  readonly item: string
  /** The platform's name of the channel or medium; null while it is not known yet. */
  readonly channel: string | null
  readonly state: WorkState
  readonly stamp: Stamp
  readonly id?: string
}

export type Report = StatusReport | WorkReport

/** Open work found by a reading. */
export type WorkReading = {
  readonly item: string
  readonly channel: string | null
  readonly state: WorkState
  readonly stamp: Stamp
}

/** One agent's state as read from a platform (not heard from its stream). */
export type Reading = {
  readonly status: StatusId
  readonly stamp: Stamp
  /** Everything open at the time of reading; undefined where the platform could not tell. */
  readonly work: readonly WorkReading[] | undefined
}
