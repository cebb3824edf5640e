// One step under way: the copy of the state that is worked on, and what was said about each side so far.

import type { Reason } from '../domain/reason.ts'
import type { RuleRef, Ruleset } from '../domain/rules.ts'
import { OFFLINE, otherSide, type Side, type StatusId } from '../domain/side.ts'
import type { Answer } from './follow.ts'
import { type AgentState, NONE, type OwnWrite, type SideState, type Timer } from './state.ts'
import { blockInForce } from './target.ts'

export type Said = { readonly reason: Reason; readonly rule: RuleRef | null }

/** R14: an overlap that is over. */
export type OverlapEnd = {
  /** Where the item arrived. */
  readonly side: Side
  readonly item: string
  /** When it arrived, ms since 1970 by the bridge's clock. */
  readonly from: number
  readonly ms: number
}

/** A write by the decision that asked for it. */
export type WriteRef = { readonly side: Side; readonly seq: number }

export type Turn = {
  readonly now: number
  /** When what the step is about was known: for a reading when it began. */
  readonly heardAt: number
  readonly rules: Ruleset
  readonly crm: SideState
  readonly telephony: SideState
  readonly said: { crm: Said | null; telephony: Said | null }
  writes: readonly number[]
  frozen: Timer | null
  timers: number
  /** What ended in this step. */
  overlaps: readonly OverlapEnd[]
  /** What was found out in this step (R17). */
  ignored: readonly WriteRef[]
}

export function beginTurn(
  state: AgentState,
  { rules, now, heardAt }: { readonly rules: Ruleset; readonly now: number; readonly heardAt: number },
): Turn {
  return {
    now,
    heardAt,
    rules,
    crm: { ...state.crm },
    telephony: { ...state.telephony },
    said: { crm: null, telephony: null },
    writes: state.writes,
    frozen: state.frozen,
    timers: state.timers,
    overlaps: NONE,
    ignored: NONE,
  }
}

export function endTurn(turn: Turn): AgentState {
  const { crm, telephony, writes, frozen, timers } = turn
  return { crm, telephony, writes, frozen, timers }
}

/** The last word on a side counts: one reason a side (R0). */
export function say(turn: Turn, side: Side, reason: Reason, rule: RuleRef | null = null): void {
  turn.said[side] = { reason, rule }
}

/** Sets a base and ends what ran because of the old one (R18). */
export function setBase(turn: Turn, side: Side, status: StatusId, cause: Said): void {
  const s = turn[side]
  s.base = status
  s.cause = cause
  s.transition = null
}

/** Sets a base as the other side's change demands, with the end of a transition status (R18). */
export function setFollowed(turn: Turn, side: Side, answer: Extract<Answer, { kind: 'set' }>): void {
  setBase(turn, side, answer.status, { reason: answer.reason, rule: answer.rule })
  if (answer.ends === null) return
  turn[side].transition = { ...newTimer(turn, answer.ends.afterMs), status: answer.ends.status, rule: answer.rule }
}

export function newTimer(turn: Turn, afterMs: number): Timer {
  turn.timers += 1
  return { due: turn.now + afterMs, order: turn.timers }
}

export function isLoggedIn(side: Readonly<SideState>): boolean {
  return side.observed !== OFFLINE
}

export function isAvailable(turn: Turn, side: Side, status: StatusId): boolean {
  return turn.rules.available[side].has(status)
}

/** Whether the platform still has the status. Being logged out, and what it shows now, always exist. */
export function exists(turn: Turn, side: Side, status: StatusId): boolean {
  const known = turn.rules.statuses[side]
  return known === null || known.has(status) || status === OFFLINE || status === turn[side].observed
}

/** Whether a block is in force, be it a quiet one. */
export function isBlocked(side: Readonly<SideState>): boolean {
  return blockInForce(side) !== null
}

/** The own write that is still wanted. */
export function liveWrite(side: Readonly<SideState>): OwnWrite | null {
  const last = side.own.at(-1)
  return last !== undefined && !last.superseded ? last : null
}

/** What the side shows once everything that is under way has landed. */
export function shown(side: Readonly<SideState>): StatusId {
  return liveWrite(side)?.status ?? side.observed
}

export function basesOf(turn: Turn): { readonly crm: StatusId; readonly telephony: StatusId } {
  return { crm: turn.crm.base, telephony: turn.telephony.base }
}

export function bothLoggedIn(turn: Turn, side: Side): boolean {
  return isLoggedIn(turn[side]) && isLoggedIn(turn[otherSide(side)])
}
