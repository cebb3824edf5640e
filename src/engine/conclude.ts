// The end of a step: what a side shall show against what it shows, the reason for either, and what is to be written.

import { BREAKER_WINDOW_MS } from '../domain/limits.ts'
import type { Urgency } from '../domain/outbox.ts'
import type { Reason } from '../domain/reason.ts'
import type { RuleRef } from '../domain/rules.ts'
import { OFFLINE, type Side, type StatusId } from '../domain/side.ts'
import { isChosen } from './chosen.ts'
import { ask, unstick, without } from './own-writes.ts'
import type { AgentState, Block } from './state.ts'
import { showingBlock, target } from './target.ts'
import { isAvailable, isBlocked, liveWrite, newTimer, type Said, say, shown, type Turn } from './turn.ts'

/** What was decided about one side. */
export type Verdict = {
  readonly side: Side
  readonly reason: Reason
  readonly rule: RuleRef | null
  /** What the side showed when it was decided. */
  readonly from: StatusId
  /** What it shall show. */
  readonly to: StatusId
}

export type Order =
  | {
      readonly kind: 'write'
      readonly side: Side
      readonly status: StatusId
      readonly expect: StatusId
      readonly urgency: Urgency
    }
  /** In shadow mode or while paused: it would have been written. */
  | { readonly kind: 'withheld'; readonly side: Side; readonly status: StatusId }
  /** What may still be queued for this side is not wanted any more. */
  | { readonly kind: 'cancel'; readonly side: Side }

export function conclude(
  turn: Turn,
  side: Side,
  args: { readonly state: AgentState; readonly seq: number; readonly writing: boolean },
): { readonly verdict: Verdict | null; readonly order: Order | null } {
  const s = turn[side]
  const wanted = target(turn.rules, side, s)
  dropUnsent(turn, side, wanted)
  if (s.stuck !== null && s.stuck.status !== wanted) unstick(s) // R23: the target has changed, also where nothing is to be written
  const differs = shown(s) !== wanted && mayWrite(turn, side, wanted) && (!args.writing || withinBreaker(turn, side))
  const said = differs ? writeReason(turn, side) : turn.said[side]
  const verdict = said && { side, reason: said.reason, rule: said.rule, from: s.observed, to: wanted }
  if (differs) {
    ask(turn, side, { seq: args.seq, status: wanted, withheld: !args.writing })
    return { verdict, order: orderFor(turn, side, wanted, said?.reason ?? null, args.writing) }
  }
  // Also one that was tried and waits to be tried again.
  const dropped = liveWrite(args.state[side]) !== null && liveWrite(s) === null
  return { verdict, order: dropped ? { kind: 'cancel', side } : null }
}

/** What never left may be forgotten when something else is wanted now; what was sent will land. */
function dropUnsent(turn: Turn, side: Side, wanted: StatusId): void {
  const s = turn[side]
  const live = liveWrite(s)
  if (live !== null && live.phase !== 'sent' && live.status !== wanted) s.own = without(s.own, live)
}

/** Nobody is logged in by a write (R2), and a refused status is not tried again until the target changes (R23). */
function mayWrite(turn: Turn, side: Side, wanted: StatusId): boolean {
  const s = turn[side]
  if (s.stuck !== null || turn.frozen !== null) return false
  return (s.observed !== OFFLINE || wanted === OFFLINE) && mayBeGiven(turn, side, wanted)
}

/** Invariants 3 and 8. Only new rules can make it otherwise, until the look at the agent that they ask for (R26). */
function mayBeGiven(turn: Turn, side: Side, wanted: StatusId): boolean {
  const s = turn[side]
  return !isAvailable(turn, side, wanted) || (!isBlocked(s) && isChosen(s))
}

/** R19: counts the write; the one too many freezes the agent instead. */
function withinBreaker(turn: Turn, side: Side): boolean {
  const { writesPerMinute, freezeMs } = turn.rules.limits
  const recent = turn.writes.filter((at) => at > turn.now - BREAKER_WINDOW_MS)
  if (recent.length < writesPerMinute) {
    turn.writes = [...recent, turn.now]
    return true
  }
  turn.frozen = newTimer(turn, freezeMs)
  say(turn, side, 'breaker')
  return false
}

/** R0: the rule that determined the status written. */
function writeReason(turn: Turn, side: Side): Said {
  const s = turn[side]
  const said = turn.said[side]
  const block = showingBlock(turn.rules, side, s)
  if (block !== null && !speaksOf(said, block)) return { reason: 'blocked', rule: block.rule }
  return said === null || said.reason === 'breaker' ? s.cause : said // what a freeze held back is written by its own rule
}

/** Whether what was said determined the block's status itself: chosen against it (R13), or given to it by new rules (R26). */
function speaksOf(said: Said | null, block: Block): boolean {
  return said?.reason === 'reasserted' || (said?.reason === 'reloaded' && said.rule === block.rule)
}

function orderFor(turn: Turn, side: Side, status: StatusId, reason: Reason | null, writing: boolean): Order {
  if (!writing) return { kind: 'withheld', side, status }
  const { observed } = turn[side]
  return { kind: 'write', side, status, expect: observed, urgency: urgencyOf(turn, side, status, reason) }
}

/** R24: out of an available status first, then releases, then the rest. */
function urgencyOf(turn: Turn, side: Side, status: StatusId, reason: Reason | null): Urgency {
  if (isAvailable(turn, side, turn[side].observed) && !isAvailable(turn, side, status)) return 'block'
  return reason === 'released' ? 'release' : 'comfort'
}
