// Turns a step of the engine into the record that people read: labels instead of ids, and a sentence.

import type { DecisionRecord, EventRecord, ExposureRecord, LogRecord, WriteRecord } from '../domain/record.ts'
import type { Report } from '../domain/report.ts'
import type { Rules } from '../domain/rules.ts'
import { OFFLINE, type Side, type StatusId } from '../domain/side.ts'
import type { Order, Verdict } from '../engine/conclude.ts'
import { holders } from '../engine/counting.ts'
import type { Input } from '../engine/input.ts'
import type { Step } from '../engine/step.ts'
import type { AgentEntry } from './agents.ts'
import { sentence, stuckBlock } from './sentence.ts'

export type RecordArgs = {
  readonly entry: AgentEntry
  readonly input: Input
  readonly step: Step
  readonly rules: Rules
  readonly now: number
  /** What the touched side showed before. */
  readonly before: StatusId | null
  /** For events by an admin: what, who and why. */
  readonly what: string | null
  /** From this decision on; undefined where there is nothing to tell. */
  readonly exposed: readonly ExposureRecord[] | undefined
}

export function recordOf(args: RecordArgs): LogRecord {
  const { entry, step, rules, exposed } = args
  const event = eventOf(args)
  const decisions = step.verdicts.map((v) => decisionOf(v, rules))
  const overlaps = step.overlaps.map((o) => ({ ...o, from: new Date(o.from).toISOString() }))
  return {
    time: new Date(args.now).toISOString(),
    agent: entry.member.agent,
    event,
    decisions,
    writes: step.orders.flatMap((o) => writeOf(o, entry, rules)),
    ...(overlaps.length === 0 ? {} : { overlaps }),
    ...(exposed === undefined ? {} : { exposed }),
    mapping: rules.hash,
    sentence: sentence({ name: entry.member.name, event, decisions, overlaps }),
  }
}

function decisionOf(v: Verdict, rules: Rules): DecisionRecord {
  const decision = { side: v.side, reason: v.reason, from: rules.label(v.side, v.from), to: rules.label(v.side, v.to) }
  return v.rule === null ? decision : { ...decision, rule: v.rule }
}

function writeOf(order: Order, entry: AgentEntry, rules: Rules): readonly WriteRecord[] {
  if (order.kind === 'cancel') return []
  const withheld = entry.paused === null ? 'shadow' : 'paused'
  const outcome = order.kind === 'withheld' ? withheld : 'waiting'
  return [{ side: order.side, status: rules.label(order.side, order.status), outcome }]
}

function eventOf(args: RecordArgs): EventRecord {
  const { input, rules, now } = args
  const at = new Date(now).toISOString()
  switch (input.kind) {
    case 'report':
      return reportEvent(args, input)
    case 'start':
      return { kind: 'start', at }
    case 'timer': {
      const what = stuckWords(args)
      return what === null ? { kind: 'timer', at } : { kind: 'timer', what, at }
    }
    case 'write': {
      const own = args.entry.state[input.side]
      return {
        side: input.side,
        kind: 'write',
        to: rules.label(input.side, own.stuck?.status ?? own.observed),
        what: input.words,
        at,
      }
    }
    case 'compare':
      return args.what === null ? { kind: 'reading', at } : { kind: 'admin', what: args.what, at }
    case 'suspect':
      return { side: input.side, kind: 'status', to: rules.label(input.side, OFFLINE), by: 'unknown', at }
    case 'release':
      return { kind: 'admin', what: args.what ?? 'released', at }
    case 'reload':
      return args.what === null ? { kind: 'reload', at } : { kind: 'reload', what: args.what, at }
  }
}

/** Of all timers only the one of a block that stands for long leaves a side as blocked as it was. */
function stuckWords({ entry, step, now }: RecordArgs): string | null {
  const side = step.verdicts.find((v) => v.reason === 'still_blocked')?.side
  const block = side === undefined ? null : entry.state[side].block
  if (side === undefined || block === null) return null
  const { name, agent } = entry.member
  return stuckBlock({ name, agent, side, forMs: now - block.since, items: holders(entry.rules, side, entry.state) })
}

/** `before`: what the touched side showed; null where nobody knows. */
export function reportEvent(
  { rules, before, now }: Pick<RecordArgs, 'rules' | 'before' | 'now'>,
  { side, report, heardAt = now }: { readonly side: Side; readonly report: Report; readonly heardAt?: number },
): EventRecord {
  const at = isoOf(report.stamp.at, now)
  // Within one ms the order of arrival is finer than anybody wants to read.
  const waited = now - Math.floor(heardAt) >= 1 ? { received: new Date(heardAt).toISOString() } : {}
  const id = { ...waited, ...(report.id === undefined ? {} : { id: report.id }) }
  if (report.kind === 'work') {
    const channel = report.channel === null ? {} : { channel: report.channel }
    return { side, kind: 'work', item: report.item, ...channel, state: report.state, at, ...id }
  }
  const from = rules.label(side, before ?? report.status)
  return { side, kind: 'status', from, to: rules.label(side, report.status), by: report.by, at, ...id }
}

/** A platform's time may be absurd; then the time of hearing stands in. */
function isoOf(at: number, now: number): string {
  const sane = Number.isFinite(at) && Math.abs(at) <= 8.64e15
  return new Date(sane ? at : now).toISOString()
}
