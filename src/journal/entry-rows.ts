// A decision's rows read back as the record that people know. Read by the million, so nothing is looked at twice.

import type { SQLOutputValue } from 'node:sqlite'
import { assert } from '../domain/assert.ts'
import type { JournalEntry } from '../domain/journal.ts'
import type { LogRecord, WriteOutcome } from '../domain/record.ts'
import type { Side } from '../domain/side.ts'
import { type StoredOutcome, withOutcomes } from './merge.ts'

/** Of `decisions`; the outcomes of its writes come along in the same row. */
export const ENTRY_COLUMNS = `
  seq, time_ms, json,
  (SELECT json_group_array(json_array(side, outcome, ms, words, waited)) FROM outcomes WHERE outcomes.seq = decisions.seq) AS outcomes
`

/** Only this room writes these texts, from a record and its outcomes. */
export function entryOf({ seq, json, outcomes }: Record<string, SQLOutputValue>): JournalEntry {
  assert(typeof seq === 'number' && typeof json === 'string' && typeof outcomes === 'string', 'A row is no decision.')
  const record = JSON.parse(json) as LogRecord
  return { seq, record: record.writes.length === 0 ? record : withOutcomes(record, outcomesOf(outcomes)) }
}

function outcomesOf(text: string): ReadonlyMap<Side, StoredOutcome> {
  const rows = JSON.parse(text) as readonly (readonly [Side, WriteOutcome, number, string | null, string | null])[]
  return new Map(
    rows.map(([side, outcome, ms, words, waited]) => [
      side,
      { outcome, ms, ...(words === null ? {} : { words }), ...(waited === null ? {} : { waited }) },
    ]),
  )
}
