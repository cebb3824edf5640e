// The one hand that writes the journal's file. It waits for the disk, so it works in a thread of its own (`writer-thread.ts`).
// Never here: retrying, or saying that something is durable before the disk has it.

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type Damage, isDamage, openForWriting } from './file.ts'
import { type ForgetAnswer, type ForgetStep, takeStep } from './forget.ts'
import type { PruneLimits } from './kept-journal.ts'
import { PRUNE_ROWS_MAX } from './limits.ts'
import { CELLS, type JournalRows } from './rows.ts'
import { inTransaction } from './transaction.ts'

export type Writer = {
  /** All of it is on the disk when it returns, nothing of it when it throws. Damage: the file was found damaged and a new one holds the rows. */
  append(rows: JournalRows): Damage | null
  /** `pruned`: how many decisions went. */
  prune(limits: PruneLimits): { readonly pruned: number; readonly damage: Damage | null }
  /** One step of forgetting a person. Damage: as above; then nothing of anybody is left to be removed. */
  forget(step: ForgetStep): { readonly forgot: ForgetAnswer; readonly damage: Damage | null }
  close(): void
}

/** Throws an Error with one plain sentence where the file cannot be used. */
export function openWriter(path: string): { readonly writer: Writer; readonly damage: Damage | null } {
  const file = openForWriting(path)
  let hand = handOn(file.db)

  /** What cannot be done because the file is damaged is done with a new one. */
  function mending<T>(action: () => T): { readonly result: T; readonly damage: Damage | null } {
    try {
      return { result: action(), damage: null }
    } catch (error) {
      if (!isDamage(error)) throw error
    }
    const damage = file.replace()
    hand = handOn(file.db)
    return { result: action(), damage }
  }

  const writer: Writer = {
    append: (rows) => mending(() => hand.append(rows)).damage,
    prune(limits) {
      const { result, damage } = mending(() => hand.prune(limits))
      return { pruned: result, damage }
    },
    forget(step) {
      const { result, damage } = mending(() => takeStep(file.db, step))
      return { forgot: result, damage }
    },
    close: () => file.close(),
  }
  return { writer, damage: file.damage }
}

function handOn(db: DatabaseSync): {
  append(rows: JournalRows): void
  prune(limits: PruneLimits): number
} {
  const insertDecision = db.prepare('INSERT INTO decisions (seq, time_ms, agent, reasons, json) VALUES (?, ?, ?, ?, ?)')
  // Not for a decision that is not there (it could not be written): nobody would ever remove it.
  const insertOutcome = db.prepare(`
    REPLACE INTO outcomes (seq, side, outcome, ms, words, waited) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM decisions WHERE seq = ?1)
  `)
  // In place: REPLACE would move the row, which writes three pages instead of one, and pages are what a commit waits for.
  const insertState = db.prepare(
    'INSERT INTO agents (agent, state) VALUES (?, ?) ON CONFLICT (agent) DO UPDATE SET state = excluded.state',
  )
  const insertMark = db.prepare(
    'INSERT INTO marks (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const insertPerson = db.prepare('REPLACE INTO people (agent, json) VALUES (?, ?)')
  // The first time that it came into force is the one that counts.
  const insertMapping = db.prepare('INSERT INTO mappings (hash, time_ms, json) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const insertService = db.prepare('INSERT INTO service (time_ms, json) VALUES (?, ?)')
  const insertFigures = db.prepare('REPLACE INTO figures (minute_ms, json) VALUES (?, ?)')
  const selectSize = db.prepare(
    'SELECT page_size, page_count, freelist_count FROM pragma_page_size, pragma_page_count, pragma_freelist_count',
  )
  const findOld = db.prepare('SELECT seq FROM decisions WHERE time_ms < ? ORDER BY time_ms, seq LIMIT ?')
  const forgetDecision = db.prepare('DELETE FROM decisions WHERE seq = ?')
  const forgetOutcomes = db.prepare('DELETE FROM outcomes WHERE seq = ?')
  const forgetService = db.prepare('DELETE FROM service WHERE time_ms < ?')
  const forgetFigures = db.prepare('DELETE FROM figures WHERE minute_ms < ?')
  const rememberPruned = db.prepare(`UPDATE meta SET value = max(CAST(value AS INTEGER), ?) WHERE key = 'pruned'`)

  /** Without the pages that pruning has freed. */
  function usedBytes(): number {
    const { page_size, page_count, freelist_count } = selectSize.get() ?? {}
    return Number(page_size) * (Number(page_count) - Number(freelist_count))
  }

  // The room goes to the next decisions: SQLite reuses the pages, the file does not shrink.
  function pruneSlice({ olderThanMs, maxBytes, maxRows }: PruneLimits): number {
    const before = usedBytes() > maxBytes ? Number.MAX_SAFE_INTEGER : olderThanMs
    const seqs = findOld.all(before, Math.max(0, Math.min(maxRows, PRUNE_ROWS_MAX))).map(({ seq }) => Number(seq))
    for (const seq of seqs) {
      forgetDecision.run(seq)
      forgetOutcomes.run(seq)
    }
    forgetService.run(olderThanMs)
    forgetFigures.run(olderThanMs)
    rememberPruned.run(Math.max(0, ...seqs))
    return seqs.length
  }

  return {
    append(rows) {
      inTransaction(db, () => {
        runAll(insertDecision, rows.decisions, CELLS.decisions)
        runAll(insertOutcome, rows.outcomes, CELLS.outcomes)
        runAll(insertState, rows.states, CELLS.states)
        runAll(insertMark, rows.marks, CELLS.marks)
        runAll(insertPerson, rows.people, CELLS.people)
        runAll(insertMapping, rows.mappings, CELLS.mappings)
        runAll(insertService, rows.service, CELLS.service)
        runAll(insertFigures, rows.figures, CELLS.figures)
      })
    },
    prune: (limits) => inTransaction(db, () => pruneSlice(limits)),
  }
}

function runAll(statement: StatementSync, cells: JournalRows[keyof JournalRows], width: number): void {
  for (let at = 0; at < cells.length; at += width) statement.run(...cells.slice(at, at + width))
}
