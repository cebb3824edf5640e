// Questions to the journal's file: what was decided, and what was remembered last.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { z } from 'zod'
import type { DecisionSeq, JournalEntry, JournalReader, LogFilter } from '../domain/journal.ts'
import { type LogRecord, WRITE_OUTCOMES } from '../domain/record.ts'
import { type AgentId, SIDES, type Side } from '../domain/side.ts'
import { lastSeqOf } from './file.ts'
import { historyOf } from './history-reader.ts'
import { QUERY_ROWS_MAX } from './limits.ts'
import { type StoredOutcome, timeOf, withOutcomes } from './merge.ts'

/** What the bridge itself asks. */
type Basics = Pick<JournalReader, 'lastSeq' | 'states' | 'mark' | 'query' | 'close'>

export function readerOf(db: DatabaseSync): JournalReader {
  const selectOutcomes = db.prepare('SELECT side, outcome, ms, words FROM outcomes WHERE seq = ?')
  return { ...basicsOf(db, selectOutcomes), ...historyOf(db, (row) => entryOf(DecisionRow.parse(row), selectOutcomes)) }
}

function basicsOf(db: DatabaseSync, selectOutcomes: StatementSync): Basics {
  const selectStates = db.prepare('SELECT agent, state FROM agents')
  const selectMark = db.prepare('SELECT value FROM marks WHERE key = ?')
  return {
    lastSeq: (): DecisionSeq => lastSeqOf(db),
    states: () => statesOf(selectStates),
    mark(key) {
      const row = selectMark.get(key)
      return row === undefined ? undefined : MarkRow.parse(row).value
    },
    query(filter) {
      const { sql, values } = selectFor(filter)
      const rows = db.prepare(sql).all(...values)
      const entries = rows.map((row) => entryOf(DecisionRow.parse(row), selectOutcomes))
      return entries.sort((a, b) => a.seq - b.seq)
    },
    close() {
      if (db.isOpen) db.close()
    },
  }
}

function* statesOf(select: StatementSync): Iterable<readonly [AgentId, string]> {
  for (const row of select.iterate()) {
    const { agent, state } = StateRow.parse(row)
    yield [agent as AgentId, state]
  }
}

/**
 * Newest by the time where a time or a reason is asked for: by the number it would be a walk through everything that came later, and the index by
 * time has the reasons in it.
 */
function selectFor(filter: LogFilter): { sql: string; values: SQLInputValue[] } {
  const from = timeOf(filter.from)
  const to = timeOf(filter.to)
  const conditions: [string, SQLInputValue | undefined][] = [
    ['agent = ?', filter.agent],
    ['time_ms >= ?', from],
    ['time_ms < ?', to],
    ['seq > ?', filter.afterSeq],
    ['instr(reasons, ?) > 0', filter.reason === undefined ? undefined : `,${filter.reason},`],
  ]
  const asked = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]))
  const where = asked.length === 0 ? '' : `WHERE ${asked.map(({ sql }) => sql).join(' AND ')}`
  const order =
    from === undefined && to === undefined && filter.reason === undefined ? 'seq DESC' : 'time_ms DESC, seq DESC'
  const limit = Math.max(0, Math.min(filter.limit, QUERY_ROWS_MAX))
  return {
    sql: `SELECT seq, json FROM decisions ${where} ORDER BY ${order} LIMIT ?`,
    values: [...asked.map(({ value }) => value), limit],
  }
}

function entryOf({ seq, json }: z.infer<typeof DecisionRow>, selectOutcomes: StatementSync): JournalEntry {
  // Only this room writes the text, from a record.
  const record = JSON.parse(json) as LogRecord
  if (record.writes.length === 0) return { seq, record }
  const outcomes = new Map<Side, StoredOutcome>()
  for (const row of selectOutcomes.all(seq)) {
    const { side, outcome, ms, words } = OutcomeRow.parse(row)
    outcomes.set(side, words === null ? { outcome, ms } : { outcome, ms, words })
  }
  return { seq, record: withOutcomes(record, outcomes) }
}

const MarkRow = z.object({ value: z.string() })
const StateRow = z.object({ agent: z.string(), state: z.string() })
const DecisionRow = z.object({ seq: z.number(), json: z.string() })
const OutcomeRow = z.object({
  side: z.enum(SIDES),
  outcome: z.enum(WRITE_OUTCOMES),
  ms: z.number(),
  words: z.string().nullable(),
})
