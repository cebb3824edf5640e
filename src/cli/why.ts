// presence-bridge why AGENT: where somebody stands, what holds it, what waits, what happens next, and what led there.

import { createRuleText } from '../app/rule-text.ts'
import type { Settings } from '../app/settings.ts'
import type { PersonEntry } from '../domain/history.ts'
import type { JournalEntry, JournalReader } from '../domain/journal.ts'
import { momentOf } from '../history/moment.ts'
import { chronicleOf } from '../history/timeline.ts'
import { troublesOf } from '../history/troubles.ts'
import type { AgentDetail } from '../ops/status.ts'
import { type Source, type SourceOptions, timeOf, whoIs, withSource } from './journal-source.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { paintFor, widthOf } from './paint.ts'
import { type Face, faceOf, type When } from './times.ts'
import { type Standing, type Told, whyText } from './why-text.ts'

export type WhyOptions = SourceOptions & { readonly at?: string | undefined; readonly format: 'text' | 'json' }

/** Looked at, so that what began long ago is known. */
const BEFORE_MS = 8 * 3_600_000
/** What has to do with a moment that is asked about: a call, and the chat that came during it. */
const AROUND = { before: 15 * 60_000, after: 10 * 60_000 }
/** Decisions that led there. */
const DECISIONS = 5

export async function why(name: string, options: WhyOptions, when: When, io: Io): Promise<ExitCode> {
  return await withSource(options, io, async (source) => {
    const asked = options.at === undefined ? undefined : timeOf(options.at, when, io)
    if (asked === null) return EXIT.couldNotRun
    if (asked !== undefined && asked > iso(when.now())) {
      io.err('--at lies in the future.\n')
      return EXIT.couldNotRun
    }
    const person = whoIs(source.reader, name, io)
    if (person === null) return EXIT.no
    const face = faceOf(when.zone)
    const standing = asked === undefined ? await present(source, person, { now: when.now, face }) : PAST
    const told = tell(source.reader, {
      person,
      standing,
      at: asked ?? standing.asOf ?? iso(when.now()),
      face,
      isPast: asked !== undefined,
    })
    if (options.format === 'json') io.out(`${JSON.stringify(jsonOf(told), null, 2)}\n`)
    else io.out(whyText(told, { face, width: widthOf(io), paint: paintFor(io) }))
    return EXIT.fine
  })
}

const PAST: Standing = { source: 'records', detail: null, asOf: null, note: null }

type Around = { readonly now: () => number; readonly face: Face }

/** From the bridge itself, where one runs; else from what the journal keeps. */
async function present({ reader, settings }: Source, person: PersonEntry, { face }: Around): Promise<Standing> {
  const answer = settings === null ? null : await askBridge(settings, person)
  if (answer?.kind === 'found' && isDetail(answer.value))
    return { source: 'bridge', detail: answer.value, asOf: null, note: null }
  if (answer?.kind === 'missing')
    return {
      source: 'records',
      detail: null,
      asOf: null,
      note: `The bridge that runs does not keep ${person.name} in step any more; this is from the records.`,
    }
  const { offlineAgent } = await import('../app/offline-agent.ts') // it reads the mapping file anew
  const offline = offlineAgent(reader, person, { shadow: settings?.shadow ?? false })
  const asOf = offline?.asOf ?? null
  const known = asOf === null ? '' : `; this is what it knew at ${face.full(asOf)}`
  const note =
    settings === null
      ? `From the journal alone${known}. With --settings a running bridge is asked.`
      : `No bridge answers${known}.`
  return { source: 'journal', detail: offline?.detail ?? null, asOf, note }
}

/** Enough to know that it is one of ours that answers; a schema would take longer to load than the rest of the command. */
function isDetail(value: unknown): value is AgentDetail {
  const members = ['sentence', 'crm', 'telephony', 'causes', 'writes', 'next']
  return typeof value === 'object' && value !== null && members.every((member) => member in value)
}

/** Loaded when there is one to ask: what speaks HTTP takes longer to load than the rest of the command. */
async function askBridge(settings: Settings, { agent }: PersonEntry) {
  const { runningBridge } = await import('./running-bridge.ts')
  return await runningBridge(settings).get(`/api/agents/${encodeURIComponent(agent)}`)
}

type Asked = {
  readonly person: PersonEntry
  readonly standing: Standing
  readonly at: string
  readonly face: Face
  readonly isPast: boolean
}

function tell(reader: JournalReader, { person, standing, at, face, isPast }: Asked): Told {
  const { agent, name } = person
  const after = isPast ? AROUND.after : 1
  const span = { from: iso(Date.parse(at) - BEFORE_MS), to: iso(Date.parse(at) + after) }
  const { timeline, entries } = chronicleOf(reader, { agent, name, ...span, now: span.to })
  const aroundMs = isPast ? AROUND : { before: BEFORE_MS, after: 0 }
  const troubles = troublesOf({ timeline, entries, at, aroundMs, clock: face.clock })
  const texts = createRuleText(() => reader)
  const led = entries.filter(({ record }) => record.time <= at && isTelling(record)).slice(-DECISIONS)
  const decisions = led.map(({ record }) => {
    const rules = [...new Set(record.decisions.flatMap(({ rule }) => rule ?? []))]
    const quotes = rules.flatMap((rule) => {
      const quote = texts.quote({ hash: record.mapping, file: '' }, rule)
      return quote === null ? [] : [{ rule, quote }]
    })
    return { record, quotes }
  })
  return { person, standing, at, isPast, moment: momentOf(timeline, at), timeline, troubles, decisions }
}

/** Not what only confirms or repeats what is known. */
function isTelling({ decisions, event }: JournalEntry['record']): boolean {
  return (
    event.kind === 'admin' ||
    decisions.some(({ reason }) => reason !== 'echo' && reason !== 'repeat' && reason !== 'stale')
  )
}

function jsonOf({ person, standing, at, moment, troubles, decisions }: Told) {
  const { agent, name, profile } = person
  const { source, detail, note } = standing
  return { agent, name, profile, at, source, note, detail, sides: moment.sides, gaps: moment.gaps, troubles, decisions }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
