// The engine between two perfect platforms: they take every write at once and report it at once.
// The rules are never told a second time here: what happens is what `step` says.

import type { StatusReport, WorkReport } from '../../domain/report.ts'
import type { Ruleset } from '../../domain/rules.ts'
import { SIDES, type Side, type StatusId } from '../../domain/side.ts'
import type { Verdict } from '../../engine/conclude.ts'
import type { Input } from '../../engine/input.ts'
import { type AgentState, dueTimer, markSent, wakeAt } from '../../engine/state.ts'
import { step } from '../../engine/step.ts'
import { DECISIONS_MAX, WRITES_MAX } from './limits.ts'

type Queued = { readonly seq: number; readonly status: StatusId }

export type Run = {
  readonly rules: Ruleset
  state: AgentState
  /** ms, as in the reports. */
  now: number
  /** Of the last event and what it caused. */
  verdicts: Verdict[]
  readonly writes: { crm: number; telephony: number }
  readonly queued: { crm: Queued | null; telephony: Queued | null }
  seq: number
}

/** The breaker (R19) would only hide a chase, so it is set so high that it never acts. */
export function unbroken(rules: Ruleset): Ruleset {
  return { ...rules, limits: { ...rules.limits, writesPerMinute: Number.MAX_SAFE_INTEGER } }
}

export function beginRun(rules: Ruleset, state: AgentState, now: number): Run {
  const queued = { crm: null, telephony: null }
  return { rules, state, now, verdicts: [], writes: { crm: 0, telephony: 0 }, queued, seq: 0 }
}

/** Something new: from here on writes are counted anew. */
export function happen(run: Run, input: Input): void {
  run.verdicts = []
  run.writes.crm = 0
  run.writes.telephony = 0
  decide(run, input)
}

export function hear(run: Run, side: Side, report: StatusReport | WorkReport): void {
  happen(run, { kind: 'report', side, report, begunAt: null })
}

/** Until no write is open and no timer is due. False: the bridge chases itself. */
export function settle(run: Run): boolean {
  for (let decisions = 0; decisions < DECISIONS_MAX; decisions += 1) {
    if (dueTimer(run.state, run.now) !== null) decide(run, { kind: 'timer' })
    else if (!writeNext(run)) return true
    if (run.writes.crm > WRITES_MAX || run.writes.telephony > WRITES_MAX) return false
  }
  return false
}

/** Time passes, and what falls due happens. False: the bridge chases itself. */
export function pass(run: Run, ms: number): boolean {
  const until = run.now + ms
  for (let due = wakeAt(run.state); due !== null && due <= until; due = wakeAt(run.state)) {
    run.now = Math.max(run.now, due)
    happen(run, { kind: 'timer' })
    if (!settle(run)) return false
  }
  run.now = until
  return true
}

function writeNext(run: Run): boolean {
  for (const side of SIDES) {
    const write = run.queued[side]
    if (write === null) continue
    run.queued[side] = null
    run.writes[side] += 1
    run.state = markSent(run.state, { side, seq: write.seq, now: run.now })
    const report: StatusReport = { kind: 'status', status: write.status, stamp: { at: run.now }, by: 'unknown' }
    decide(run, { kind: 'report', side, report, begunAt: null })
    return true
  }
  return false
}

function decide(run: Run, input: Input): void {
  run.seq += 1
  const { seq, rules, now } = run
  const { state, verdicts, orders } = step({ state: run.state, input, rules, now, seq, writing: true })
  run.state = state
  run.verdicts.push(...verdicts)
  for (const order of orders) run.queued[order.side] = order.kind === 'write' ? { seq, status: order.status } : null
}
