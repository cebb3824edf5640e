// The lanes of a timeline say what the bridge knew at every moment, whatever happened that day.

import { beforeAll, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { ServiceEvent } from '../../src/domain/history.ts'
import type { JournalEntry } from '../../src/domain/journal.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import { type AgentId, SIDES, type Side } from '../../src/domain/side.ts'
import type { Lane, Timeline } from '../../src/domain/timeline.ts'
import { TIMELINE_RECORDS_MAX } from '../../src/history/limits.ts'
import { timelineOf } from '../../src/history/timeline.ts'
import { agentId, at, entry } from '../journal/records.ts'
import { randomSchedule } from '../sim/schedule.ts'
import { readerFor } from './memory-reader.ts'
import { type Day, type Known, playDay } from './simulated.ts'

jest.setTimeout(60_000)

const SEEDS = Array.from({ length: 40 }, (_, n) => n + 1)

let days: readonly { readonly seed: number; readonly day: Day }[] = []

beforeAll(async () => {
  const played: { seed: number; day: Day }[] = []
  for (const seed of SEEDS) played.push({ seed, day: await playDay(randomSchedule({ seed, agents: 3, events: 80 })) })
  days = played
})

type Span = { readonly from: string; readonly to: string }

function timelineIn(day: Day, agent: AgentId, { from, to }: Span = day): Timeline {
  return timelineOf(readerFor(day), { agent, name: agent, from, to, now: day.to })
}

function lasting<T extends { readonly from: string; readonly to: string | null }>(spells: readonly T[], time: string) {
  return spells.filter(({ from, to }) => from <= time && (to === null || to > time))
}

function shown(lane: Lane, time: string): Known {
  return {
    shows: lasting(lane.statuses, time)
      .map(({ status }) => status)
      .join(' and '),
    block: lasting(lane.blocks, time)[0]?.phase ?? null,
    open: lasting(lane.work, time)
      .map(({ item }) => item)
      .sort(),
    exposed: lasting(lane.exposures, time).length > 0,
  }
}

/** Each agent's last moment at each time; what ended with the bridge at the same instant is neither nor. */
function settled({ moments, service }: Day, agent: AgentId) {
  const ends = new Set(service.map(({ aliveUntil }) => aliveUntil))
  const mine = moments.filter((m) => m.agent === agent && !ends.has(m.time))
  return mine.filter((m, n) => mine[n + 1]?.time !== m.time)
}

test('at every moment the lanes show the statuses, the blocks, the work and the exposures that the bridge knew', () => {
  let looked = 0
  for (const { seed, day } of days)
    for (const agent of day.agents) {
      const { lanes } = timelineIn(day, agent)
      for (const moment of settled(day, agent))
        for (const side of SIDES) {
          looked += 1
          const lane = shown(lanes[side], moment.time)
          const known = { ...moment[side], block: blockAs(moment[side], lane), open: told(day, moment, side, lane) }
          const seen = { seed, agent, side, time: moment.time }
          expect({ ...seen, ...lane }).toEqual({ ...seen, ...known })
        }
    }
  expect(looked).toBeGreaterThan(2_000)
})

/** Statuses that are the block's by chance, and work during the hold that does not count, look like what they are not: the block is in force anyhow. */
function blockAs(known: Known, lane: Known): Known['block'] {
  const isInForce = (block: Known['block']) => block !== null && block !== 'gave_way'
  return isInForce(known.block) && isInForce(lane.block) ? lane.block : known.block
}

test('how a block stands is told rightly unless a status is the block’s by chance', () => {
  let [right, wrong] = [0, 0]
  for (const { day } of days)
    for (const agent of day.agents) {
      const { lanes } = timelineIn(day, agent)
      for (const moment of settled(day, agent))
        for (const side of SIDES) {
          const block = shown(lanes[side], moment.time).block
          if (moment[side].block === null) continue
          if (block === moment[side].block) right += 1
          else wrong += 1
        }
    }
  expect(right).toBeGreaterThan(500)
  expect(wrong / right).toBeLessThan(0.05)
})

/** What was open when the bridge saw somebody for the first time is in no record until something is heard of it. */
function told({ entries }: Day, { agent, time, ...sides }: Day['moments'][number], side: Side, lane: Known) {
  const mine = entries.filter(
    ({ record }) => record.agent === agent && record.event.side === side && record.time <= time,
  )
  const said = new Set([...mine.map(({ record }) => record.event.item), ...lane.open])
  return sides[side].open.filter((item) => said.has(item))
}

test('in the end, when nothing has gone wrong, the lanes show what the platforms show', () => {
  const calm = days.filter(({ day }) => day.calm)
  expect(calm.length).toBeGreaterThan(5)
  for (const { seed, day } of calm)
    for (const agent of day.agents) {
      const { lanes } = timelineIn(day, agent)
      const told = { crm: lanes.crm.statuses.at(-1)?.status, telephony: lanes.telephony.statuses.at(-1)?.status }
      expect({ seed, agent, ...told }).toEqual({ seed, agent, ...day.shows.get(agent) })
    }
})

test('whichever part of a day is looked at shows the same as the whole day', () => {
  let compared = 0
  for (const { seed, day } of days.slice(0, 20))
    for (const agent of day.agents) {
      const moments = settled(day, agent)
      const [begin, end] = [moments[Math.floor(moments.length / 3)], moments[Math.floor((2 * moments.length) / 3)]]
      if (begin === undefined || end === undefined || begin.time === end.time) continue
      const whole = timelineIn(day, agent)
      const part = timelineIn(day, agent, { from: begin.time, to: end.time })
      for (const { time } of moments.filter((m) => m.time >= begin.time && m.time < end.time))
        for (const side of SIDES) {
          compared += 1
          const seen = { seed, agent, side, time }
          const [one, other] = [shown(part.lanes[side], time), shown(whole.lanes[side], time)]
          expect({ ...seen, shows: one.shows, block: one.block }).toEqual({
            ...seen,
            shows: other.shows,
            block: other.block,
          })
        }
    }
  expect(compared).toBeGreaterThan(200)
})

test('what is said to be by the bridge was written by the decision that is named', () => {
  let named = 0
  for (const { day } of days) {
    const bySeq = new Map(day.entries.map((e) => [e.seq, e.record]))
    for (const agent of day.agents)
      for (const side of SIDES)
        for (const { by, seq, status, reason, from } of timelineIn(day, agent).lanes[side].statuses) {
          if (by !== 'bridge' || seq === null) continue
          named += 1
          const record = bySeq.get(seq)
          expect(record?.writes.find((w) => w.side === side)?.status).toBe(status)
          expect(record?.decisions.find((d) => d.side === side)?.reason).toBe(reason)
          expect((record?.time ?? '~') <= from).toBe(true)
        }
  }
  expect(named).toBeGreaterThan(200)
})

test('spells of a lane follow each other without a hole, and end where the next begins', () => {
  for (const { day } of days)
    for (const agent of day.agents)
      for (const side of SIDES) {
        const { statuses } = timelineIn(day, agent).lanes[side]
        for (const [n, spell] of statuses.entries()) expect(spell.to).toBe(statuses[n + 1]?.from ?? null)
      }
})

const JANE = agentId('jane')

function ask(reader: Parameters<typeof timelineOf>[0], more: Partial<Span> = {}): Timeline {
  return timelineOf(reader, { agent: JANE, name: 'Jane', from: at(0), to: at(3_600_000), now: at(3_600_000), ...more })
}

function withRecord(seq: number, ms: number, more: Partial<LogRecord>): JournalEntry {
  const { record } = entry(seq, 'jane', { ms })
  return { seq, record: { ...record, ...more } }
}

const event = (ms: number, kind: ServiceEvent['kind'], more: Partial<ServiceEvent> = {}): ServiceEvent => ({
  time: at(ms),
  kind,
  words: kind,
  ...more,
})

test('while the bridge was down, from its last sign of life until it was started again, there is a gap', () => {
  const service = [event(-60_000, 'started'), event(90_000, 'started', { aliveUntil: at(30_000) })]
  const { gaps } = ask(readerFor({ service }))
  expect(gaps).toEqual([{ kind: 'bridge_down', from: at(30_000), to: at(90_000), words: 'started' }])
})

test('a bridge that was stopped and never started is down until now', () => {
  const { gaps } = ask(readerFor({ service: [event(5_000, 'stopped')] }))
  expect(gaps).toEqual([{ kind: 'bridge_down', from: at(5_000), to: null, words: 'stopped' }])
})

test('a link that went down before what is looked at is down from its begin', () => {
  const service = [event(-5_000, 'link_down', { side: 'crm', words: 'cut' }), event(9_000, 'link_up', { side: 'crm' })]
  expect(ask(readerFor({ service })).gaps).toEqual([{ kind: 'crm_down', from: at(0), to: at(9_000), words: 'cut' }])
})

test('any order of links and starts gives gaps of one kind that do not overlap', () => {
  const kinds = fc.constantFrom('started', 'stopped', 'link_up', 'link_down')
  const events = fc.array(fc.record({ kind: kinds, side: fc.constantFrom(...SIDES), back: fc.nat(3) }), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(events, (drawn) => {
      const service = drawn.map(({ kind, side, back }, n) => {
        const ms = n * 10_000
        const alive = kind === 'started' ? { aliveUntil: at(ms - back * 1_000) } : {}
        return event(ms, kind, { ...(kind.startsWith('link') ? { side } : {}), ...alive })
      })
      const { gaps } = ask(readerFor({ service }))
      for (const kind of ['bridge_down', 'crm_down', 'telephony_down'] as const) {
        const mine = gaps.filter((gap) => gap.kind === kind)
        for (const [n, gap] of mine.entries()) {
          const next = mine[n + 1]
          if (next !== undefined) expect((gap.to ?? '~') <= next.from).toBe(true)
          expect((gap.to ?? '~') >= gap.from).toBe(true)
        }
      }
    }),
  )
})

test('a pause is a gap from the order to the next one, with who asked and why', () => {
  const admin = (what: string) => ({ event: { kind: 'admin', what, at: at(0) }, decisions: [], writes: [] }) as const
  const entries = [
    withRecord(1, 1_000, admin('paused by Anna (training)')),
    withRecord(2, 60_000, admin('resumed by Anna')),
  ]
  expect(ask(readerFor({ entries })).gaps).toEqual([
    { kind: 'paused', from: at(1_000), to: at(60_000), words: 'paused by Anna (training)' },
  ])
})

test('an exposure ends with the last sign of life of a bridge that went down', () => {
  const exposed = [{ side: 'crm', cause: 'not_taken' }] as const
  const entries = [withRecord(1, 1_000, { exposed }), withRecord(2, 120_000, { exposed: [] })]
  const service = [event(90_000, 'started', { aliveUntil: at(30_000) })]
  expect(ask(readerFor({ entries, service })).lanes.crm.exposures).toEqual([
    { cause: 'not_taken', from: at(1_000), to: at(30_000) },
  ])
})

test('a write that waits since before what is looked at is still on the lane, the settled ones are not', () => {
  const write = (outcome: 'confirmed' | 'waiting', ms?: number) => ({
    writes: [{ side: 'crm', status: 'Busy', outcome, ...(ms === undefined ? {} : { ms }) }] as const,
  })
  const entries = [withRecord(1, -9_000, write('confirmed', 100)), withRecord(2, -5_000, write('waiting'))]
  expect(ask(readerFor({ entries })).lanes.crm.writes.map(({ seq, outcome }) => ({ seq, outcome }))).toEqual([
    { seq: 2, outcome: 'waiting' },
  ])
})

test('more than is looked at is cut at its begin, and that is told', () => {
  const entries = Array.from({ length: TIMELINE_RECORDS_MAX + 5 }, (_, n) => entry(n + 1, 'jane', { ms: n * 10 }))
  const timeline = ask(readerFor({ entries }))
  expect({ cut: timeline.cut, from: timeline.from }).toEqual({ cut: true, from: at(50) })
  expect(ask(readerFor({ entries: entries.slice(5) })).cut).toBe(false)
})
