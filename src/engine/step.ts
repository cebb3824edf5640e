// The decision. Pure: everything it knows is in its arguments, everything it wants is in its result.
// The caller records the result before any of its writes goes out.

import { assertNever } from '../domain/assert.ts'
import { IGNORED_RETRIES_MS } from '../domain/limits.ts'
import type { StatusReport } from '../domain/report.ts'
import type { Ruleset } from '../domain/rules.ts'
import { SIDES, type Side } from '../domain/side.ts'
import { tellStuck } from './block.ts'
import { change } from './change.ts'
import { conclude, type Order, type Verdict } from './conclude.ts'
import type { Input } from './input.ts'
import { confirm, expire, satisfy, supersede, without } from './own-writes.ts'
import { reconsider, reloaded } from './reload.ts'
import { believable, isStale, newest, overtaking } from './stamp.ts'
import { start } from './start.ts'
import { type AgentState, dueTimer, type OwnWrite } from './state.ts'
import {
  beginTurn,
  endTurn,
  liveWrite,
  newTimer,
  type OverlapEnd,
  say,
  setBase,
  type Turn,
  type WriteRef,
} from './turn.ts'
import { workReported } from './work.ts'

export type StepArgs = {
  readonly state: AgentState
  readonly input: Input
  readonly rules: Ruleset
  /** ms since 1970. */
  readonly now: number
  /** The number of this decision: larger than every one before. */
  readonly seq: number
  /** False in shadow mode and while paused: decided and recorded, not written (R25). */
  readonly writing: boolean
}

export type Step = {
  readonly state: AgentState
  readonly verdicts: readonly Verdict[]
  /** At most one a side. */
  readonly orders: readonly Order[]
  /** R14: what overlapped until this event; it has a verdict then. */
  readonly overlaps: readonly OverlapEnd[]
  /** R17: writes of which it is known now that the platform took them and did nothing. */
  readonly ignored: readonly WriteRef[]
  /** The decision whose write this event confirmed, if it did. */
  readonly confirmed: WriteRef | null
}

export function step(args: StepArgs): Step {
  const { rules, now, input } = args
  const heardAt = input.kind === 'report' ? (input.begunAt ?? input.heardAt ?? now) : now
  const turn = beginTurn(args.state, { rules, now, heardAt })
  const confirmed = apply(turn, args)
  const verdicts: Verdict[] = []
  const orders: Order[] = []
  for (const side of SIDES) {
    const end = conclude(turn, side, args)
    if (end.verdict !== null) verdicts.push(end.verdict)
    if (end.order !== null) orders.push(end.order)
  }
  return { state: endTurn(turn), verdicts, orders, overlaps: turn.overlaps, ignored: turn.ignored, confirmed }
}

function apply(turn: Turn, args: StepArgs): Step['confirmed'] {
  const { input, state } = args
  switch (input.kind) {
    case 'report':
      expire(turn, input.side)
      return reported(turn, input)
    case 'start':
      start(turn, input.readings)
      return null
    case 'timer':
      timerFired(turn, state)
      return null
    case 'write':
      writeEnded(turn, input)
      return null
    case 'suspect':
      say(turn, input.side, 'suspect')
      return null
    case 'release':
      released(turn)
      return null
    case 'compare':
      reconsider(turn)
      for (const side of SIDES)
        if (input.side === null || input.side === side) takeStock(turn, side, { ...input, writing: args.writing })
      return null
    case 'reload':
      reloaded(turn)
      return null
    default:
      return assertNever(input)
  }
}

function reported(turn: Turn, { side, report, begunAt }: Extract<Input, { kind: 'report' }>): Step['confirmed'] {
  const told = believable(report, turn.now)
  if (told.kind === 'status') return statusReported(turn, side, told, begunAt)
  workReported(turn, side, told, begunAt)
  return null
}

/** R16: echo, repeat, stale, in this order; anything else is a change. */
function statusReported(turn: Turn, side: Side, report: StatusReport, begunAt: number | null): Step['confirmed'] {
  const s = turn[side]
  const fromReading = begunAt !== null && s.heardAt < begunAt
  const stale = !fromReading && isStale(report.stamp, s.stamp)
  const write = confirm(turn, side, report.status, fromReading ? null : report.stamp)
  if (write !== null) {
    if (!stale) {
      hear(turn, side, report, fromReading)
      s.observed = report.status
    }
    satisfy(turn, side)
    say(turn, side, 'echo')
    return { side, seq: write.seq }
  }
  if (report.status === s.observed) {
    hear(turn, side, report, fromReading)
    satisfy(turn, side)
    say(turn, side, 'repeat')
  } else if (stale) {
    say(turn, side, 'stale')
  } else {
    hear(turn, side, report, fromReading)
    change(turn, side, report)
  }
  return null
}

function hear(turn: Turn, side: Side, report: StatusReport, fromReading: boolean): void {
  const s = turn[side]
  const contradicts = fromReading && report.status !== s.observed
  s.stamp = contradicts ? overtaking(report.stamp, s.stamp) : newest(s.stamp, report.stamp)
  s.heardAt = Math.max(s.heardAt, turn.heardAt)
}

function timerFired(turn: Turn, state: AgentState): void {
  const due = dueTimer(state, turn.now)
  if (due === null) return
  if (due.kind === 'thaw') {
    thaw(turn)
    return
  }
  const s = turn[due.side]
  if (due.kind === 'retry') {
    s.stuck = null
    s.retry = null
    say(turn, due.side, s.cause.reason, s.cause.rule)
  } else if (due.kind === 'stuck') {
    tellStuck(turn, due.side)
  } else if (due.kind === 'release') {
    const rule = s.block?.rule ?? null
    s.block = null // R12: whether or not something is written
    say(turn, due.side, 'released', rule)
  } else if (s.transition !== null) {
    const { status, rule } = s.transition
    setBase(turn, due.side, status, { reason: 'transition_over', rule }) // R18
    say(turn, due.side, 'transition_over', rule)
  }
}

/** R23, or given up: not tried again for the same status until something changes. */
function writeEnded(turn: Turn, input: Extract<Input, { kind: 'write' }>): void {
  const s = turn[input.side]
  const write = s.own.find((w) => w.seq === input.seq)
  if (write === undefined) return
  s.own = without(s.own, write)
  if (!write.superseded) s.stuck = { kind: input.outcome, status: write.status, words: input.words }
  say(turn, input.side, input.outcome === 'refused' ? 'refused' : 'unconfirmed', s.cause.rule)
}

/** An admin ends what blocks the agent now; the work that made the blocks makes no new ones. */
function released(turn: Turn): void {
  for (const side of SIDES) {
    const s = turn[side]
    if (s.block === null || s.block.phase === 'gave_way') continue
    s.block = s.block.phase === 'holding' ? null : { ...s.block, phase: 'gave_way' }
    say(turn, side, 'released')
  }
}

/** R19: the count starts anew. */
function thaw(turn: Turn): void {
  turn.frozen = null
  turn.writes = []
  for (const side of SIDES) say(turn, side, 'breaker')
}

/** A write of which nothing was heard for too long is not waited for any more; its echo may still come. */
function takeStock(
  turn: Turn,
  side: Side,
  input: Extract<Input, { kind: 'compare' }> & { readonly writing: boolean },
): void {
  const s = turn[side]
  if (s.stuck?.kind === 'failed') s.stuck = null
  const live = liveWrite(s)
  if (live === null) return
  const past =
    live.phase === 'sent' || live.phase === 'turned_away'
      ? live.at <= input.sentBefore && (live.taken || input.taken === 'lost') // what is still being tried is not ignored
      : (live.phase === 'queued') !== input.writing
  if (!past) return
  supersede(turn, side)
  if (input.taken === 'ignored' && live.phase === 'sent') ignored(turn, side, live)
}

/** R17: tried again with backoff, and then not any more. */
function ignored(turn: Turn, side: Side, { seq, status }: OwnWrite): void {
  const s = turn[side]
  turn.ignored = [...turn.ignored, { side, seq }]
  const count = (s.ignored?.status === status ? s.ignored.count : 0) + 1
  const waitMs = IGNORED_RETRIES_MS[count - 1]
  s.ignored = { status, count }
  if (waitMs === undefined) {
    s.stuck = { kind: 'unconfirmed', status, words: 'the platform took the status and did not set it' }
    say(turn, side, 'unconfirmed', s.cause.rule)
  } else if (waitMs > 0) {
    s.stuck = { kind: 'retrying', status, words: 'the platform took the status and did not set it' }
    s.retry = newTimer(turn, waitMs)
    say(turn, side, s.cause.reason, s.cause.rule)
  }
}
