// What the page thinks without a browser: addresses, order and filters, ranges of time, places in a drawing, the log it keeps.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JournalEntry } from '../../src/domain/journal.ts'
import type { AgentId } from '../../src/domain/side.ts'
import { TROUBLES } from '../../src/ops/board.ts'
import { chosen, figuresOf, listed, SORTS } from '../../src/page/board-model.ts'
import { chartsOf } from '../../src/page/charts-model.ts'
import { merged, wanted } from '../../src/page/log-model.ts'
import { hashOf, parseRoute, VIEWS } from '../../src/page/route.ts'
import { bytes, lasting, took } from '../../src/page/time.ts'
import { itemsOf, WORK_ROWS_MAX, walked } from '../../src/page/timeline-items.ts'
import { bandOf, laneBox, laneHeight } from '../../src/page/timeline-places.ts'
import { shifted, spanOf, ticksOf, xOf, zoomed } from '../../src/page/timeline-scale.ts'
import { logRecord } from '../ops/fake-status.ts'
import { agentOf, createCrowd, rowOf } from './crowd.ts'

const NOW = Date.UTC(2026, 10, 21, 10)
const NO_FILTER = { text: '', profile: '', reason: '', mark: '' }
const CROWD = Array.from({ length: 1_100 }, (_, n) => listed(rowOf(n, NOW)))

describe('an address', () => {
  test('says again what it was made of', () => {
    const agent = fc.option(
      fc.string({ minLength: 1 }).filter((name) => name.isWellFormed()),
      { nil: null },
    )
    const query = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ minLength: 1 }))
    fc.assert(
      fc.property(fc.constantFrom(...VIEWS), agent, query, (view, who, filters) => {
        fc.pre(Object.entries(filters).every(([key, value]) => key.isWellFormed() && value.isWellFormed()))
        const route = { view, agent: view === 'agents' ? who : null, query: { ...filters } }
        const parsed = parseRoute(hashOf(route))
        expect({ ...parsed, query: new Map(Object.entries(parsed.query)) }).toEqual({
          ...route,
          query: new Map(Object.entries(filters)),
        })
      }),
    )
  })

  test('that nobody understands leads to the board', () => {
    fc.assert(fc.property(fc.string(), (hash) => VIEWS.includes(parseRoute(hash).view)))
    for (const hash of ['', '#', '#/nowhere', '#/agents', '#/agents/'])
      expect(parseRoute(hash)).toEqual({ view: 'agents', agent: null, query: {} })
  })
})

describe('the board', () => {
  test('holds each fitting agent once, in every order', () => {
    const mark = fc.constantFrom('', ...TROUBLES, 'working', 'blocked')
    const text = fc.constantFrom('', 'ada', 'on queue', 'ACME', 'nobody of this name')
    fc.assert(
      fc.property(mark, text, fc.constantFrom(...SORTS), (which, find, sort) => {
        const found = chosen(CROWD, { filter: { ...NO_FILTER, mark: which, text: find }, sort })
        const fits = CROWD.filter(
          ({ marks, text: own }) =>
            (which === '' || (marks as readonly string[]).includes(which)) && own.includes(find.toLowerCase()),
        )
        expect(new Set(found)).toEqual(new Set(fits))
        expect(found.length).toBe(fits.length)
      }),
    )
  })

  test('begins with those who are exposed, then who drifted, and ends with those who are fine', () => {
    const order = chosen(CROWD, { filter: NO_FILTER, sort: 'attention' }).map(({ row }) => row.troubles?.[0] ?? 'fine')
    const firsts = [...new Set(order)]
    expect(firsts.slice(0, 4)).toEqual(['exposed', 'drift', 'frozen', 'refused'])
    expect(firsts.at(-1)).toBe('fine')
  })

  test('counts what the filters would find', () => {
    const figures = figuresOf(new Map(CROWD.map((one) => [one.row.agent, one])))
    for (const [mark, count] of figures.marks)
      expect(chosen(CROWD, { filter: { ...NO_FILTER, mark }, sort: 'name' })).toHaveLength(count)
    expect(figures.profiles).toEqual(['back-office', 'chat-only', 'new-team'])
  })
})

describe('a range of time', () => {
  const range = fc
    .tuple(fc.integer({ min: 1, max: 30 * 86_400_000 }), fc.integer({ min: 10_000, max: 20 * 86_400_000 }))
    .map(([ago, span]) => ({ from: NOW - ago - span, to: NOW - ago }))

  test('never reaches past now, whichever way it is moved, and keeps its length when shifted', () => {
    fc.assert(
      fc.property(range, fc.double({ min: -3, max: 3, noNaN: true }), (before, share) => {
        const after = shifted(before, { share, now: NOW })
        expect(after.to).toBeLessThanOrEqual(NOW)
        expect(spanOf(after)).toBeCloseTo(spanOf(before), 3)
        const closer = zoomed(before, { factor: 0.5, at: before.to, now: NOW })
        expect(closer.to).toBeLessThanOrEqual(NOW)
        expect(spanOf(closer)).toBeLessThanOrEqual(Math.max(spanOf(before), 10_000))
      }),
    )
  })

  test('has ticks in their order, not closer than they can be read, and everything within the drawing', () => {
    fc.assert(
      fc.property(range, fc.integer({ min: 240, max: 2_000 }), (shown, width) => {
        const ticks = ticksOf(shown, { width, gapPx: 80, offsetMs: 3_600_000 })
        const places = ticks.map((at) => xOf(shown, { at, width }))
        expect(ticks.length).toBeLessThanOrEqual(width / 80 + 2)
        for (const [index, x] of places.entries()) {
          expect(x).toBeGreaterThanOrEqual(0)
          expect(x).toBeLessThanOrEqual(width)
          if (index > 0) expect(x - (places[index - 1] ?? 0)).toBeGreaterThanOrEqual(79)
        }
      }),
    )
  })
})

describe('a drawing', () => {
  const timeline = createCrowd({ agents: 3, now: NOW }).timeline(agentOf(1), {
    from: new Date(NOW - 3_600_000).toISOString(),
    to: new Date(NOW).toISOString(),
  })
  const available = { crm: ['On Queue'], telephony: ['On Queue'] }
  const items = timeline === null ? [] : itemsOf(timeline, { now: NOW, available })

  test('has everything that the timeline has, once, and walks through it in the order of time', () => {
    const lanes = timeline === null ? [] : [timeline.lanes.crm, timeline.lanes.telephony]
    const count = lanes.flatMap((lane) =>
      [lane.statuses, lane.work, lane.blocks, lane.exposures, lane.writes].flat(),
    ).length
    expect(items).toHaveLength(count + (timeline?.gaps.length ?? 0))
    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length)
    const times = walked(items).map(({ from }) => from)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('puts work that overlaps below each other, and knows which statuses take work', () => {
    const chats = items.filter(({ kind, side }) => kind === 'work' && side === 'crm')
    expect(chats.map(({ label, row }) => [label, row])).toEqual([
      ['chat', 0],
      ['chat', 1],
      ['case', 0],
    ])
    expect(items.filter(({ takesWork }) => takesWork).every(({ label }) => label === 'On Queue')).toBe(true)
    expect(Math.max(...items.map(({ row }) => row))).toBeLessThan(WORK_ROWS_MAX)
  })

  test('keeps each lane to itself', () => {
    const boxes = { crm: laneBox(26, 2), telephony: laneBox(26 + laneHeight(2), 1) }
    const height = boxes.telephony.top + laneHeight(1)
    for (const item of items.filter(({ side }) => side !== null)) {
      const { y, height: tall } = bandOf(item, { boxes, height })
      const top = item.side === 'crm' ? boxes.crm.top : boxes.telephony.top
      expect(y).toBeGreaterThanOrEqual(top)
      expect(y + tall).toBeLessThanOrEqual(top + laneHeight(item.side === 'crm' ? 2 : 1))
    }
  })
})

describe('the log that a page keeps', () => {
  const entry = (seq: number, sentence = `decision ${seq}`): JournalEntry => ({
    seq,
    record: logRecord('jane@acme.example' as AgentId, sentence),
  })

  test('has each decision once, as it was heard last, the newest first, whatever came in which order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 1, max: 40 }))), (batches) => {
        const heard = new Map<number, string>()
        let kept: readonly JournalEntry[] = []
        for (const [turn, seqs] of batches.entries()) {
          for (const seq of seqs) heard.set(seq, `told ${turn}`)
          kept = merged(
            kept,
            seqs.map((seq) => entry(seq, `told ${turn}`)),
          )
        }
        expect(kept.map(({ seq, record }) => [seq, record.sentence])).toEqual([...heard].sort(([a], [b]) => b - a))
      }),
    )
  })

  test('gives up the oldest, or the newest for somebody who reads back', () => {
    const many = Array.from({ length: 6_000 }, (_, n) => entry(n + 1))
    expect(merged([], many)[0]?.seq).toBe(6_000)
    expect(merged([], many)).toHaveLength(5_000)
    expect(merged([], many, true).at(-1)?.seq).toBe(1)
  })

  test.each([
    [{ text: 'decision 2', side: '', writes: '' }, [2]],
    [{ text: '', side: 'telephony', writes: '' }, [3, 2, 1]],
    [{ text: '', side: '', writes: 'confirmed' }, [3, 2, 1]],
    [{ text: '', side: '', writes: 'refused' }, []],
  ])('is filtered by %j', (filter, seqs) => {
    expect(wanted([entry(3), entry(2), entry(1)], filter).map(({ seq }) => seq)).toEqual(seqs)
  })
})

test('charts have a place for every minute, empty where nothing was confirmed', () => {
  const figures = createCrowd({ agents: 1, now: NOW }).figures({ from: '', to: '' })
  const [latency, exposure] = chartsOf(figures.slice(-30), { from: NOW - 3_600_000, to: NOW })
  expect(latency?.columns[0]).toHaveLength(60)
  expect(latency?.columns[1]?.slice(0, 29)).toEqual(Array.from({ length: 29 }, () => null))
  expect(latency?.columns[1]?.slice(31).every((value) => value !== null)).toBe(true)
  expect(exposure?.columns[1]?.[0]).toBe(0)
})

test.each([
  [lasting(0), '0 s'],
  [lasting(59_999), '59 s'],
  [lasting(3_600_000), '1 h'],
  [lasting(26 * 3_600_000), '1 d 2 h'],
  [took(143), '143 ms'],
  [took(2_140), '2.1 s'],
  [bytes(999), '999 B'],
  [bytes(385_000), '385 kB'],
  [bytes(2_400_000_000), '2.4 GB'],
])('%s is said as %s', (said, words) => expect(said).toBe(words))
