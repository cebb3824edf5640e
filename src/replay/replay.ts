// A recorded stretch of time played again: agent by agent, under the rules of then and under others, or against what was recorded.

import { rulesetOf } from '../app/agents.ts'
import type { PersonEntry } from '../domain/history.ts'
import type { JournalReader } from '../domain/journal.ts'
import type { LogRecord } from '../domain/record.ts'
import type { Ruleset } from '../domain/rules.ts'
import type { AgentId } from '../domain/side.ts'
import type { Cause } from './cause.ts'
import { type Both, type Comparison, compareCourses, type Difference } from './compare.ts'
import type { Group } from './groups.ts'
import type { LeftOutKind } from './left-out.ts'
import { AGENT_RECORDS_MAX, DIFFERENCES_MAX } from './limits.ts'
import type { Moment } from './moment.ts'
import { pastOf } from './past.ts'
import { play } from './player.ts'
import { profileIn, ReplayError } from './rulebook.ts'
import { isoSpan, peopleOf, playedSpan, profileThen, type ReplayAsk, type Stage, stageOf } from './stage.ts'

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

/** Returns how many records the person has. */
function playPerson(stage: Stage, person: PersonEntry): number {
  const { agent } = person
  const records = recordsOf(stage, agent)
  if (records.length === 0) return 0
  const { span, now, groups, differences, touched, totals } = stage
  const { causes, ...courses } = coursesOf(stage, person, records)
  const options = {
    agent,
    causes,
    from: span.from,
    to: span.to,
    known: now === null ? ('shown' as const) : ('everything' as const),
    differs(difference: Difference) {
      touched.add(agent)
      if (differences.length < DIFFERENCES_MAX) differences.push(difference)
    },
    ended: groups.add,
  }
  compareCourses(courses, options, totals)
  return records.length
}

type Courses = Both<readonly Moment[]> & { readonly causes: readonly Cause[] }

/** What was recorded against the rules of then, or these against those that are to be tried. */
function coursesOf(stage: Stage, person: PersonEntry, records: readonly LogRecord[]): Courses {
  const { span, before, now, leftOut } = stage
  const profile = profileThen(stage, person)
  const thenAt = (mapping: string) => rulesetOf(before.rules(mapping), profile)
  const tried = now === null ? null : rulesetOf(now.rules, profileIn(now, person))
  const switchAt = now === null || span.warm === null ? null : span.from
  const isShadow = (mapping: string) => thenAt(mapping).mode === 'shadow'
  const { causes, recorded } = pastOf(records, { isShadow, switchAt, countFrom: span.from, leftOut })
  const { available } = tried ?? thenAt(records.at(-1)?.mapping ?? '')
  const course = (rulesAt: (cause: Cause) => Ruleset) =>
    play(causes, {
      rulesAt,
      available,
      names: stage.names,
      latencyMs: stage.latencyMs,
      until: span.to,
      chasing: () => leftOut.count('chasing'),
    })
  const old = ({ mapping }: Cause) => thenAt(mapping)
  if (tried === null) return { causes, before: recorded, now: course(old) }
  const isBefore = ({ at }: Cause) => switchAt !== null && at < switchAt
  return { causes, before: course(old), now: course((cause) => (isBefore(cause) ? old(cause) : tried)) }
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

function filesOf({ reader, ask, before, now }: Stage): Both<string> {
  const file = before.mapping?.rules.file ?? reader.mapping()?.file ?? 'the rules of then'
  return {
    before: now === null ? 'what was recorded' : file,
    now: ask.mappings !== null && now !== null ? now.rules.file : file,
  }
}
