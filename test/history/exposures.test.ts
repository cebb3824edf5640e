// Exposures and overlaps of everybody: the same as on each agent's own lanes, whatever happened that day.

import { expect, jest, test } from '@jest/globals'
import type { JournalEntry } from '../../src/domain/journal.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import { SIDES } from '../../src/domain/side.ts'
import { exposuresIn } from '../../src/history/exposures.ts'
import { timelineOf } from '../../src/history/timeline.ts'
import { at, entry } from '../journal/records.ts'
import { randomSchedule } from '../sim/schedule.ts'
import { readerFor } from './memory-reader.ts'
import { playDay } from './simulated.ts'

jest.setTimeout(60_000)

test('all agents together are exposed as long as each of them on their own lanes', async () => {
  let [found, overlapped] = [0, 0]
  for (let seed = 1; seed <= 30; seed += 1) {
    const day = await playDay(randomSchedule({ seed, agents: 3, events: 80 }))
    const reader = readerFor(day)
    const report = exposuresIn(reader, day)
    for (const agent of day.agents) {
      const { lanes } = timelineOf(reader, { ...day, agent, name: agent, now: day.to })
      for (const side of SIDES) {
        const rows = report.exposures.filter((row) => row.agent === agent && row.side === side)
        const told = rows.map(({ from, to, cause }) => ({ from, to, cause }))
        expect({ seed, agent, side, told }).toEqual({ seed, agent, side, told: lanes[side].exposures })
        found += rows.length
      }
    }
    const recorded = day.entries.flatMap(({ record }) => record.overlaps ?? [])
    expect(report.overlaps.map(({ ms }) => ms).sort()).toEqual(recorded.map(({ ms }) => ms).sort())
    overlapped += recorded.length
    const total = (rows: readonly { readonly ms: number }[]) => rows.reduce((sum, { ms }) => sum + ms, 0)
    expect(total(report.totals.exposures)).toBe(total(report.exposures))
    expect(total(report.totals.overlaps)).toBe(total(recorded))
  }
  expect(found).toBeGreaterThan(100)
  expect(overlapped).toBeGreaterThan(0)
})

const PERIOD = { from: at(0), to: at(3_600_000) }

function withRecord(seq: number, ms: number, more: Partial<LogRecord>): JournalEntry {
  const { record } = entry(seq, 'jane', { ms })
  return { seq, record: { ...record, ...more } }
}

const open = (cause: 'under_way' | 'not_blocked') => ({ exposed: [{ side: 'crm', cause }] }) as const
const write = (outcome: 'confirmed' | 'refused' | 'waiting', ms?: number, words?: string) => ({
  writes: [
    { side: 'crm', status: 'Busy', outcome, ...(ms === undefined ? {} : { ms }), ...(words && { words }) },
  ] as const,
})

test('an overlap has the cause of the exposure during which the work arrived, also where that is over', () => {
  const entries = [
    withRecord(1, 1_000, { ...open('under_way'), ...write('confirmed', 60_000, 'the console is closed') }),
    withRecord(2, 61_000, { exposed: [] }),
    withRecord(3, 90_000, { overlaps: [{ side: 'crm', item: 'chat 1', from: at(30_000), ms: 60_000 }] }),
  ]
  const { exposures, overlaps } = exposuresIn(readerFor({ entries }), PERIOD)
  expect(exposures).toMatchObject([{ cause: 'not_taken', from: at(1_000), to: at(61_000), ms: 60_000 }])
  expect(overlaps).toMatchObject([
    {
      item: 'chat 1',
      cause: 'not_taken',
      rule: 'mappings.yaml:7',
      words: 'the console is closed',
      from: at(30_000),
      to: at(90_000),
    },
  ])
})

test.each([
  ['confirmed', 900, 'under_way'],
  ['confirmed', 12_000, 'not_taken'],
  ['waiting', undefined, 'not_taken'],
  ['refused', 300, 'refused'],
] as const)('what was under way and then %s after %s ms is %s', (outcome, ms, cause) => {
  const entries = [
    withRecord(1, 1_000, { ...open('under_way'), ...write(outcome, ms) }),
    withRecord(2, 20_000, { exposed: [] }),
  ]
  expect(exposuresIn(readerFor({ entries }), PERIOD).exposures).toMatchObject([{ cause }])
})

test('an exposure that began before the period counts from its begin, one that lasts until its end', () => {
  const entries = [withRecord(1, -60_000, open('not_blocked')), withRecord(2, 3_700_000, { exposed: [] })]
  const { exposures, totals } = exposuresIn(readerFor({ entries }), PERIOD)
  expect(exposures).toMatchObject([{ from: at(0), to: null, ms: 3_600_000 }])
  expect(totals.exposures).toEqual([{ side: 'crm', cause: 'not_blocked', count: 1, ms: 3_600_000 }])
})

test('an exposure of a bridge that was killed ends with its last sign of life', () => {
  const service = [{ time: at(90_000), kind: 'started', words: 'began', aliveUntil: at(30_000) }] as const
  const entries = [withRecord(1, 1_000, open('not_blocked'))]
  expect(exposuresIn(readerFor({ entries, service }), PERIOD).exposures).toMatchObject([
    { from: at(1_000), to: at(30_000) },
  ])
})
