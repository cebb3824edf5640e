// When a running bridge forgets somebody, and when it says that it cannot.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createForget } from '../../src/app/forget.ts'
import { SILENT } from '../../src/domain/log.ts'
import { type FileJournal, openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { batch, entry } from '../journal/records.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'

let folder: string
let journal: FileJournal
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  journal = await openSqliteJournal({ path: join(folder, 'journal.sqlite'), log: SILENT })
  await journal.append(batch({ entries: [entry(1, 'jane'), entry(2, 'lee')] }))
})
afterEach(async () => {
  await journal.close()
  rmSync(folder, { recursive: true })
})

function forgetting(more: { readonly begun?: boolean; readonly ok?: boolean; readonly open?: boolean } = {}) {
  const { begun = true, ok = true, open = true } = more
  const bridge = { flush: () => Promise.resolve(), journalOk: () => ok, store() {} }
  const runtime = { begun, agents: { byName: () => undefined }, bridge }
  return createForget({
    clock: REAL_CLOCK,
    log: SILENT,
    journal: () => (open ? journal : null),
    runtime: () => runtime,
  })
}

const JANE = { agent: 'Jane', by: 'olivia' }

test('somebody who is in the journal only', async () => {
  expect(await forgetting()(JANE)).toMatchObject({ ok: true, agents: 1, removed: { decisions: 1, keptInStep: false } })
  expect(journal.query({ limit: 10 }).map(({ seq }) => seq)).toEqual([2])
  expect(journal.history().service({})).toMatchObject([{ kind: 'forgotten', words: expect.stringContaining('olivia') }])
})

test.each([
  ['before the bridge has begun', { begun: false }, /not begun/],
  ['before the journal is open', { open: false }, /not begun/],
  ['while the journal cannot be written', { ok: false }, /cannot be written/],
])('not %s', async (_, state, words) => {
  expect(await forgetting(state)(JANE)).toEqual({ ok: false, status: 409, error: expect.stringMatching(words) })
  expect(journal.query({ limit: 10 })).toHaveLength(2)
})

test('one after the other, and again after one has failed', async () => {
  const forget = forgetting()
  const [first, second] = await Promise.all([forget(JANE), forget({ agent: 'lee', by: null })])
  expect([first.ok, second.ok]).toEqual([true, false])
  expect(second).toMatchObject({ status: 409, error: expect.stringContaining('Somebody else') })
  expect(await forget({ agent: 'lee', by: null })).toMatchObject({ ok: true })
  expect(await forget({ agent: 'lee', by: null })).toMatchObject({ status: 404 })
  await journal.close()
  expect(await forget(JANE)).toMatchObject({ status: 409, error: expect.stringContaining('ask again') })
})
