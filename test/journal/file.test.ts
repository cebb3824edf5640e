// The journal's file against the world: kills, full disks, other programs.

import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SILENT } from '../../src/domain/log.ts'
import { openJournalReader, openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { until } from '../support/poll.ts'
import { batch, entry } from './records.ts'

/** Of util-linux. */
const PRLIMIT = 'prlimit'
const CHILD = new URL('./append-for-ever.ts', import.meta.url)

let folder: string
let path: string
let child: ChildProcess | null = null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  path = join(folder, 'journal.sqlite')
})
afterEach(async () => {
  if (child !== null) await kill(child)
  child = null
  rmSync(folder, { recursive: true })
})

type Said = { appended?: number; failed?: number; words?: string }

/** What the other process said, newest last. */
function startAppending(size: number): { process: ChildProcess; said: Said[] } {
  const said: Said[] = []
  const options = {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'] as const,
  }
  const started = fork(CHILD, [path, String(size)], { ...options, stdio: [...options.stdio] })
  started.on('message', (message: Said) => said.push(message))
  child = started
  return { process: started, said }
}

async function kill(running: ChildProcess): Promise<void> {
  if (running.exitCode !== null || running.signalCode !== null) return
  const over = new Promise((resolve) => running.once('close', resolve))
  running.kill('SIGKILL')
  await over
}

function open() {
  return openSqliteJournal({ path, log: SILENT })
}

test('everything whose append returned is there after a kill in the middle, and nothing is there by half', async () => {
  for (const size of [1, 50]) {
    const { process: appending, said } = startAppending(size)
    const wanted = said.length + 20
    await until(() => said.length >= wanted, 'appends')
    await kill(appending)
    const told = said.at(-1)?.appended ?? Number.NaN
    const journal = await open()
    expect(journal.lastSeq()).toBeGreaterThanOrEqual(told)
    expect([...journal.states()]).toEqual([['jane', String(journal.lastSeq())]])
    const seqs = journal.query({ limit: 100_000 }).map(({ seq }) => seq)
    expect(seqs).toEqual(Array.from({ length: journal.lastSeq() }, (_, index) => index + 1))
    await journal.close()
  }
})

test('a second bridge on the same journal is refused, and let in when the first one is gone', async () => {
  const { process: first, said } = startAppending(1)
  await until(() => said.length > 0, 'the first append')
  await expect(open()).rejects.toThrow(`The journal ${path} is in use by another running bridge; stop that one`)
  await kill(first)
  await (await open()).close()
})

test('the same process cannot open it twice either', async () => {
  const journal = await open()
  await expect(open()).rejects.toThrow('in use by another running bridge')
  await journal.append(batch({ entries: [entry(1)] }))
  await journal.close()
  await (await open()).close()
})

test('reports read it while a bridge writes it', async () => {
  const journal = await open()
  const reader = openJournalReader({ path })
  await journal.append(batch({ entries: [entry(1)] }))
  expect(reader.query({ limit: 10 })).toEqual([entry(1)])
  expect(reader.lastSeq()).toBe(1)
  reader.close()
  await journal.close()
})

// The limit on a file's size stands for the full disk: both make the write fail in the middle of a batch.
test('a batch that does not fit on the disk is refused whole, and appending goes on when there is room', async () => {
  const { process: appending, said } = startAppending(200)
  await until(() => said.length > 0, 'the first append')
  limitFileSize(appending, '2000000')
  const failed = await until(() => said.find((one) => one.failed !== undefined), 'a refusal')
  expect(failed.words).toMatch(/^The journal could not be written: /)
  const reader = openJournalReader({ path })
  expect(reader.lastSeq()).toBe((failed.failed ?? 0) - 200)
  reader.close()
  limitFileSize(appending, 'unlimited')
  appending.send('go on')
  await until(() => (said.at(-1)?.appended ?? 0) >= (failed.failed ?? Infinity), 'the next append')
  await kill(appending)
  const journal = await open()
  const seqs = journal.query({ limit: 100_000 }).map(({ seq }) => seq)
  expect(seqs).toEqual(Array.from({ length: journal.lastSeq() }, (_, index) => index + 1))
  await journal.close()
})

function limitFileSize(running: ChildProcess, bytes: string): void {
  execFileSync(PRLIMIT, ['--pid', String(running.pid), `--fsize=${bytes}:`])
}

test('a file that is no database is refused with what to do', async () => {
  writeFileSync(path, 'these are notes, not a journal. '.repeat(200))
  await expect(open()).rejects.toThrow(`${path} is not a journal, or it is damaged; choose another "journal: path"`)
})

test('the database of another program is refused and left alone', async () => {
  const other = new DatabaseSync(path)
  other.exec('CREATE TABLE shopping (item TEXT)')
  other.close()
  await expect(open()).rejects.toThrow(`${path} is the database of another program`)
  const again = new DatabaseSync(path)
  expect(again.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'shopping' }])
  expect(again.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' })
  again.close()
})

test('a journal of another version is refused', async () => {
  await (await open()).close()
  const db = new DatabaseSync(path)
  db.exec(`UPDATE meta SET value = '99' WHERE key = 'schema'`)
  db.close()
  await expect(open()).rejects.toThrow('was written by another version of the bridge (form 99, this one reads 2)')
})

test('a path that cannot be written is refused with what to check', async () => {
  writeFileSync(join(folder, 'plain'), '')
  const below = () => openSqliteJournal({ path: join(folder, 'plain', 'journal.sqlite'), log: SILENT })
  await expect(below()).rejects.toThrow(
    'cannot be opened; check that its folder exists and that the bridge may write there',
  )
  mkdirSync(join(folder, 'is-a-folder'))
  await expect(openSqliteJournal({ path: join(folder, 'is-a-folder'), log: SILENT })).rejects.toThrow(
    'cannot be opened',
  )
})

test('reading a journal that is not there says so', () => {
  expect(() => openJournalReader({ path })).toThrow(`The journal ${path} cannot be opened`)
})

test('a file past its size forgets the oldest, however young they are, and the room is used again', async () => {
  const journal = await open()
  for (let at = 0; at < 3_000; at += 1_000)
    await journal.append(batch({ entries: Array.from({ length: 1_000 }, (_, index) => entry(at + index + 1)) }))
  const limits = { olderThanMs: 0, maxBytes: 1_000_000, maxRows: 200 }
  let gone = 0
  for (let slice = await journal.prune(limits); slice > 0; slice = await journal.prune(limits)) gone += slice
  const kept = journal.query({ limit: 100_000 }).map(({ seq }) => seq)
  expect(gone).toBeGreaterThan(1_000)
  expect(kept).toEqual(Array.from({ length: 3_000 - gone }, (_, index) => gone + index + 1))
  expect(kept.length).toBeGreaterThan(500)
  await journal.close()
})
