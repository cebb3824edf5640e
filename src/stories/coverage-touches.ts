// What one decision of a story touches of the matrix: read from its record, so that what did not happen is not counted.

import type { DecisionRecord, LogRecord } from '../domain/record.ts'
import type { Ruleset } from '../domain/rules.ts'
import { OFFLINE, otherSide, type Side } from '../domain/side.ts'
import type { Touch } from './coverage-cells.ts'
import type { Moment } from './run.ts'

/** Reasons with which a report is no change, or none that the rules have answered. */
const NO_CHANGE: ReadonlySet<string> = new Set(['echo', 'repeat', 'stale', 'suspect', 'logged_out', 'unknown_agent'])

export function touchesOf(rules: Ruleset, { record, bases }: Moment): readonly Touch[] {
  return record.decisions.flatMap((decision) => [
    ...ofBlock(record, decision),
    ...ofWork(rules, record, decision),
    ...ofChange(record, decision),
    ...(leaves(rules, record, decision)
      ? [{ kind: 'left' as const, side: otherSide(decision.side), subject: bases[otherSide(decision.side)] }]
      : []),
  ])
}

function ofBlock({ event }: LogRecord, { side, reason }: DecisionRecord): readonly Touch[] {
  switch (reason) {
    case 'released':
      return event.kind === 'admin' ? [] : [{ kind: 'released', side, subject: null }]
    case 'reasserted':
    case 'overridden':
      return [{ kind: 'override', side, subject: null }]
    case 'transition_over':
      return [{ kind: 'transition_over', side, subject: null }]
    default:
      return []
  }
}

function ofWork(rules: Ruleset, { event }: LogRecord, { side, reason }: DecisionRecord): readonly Touch[] {
  if (event.kind !== 'work' || event.side !== otherSide(side)) return []
  if (reason !== 'blocked' && reason !== 'blocked_quiet') return []
  const tellsChannels = rules.blocking[side]?.channels ?? null
  const subject = tellsChannels === null ? null : (event.channel?.toLowerCase() ?? null)
  return [{ kind: 'blocks', side: event.side, subject }]
}

function ofChange({ event }: LogRecord, { side, reason }: DecisionRecord): readonly Touch[] {
  const touched = event.side
  if (event.kind !== 'status' || touched === undefined || event.to === undefined || NO_CHANGE.has(reason)) return []
  const leads = side === otherSide(touched)
  const follows = reason === 'login' || reason === 'already'
  const isLogin = event.from === OFFLINE && event.to !== OFFLINE && (leads || follows)
  return [
    ...(isLogin ? [{ kind: 'login' as const, side: touched, subject: null }] : []),
    ...(leads ? [{ kind: 'chosen' as const, side: touched, subject: event.to }] : []),
  ]
}

/** R4, also by way of R15; or that nothing is configured for it. */
function leaves({ transition }: Ruleset, { event }: LogRecord, { side, reason, rule }: DecisionRecord): boolean {
  if (event.kind !== 'status' || !isOther(event.side, side)) return false
  if (reason === 'transition') return true
  const there = transition[side]
  return there === null ? reason === 'unmapped' : reason === 'conflict' && rule === there.rule
}

function isOther(touched: Side | undefined, side: Side): boolean {
  return touched === otherSide(side)
}
