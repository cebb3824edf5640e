// What the bridge remembers about one agent. Plain JSON by design: the journal stores it as it is.
// Steps never change a state in place: they copy the two sides, work on the copy and return it.

import type { Reason } from '../domain/reason.ts'
import type { Stamp } from '../domain/report.ts'
import type { RuleRef } from '../domain/rules.ts'
import { type BySide, OFFLINE, type StatusId } from '../domain/side.ts'
import type { WorkState } from '../domain/work.ts'

/** A status change that the bridge asked for and that has not been confirmed yet (R16). */
export type OwnWrite = {
  /** The decision that asked for it. */
  readonly seq: number
  readonly status: StatusId
  /** When it was decided, later when it was sent; ms since 1970 by the bridge's clock. */
  readonly at: number
  /** Only of what was `sent` a report can be the echo. `turned_away`: tried, and the platform did not take it; it waits for another try. */
  readonly phase: 'queued' | 'sent' | 'turned_away' | 'withheld'
  /** The platform said that it took it: from then on silence means that it was ignored (R17). */
  readonly taken: boolean
  /** No longer wanted, but its echo may still come. */
  readonly superseded: boolean
  /** The newest report at the time of the decision: what is older cannot be the echo. */
  readonly seen: Stamp
}

export type WorkItem = {
  readonly item: string
  readonly channel: string | null
  readonly state: WorkState
  readonly stamp: Stamp
  /** When the bridge heard of its state, by its own clock. */
  readonly heardAt: number
}

/** Keeps a side out of its available statuses while counted work is open on the other one. */
export type Block = {
  /** `holding`: the work ended, release_after runs. `gave_way`: the agent overrode it; it is not in force. */
  readonly phase: 'standing' | 'holding' | 'gave_way'
  /** Taken from the rules when the block began, so that a new mapping rewrites nobody. */
  readonly status: StatusId
  readonly rule: RuleRef
  readonly since: number
  readonly reasserts: number
  readonly release: Timer | null
  /** When it is told next that the block stands for long; it runs only while the block is `standing`. */
  readonly stuck: Timer
}

/** R14: an item that arrived although the side was blocked, for as long as it and work of the other side are open together. */
export type Overlap = {
  readonly item: string
  /** The items of the other side that counted when it arrived. */
  readonly beside: readonly string[]
  /** When it arrived, ms since 1970 by the bridge's clock. */
  readonly since: number
}

export type Timer = {
  /** ms since 1970; fires when `now` reaches it. */
  readonly due: number
  /** Order of creation, for timers due at the same instant. */
  readonly order: number
}

export type SideState = {
  /** The last status that the platform reported. */
  observed: StatusId
  /** The newest stamp seen with a status. */
  stamp: Stamp
  /** When the last status report was heard, by the bridge's own clock. */
  heardAt: number
  /** The status that the side would show if nothing were blocked. */
  base: StatusId
  /** Why the base is what it is. */
  cause: { readonly reason: Reason; readonly rule: RuleRef | null }
  /** Oldest first; at most the last one is not superseded. */
  own: readonly OwnWrite[]
  /** Open items, and ended ones for as long as late reports of them may come. */
  work: readonly WorkItem[]
  /** The newest time, by the platform, of an ended item that is not remembered any more. */
  forgottenAt: number
  block: Block | null
  /** R14, oldest first. */
  overlaps: readonly Overlap[]
  /** R18: when the transition status is over and what follows (`status`). */
  transition: (Timer & { readonly status: StatusId; readonly rule: RuleRef }) | null
  /** This status is not written now: refused for good (R23), given up, ignored too often (R17), or until `retry` is due. */
  stuck: Stuck | null
  /** R17: how often the platform took this status and did nothing. */
  ignored: { readonly status: StatusId; readonly count: number } | null
  retry: Timer | null
  /** The latest change on this side, for R15. */
  change: Change | null
}

type Stuck = {
  readonly kind: 'refused' | 'failed' | 'unconfirmed' | 'retrying'
  readonly status: StatusId
  readonly words: string
}

export type Change = {
  readonly at: number
  readonly to: StatusId
  /** The bases before it. */
  readonly bases: BySide<StatusId>
  /** Whether both sides were logged in before it. */
  readonly bothIn: boolean
}

export type AgentState = {
  readonly crm: Readonly<SideState>
  readonly telephony: Readonly<SideState>
  /** R19: when the writes of the last minute were decided. */
  readonly writes: readonly number[]
  /** R19: no writes until then. */
  readonly frozen: Timer | null
  /** How many timers were ever created. */
  readonly timers: number
}

/** One empty list for all: most agents have nothing open most of the time. */
export const NONE: readonly never[] = []
const NEVER: Stamp = { at: Number.MIN_SAFE_INTEGER }

const NOTHING_YET: SideState['cause'] = { reason: 'adopted', rule: null }

function newSide(): SideState {
  return {
    observed: OFFLINE,
    stamp: NEVER,
    heardAt: Number.MIN_SAFE_INTEGER,
    base: OFFLINE,
    cause: NOTHING_YET,
    own: NONE,
    work: NONE,
    forgottenAt: NEVER.at,
    block: null,
    overlaps: NONE,
    transition: null,
    stuck: null,
    ignored: null,
    retry: null,
    change: null,
  }
}

/** Somebody of whom nothing is known yet: logged out on both sides, no work. */
export function newAgent(): AgentState {
  return { crm: newSide(), telephony: newSide(), writes: NONE, frozen: null, timers: 0 }
}

/**
 * A stored state after a restart. What was queued may have been sent before the bridge went down, so from here on its echo is possible;
 * what was withheld was not.
 */
export function revive(stored: AgentState): AgentState {
  const side = (s: Readonly<SideState>): SideState => ({
    ...s,
    own: shared(s.own.filter((w) => w.phase !== 'withheld').map((w) => ({ ...w, phase: 'sent' }))),
    work: shared(s.work),
    overlaps: shared(s.overlaps),
  })
  return { ...stored, crm: side(stored.crm), telephony: side(stored.telephony), writes: shared(stored.writes) }
}

function shared<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list
}

/** Notes that a write left the outbox: from now on its echo may come. */
export function markSent(
  state: AgentState,
  write: { side: 'crm' | 'telephony'; seq: number; now: number },
): AgentState {
  const side = state[write.side]
  const own = side.own.map((w): OwnWrite => (w.seq === write.seq ? { ...w, phase: 'sent', at: write.now } : w))
  return { ...state, [write.side]: { ...side, own } }
}

/** Notes that the platform turned a write away without taking it: no echo of it will come. What is not wanted any more is forgotten. */
export function markTurnedAway(state: AgentState, write: { side: 'crm' | 'telephony'; seq: number }): AgentState {
  const side = state[write.side]
  if (!side.own.some((w) => w.seq === write.seq)) return state
  const own = side.own.flatMap((w): OwnWrite[] => {
    if (w.seq !== write.seq) return [w]
    return w.superseded ? [] : [{ ...w, phase: 'turned_away' }]
  })
  return { ...state, [write.side]: { ...side, own: shared(own) } }
}

/** Notes that the platform took a write. */
export function markTaken(state: AgentState, write: { side: 'crm' | 'telephony'; seq: number }): AgentState {
  const side = state[write.side]
  if (!side.own.some((w) => w.seq === write.seq)) return state
  const own = side.own.map((w): OwnWrite => (w.seq === write.seq ? { ...w, taken: true } : w))
  return { ...state, [write.side]: { ...side, own } }
}

/** When the agent must be looked at again although nothing was heard; null: never. */
export function wakeAt(state: AgentState): number | null {
  let due: number | null = null
  for (const timer of timers(state)) if (due === null || timer.due < due) due = timer.due
  return due
}

export type DueTimer =
  | { readonly kind: 'thaw'; readonly timer: Timer }
  | { readonly kind: 'retry'; readonly side: 'crm' | 'telephony'; readonly timer: Timer }
  | { readonly kind: 'release'; readonly side: 'crm' | 'telephony'; readonly timer: Timer }
  /** A block stands for long. */
  | { readonly kind: 'stuck'; readonly side: 'crm' | 'telephony'; readonly timer: Timer }
  | { readonly kind: 'transition'; readonly side: 'crm' | 'telephony'; readonly timer: Timer }

/** The timer that fires next at `now`: by due time, then by creation. */
export function dueTimer(state: AgentState, now: number): DueTimer | null {
  let first: DueTimer | null = null
  if (state.frozen && state.frozen.due <= now) first = { kind: 'thaw', timer: state.frozen }
  for (const side of ['crm', 'telephony'] as const) {
    const { block, transition, retry } = state[side]
    if (retry && retry.due <= now) first = earlier(first, { kind: 'retry', side, timer: retry })
    if (block?.release && block.release.due <= now)
      first = earlier(first, { kind: 'release', side, timer: block.release })
    if (block?.phase === 'standing' && block.stuck.due <= now)
      first = earlier(first, { kind: 'stuck', side, timer: block.stuck })
    if (transition && transition.due <= now) first = earlier(first, { kind: 'transition', side, timer: transition })
  }
  return first
}

function earlier(a: DueTimer | null, b: DueTimer): DueTimer {
  if (a === null || b.timer.due < a.timer.due) return b
  return b.timer.due === a.timer.due && b.timer.order < a.timer.order ? b : a
}

function timers(state: AgentState): readonly Timer[] {
  const found: Timer[] = state.frozen ? [state.frozen] : []
  for (const side of [state.crm, state.telephony]) {
    if (side.block?.release) found.push(side.block.release)
    if (side.block?.phase === 'standing') found.push(side.block.stuck)
    if (side.transition) found.push(side.transition)
    if (side.retry) found.push(side.retry)
  }
  return found
}
