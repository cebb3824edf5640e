// One agent's day as it was played or recorded: what was decided, and what both sides showed afterwards. Statuses by label.

import type { Reason } from '../domain/reason.ts'
import type { RuleRef } from '../domain/rules.ts'
import type { BySide, Side } from '../domain/side.ts'

export type Decided = {
  readonly side: Side
  readonly reason: Reason
  readonly from: string
  readonly to: string
  /** Or would have been, but for shadow mode or a pause. */
  readonly written: boolean
  readonly rule: RuleRef | null
}

export type SideWorld = {
  readonly shows: string
  /** What it would show without a block. */
  readonly base: string
  readonly blocked: boolean
  /** Shows a status in which work comes while the agent is at work on the other side. */
  readonly exposed: boolean
}

export type World = BySide<SideWorld>

export type Moment = {
  /** ms since 1970, by the bridge's clock. */
  readonly at: number
  /** The place of its cause in the agent's past; null: the bridge did it itself. */
  readonly cause: number | null
  /** Null: there is nothing to compare, such as the report of an own write. */
  readonly decided: readonly Decided[] | null
  /** Afterwards. */
  readonly world: World
}
