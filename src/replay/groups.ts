// Differences of many agents by their cause: what was first decided otherwise, and by which rules. What followed from it belongs to it.

import type { AgentId, Side } from '../domain/side.ts'
import { SIDES } from '../domain/side.ts'
import { type Difference, type Episode, isSameDecision, type Spent } from './compare.ts'
import { EXAMPLES_MAX, GROUPS_MAX } from './limits.ts'
import type { Decided } from './moment.ts'

export type Instead = { readonly side: Side; readonly before: string; readonly now: string; readonly ms: number }

export type Group = {
  /** Each of another agent. */
  readonly examples: readonly Difference[]
  readonly agents: number
  /** How often it began. */
  readonly times: number
  /** Decisions that differ because of it, itself among them. */
  readonly differences: number
  /** The longest first. */
  readonly instead: readonly Instead[]
  readonly blockedMs: Readonly<Spent>
  readonly exposedMs: Readonly<Spent>
}

type Found = {
  readonly examples: Difference[]
  readonly agents: Set<AgentId>
  times: number
  differences: number
  readonly instead: Map<string, { readonly side: Side; readonly before: string; readonly now: string; ms: number }>
  readonly blockedMs: Spent
  readonly exposedMs: Spent
}

export type Groups = {
  add(episode: Episode): void
  /** What weighs most first. */
  all(): readonly Group[]
}

/** Whatever is beyond the limit is one group. */
const OTHERS = 'others'

export function createGroups(): Groups {
  const found = new Map<string, Found>()
  return {
    add(episode) {
      const wanted = keyOf(episode.first)
      const key = found.has(wanted) || found.size < GROUPS_MAX ? wanted : OTHERS
      const group = found.get(key) ?? newFound()
      found.set(key, group)
      add(group, episode)
    },
    all: () => [...found.values()].map(groupOf).toSorted((a, b) => weight(b) - weight(a) || b.times - a.times),
  }
}

function newFound(): Found {
  return {
    examples: [],
    agents: new Set(),
    times: 0,
    differences: 0,
    instead: new Map(),
    blockedMs: { crm: 0, telephony: 0 },
    exposedMs: { crm: 0, telephony: 0 },
  }
}

function add(group: Found, { first, differences, other, blockedMs, exposedMs }: Episode): void {
  if (group.examples.length < EXAMPLES_MAX && !group.agents.has(first.agent)) group.examples.push(first)
  group.agents.add(first.agent)
  group.times += 1
  group.differences += differences
  for (const side of SIDES) {
    group.blockedMs[side] += blockedMs[side]
    group.exposedMs[side] += exposedMs[side]
    for (const [pair, { before, now, ms }] of other[side]) {
      const key = `${side} ${pair}`
      const known = group.instead.get(key)
      if (known !== undefined) known.ms += ms
      else group.instead.set(key, { side, before, now, ms })
    }
  }
}

function groupOf({ agents, instead, ...group }: Found): Group {
  return { ...group, agents: agents.size, instead: longestFirst(instead.values()) }
}

function longestFirst(instead: Iterable<Instead>): readonly Instead[] {
  return [...instead].toSorted((a, b) => b.ms - a.ms)
}

function weight({ instead, blockedMs, exposedMs }: Group): number {
  const spent = SIDES.reduce((sum, side) => sum + Math.abs(blockedMs[side]) + Math.abs(exposedMs[side]), 0)
  return instead.reduce((sum, { ms }) => sum + ms, spent)
}

/** What happened, and by which rules what was decided. Where the rules are the same, what they led to tells the causes apart. */
function keyOf({ event, before, now }: Difference): string {
  const { kind, side = '', state = '', channel = '' } = event
  const sides = SIDES.flatMap((one) => {
    const [a, b] = [before?.find((d) => d.side === one), now?.find((d) => d.side === one)]
    if (a !== undefined && b !== undefined && isSameDecision(a, b)) return []
    if (a === undefined && b === undefined) return []
    return [[one, ...because(a), ...because(b), ...(isSameCause(a, b) ? [a?.to, b?.to] : [])]]
  })
  return JSON.stringify([kind, side, state, channel, before === null, now === null, sides])
}

function because(decided: Decided | undefined): readonly (string | null)[] {
  return decided === undefined ? [null] : [decided.reason, decided.rule]
}

function isSameCause(a: Decided | undefined, b: Decided | undefined): boolean {
  return a !== undefined && b !== undefined && a.reason === b.reason
}
