// What a replay is made with: what is asked for, of whom and of when, the rules of then and those to be tried, and where its findings are collected.

import { ALIVE } from '../app/chronicle.ts'
import { NO_PROOF } from '../app/mapping-file.ts'
import type { PersonEntry } from '../domain/history.ts'
import type { JournalReader } from '../domain/journal.ts'
import type { AgentId, BySide } from '../domain/side.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { type Comparison, type Difference, newComparison } from './compare.ts'
import { createGroups, type Groups } from './groups.ts'
import { usualLatency } from './latency.ts'
import { createLeftOut, type LeftOut } from './left-out.ts'
import { WARM_UP_MS } from './limits.ts'
import { createNames, type Names } from './names.ts'
import { type MappingText, profileIn, ReplayError, type RulesOfThen, rulesOfThen, tryMapping } from './rulebook.ts'

export type ReplayAsk = {
  /** To be tried; null: what was recorded is compared with what comes of it today. */
  readonly mappings: MappingText | null
  /** The rules of then; null: as the journal keeps them. */
  readonly was: MappingText | null
  /** ms since 1970, `to` exclusive; null: from the first record, to the last one. */
  readonly from: number | null
  readonly to: number | null
  /** Nobody else; null: everybody. */
  readonly person: PersonEntry | null
  readonly profile: string | null
}

export type Stage = {
  readonly reader: JournalReader
  readonly ask: ReplayAsk
  readonly span: Span
  readonly names: Names
  readonly latencyMs: BySide<number>
  readonly before: { readonly rules: RulesOfThen; readonly mapping: Mapping | null }
  /** Null: compared with what was recorded. */
  readonly now: Mapping | null
  readonly leftOut: LeftOut
  readonly totals: Comparison
  readonly groups: Groups
  readonly differences: Difference[]
  readonly touched: Set<AgentId>
}

/** What is compared, and from when on it is played, ms since 1970. */
type Span = { readonly from: number; readonly to: number; readonly warm: number | null }

export function stageOf(reader: JournalReader, ask: ReplayAsk): Stage {
  const span = spanOf(reader, ask)
  const newest = reader.mapping()
  const catalogue = newest?.catalogue
  const names = createNames()
  if (catalogue !== undefined) names.learn(catalogue)
  // It was in force, so it was proved.
  const was = ask.was === null ? null : tryMapping({ ...ask.was, patience: NO_PROOF }, catalogue)
  const tried = ask.mappings === null ? null : tryMapping(ask.mappings, catalogue)
  const isSame = was === null && tried !== null && tried.rules.hash === newest?.hash && !hasReloads(reader, span)
  return {
    reader,
    ask,
    span,
    names,
    latencyMs: usualLatency(reader, isoSpan(span)),
    before: { rules: was === null ? rulesOfThen(reader, names) : () => was.rules, mapping: was },
    now: isSame ? null : tried,
    leftOut: createLeftOut(),
    totals: newComparison(),
    groups: createGroups(),
    differences: [],
    touched: new Set(),
  }
}

function hasReloads(reader: JournalReader, span: Span): boolean {
  return reader.service(playedSpan(span)).some(({ kind }) => kind === 'reloaded')
}

function spanOf(reader: JournalReader, ask: ReplayAsk): Span {
  const [newest] = reader.query({ limit: 1 })
  const first = firstOf(reader)
  if (newest === undefined || first === null) throw new ReplayError('The journal is empty')
  const end = Math.max(Date.parse(newest.record.time), Date.parse(reader.mark(ALIVE) ?? '') || 0) + 1
  const to = Math.min(ask.to ?? end, end)
  const from = Math.max(ask.from ?? first, first)
  if (from >= to) throw new ReplayError('The journal has nothing in this time')
  return { from, to, warm: from > first ? from - WARM_UP_MS : null }
}

function firstOf(reader: JournalReader): number | null {
  for (const { record } of reader.walk({})) return Date.parse(record.time)
  return null
}

export function peopleOf({ reader, ask, before, now }: Stage): readonly PersonEntry[] {
  const isAsked = (person: PersonEntry): boolean => {
    if (ask.profile === null) return true
    const profiles = [profileThen({ before }, person), now === null ? null : profileIn(now, person)]
    return profiles.includes(ask.profile)
  }
  if (ask.person !== null) return [ask.person]
  const people = new Map<AgentId, PersonEntry>()
  for (const [agent] of reader.states()) people.set(agent, { agent, name: agent, aliases: [], profile: null })
  for (const person of reader.people()) people.set(person.agent, person)
  return [...people.values()].filter(isAsked).toSorted((a, b) => (a.agent < b.agent ? -1 : 1))
}

export function profileThen({ before }: Pick<Stage, 'before'>, person: PersonEntry): string | null {
  return before.mapping === null ? person.profile : profileIn(before.mapping, person)
}

export function isoSpan({ from, to }: Span): { readonly from: string; readonly to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

/** With what happened before, where that is played too. */
export function playedSpan(span: Span): { readonly from: string; readonly to: string } {
  return isoSpan({ ...span, from: span.warm ?? span.from })
}
