// Counts the moments at which an agent was given work on one side while work of the other side should have kept it away, and why it could happen:
// from what the platforms have, not from what the bridge recorded.

import type { AgentEntry, Member } from '../../src/app/agents.ts'
import { type BySide, otherSide, type Side } from '../../src/domain/side.ts'
import { isCounted } from './checks.ts'
import type { SimPlatform } from './platform.ts'

/** A block cannot stand sooner: the report comes, the disk takes it, the call goes out. */
const RACE_MS = 3_000

export type Cause =
  | 'the bridge was down'
  | 'the work was not heard of'
  | 'the platform was not reachable'
  | 'the platform refused or ignored the block'
  | 'the agent chose to be available'
  | 'paused or in shadow mode'
  | 'within seconds of each other'
  | 'other'

/** Null: no overlap. Asked when an item is given to somebody on `side`. */
export function overlapCause(args: {
  readonly side: Side
  readonly member: Member
  /** Null: nobody is at work. */
  readonly entry: AgentEntry | null
  readonly rules: AgentEntry['rules']
  readonly platforms: BySide<SimPlatform>
  readonly now: number
}): Cause | null {
  const { side, member, entry, rules, platforms, now } = args
  const rule = rules.blocking[side]
  const other = otherSide(side)
  const person = platforms[side].person(member.users[side])
  const items = [...platforms[other].person(member.users[other]).items].filter(
    ([, item]) => rule !== null && isCounted(rule, item),
  )
  if (rule === null || items.length < rule.minItems) return null
  const since = Math.max(...items.map(([, item]) => item.countedAt))
  if (entry === null || !entry.started) return 'the bridge was down'
  if (entry.paused !== null || rules.mode === 'shadow') return 'paused or in shadow mode'
  if (person.chosenAt > since) return 'the agent chose to be available'
  if (now - since < RACE_MS) return 'within seconds of each other'
  if (items.some(([item]) => !entry.state[other].work.some((w) => w.item === item))) return 'the work was not heard of'
  const { lastCall } = person
  if (lastCall !== null && lastCall.at >= since) {
    const didNothing = lastCall.answer === 'accepted' && !lastCall.applied
    if (lastCall.answer === 'refused' || didNothing) return 'the platform refused or ignored the block'
    return 'the platform was not reachable'
  }
  return platforms[side].isReachable() ? 'other' : 'the platform was not reachable'
}
