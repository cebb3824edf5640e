// What may happen to the work of an agent, as far as one of two sets of rules may tell it apart from anything else.

import type { Blocking, Ruleset } from '../../domain/rules.ts'
import { otherSide, SIDES, type Side } from '../../domain/side.ts'
import { isOpen, OPEN_STATES, type OpenState, type WorkState } from '../../domain/work.ts'
import type { AgentState } from '../../engine/state.ts'
import { lifeOf, type TimerMove, timersOf, type WorkMove } from '../explore/move.ts'

type Pair = readonly [Ruleset, Ruleset]

type Vocabulary = {
  /** One channel of each kind: counted by both, by the first, by the second; null: not known yet, which every rule counts. */
  readonly channels: readonly (string | null)[]
  /** How many items it takes, by each of the rules. */
  readonly counts: ReadonlySet<number>
  readonly states: readonly OpenState[]
}

/** Work first: the same for two agents with the same work; then the timers, which each agent has for itself. */
export function movesUnder(rules: Pair): (state: AgentState) => readonly (WorkMove | TimerMove)[] {
  const vocabulary = { crm: vocabularyOf(rules, 'crm'), telephony: vocabularyOf(rules, 'telephony') }
  return (state) => [
    ...SIDES.flatMap((side) => workMoves(vocabulary[side], state, side)),
    ...SIDES.flatMap((side) => timersOf(state, side)),
  ]
}

/** Of work on this side, which blocks the other one. */
function vocabularyOf(rules: Pair, side: Side): Vocabulary | null {
  const [before, now] = rules.map((one) => one.blocking[otherSide(side)])
  const blockings = [before, now].filter((one): one is Blocking => one !== null && one !== undefined)
  if (blockings.length === 0) return null
  const counts = new Set(blockings.map(({ minItems }) => minItems))
  const told = new Set<OpenState>(blockings.flatMap(lifeOf))
  if (counts.size > 1) told.add('accepted') // an item that stays while others come
  return { channels: channelsOf(blockings), counts, states: OPEN_STATES.filter((state) => told.has(state)) }
}

function channelsOf(blockings: readonly Blocking[]): readonly (string | null)[] {
  const named = new Set(blockings.flatMap(({ channels }) => [...(channels ?? [])]))
  const kindOf = (channel: string) =>
    blockings.map(({ channels }) => channels === null || channels.has(channel)).join(' ')
  const kinds = new Map<string, string | null>()
  for (const channel of named) if (!kinds.has(kindOf(channel))) kinds.set(kindOf(channel), channel)
  const everybody = blockings.map(() => true).join(' ')
  const somebody = blockings.map(({ channels }) => channels === null).join(' ')
  if (blockings.some(({ channels }) => channels === null) && !kinds.has(somebody))
    kinds.set(somebody, somebody === everybody ? null : 'any other channel')
  if (kinds.size === 0 || !kinds.has(everybody)) kinds.set(everybody, null)
  return [...kinds.values()]
}

/**
 * All items of a side that are open at once are of one channel. All but the last come accepted and stay; where their number is one that a rule
 * asks for, the last one lives through every state that a rule may tell from the one before.
 */
function workMoves(vocabulary: Vocabulary | null, state: AgentState, side: Side): readonly WorkMove[] {
  if (vocabulary === null) return []
  const { channels, counts, states } = vocabulary
  const open = state[side].work.filter((work) => isOpen(work.state))
  const [first] = open
  const to = (channel: string | null, place: number, next: WorkState): WorkMove => {
    return { kind: 'work', side, news: [{ item: `${channel ?? 'w'}-${place}`, channel, state: next }] }
  }
  const comes = (channel: string | null, place: number) =>
    (counts.has(place) ? states : (['accepted'] as const)).map((next) => to(channel, place, next))
  if (first === undefined) return channels.flatMap((channel) => comes(channel, 1))
  const last = open.length
  const now = open.find(({ item }) => item.endsWith(`-${last}`))?.state ?? 'accepted'
  const later = counts.has(last) ? states.filter((next) => OPEN_STATES.indexOf(next) > stage(now)) : []
  const more = last < Math.max(...counts) && now === 'accepted' ? comes(first.channel, last + 1) : []
  return [...later.map((next) => to(first.channel, last, next)), to(first.channel, last, 'closed'), ...more]
}

function stage(state: WorkState): number {
  return (OPEN_STATES as readonly WorkState[]).indexOf(state)
}
