// What a journal is like from outside: how large, how much is in it, from when to when. For people, and for deciding what to do with it.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { openForReading } from './file.ts'

export type JournalInfo = {
  readonly path: string
  /** Form of the file. */
  readonly version: string
  /** Of the file and of its log beside it. */
  readonly bytes: { readonly file: number; readonly log: number; readonly free: number }
  readonly decisions: number
  /** Of the oldest and the newest decision, ISO 8601; null: there is none. */
  readonly from: string | null
  readonly to: string | null
  /** Who are or were kept in step. */
  readonly people: number
  readonly mappings: number
  /** Damaged files that were set aside. */
  readonly setAside: readonly string[]
}

/** Also while a bridge writes it. Throws an Error with one plain sentence where it cannot be read. */
export function journalInfo(path: string): JournalInfo {
  if (!existsSync(path)) throw new Error(`There is no journal at ${path}.`)
  const db = openForReading(path)
  try {
    return { path, ...contents(db), bytes: bytesOf(db, path), setAside: setAsideBeside(path) }
  } finally {
    db.close()
  }
}

function contents(db: DatabaseSync): Omit<JournalInfo, 'path' | 'bytes' | 'setAside'> {
  const count = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n)
  const times = db.prepare(
    'SELECT (SELECT min(time_ms) FROM decisions) AS first, (SELECT max(time_ms) FROM decisions) AS last',
  )
  const { first, last } = times.get() ?? {}
  return {
    version: String(db.prepare(`SELECT value FROM meta WHERE key = 'schema'`).get()?.value),
    decisions: count('decisions'),
    from: isoOf(first),
    to: isoOf(last),
    people: count('people'),
    mappings: count('mappings'),
  }
}

function isoOf(ms: unknown): string | null {
  return typeof ms === 'number' ? new Date(ms).toISOString() : null
}

function bytesOf(db: DatabaseSync, path: string): JournalInfo['bytes'] {
  const sql = 'SELECT page_size * freelist_count AS free FROM pragma_page_size, pragma_freelist_count'
  const size = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0
  return { file: size(path), log: size(`${path}-wal`), free: Number(db.prepare(sql).get()?.free) }
}

/** Their names, the oldest first: their logs belong to them and are not named. */
export function setAsideBeside(path: string): readonly string[] {
  const begins = `${basename(path)}.damaged-`
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(begins) && !name.endsWith('-wal'))
  return names.sort().map((name) => join(dirname(path), name))
}
