// A stored record with the outcomes that came later: what every reader of the journal sees.

import type { OutcomeEntry } from '../domain/journal.ts'
import type { LogRecord, WriteRecord } from '../domain/record.ts'
import type { Side } from '../domain/side.ts'

export type StoredOutcome = Omit<OutcomeEntry, 'seq' | 'side'>

/** The same member order as a record that was settled at once, because people and scripts compare the lines. */
export function withOutcomes(record: LogRecord, outcomes: ReadonlyMap<Side, StoredOutcome>): LogRecord {
  if (outcomes.size === 0) return record
  const writes = record.writes.map((write): WriteRecord => {
    const found = outcomes.get(write.side)
    if (found === undefined) return write
    const { outcome, ms, words, waited } = found
    const told = { ...(words === undefined ? {} : { words }), ...(waited === undefined ? {} : { waited }) }
    return { side: write.side, status: write.status, outcome, ms, ...told }
  })
  return { ...record, writes }
}

/** ms since 1970 of an ISO time, or of a number written as text; undefined where it is neither. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isNaN(ms)) throw new Error(`"${text}" is not a time; write it like 2026-11-21T10:00:00Z.`)
  return ms
}
