// A recorded stretch of time played again: agent by agent, under the rules of then and under others, or against what was recorded.

import { rulesetOf } from '../app/agents.ts'
import { ALIVE } from '../app/chronicle.ts'
import { NO_PROOF } from '../app/mapping-file.ts'
import type { PersonEntry } from '../domain/history.ts'
import type { JournalReader } from '../domain/journal.ts'
import type { LogRecord } from '../domain/record.ts'
import type { Rules, Ruleset } from '../domain/rules.ts'
import type { AgentId, BySide } from '../domain/side.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { Cause } from './cause.ts'
import { type Both, type Comparison, compareCourses, type Difference, newComparison } from './compare.ts'
import { createGroups, type Group, type Groups } from './groups.ts'
import { usualLatency } from './latency.ts'
import { createLeftOut, type LeftOut, type LeftOutKind } from './left-out.ts'
import { AGENT_RECORDS_MAX, DIFFERENCES_MAX, WARM_UP_MS } from './limits.ts'
import { createNames, type Names } from './names.ts'
import { pastOf } from './past.ts'
import { play } from './player.ts'
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

export type Replay = {
  readonly kind: 'mapping' | 'recorded'
  readonly files: Both<string>
  readonly from: number
  readonly to: number
  readonly agents: number
  /** With at least one difference. */
  readonly touched: number
  readonly totals: Comparison
  readonly groups: readonly Group[]
  /** In the order of agents, then of time. */
  readonly differences: readonly Difference[]
  /** More differences than are listed. */
  readonly unlisted: number
  readonly leftOut: readonly { readonly kind: LeftOutKind; readonly count: number }[]
  /** What people call the agents. */
  readonly nameOf: (agent: AgentId) => string
}

type Stage = {
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

/** Throws a ReplayError where it cannot be made. Takes about a second for 20,000 decisions; `progress` is told after each agent. */
export function replay(
  reader: JournalReader,
  ask: ReplayAsk,
  progress: (done: number, agents: number) => void = () => {},
): Replay {
  const stage = stageOf(reader, ask)
  const people = peopleOf(stage)
  if (people.length === 0)
    throw new ReplayError(`Nobody is in the profile "${ask.profile ?? ''}", neither then nor now`)
  let records = 0
  for (const [done, person] of people.entries()) {
    records += playPerson(stage, person)
    progress(done + 1, people.length)
  }
  const { span, leftOut, totals, groups, differences, touched, names } = stage
  leftOut.service(reader.service(isoSpan(span)))
  if (names.ambiguous() > 0) leftOut.count('ambiguous', names.ambiguous())
  if (ask.person === null && ask.profile === null) {
    const strangers = reader.count(playedSpan(span)) - records
    if (strangers > 0) leftOut.count('strangers', strangers)
  }
  const called = new Map(people.map(({ agent, name }) => [agent, name]))
  return {
    kind: stage.now === null ? 'recorded' : 'mapping',
    files: filesOf(stage),
    from: span.from,
    to: span.to,
    agents: people.length,
    touched: touched.size,
    totals,
    groups: groups.all(),
    differences,
    unlisted: totals.differing - differences.length,
    leftOut: leftOut.found(),
    nameOf: (agent) => called.get(agent) ?? agent,
  }
}

function stageOf(reader: JournalReader, ask: ReplayAsk): Stage {
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

function peopleOf({ reader, ask, before, now }: Stage): readonly PersonEntry[] {
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

function profileThen({ before }: Pick<Stage, 'before'>, person: PersonEntry): string | null {
  return before.mapping === null ? person.profile : profileIn(before.mapping, person)
}

/** Returns how many records the person has. */
function playPerson(stage: Stage, person: PersonEntry): number {
  const { span, before, now, leftOut, totals, groups, differences, touched } = stage
  const { agent } = person
  const records = recordsOf(stage, agent)
  if (records.length === 0) return 0
  const profile = profileThen(stage, person)
  const thenAt = (mapping: string) => rulesetOf(before.rules(mapping), profile)
  const isShadow = (mapping: string) => thenAt(mapping).mode === 'shadow'
  const switchAt = now === null || span.warm === null ? null : span.from
  const { causes, recorded } = pastOf(records, { isShadow, switchAt, leftOut })
  const tried = now === null ? null : rulesetOf(now.rules, profileIn(now, person))
  const last = records.at(-1)?.mapping ?? ''
  const available = (tried ?? thenAt(last)).available
  const course = (rulesAt: (cause: Cause) => Ruleset) =>
    play(causes, {
      rulesAt,
      available,
      names: stage.names,
      latencyMs: stage.latencyMs,
      until: span.to,
      chasing: () => leftOut.count('chasing'),
    })
  const played = course((cause) => thenAt(cause.mapping))
  const courses =
    tried === null
      ? { before: recorded, now: played }
      : {
          before: played,
          now: course((cause) => (switchAt !== null && cause.at < switchAt ? thenAt(cause.mapping) : tried)),
        }
  compareCourses(
    courses,
    {
      agent,
      causes,
      from: span.from,
      to: span.to,
      known: tried === null ? 'shown' : 'everything',
      differs(difference) {
        touched.add(agent)
        if (differences.length < DIFFERENCES_MAX) differences.push(difference)
      },
      ended: (episode) => groups.add(episode),
    },
    totals,
  )
  return records.length
}

function recordsOf({ reader, span }: Stage, agent: AgentId): readonly LogRecord[] {
  const records: LogRecord[] = []
  for (const { record } of reader.walk({ agent, ...playedSpan(span) })) {
    if (records.length >= AGENT_RECORDS_MAX)
      throw new ReplayError(`${agent} has more than ${AGENT_RECORDS_MAX} records: narrow it down with --from`)
    records.push(record)
  }
  return records
}

function isoSpan({ from, to }: Span): { readonly from: string; readonly to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

/** With what happened before, where that is played too. */
function playedSpan(span: Span): { readonly from: string; readonly to: string } {
  return isoSpan({ ...span, from: span.warm ?? span.from })
}

function filesOf({ reader, ask, before, now }: Stage): Both<string> {
  const rulesThen: Rules | undefined = before.mapping?.rules
  const file = rulesThen?.file ?? reader.mapping()?.file ?? 'the rules of then'
  return {
    before: now === null ? 'what was recorded' : file,
    now: ask.mappings !== null && now !== null ? now.rules.file : file,
  }
}
