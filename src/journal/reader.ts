// Questions to the journal's file: what was decided, and what was remembered last.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { JournalReader, LogFilter } from '../domain/journal.ts'
import type { DecisionSeq } from '../domain/record.ts'
import type { AgentId } from '../domain/side.ts'
import { textIn } from './cells.ts'
import { ENTRY_COLUMNS, entryOf } from './entry-rows.ts'
import { lastSeqOf } from './file.ts'
import { historyOf } from './history-reader.ts'
import { QUERY_ROWS_MAX } from './limits.ts'
import { timeOf } from './merge.ts'

export function readerOf(db: DatabaseSync): JournalReader {
  return { ...basicsOf(db), ...historyOf(db) }
}

/** What the bridge itself asks. */
function basicsOf(db: DatabaseSync): Pick<JournalReader, 'lastSeq' | 'states' | 'mark' | 'query' | 'close'> {
  const selectStates = db.prepare('SELECT agent, state FROM agents')
  const selectMark = db.prepare('SELECT value FROM marks WHERE key = ?')
  return {
    lastSeq: (): DecisionSeq => lastSeqOf(db),
    states: () => statesOf(selectStates),
    mark(key) {
      const row = selectMark.get(key)
      return row === undefined ? undefined : textIn(row, 'value')
    },
    query(filter) {
      const { sql, values } = selectFor(filter)
      return db
        .prepare(sql)
        .all(...values)
        .map(entryOf)
        .sort((a, b) => a.seq - b.seq)
    },
    close() {
      if (db.isOpen) db.close()
    },
  }
}

function* statesOf(select: StatementSync): Iterable<readonly [AgentId, string]> {
  for (const row of select.iterate()) {
    yield [textIn(row, 'agent') as AgentId, textIn(row, 'state')]
  }
}

/**
 * Newest by the time where anything but a number is asked for: by the number it would be a walk through everything that came later, and the indexes
 * are by time.
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
  const byNumber = asked.every(({ sql }) => sql === 'seq > ?')
  const order = byNumber ? 'seq DESC' : 'time_ms DESC, seq DESC'
  const limit = Math.max(0, Math.min(filter.limit, QUERY_ROWS_MAX))
  return {
    sql: `SELECT ${ENTRY_COLUMNS} FROM decisions ${where} ORDER BY ${order} LIMIT ?`,
    values: [...asked.map(({ value }) => value), limit],
  }
}
