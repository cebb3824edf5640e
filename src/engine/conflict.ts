// R15: a change on each side at once, by the platforms' own times.

import { type BySide, OFFLINE, otherSide, type Side, type StatusId } from '../domain/side.ts'
import { type Answer, follow } from './follow.ts'
import type { Change } from './state.ts'
import { isAvailable, say, setBase, setFollowed, type Turn } from './turn.ts'

/** The change of the other side that this one collides with; null where there is no conflict. */
export function rival(turn: Turn, side: Side, change: Change): Change | null {
  const other = turn[otherSide(side)].change
  if (other === null || !other.bothIn || change.to === OFFLINE || other.to === OFFLINE) return null
  if (Math.abs(change.at - other.at) > turn.rules.conflict.windowMs) return null
  const crm = side === 'crm' ? change.to : other.to
  const telephony = side === 'crm' ? other.to : change.to
  return turn.rules.related(crm, telephony) ? null : other
}

/**
 * Picks the winner and gives the loser's side what the winner's change alone leads to, against the bases before the first of the two.
 * Both sides' bases are set when it returns.
 */
export function resolve(turn: Turn, side: Side, change: Change, other: Change): void {
  const changes = side === 'crm' ? { crm: change, telephony: other } : { crm: other, telephony: change }
  const winner = pickWinner(turn, side, changes)
  const loser = otherSide(winner)
  const bases = other.bases
  if (lead(turn, winner, changes, bases)) return
  const bothAvailable = isAvailable(turn, winner, changes[winner].to) && isAvailable(turn, loser, changes[loser].to)
  if (bothAvailable && lead(turn, loser, changes, bases)) return
  for (const s of [winner, loser]) setBase(turn, s, changes[s].to, { reason: 'conflict', rule: null })
  say(turn, loser, 'conflict')
}

function lead(turn: Turn, leader: Side, changes: BySide<Change>, bases: Change['bases']): boolean {
  const led = otherSide(leader)
  const answer = follow(turn.rules, {
    lead: leader,
    from: bases[leader],
    to: changes[leader].to,
    base: bases[led],
    loggedIn: true,
  })
  const status = given(answer, bases[led])
  if (status === null) return false
  setBase(turn, leader, changes[leader].to, { reason: 'conflict', rule: answer.rule })
  if (answer.kind === 'set') setFollowed(turn, led, answer)
  else setBase(turn, led, status, { reason: 'conflict', rule: answer.rule })
  turn[led].cause = { reason: 'conflict', rule: answer.rule }
  say(turn, led, 'conflict', answer.rule)
  return true
}

/** What the leader gives the other side: a status, or `already` its old base; null: nothing. */
function given(answer: Answer, oldBase: StatusId): StatusId | null {
  if (answer.kind === 'set') return answer.status
  return answer.reason === 'already' ? oldBase : null
}

function pickWinner(turn: Turn, heardLast: Side, changes: BySide<Change>): Side {
  const { prefer } = turn.rules.conflict
  const latest = changes[heardLast].at >= changes[otherSide(heardLast)].at ? heardLast : otherSide(heardLast)
  switch (prefer) {
    case 'crm':
    case 'telephony':
      return prefer
    case 'latest':
      return latest
    case 'less_available': {
      const crm = isAvailable(turn, 'crm', changes.crm.to)
      const telephony = isAvailable(turn, 'telephony', changes.telephony.to)
      if (crm === telephony) return latest
      return crm ? 'telephony' : 'crm'
    }
  }
}
