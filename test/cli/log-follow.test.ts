// Following the log: from a bridge that runs, from the journal where none does, and nothing twice.

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Settings } from '../../src/app/settings.ts'
import { followLog } from '../../src/cli/follow-log.ts'
import { SILENT } from '../../src/domain/log.ts'
import type { KeptJournal } from '../../src/journal/kept-journal.ts'
import { openJournalReader, openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { batch, entry } from '../journal/records.ts'
import { until } from '../support/poll.ts'
import { captured } from './captured.ts'

let folder: string
let journal: KeptJournal
let server: Server | null = null
let over: AbortController

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presence-bridge-follow-'))
  journal = await openSqliteJournal({ path: join(folder, 'journal.sqlite'), log: SILENT })
  over = new AbortController()
})
afterEach(async () => {
  over.abort()
  server?.closeAllConnections()
  server?.close()
  server = null
  await journal.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What is printed, by number. */
function following(settings: Settings | null, after = 0) {
  const printed: number[] = []
  const { io, err } = captured()
  const reader = openJournalReader({ path: join(folder, 'journal.sqlite') })
  const print = ({ seq }: { readonly seq: number }) => void printed.push(seq)
  const ended = followLog({
    source: { reader, settings },
    filter: { limit: 10 },
    after,
    print,
    io,
    signal: over.signal,
  })
  const end = async () => {
    over.abort()
    await ended
    reader.close()
  }
  return { printed, err, end }
}

/** A bridge that says these events to whoever follows, and then nothing more. */
async function bridgeSaying(events: readonly { readonly seq: number }[], asked: string[] = []): Promise<Settings> {
  server = createServer((request, response) => {
    asked.push(`${request.url} after ${request.headers['last-event-id']}`)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(': following\n\n')
    for (const { seq } of events) response.write(`data: ${JSON.stringify(entry(seq).record)}\nid: ${seq}\n\n`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { ops: { listen: { host: '127.0.0.1', port }, token: null } } as unknown as Settings
}

test('what a bridge says is printed once, in the order in which it settles', async () => {
  const asked: string[] = []
  const settings = await bridgeSaying([{ seq: 8 }, { seq: 7 }, { seq: 8 }, { seq: 9 }, { seq: 5 }], asked)
  const { printed, err, end } = following(settings, 5)
  await until(() => printed.length >= 3, 'three lines')
  await end()
  expect(printed).toEqual([8, 7, 9])
  expect(asked).toEqual(['/api/log? after 5'])
  expect(err()).toBe('')
})

test('where no bridge answers, what comes into the journal is printed when it is settled', async () => {
  const { printed, err, end } = following(null)
  const now = Date.now() - Date.parse('2026-11-21T10:00:00.000Z')
  await journal.append(batch({ entries: [entry(1), entry(2)] }))
  await journal.append(batch({ entries: [entry(3, 'jane', { ms: now }), entry(4, 'jane', { ms: now })] }))
  await until(() => printed.length >= 2, 'two lines')
  expect(printed).toEqual([1, 2])
  const settled = [3, 4].map((seq) => ({ seq, side: 'crm' as const, outcome: 'confirmed' as const, ms: 5 }))
  await journal.append(batch({ outcomes: settled }))
  await until(() => printed.length >= 4, 'four lines')
  await end()
  expect(printed).toEqual([1, 2, 3, 4])
  expect(err()).toBe('No bridge answers; the journal is looked at instead.\n')
})
