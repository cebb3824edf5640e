// The figures of any day are those of a naive count, however it is cut.

import { expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { JournalEntry } from '../../src/domain/journal.ts'
import { SIDES } from '../../src/domain/side.ts'
import { reportOf } from '../../src/history/report.ts'
import { createSpread } from '../../src/history/spread.ts'
import { timelineOf } from '../../src/history/timeline.ts'
import { randomSchedule } from '../sim/schedule.ts'
import { readerFor } from './memory-reader.ts'
import { playDay } from './simulated.ts'

jest.setTimeout(60_000)

test('the figures of a day are those of counting its records', async () => {
  for (let seed = 1; seed <= 15; seed += 1) {
    const day = await playDay(randomSchedule({ seed, agents: 3, events: 80 }))
    const found = reportOf(readerFor(day), day)
    const records = day.entries.map(({ record }) => record)
    expect(found.decisions).toBe(records.length)
    expect(sum(found.outcomes)).toBe(records.flatMap((r) => r.writes).length)
    expect(sum(found.reasons)).toBe(records.flatMap((r) => r.decisions).length)
    expect(found.latency.crm?.count ?? 0).toBe(confirmed(day.entries, 'crm'))
    expect(sum(Object.fromEntries(found.profiles.map(({ profile, decisions }) => [profile ?? '', decisions])))).toBe(
      records.length,
    )
  }
})

test('people were blocked as long as on their own lanes', async () => {
  for (let seed = 1; seed <= 15; seed += 1) {
    const day = await playDay(randomSchedule({ seed, agents: 3, events: 80 }))
    const reader = readerFor(day)
    const found = reportOf(reader, day)
    for (const side of SIDES) {
      const spells = day.agents.flatMap(
        (agent) => timelineOf(reader, { ...day, agent, name: agent, now: day.to }).lanes[side].blocks,
      )
      const ms = spells.reduce((total, { from, to }) => total + Date.parse(to ?? day.to) - Date.parse(from), 0)
      expect({ seed, side, ms: found.blocks[side].totalMs }).toEqual({ seed, side, ms })
    }
  }
})

function sum(counts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counts).reduce<number>((total, count = 0) => total + count, 0)
}

function confirmed(entries: readonly JournalEntry[], side: string): number {
  const writes = entries.flatMap(({ record }) => record.writes)
  return writes.filter((w) => w.side === side && w.outcome === 'confirmed' && w.ms !== undefined).length
}

test('percentiles of few are exact, of many to one in fifty, and never more than the longest', () => {
  const values = fc.array(fc.nat(10_000_000), { minLength: 1, maxLength: 5_000 })
  fc.assert(
    fc.property(values, (ms) => {
      const spread = createSpread()
      for (const value of ms) spread.add(value)
      const sorted = ms.toSorted((a, b) => a - b)
      const exact = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0
      const found = spread.figures()
      expect(found).toMatchObject({ count: ms.length, max: sorted.at(-1) })
      for (const [share, told] of [
        [0.5, found?.p50],
        [0.95, found?.p95],
        [0.99, found?.p99],
      ] as const) {
        expect(told).toBeGreaterThanOrEqual(exact(share) * 0.98 - 1)
        expect(told).toBeLessThanOrEqual(exact(share) * 1.02 + 1)
      }
    }),
    { numRuns: 50 },
  )
})
