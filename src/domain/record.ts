// The record of one decision: the same on stdout, in the journal, on the page and in the API (names here are a contract).

import type { Reason } from './reason.ts'
import type { Actor } from './report.ts'
import type { RuleRef } from './rules.ts'
import type { AgentId, Side } from './side.ts'

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
  readonly at: string
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
}

/** R14: how long an item that arrived on `side` and counted work of the other side were open together. */
export type OverlapRecord = {
  readonly side: Side
  readonly item: string
  /** When it arrived, ISO 8601. */
  readonly from: string
  readonly ms: number
}

export type LogRecord = {
  /** When it was decided, ISO 8601. */
  readonly time: string
  readonly agent: AgentId
  readonly event: EventRecord
  readonly decisions: readonly DecisionRecord[]
  readonly writes: readonly WriteRecord[]
  /** Overlaps that this event ended; absent where there were none. */
  readonly overlaps?: readonly OverlapRecord[]
  readonly mapping: string
  readonly sentence: string
}
