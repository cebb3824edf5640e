// A batch as rows of the file's tables: flat lists of texts and numbers, because they cross to another thread, and nested objects cross slowly.

import { assert } from '../domain/assert.ts'
import type { JournalBatch } from '../domain/journal.ts'
import type { LogRecord } from '../domain/record.ts'

type Cell = string | number | null

/** Each list holds one row after the other; how many cells a row has is below. */
export type JournalRows = {
  /** seq, time in ms, agent, reasons, record as JSON */
  readonly decisions: readonly Cell[]
  /** seq, side, outcome, ms, words */
  readonly outcomes: readonly Cell[]
  /** agent, state as JSON */
  readonly states: readonly Cell[]
  /** key, value */
  readonly marks: readonly Cell[]
}

export const CELLS = { decisions: 5, outcomes: 5, states: 2, marks: 2 } as const

export function rowsOf(batch: JournalBatch): JournalRows {
  const decisions: Cell[] = []
  for (const { seq, record } of batch.entries)
    decisions.push(seq, timeMs(record), record.agent, reasonsOf(record), JSON.stringify(record))
  const outcomes: Cell[] = []
  for (const { seq, side, outcome, ms, words } of batch.outcomes)
    outcomes.push(seq, side, outcome, Math.round(ms), words ?? null)
  const states: Cell[] = []
  for (const [agent, state] of batch.states) states.push(agent, state)
  const marks: Cell[] = []
  for (const [key, value] of batch.marks) marks.push(key, value)
  return { decisions, outcomes, states, marks }
}

function timeMs(record: LogRecord): number {
  const ms = Date.parse(record.time)
  assert(!Number.isNaN(ms), `"${record.time}" is not a time.`)
  return ms
}

/** Between commas, so that one code is found and not a longer one that begins with it. */
function reasonsOf(record: LogRecord): string {
  return `,${record.decisions.map(({ reason }) => reason).join(',')},`
}
