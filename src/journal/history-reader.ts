// What only those ask who read the journal: long walks through it, and what stands beside the decisions.

import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { MappingEntry, MinuteFigures, PersonEntry, ServiceEvent, Span } from '../domain/history.ts'
import type { JournalEntry, JournalReader, WalkFilter } from '../domain/journal.ts'
import { parsedIn, type Row, textIn } from './cells.ts'
import { ENTRY_COLUMNS, entryOf } from './entry-rows.ts'
import { WALK_ROWS } from './limits.ts'
import { timeOf } from './merge.ts'
import { OVERLAPPING } from './rows.ts'

type HistoryReader = Omit<JournalReader, 'lastSeq' | 'states' | 'mark' | 'query' | 'close'>

export function historyOf(db: DatabaseSync): HistoryReader {
  const selectState = db.prepare('SELECT state FROM agents WHERE agent = ?')
  const selectPeople = db.prepare('SELECT json FROM people')
  const selectMapping = db.prepare('SELECT json FROM mappings WHERE hash = ?')
  const selectNewestMapping = db.prepare('SELECT json FROM mappings ORDER BY time_ms DESC, rowid DESC LIMIT 1')
  const selectSize = db.prepare('SELECT page_size * page_count AS bytes FROM pragma_page_size, pragma_page_count')

  function spanned<T>(table: { readonly name: string; readonly time: string }, { from, to }: Span): readonly T[] {
    const sql = `SELECT json FROM ${table.name} WHERE ${table.time} >= ? AND ${table.time} < ? ORDER BY ${table.time}, rowid`
    const rows = db.prepare(sql).all(timeOf(from) ?? Number.MIN_SAFE_INTEGER, timeOf(to) ?? Number.MAX_SAFE_INTEGER)
    return rows.map((row) => parsedIn<T>(row))
  }

  return {
    walk: (filter) => walk(db, filter),
    count(filter) {
      const { where, values } = conditionsOf(filter)
      return Number(db.prepare(`SELECT count(*) AS n FROM decisions ${where}`).get(...values)?.n)
    },
    state(agent) {
      const row = selectState.get(agent)
      return row === undefined ? undefined : textIn(row, 'state')
    },
    person(name) {
      const wanted = name.toLowerCase()
      for (const person of peopleOf(selectPeople.iterate()))
        if ([person.agent, ...person.aliases].some((known) => known.toLowerCase() === wanted)) return person
      return null
    },
    people: () => peopleOf(selectPeople.iterate()),
    mapping(hash) {
      const row = hash === undefined ? selectNewestMapping.get() : selectMapping.get(hash)
      return row === undefined ? null : parsedIn<MappingEntry>(row)
    },
    service: (span) => spanned<ServiceEvent>({ name: 'service', time: 'time_ms' }, span),
    figures: (span) => spanned<MinuteFigures>({ name: 'figures', time: 'minute_ms' }, span),
    bytes: () => Number(selectSize.get()?.bytes),
  }
}

/** Piece by piece, each its own look into the file. */
function* walk(db: DatabaseSync, filter: WalkFilter): Iterable<JournalEntry> {
  const { from, ...rest } = filter
  const { where, values } = conditionsOf(rest)
  const select = db.prepare(
    `SELECT ${ENTRY_COLUMNS} FROM decisions ${where} AND (time_ms, seq) > (?, ?) ORDER BY time_ms, seq LIMIT ${WALK_ROWS}`,
  )
  // The begin is a place to go on from like any other: beside a condition of its own the index would be gone through from there each time.
  let after: [number, number] = [(timeOf(from) ?? Number.MIN_SAFE_INTEGER) - 1, Number.MAX_SAFE_INTEGER]
  for (;;) {
    const rows = select.all(...values, ...after)
    for (const row of rows) yield entryOf(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < WALK_ROWS) return
    after = [Number(last.time_ms), Number(last.seq)]
  }
}

function conditionsOf(filter: WalkFilter): { readonly where: string; readonly values: SQLInputValue[] } {
  const conditions: [string, SQLInputValue | undefined][] = [
    ['agent = ?', filter.agent],
    ['time_ms >= ?', timeOf(filter.from)],
    ['time_ms < ?', timeOf(filter.to)],
    ['instr(reasons, ?) > 0', filter.overlapping === true ? `,${OVERLAPPING},` : undefined],
  ]
  const asked = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]))
  return {
    where: `WHERE ${['1', ...asked.map(({ sql }) => sql)].join(' AND ')}`,
    values: asked.map(({ value }) => value),
  }
}

function* peopleOf(rows: Iterable<Row>): Iterable<PersonEntry> {
  for (const row of rows) yield parsedIn<PersonEntry>(row)
}
