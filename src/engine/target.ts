// What a side shall show: one answer for the decision, for the promises about it and for those who ask.

import type { Ruleset } from '../domain/rules.ts'
import type { Side, StatusId } from '../domain/side.ts'
import type { Block, SideState } from './state.ts'

/** A block that gave way is not in force. */
export function blockInForce(s: Readonly<SideState>): Block | null {
  return s.block !== null && s.block.phase !== 'gave_way' ? s.block : null
}

/** The block whose status the side shall show; null where there is none, or where it stands quietly. */
export function showingBlock(rules: Ruleset, side: Side, s: Readonly<SideState>): Block | null {
  return rules.available[side].has(s.base) ? blockInForce(s) : null
}

/** What the bridge wants the side to show. */
export function target(rules: Ruleset, side: Side, s: Readonly<SideState>): StatusId {
  return showingBlock(rules, side, s)?.status ?? s.base
}
