// A journal that is found damaged is set aside, said loudly, and a new one goes on: syncing never depends on it.

import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Log, SILENT } from '../../src/domain/log.ts'
import { openJournalReader, openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { agentId, batch, entry } from './records.ts'

const PAGE = 4_096
let folder: string
let path: string
let said: string[]
let replaced: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  path = join(folder, 'journal.sqlite')
  said = []
  replaced = 0
})
afterEach(() => rmSync(folder, { recursive: true }))

function open() {
  const log: Log = { ...SILENT, error: (context) => said.push(String(context.code)) }
  return openSqliteJournal({ path, log, replaced: () => (replaced += 1) })
}

/** Rubbish over everything but the first pages, as a broken disk or a careless copy leaves it. */
function spoil(fromPage: number): void {
  const size = statSync(path).size
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(size - fromPage * PAGE, 0xa5), 0, size - fromPage * PAGE, fromPage * PAGE)
  closeSync(file)
}

function setAside(): string[] {
  return readdirSync(folder).filter((name) => /^journal\.sqlite\.damaged-[^.]*$/.test(name))
}

/** About another agent each time, so that pages all over the file are touched. */
function scattered(seq: number) {
  return entry(seq, `agent-with-a-long-name-${(seq * 7_919) % 10_007}`)
}

const manyAgents = new Map(Array.from({ length: 500 }, (_, n) => [agentId(`agent${n}`), 'x'.repeat(1_000)]))

test('damage that is there at the start is found before anything is believed', async () => {
  const first = await open()
  await first.append(batch({ entries: [entry(1), entry(2)], states: manyAgents }))
  await first.close()
  spoil(2)

  const second = await open()
  expect(said).toEqual(['journal_damaged'])
  expect(setAside()).toHaveLength(1)
  expect([...second.states()]).toEqual([])
  await second.append(batch({ entries: [entry(second.lastSeq() + 1)] }))
  await second.close()
  said = []
  await (await open()).close()
  expect(said).toEqual([])
})

test('a journal whose beginning is gone is known for one by the lock beside it', async () => {
  await (await open()).close()
  writeFileSync(path, Buffer.alloc(8 * PAGE, 0xa5))
  const journal = await open()
  expect(said).toEqual(['journal_damaged'])
  expect(setAside()).toHaveLength(1)
  expect(journal.lastSeq()).toBe(0)
  await journal.close()
})

test('damage that is found while it is open loses no decision that comes after it, and no number is given twice', async () => {
  const journal = await open()
  for (let at = 0; at < 10_000; at += 1_000) {
    const entries = Array.from({ length: 1_000 }, (_, index) => scattered(at + index + 1))
    await journal.append(batch({ entries }))
  }
  spoil(4)
  expect(await journal.prune({ olderThanMs: Number.MAX_SAFE_INTEGER, maxBytes: Infinity, maxRows: 5_000 })).toBe(0)
  expect(replaced).toBe(1)
  expect(said).toEqual(['journal_damaged'])
  expect(journal.lastSeq()).toBe(10_000)
  await expect(journal.append(batch({ entries: [entry(10_000)] }))).rejects.toThrow('cannot follow')
  await journal.append(batch({ entries: [entry(10_001)] }))
  expect(journal.query({ limit: 10 }).map(({ seq }) => seq)).toEqual([10_001])
  await journal.close()
  const reader = openJournalReader({ path })
  expect(reader.lastSeq()).toBe(10_001)
  reader.close()
})
