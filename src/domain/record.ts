// The record of one decision: the same on stdout, in the journal, on the page and in the API (names here are a contract).

import type { Reason } from './reason.ts'
import type { Actor } from './report.ts'
import type { RuleRef } from './rules.ts'
import type { AgentId, Side } from './side.ts'

/** Grows by one with every decision of a journal; never reused. */
export type DecisionSeq = number

export const WRITE_OUTCOMES = [
  'sent',
  'waiting',
  'confirmed',
  'failed',
  'refused',
  'ignored',
  'superseded',
  'shadow',
  'paused',
] as const

/**
 * `waiting`: not taken by the platform yet; `sent`: taken, not reported back yet. All others are final,
 * except that `sent` may still be found out to be `ignored`.
 */
export type WriteOutcome = (typeof WRITE_OUTCOMES)[number]

/** `reading`: what was read differs from what was wanted, though nobody reported a change. */
export type EventKind = 'status' | 'work' | 'start' | 'reading' | 'timer' | 'write' | 'admin' | 'reload'

/** What happened, with statuses by label. Members that do not apply are absent. */
export type EventRecord = {
  readonly side?: Side
  readonly kind: EventKind
  readonly from?: string
  readonly to?: string
  readonly by?: Actor
  readonly item?: string
  readonly channel?: string
  readonly state?: string
  readonly what?: string
  /** By the platform's clock; of what no platform told, by the bridge's. */
  readonly at: string
  /** When the bridge heard of it, where that is not when it decided. */
  readonly received?: string
  readonly id?: string
}

export type DecisionRecord = {
  readonly side: Side
  readonly reason: Reason
  /** What the side showed before. */
  readonly from: string
  /** What the bridge wants it to show. */
  readonly to: string
  readonly rule?: RuleRef
}

export type WriteRecord = {
  readonly side: Side
  readonly status: string
  readonly outcome: WriteOutcome
  /** From the decision to the outcome. */
  readonly ms?: number
  /** The platform's words where it refused or failed. */
  readonly words?: string
  /** Why the platform did not take it at first, in its words; stays when it did in the end. */
  readonly waited?: string
}

/** R14: how long an item that arrived on `side` and counted work of the other side were open together. */
export type OverlapRecord = {
  readonly side: Side
  readonly item: string
  /** When it arrived, ISO 8601. */
  readonly from: string
  readonly ms: number
}

/**
 * Why work could reach the side of an exposure: `under_way`: the status that keeps it away is being written; `not_taken`: the platform did not
 * take it yet (closed console, link down, rate limit); `refused`, `failed`, `ignored`: it was given up or is tried again; `frozen`: R19;
 * `gave_way`: the agent chose so; `not_blocked`: the rules do not block this side.
 */
export const EXPOSURE_CAUSES = [
  'under_way',
  'not_taken',
  'refused',
  'failed',
  'ignored',
  'frozen',
  'paused',
  'shadow',
  'gave_way',
  'not_blocked',
] as const

export type ExposureCause = (typeof EXPOSURE_CAUSES)[number]

/** `side` shows an available status while the agent handles work on the other one. */
export type ExposureRecord = { readonly side: Side; readonly cause: ExposureCause }

export type LogRecord = {
  /** When it was decided, ISO 8601. */
  readonly time: string
  readonly agent: AgentId
  readonly event: EventRecord
  readonly decisions: readonly DecisionRecord[]
  readonly writes: readonly WriteRecord[]
  /** Overlaps that this event ended; absent where there were none. */
  readonly overlaps?: readonly OverlapRecord[]
  /** From this decision on; an empty list where an exposure ended with it, absent where there was none. */
  readonly exposed?: readonly ExposureRecord[]
  readonly mapping: string
  readonly sentence: string
}
