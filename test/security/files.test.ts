// What the bridge puts on the disk is for its own user.

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { SILENT } from '../../src/domain/log.ts'
import { openSqliteJournal } from '../../src/journal/sqlite-journal.ts'

test('a folder made for the journal can be entered by nobody else', async () => {
  const base = mkdtempSync(join(tmpdir(), 'journal-'))
  const folder = join(base, 'data')
  const journal = await openSqliteJournal({ path: join(folder, 'journal.sqlite'), log: SILENT })
  await journal.close()
  expect((statSync(folder).mode & 0o777).toString(8)).toBe('700')
  rmSync(base, { recursive: true })
})
