// The journal in one SQLite file: a decision is durable when `append` returns, and all of a batch or nothing of it is there.
// Never here: waiting, retrying, or an append that returns before the disk has it.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { z } from 'zod'
import { assert } from '../domain/assert.ts'
import type { DecisionSeq, Journal, JournalBatch, JournalEntry, LogFilter } from '../domain/journal.ts'
import type { Log } from '../domain/log.ts'
import { type LogRecord, WRITE_OUTCOMES } from '../domain/record.ts'
import { type AgentId, SIDES, type Side } from '../domain/side.ts'
import { openForReading, openForWriting } from './file.ts'
import { checkSequence, type KeptJournal } from './kept-journal.ts'
import { PRUNE_ROWS_MAX, QUERY_ROWS_MAX } from './limits.ts'
import { type StoredOutcome, timeOf, withOutcomes } from './merge.ts'

/** Throws an Error with one plain sentence where the file cannot be used. */
export function openSqliteJournal({ path, log }: { path: string; log: Log }): KeptJournal {
  const { db, unlock } = openForWriting(path)
  const reader = readerOf(db)
  const writer = writerOf(db)
  let last = reader.lastSeq()
  log.info({ code: 'journal_open', path, lastSeq: last }, 'The journal is open.')
  return {
    ...reader,
    append(batch) {
      checkSequence(batch, last)
      writer.append(batch)
      last = batch.entries.at(-1)?.seq ?? last
    },
    lastSeq: () => last,
    prune: writer.prune,
    close() {
      if (!db.isOpen) return
      db.close()
      unlock()
    },
  }
}

/** For reports and the command line, also while a bridge is writing the same file. */
export function openJournalReader({ path }: { path: string }): Omit<Journal, 'append'> {
  return readerOf(openForReading(path))
}

function writerOf(db: DatabaseSync): Pick<KeptJournal, 'append' | 'prune'> {
  const insertDecision = db.prepare('INSERT INTO decisions (seq, time_ms, agent, reasons, json) VALUES (?, ?, ?, ?, ?)')
  // Not for a decision that is not there (it could not be written): nobody would ever remove it.
  const insertOutcome = db.prepare(`
    REPLACE INTO outcomes (seq, side, outcome, ms, words) SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM decisions WHERE seq = ?1)
  `)
  // In place: REPLACE would move the row, which writes three pages instead of one, and pages are what a commit waits for.
  const insertState = db.prepare(
    'INSERT INTO agents (agent, state) VALUES (?, ?) ON CONFLICT (agent) DO UPDATE SET state = excluded.state',
  )
  const insertMark = db.prepare(
    'INSERT INTO marks (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const findOld = db.prepare('SELECT seq FROM decisions WHERE time_ms < ? ORDER BY time_ms, seq LIMIT ?')
  const forgetDecision = db.prepare('DELETE FROM decisions WHERE seq = ?')
  const forgetOutcomes = db.prepare('DELETE FROM outcomes WHERE seq = ?')
  const rememberPruned = db.prepare(`UPDATE meta SET value = max(CAST(value AS INTEGER), ?) WHERE key = 'pruned'`)

  const insertAll = (batch: JournalBatch): void => {
    for (const { seq, record } of batch.entries) {
      insertDecision.run(seq, timeMs(record), record.agent, reasonsOf(record), JSON.stringify(record))
    }
    for (const { seq, side, outcome, ms, words } of batch.outcomes) {
      insertOutcome.run(seq, side, outcome, Math.round(ms), words ?? null)
    }
    for (const [agent, state] of batch.states) insertState.run(agent, state)
    for (const [key, value] of batch.marks) insertMark.run(key, value)
  }

  // The room goes to the next decisions: SQLite reuses the pages, the file does not shrink.
  const pruneSlice = (olderThanMs: number, rows: number): number => {
    const seqs = findOld.all(olderThanMs, rows).map((row) => SeqRow.parse(row).seq)
    for (const seq of seqs) {
      forgetDecision.run(seq)
      forgetOutcomes.run(seq)
    }
    rememberPruned.run(Math.max(0, ...seqs))
    return seqs.length
  }

  return {
    append: (batch) => inTransaction(db, () => insertAll(batch)),
    prune(olderThanMs, maxRows) {
      const rows = Math.max(0, Math.min(maxRows, PRUNE_ROWS_MAX))
      return inTransaction(db, () => pruneSlice(olderThanMs, rows))
    },
  }
}

function inTransaction<T>(db: DatabaseSync, action: () => T): T {
  assert(db.isOpen, 'The journal is closed.')
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = action()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite rolls back by itself on a full disk and on some I/O errors (https://www.sqlite.org/lang_transaction.html).
    if (db.isTransaction) db.exec('ROLLBACK')
    // The text of a node error begins with its kind, which tells nobody anything.
    const why = String(error).replace(/^\w*Error: /, '')
    throw new Error(`The journal could not be written: ${why}.`, { cause: error })
  }
}

function readerOf(db: DatabaseSync): Omit<Journal, 'append'> {
  const selectLast = db.prepare(`
    SELECT max(coalesce((SELECT max(seq) FROM decisions), 0), (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'pruned')) AS seq
  `)
  const selectStates = db.prepare('SELECT agent, state FROM agents')
  const selectMark = db.prepare('SELECT value FROM marks WHERE key = ?')
  const selectOutcomes = db.prepare('SELECT side, outcome, ms, words FROM outcomes WHERE seq = ?')
  return {
    lastSeq: (): DecisionSeq => SeqRow.parse(selectLast.get()).seq,
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

/** Newest by the time where a time is asked for: by the number it would be a walk through everything that came later. */
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
  const order = from === undefined && to === undefined ? 'seq DESC' : 'time_ms DESC, seq DESC'
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

function timeMs(record: LogRecord): number {
  const ms = Date.parse(record.time)
  assert(!Number.isNaN(ms), `"${record.time}" is not a time.`)
  return ms
}

function reasonsOf(record: LogRecord): string {
  return `,${record.decisions.map(({ reason }) => reason).join(',')},`
}

const SeqRow = z.object({ seq: z.number() })
const MarkRow = z.object({ value: z.string() })
const StateRow = z.object({ agent: z.string(), state: z.string() })
const DecisionRow = z.object({ seq: z.number(), json: z.string() })
const OutcomeRow = z.object({
  side: z.enum(SIDES),
  outcome: z.enum(WRITE_OUTCOMES),
  ms: z.number(),
  words: z.string().nullable(),
})
