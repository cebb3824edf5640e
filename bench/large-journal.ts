// A journal of millions of decisions, written by the journal's own hand: a thousand agents who live the same recorded hour again and again, each at other minutes.

import { existsSync, statSync } from 'node:fs'
import type { JournalEntry, OutcomeEntry } from '../src/domain/journal.ts'
import type { Catalogue } from '../src/domain/platform.ts'
import type { AgentId, StatusId } from '../src/domain/side.ts'
import { newAgent } from '../src/engine/state.ts'
import { rowsOf } from '../src/journal/rows.ts'
import { openWriter } from '../src/journal/writer.ts'
import { type RecordedHour, recordHour } from './recorded-hour.ts'

const HOUR_MS = 3_600_000
const AGENTS = 1_000
const COMMIT = 5_000
/** The last hour ends about here, so that `now` of a measurement may stand still. */
const END = Date.parse('2026-11-20T18:00:00Z')

export type LargeJournal = {
  readonly path: string
  readonly decisions: number
  readonly bytes: number
  readonly builtMs: number
  readonly agent: AgentId
  /** ms since 1970 */
  readonly from: number
  readonly to: number
}

/** One that is there already is taken as it is. */
export async function largeJournal(
  path: string,
  decisions: number,
  note: (line: string) => void,
): Promise<LargeJournal> {
  const hour = await recordHour()
  const hours = Math.max(1, Math.round(decisions / hour.records.length / AGENTS))
  const from = END - hours * HOUR_MS
  const begun = performance.now()
  const known = existsSync(path)
  if (!known) build(path, { hour, hours, from, note })
  const made = hours * AGENTS * hour.records.length
  const builtMs = known ? 0 : performance.now() - begun
  return { path, decisions: made, bytes: statSync(path).size, builtMs, agent: agentName(AGENTS / 2), from, to: END }
}

function agentName(n: number): AgentId {
  return `agent${n}@bench.example` as AgentId
}

function build(
  path: string,
  { hour, hours, from, note }: { hour: RecordedHour; hours: number; from: number; note: (line: string) => void },
): void {
  const { writer } = openWriter(path)
  const agents = Array.from({ length: AGENTS }, (_, n) => agentName(n))
  const state = JSON.stringify(newAgent())
  const catalogue = { crm: catalogueOf(hour.statuses.crm), telephony: catalogueOf(hour.statuses.telephony) }
  const time = new Date(from).toISOString()
  const history = {
    people: agents.map((agent, n) => ({ agent, name: `Agent ${n}`, aliases: [`a${n}@tel.example`], profile: null })),
    mappings: [
      {
        hash: hour.hash,
        time,
        file: 'mappings.example.yaml',
        text: hour.text,
        catalogue,
      },
    ],
    service: [{ time, kind: 'started', words: 'began' }],
    figures: [],
  } as const
  writer.append(
    rowsOf({
      entries: [],
      states: new Map(agents.map((agent) => [agent, state])),
      outcomes: [],
      marks: new Map(),
      history,
    }),
  )
  let seq = 0
  for (let at = from; at < from + hours * HOUR_MS; at += HOUR_MS) {
    const entries = hourOf(hour, agents, at).map((record): JournalEntry => ({ seq: ++seq, record }))
    for (let begin = 0; begin < entries.length; begin += COMMIT) {
      const piece = entries.slice(begin, begin + COMMIT)
      writer.append(
        rowsOf({ entries: piece, states: new Map(), outcomes: piece.flatMap(outcomesOf), marks: new Map() }),
      )
    }
    note(`${seq.toLocaleString('en')} decisions written`)
  }
  writer.close()
}

/** Everybody's hour, in the order of time. */
function hourOf(hour: RecordedHour, agents: readonly AgentId[], beginMs: number): JournalEntry['record'][] {
  const moments = agents.flatMap((agent, n) =>
    hour.records.map(({ atMs, record }) => ({ agent, record, at: beginMs + atMs + ((n * 3_571) % HOUR_MS) })),
  )
  return moments
    .sort((a, b) => a.at - b.at)
    .map(({ agent, record, at }) => {
      const time = new Date(at).toISOString()
      const sentence = record.sentence.replace(/the agent/i, agent)
      return { ...record, time, agent, event: { ...record.event, at: time }, sentence }
    })
}

function outcomesOf({ seq, record }: JournalEntry): OutcomeEntry[] {
  return record.writes.map(({ side }) => ({ seq, side, outcome: 'confirmed', ms: 140 }))
}

/** What the mapping speaks of is what the platform has. */
function catalogueOf(statuses: readonly StatusId[]): Catalogue {
  return {
    statuses: statuses.map((id) => ({ id, label: id, apiName: id, available: undefined, settable: true })),
    channels: ['call', 'callback', 'chat', 'case', 'email', 'message'],
  }
}
