// The figures of a moment, also where parts of the bridge are missing or broken.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { createHealth } from '../../src/app/health.ts'
import { createScrape } from '../../src/app/scrape.ts'
import { createStreamWatch } from '../../src/app/stream-watch.ts'
import type { JournalReader } from '../../src/domain/journal.ts'
import { createMetrics } from '../../src/ops/metrics.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'scrape-'))
afterAll(() => rmSync(folder, { recursive: true }))

const AT = Date.parse('2026-11-21T10:00:00Z')

function scraped(journal: Partial<JournalReader>, path: string) {
  const clock = createVirtualClock(AT)
  const metrics = createMetrics({ process: false })
  const health = createHealth({ clock, journalOk: () => true })
  const settings = { shadow: true, journal: { path, keepMs: 1, maxBytes: 5_000 } }
  const scrape = createScrape({
    metrics,
    clock,
    health,
    streams: createStreamWatch({ clock, metrics }),
    settings,
    runtime: () => null,
    adapters: () => null,
    journal: () => journal as JournalReader,
  })
  metrics.onScrape(scrape)
  return { clock, health, read: async () => new Map((await metrics.text()).split('\n').map(pairOf)) }
}

function pairOf(line: string): [string, number] {
  const at = line.lastIndexOf(' ')
  return [line.slice(0, at).replace('presence_bridge_', ''), Number(line.slice(at + 1))]
}

/** A journal with decisions of these numbers, one a minute up to now. */
function withDecisions(first: number, last: number): Partial<JournalReader> {
  const time = new Date(AT - (last - first) * 60_000).toISOString()
  const entry = { seq: first, record: { time } } as ReturnType<JournalReader['query']>[number]
  return { walk: () => (last < first ? [] : [entry]), lastSeq: () => last }
}

test('the journal is told with its size, its decisions and how far it reaches back', async () => {
  const path = join(folder, 'journal.sqlite')
  writeFileSync(path, 'x'.repeat(1_000))
  writeFileSync(`${path}-wal`, 'x'.repeat(200))
  const figures = await scraped(withDecisions(11, 40), path).read()
  expect(figures.get('journal_bytes')).toBe(1_200)
  expect(figures.get('journal_max_bytes')).toBe(5_000)
  expect(figures.get('journal_decisions')).toBe(30)
  expect(figures.get('journal_reaches_back_seconds')).toBe(29 * 60)
  expect(figures.get('journal_disk_free_bytes')).toBeGreaterThan(0)
})

test('an empty journal has no decision', async () => {
  const figures = await scraped(withDecisions(1, 0), join(folder, 'none.sqlite')).read()
  expect(figures.get('journal_decisions')).toBe(0)
  expect(figures.get('journal_reaches_back_seconds')).toBe(0)
})

test('a journal that cannot be read, in a folder that is gone, takes no other figure away', async () => {
  const broken: Partial<JournalReader> = {
    walk: () => {
      throw new Error('database disk image is malformed')
    },
  }
  const { clock, read } = scraped(broken, join(folder, 'gone', 'journal.sqlite'))
  await clock.advance(7_000)
  const figures = await read()
  expect(figures.get('journal_decisions')).toBeNaN()
  expect(figures.get('journal_disk_free_bytes')).toBeNaN()
  expect(figures.get('shadow')).toBe(1)
  expect(figures.get('stream_quiet_seconds{side="crm"}')).toBe(7)
})

test('readiness and its checks are those of /readyz', async () => {
  const { health, read } = scraped(withDecisions(1, 0), join(folder, 'none.sqlite'))
  expect((await read()).get('ready')).toBe(0)
  expect((await read()).get('check_ok{check="crm link"}')).toBe(0)
  for (const side of ['crm', 'telephony'] as const) {
    health.read(side, null)
    health.link(side, true, 'open')
  }
  health.began()
  expect((await read()).get('ready')).toBe(1)
  expect((await read()).get('check_ok{check="crm link"}')).toBe(1)
  health.stopping()
  expect((await read()).get('ready')).toBe(0)
})
