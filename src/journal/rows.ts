// A batch as rows of the file's tables: flat lists of texts and numbers, because they cross to another thread, and nested objects cross slowly.

import { assert } from '../domain/assert.ts'
import type { HistoryBatch, JournalBatch } from '../domain/journal.ts'
import type { LogRecord } from '../domain/record.ts'

type Cell = string | number | null

/** Each list holds one row after the other; how many cells a row has is below. */
export type JournalRows = {
  /** seq, time in ms, agent, reasons, record as JSON */
  readonly decisions: readonly Cell[]
  /** seq, side, outcome, ms, words, why it waited */
  readonly outcomes: readonly Cell[]
  /** agent, state as JSON */
  readonly states: readonly Cell[]
  /** key, value */
  readonly marks: readonly Cell[]
  /** agent, person as JSON */
  readonly people: readonly Cell[]
  /** hash, time in ms, mapping as JSON */
  readonly mappings: readonly Cell[]
  /** time in ms, event as JSON */
  readonly service: readonly Cell[]
  /** begin of the minute in ms, figures as JSON */
  readonly figures: readonly Cell[]
}

export const CELLS = {
  decisions: 5,
  outcomes: 6,
  states: 2,
  marks: 2,
  people: 2,
  mappings: 3,
  service: 2,
  figures: 2,
} as const

/** Stands among the reasons of a record that tells of work on both sides: no reason begins like this. */
export const OVERLAPPING = '+overlapping'

export function rowsOf(batch: JournalBatch): JournalRows {
  const decisions: Cell[] = []
  for (const { seq, record } of batch.entries)
    decisions.push(seq, msOf(record.time), record.agent, reasonsOf(record), JSON.stringify(record))
  const outcomes: Cell[] = []
  for (const { seq, side, outcome, ms, words, waited } of batch.outcomes)
    outcomes.push(seq, side, outcome, Math.round(ms), words ?? null, waited ?? null)
  const states: Cell[] = []
  for (const [agent, state] of batch.states) states.push(agent, state)
  const marks: Cell[] = []
  for (const [key, value] of batch.marks) marks.push(key, value)
  return { decisions, outcomes, states, marks, ...historyRows(batch.history) }
}

function historyRows(
  history: HistoryBatch | undefined,
): Pick<JournalRows, 'people' | 'mappings' | 'service' | 'figures'> {
  const { people = [], mappings = [], service = [], figures = [] } = history ?? {}
  return {
    people: people.flatMap((person) => [person.agent, JSON.stringify(person)]),
    mappings: mappings.flatMap((mapping) => [mapping.hash, msOf(mapping.time), JSON.stringify(mapping)]),
    service: service.flatMap((event) => [msOf(event.time), JSON.stringify(event)]),
    figures: figures.flatMap((minute) => [minute.minute, JSON.stringify(minute)]),
  }
}

function msOf(time: string): number {
  const ms = Date.parse(time)
  assert(!Number.isNaN(ms), `"${time}" is not a time.`)
  return ms
}

/** Between commas, so that one code is found and not a longer one that begins with it. */
function reasonsOf(record: LogRecord): string {
  const reasons: string[] = record.decisions.map(({ reason }) => reason)
  if (record.exposed !== undefined || record.overlaps !== undefined) reasons.push(OVERLAPPING)
  return `,${reasons.join(',')},`
}
