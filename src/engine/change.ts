// A change of status on one side: what it means for the bases (R2–R10, R13, R15).

import { REASSERTS_MAX } from '../domain/limits.ts'
import type { StatusReport } from '../domain/report.ts'
import { OFFLINE, otherSide, type Side, type StatusId } from '../domain/side.ts'
import { resolve, rival } from './conflict.ts'
import { follow } from './follow.ts'
import { supersede, unstick } from './own-writes.ts'
import type { Change } from './state.ts'
import {
  basesOf,
  bothLoggedIn,
  isAvailable,
  isBlocked,
  isLoggedIn,
  say,
  setBase,
  setFollowed,
  type Turn,
} from './turn.ts'

/** The report is known to be a change: not an echo, a repeat or stale. */
export function change(turn: Turn, side: Side, report: StatusReport): void {
  const touched = turn[side]
  const wasIn = isLoggedIn(touched)
  const made: Change = {
    at: report.stamp.at,
    to: report.status,
    bases: basesOf(turn),
    bothIn: bothLoggedIn(turn, side),
  }
  supersede(turn, side)
  touched.observed = report.status
  if (!wasIn || touched.stuck?.kind !== 'refused') unstick(touched)

  if (!wasIn && logIn(turn, side, report.status)) {
    touched.change = made
    return
  }
  const other = made.bothIn ? rival(turn, side, made) : null
  touched.change = made
  if (other !== null) resolve(turn, side, made, other)
  else lead(turn, side, made)
  if (turn[side].base === report.status) override(turn, side, (other ?? made).bases[side], report.status)
}

/** R2–R7: the other side follows. */
function lead(turn: Turn, side: Side, made: Change): void {
  const other = otherSide(side)
  const from = made.bases[side]
  setBase(turn, side, made.to, { reason: 'mapped', rule: null })
  const answer = follow(turn.rules, {
    lead: side,
    from,
    to: made.to,
    base: turn[other].base,
    loggedIn: isLoggedIn(turn[other]),
  })
  turn[side].cause = { reason: answer.reason, rule: answer.rule }
  if (answer.kind === 'set') setFollowed(turn, other, answer)
  say(turn, other, answer.reason, answer.rule)
}

/** R10: who logs in follows the side where the agent is working already. False: a change like any other. */
function logIn(turn: Turn, side: Side, status: StatusId): boolean {
  const other = otherSide(side)
  if (turn.rules.login !== 'follow' || status === OFFLINE || !isLoggedIn(turn[other])) return false
  const partners = (turn.rules.partners[other].get(turn[other].base) ?? []).filter((p) => p.status !== OFFLINE)
  const first = partners[0]
  if (first === undefined) return false
  const present = partners.find((p) => p.status === status)
  const said = { reason: present ? ('already' as const) : ('login' as const), rule: (present ?? first).rule }
  setBase(turn, side, (present ?? first).status, said)
  say(turn, side, said.reason, said.rule)
  return true
}

/** R13: the agent chose a status on a blocked side. */
function override(turn: Turn, side: Side, baseBefore: StatusId, status: StatusId): void {
  const s = turn[side]
  const { block } = s
  if (block === null || !isBlocked(s) || !isAvailable(turn, side, status)) return
  if (!isAvailable(turn, side, baseBefore)) return // the block was quiet; it shows now
  const policy = turn.rules.blocking[side]?.onOverride ?? 'reassert'
  if (policy === 'reassert' && block.reasserts < REASSERTS_MAX) {
    s.block = { ...block, reasserts: block.reasserts + 1 }
    say(turn, side, 'reasserted', block.rule)
    return
  }
  s.block = block.phase === 'holding' ? null : { ...block, phase: 'gave_way' }
  say(turn, side, 'overridden', block.rule)
}
