// One agent's history as two lanes: what the terminal and the page draw, from the same data.

import type { Reason } from './reason.ts'
import type { DecisionSeq, ExposureCause, WriteOutcome } from './record.ts'
import type { Actor } from './report.ts'
import type { RuleRef } from './rules.ts'
import type { BySide } from './side.ts'
import type { WorkState } from './work.ts'

/** ISO 8601, by the bridge's clock; `from` is the begin of what is shown where it began before, `to` null where it still lasts. */
type Lasting = { readonly from: string; readonly to: string | null }

export type StatusSpell = Lasting & {
  readonly status: string
  /** Who put the agent there; `bridge` with the decision whose write it was. Null: it was so before. */
  readonly by: Actor | 'bridge' | null
  readonly seq: DecisionSeq | null
  readonly reason: Reason | null
  readonly rule: RuleRef | null
}

export type WorkSpell = Lasting & {
  readonly item: string
  readonly channel: string | null
  /** Each with the time by the platform. */
  readonly states: readonly { readonly state: WorkState; readonly at: string }[]
}

export type BlockSpell = Lasting & {
  /** `quiet`: nothing had to be written; `holding`: the work is over, release_after runs; `gave_way`: not in force. */
  readonly phase: 'standing' | 'quiet' | 'holding' | 'gave_way'
  readonly rule: RuleRef | null
}

/** The agent could be offered work here while working on the other side. */
export type ExposureSpell = Lasting & { readonly cause: ExposureCause }

export type WriteMark = {
  /** When it was decided. */
  readonly at: string
  readonly seq: DecisionSeq
  readonly status: string
  readonly reason: Reason
  readonly rule: RuleRef | null
  readonly outcome: WriteOutcome
  /** From the decision to the outcome. */
  readonly ms: number | null
  readonly words: string | null
}

export type Lane = {
  readonly statuses: readonly StatusSpell[]
  readonly work: readonly WorkSpell[]
  readonly blocks: readonly BlockSpell[]
  readonly exposures: readonly ExposureSpell[]
  readonly writes: readonly WriteMark[]
}

/** A time of which the record cannot tell everything, or in which nothing was written. */
export type Gap = Lasting & {
  readonly kind: 'bridge_down' | 'crm_down' | 'telephony_down' | 'paused'
  readonly words: string
}

export type Timeline = {
  readonly agent: string
  readonly name: string
  readonly from: string
  readonly to: string
  readonly lanes: BySide<Lane>
  readonly gaps: readonly Gap[]
  /** More happened than is looked at; `from` is where it begins. */
  readonly cut: boolean
}
