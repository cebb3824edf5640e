// Opening the journal's file: one bridge a file, an understandable refusal where it cannot be used.
// The file itself stays readable for others (reports run beside the bridge); what keeps a second bridge out is a file of its
// own beside it, locked by the kernel for as long as the process lives, so that a crash leaves no lock behind.

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CHECKPOINT_PAGES, LOG_FILE_KEEP_BYTES, READER_BUSY_MS } from './limits.ts'

/** "pbjl" in the file's header: tells a journal from any other SQLite file (https://www.sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x70_62_6a_6c
const SCHEMA_VERSION = '2'

// https://www.sqlite.org/rescode.html
const BUSY = 5
const READ_ONLY = 8
const CORRUPT = 11
const FULL = 13
const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26

/** For those who only read: nothing that the bridge decides hangs on it. */
const HISTORY_SCHEMA = `
  CREATE TABLE people (agent TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE mappings (hash TEXT PRIMARY KEY, time_ms INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
  CREATE TABLE service (time_ms INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
  CREATE INDEX service_by_time ON service (time_ms);
  CREATE TABLE figures (minute_ms INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
`

// The index by time has the reasons in it: what is sought by reason is found without reading the records between.
const SCHEMA = `
  CREATE TABLE decisions (
    seq INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, agent TEXT NOT NULL, reasons TEXT NOT NULL, json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX decisions_by_time_and_reasons ON decisions (time_ms, reasons);
  CREATE INDEX decisions_by_agent ON decisions (agent, time_ms);
  CREATE TABLE outcomes (
    seq INTEGER NOT NULL, side TEXT NOT NULL, outcome TEXT NOT NULL, ms INTEGER NOT NULL, words TEXT, waited TEXT,
    PRIMARY KEY (seq, side)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE agents (agent TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
  CREATE TABLE marks (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  ${HISTORY_SCHEMA}
  INSERT INTO meta VALUES ('schema', '${SCHEMA_VERSION}'), ('pruned', '0');
  PRAGMA application_id = ${APPLICATION_ID};
`

/** Version 1 had decisions, outcomes, agents and marks only; what it wrote can be read as it is. */
const FROM_VERSION_1 = `
  DROP INDEX decisions_by_time;
  ALTER TABLE outcomes ADD COLUMN waited TEXT;
  CREATE INDEX decisions_by_time_and_reasons ON decisions (time_ms, reasons);
  ${HISTORY_SCHEMA}
  UPDATE meta SET value = '${SCHEMA_VERSION}' WHERE key = 'schema';
`

/** A file that could not be trusted any more was moved out of the way. */
export type Damage = { readonly path: string; readonly setAside: string }

export type WritableFile = {
  /** Another one after `replace`. */
  readonly db: DatabaseSync
  /** The file that was there was damaged. */
  readonly damage: Damage | null
  /** Sets the file aside, which was found damaged, and begins a new one. */
  replace(): Damage
  close(): void
}

/** Another process is the one that writes this file. */
export class JournalInUse extends Error {
  override readonly name = 'JournalInUse'
}

/**
 * Opens a file that is there to change something in it while no bridge runs, and keeps bridges out meanwhile. A damaged one is left alone.
 * Throws JournalInUse where a bridge runs.
 */
export function openForTending(path: string): { readonly db: DatabaseSync; close(): void } {
  if (!existsSync(path)) throw new Error(`There is no journal at ${path}.`)
  const locked = existsSync(lockOf(path))
  const lock = explained(path, () => takeLock(path))
  const unlock = () => {
    // Made by another user than the bridge's, it would keep the bridge out for ever.
    if (!locked) rmSync(lockOf(path), { force: true })
    lock.close()
  }
  try {
    const db = explained(path, () => openOrCreate(path))
    return {
      db,
      close() {
        db.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/** Opens the file for the one bridge that writes it; creates it and its folder where missing. */
export function openForWriting(path: string): WritableFile {
  const known = existsSync(lockOf(path))
  const lock = explained(path, () => takeLock(path))
  try {
    let { db, damage } = explained(path, () => openOrReplace(path, known))
    return {
      get db() {
        return db
      },
      damage,
      replace() {
        const last = lastSeqOf(db)
        db.close()
        damage = setAside(path)
        db = openOrCreate(path)
        continueFrom(db, last)
        return damage
      },
      close() {
        if (db.isOpen) db.close()
        lock.close()
      },
    }
  } catch (error) {
    lock.close()
    throw error
  }
}

/** `known`: a bridge has used this path before, so that even a file which is no database any more was its journal. */
function openOrReplace(path: string, known: boolean): { db: DatabaseSync; damage: Damage | null } {
  try {
    const db = openOrCreate(path)
    const last = lastSeqOf(db)
    if (isSound(db)) return { db, damage: null }
    db.close()
    return replaced(path, last)
  } catch (error) {
    if (primaryCode(error) !== CORRUPT && !(known && primaryCode(error) === NOT_A_DATABASE)) throw error
    return replaced(path, 0)
  }
}

function replaced(path: string, last: number): { db: DatabaseSync; damage: Damage } {
  const damage = setAside(path)
  const db = openOrCreate(path)
  continueFrom(db, last)
  return { db, damage }
}

/** Kept beside, for whoever can still read something in it. */
function setAside(path: string): Damage {
  const aside = `${path}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`
  renameSync(path, aside)
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${aside}-wal`)
  rmSync(`${path}-shm`, { force: true })
  return { path, setAside: aside }
}

/** What everything hangs on is looked through at each start; decisions, which may be many, when they are read or written. */
function isSound(db: DatabaseSync): boolean {
  return ['agents', 'marks', 'meta'].every((table) => {
    const found = db.prepare(`PRAGMA quick_check(${table})`).all()
    return found.length === 1 && Object.values(found[0] ?? {})[0] === 'ok'
  })
}

/** Of a damaged file as far as it can be told: 0 where it cannot. Numbers are not given twice. */
export function lastSeqOf(db: DatabaseSync): number {
  try {
    const sql = `SELECT max(coalesce((SELECT max(seq) FROM decisions), 0), (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'pruned')) AS seq`
    return Number(db.prepare(sql).get()?.seq ?? 0)
  } catch {
    return 0
  }
}

function continueFrom(db: DatabaseSync, last: number): void {
  db.prepare(`UPDATE meta SET value = ? WHERE key = 'pruned'`).run(String(last))
}

/** SQLite found that the file is not what it wrote. */
export function isDamage(error: unknown): boolean {
  const code = primaryCode(error)
  return code === CORRUPT || code === NOT_A_DATABASE
}

/** Opens a journal that is there, for reading only; a bridge may be writing it meanwhile. */
export function openForReading(path: string): DatabaseSync {
  return explained(path, () => {
    const db = new DatabaseSync(path, { readOnly: true, timeout: READER_BUSY_MS })
    return checked(path, db, () => undefined)
  })
}

function lockOf(path: string): string {
  return `${path}.lock`
}

function takeLock(path: string): DatabaseSync {
  // Names, and what people did when, are nobody else's business on this machine.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(lockOf(path))
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (primaryCode(error) !== BUSY) throw error
    const sentence = `The journal ${path} is in use by another running bridge; stop that one or give this one a "journal: path" of its own.`
    throw new JournalInUse(sentence, { cause: error })
  }
  return lock
}

function openOrCreate(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: READER_BUSY_MS })
  return checked(path, db, () => {
    // Every commit is on the disk before it returns: nothing is sent before it is journalled. What is deleted is written over, always: what a
    // row leaves behind when it grows, moves or goes could not be found any more when somebody is to be forgotten.
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA journal_size_limit = ${LOG_FILE_KEEP_BYTES};
      PRAGMA secure_delete = ON;
    `)
    if (isEmpty(db)) db.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`)
    else if (versionOf(db) === '1') db.exec(`BEGIN IMMEDIATE; ${FROM_VERSION_1} COMMIT`)
  })
}

function checked(path: string, db: DatabaseSync, prepare: () => void): DatabaseSync {
  try {
    refuseForeign(path, db)
    prepare()
    refuseOtherVersion(path, db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function isEmpty(db: DatabaseSync): boolean {
  return db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n === 0
}

function refuseForeign(path: string, db: DatabaseSync): void {
  const id = db.prepare('PRAGMA application_id').get()?.application_id
  if (id === APPLICATION_ID || (id === 0 && isEmpty(db))) return
  throw new Error(`${path} is the database of another program, not a journal; choose another "journal: path".`)
}

function refuseOtherVersion(path: string, db: DatabaseSync): void {
  const version = versionOf(db)
  if (version === SCHEMA_VERSION) return
  if (version === undefined) throw new Error(`The journal ${path} is empty; start the bridge with it first.`)
  if (version === '1') throw new Error(`The journal ${path} is of an earlier version; start this bridge with it once.`)
  const sentence = `The journal ${path} was written by another version of the bridge (form ${version}, this one reads ${SCHEMA_VERSION})`
  throw new Error(`${sentence}; use that version or choose another "journal: path".`)
}

function versionOf(db: DatabaseSync): unknown {
  return isEmpty(db) ? undefined : db.prepare(`SELECT value FROM meta WHERE key = 'schema'`).get()?.value
}

/** Passes on what has a plain sentence already; gives the rest one. */
function explained<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    const sentence = sentenceFor(path, error)
    throw sentence === undefined ? error : new Error(sentence, { cause: error })
  }
}

function sentenceFor(path: string, error: unknown): string | undefined {
  const code = primaryCode(error)
  if (code === NOT_A_DATABASE || code === CORRUPT) {
    return `${path} is not a journal, or it is damaged; choose another "journal: path" or restore it from a copy.`
  }
  if (code === FULL) return `There is no room on the disk for the journal ${path}; make room and start again.`
  if (code === BUSY) return `The journal ${path} is locked by another program; close that one and start again.`
  const cannotWrite = code === READ_ONLY || code === CANNOT_OPEN || isSystemError(error)
  if (cannotWrite)
    return `The journal ${path} cannot be opened; check that its folder exists and that the bridge may write there.`
  return undefined
}

/** SQLite's primary result code; undefined for other errors. */
function primaryCode(error: unknown): number | undefined {
  const errcode = member(error, 'errcode')
  return typeof errcode === 'number' ? errcode & 0xff : undefined
}

function isSystemError(error: unknown): boolean {
  return member(error, 'syscall') !== undefined
}

function member(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined
}
