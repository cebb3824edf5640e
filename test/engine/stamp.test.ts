// Times that cannot be are not believed: one absurd report must not make a platform's later ones stale.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseState } from '../../src/app/stored-state.ts'
import { FUTURE_MAX_MS } from '../../src/domain/limits.ts'
import type { Stamp } from '../../src/domain/report.ts'
import { SIDES } from '../../src/domain/side.ts'
import { id, ruleset } from '../support/rules.ts'
import { side } from './histories.ts'
import { World } from './world.ts'

const RULES = ruleset({
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [{ crm: ['Q'], telephony: ['Q'] }],
  blocking: { telephony: { status: 'T' }, crm: { status: 'T' } },
})
const NOW = 1_000_000

const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
const absurd: fc.Arbitrary<Stamp> = fc.record(
  {
    at: fc.oneof(
      notFinite,
      fc.double({ min: NOW + FUTURE_MAX_MS + 1_000, noNaN: true }),
      fc.double({ max: NOW, noNaN: true }),
      fc.constantFrom(Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, -Number.MAX_VALUE),
    ),
    version: notFinite,
  },
  { requiredKeys: ['at'] },
)
/** Who says it: the stream, a reading, or the reading that the bridge starts with. */
const way = fc.constantFrom('stream' as const, 'reading' as const, 'start' as const)

function hear(
  world: World,
  how: 'stream' | 'reading' | 'start',
  what: { side: 'crm' | 'telephony'; status: string; stamp: Stamp; work: Stamp | null },
) {
  const { stamp } = what
  const work = what.work === null ? [] : [{ item: '1', channel: 'chat', state: 'offered' as const, stamp: what.work }]
  if (how === 'start') {
    const reading = { status: id(what.status), stamp, work }
    world.decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
    return
  }
  const begunAt = how === 'stream' ? null : world.now
  for (const w of work) world.decide({ kind: 'report', side: what.side, report: { kind: 'work', ...w }, begunAt })
  const report = { kind: 'status', status: id(what.status), stamp, by: 'agent' } as const
  world.decide({ kind: 'report', side: what.side, report, begunAt })
}

test('whatever absurd time one report has, the next honest report of another status is followed', () => {
  fc.assert(
    fc.property(
      side,
      way,
      absurd,
      fc.option(absurd),
      fc.integer({ min: 1, max: 10_000 }),
      (s, how, stamp, work, later) => {
        const world = new World(RULES)
        hear(world, how, { side: s, status: 'L', stamp, work })
        world.now += later
        hear(world, 'stream', { side: s, status: 'M', stamp: { at: world.now }, work: null })
        expect(world.state[s]).toMatchObject({ observed: 'M', base: 'M' })
        if (work === null) return
        const report = { kind: 'work', item: '1', channel: 'chat', state: 'closed', stamp: { at: world.now } } as const
        world.decide({ kind: 'report', side: s, report, begunAt: null })
        expect(world.state[s].work.map((w) => w.state)).toEqual(['closed'])
      },
    ),
    { numRuns: Number(process.env.FC_RUNS ?? 1_000) },
  )
})

test('a state with absurd reports in it can be stored and read back', () => {
  fc.assert(
    fc.property(side, way, absurd, absurd, (s, how, stamp, work) => {
      const world = new World(RULES)
      hear(world, how, { side: s, status: 'L', stamp, work })
      const text = JSON.stringify(world.state)
      expect(parseState(text)).toEqual(JSON.parse(text))
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 1_000) },
  )
})

test('a clock that is a little ahead is believed', () => {
  const world = new World(RULES)
  hear(world, 'stream', { side: 'crm', status: 'L', stamp: { at: world.now + FUTURE_MAX_MS }, work: null })
  expect(world.state.crm.stamp.at).toBe(world.now + FUTURE_MAX_MS)
})

test('an item that a first reading lists twice is one item', () => {
  const world = new World(RULES)
  const item = { item: '1', channel: 'chat', state: 'offered' as const, stamp: { at: world.now } }
  const reading = { status: id('Q'), stamp: { at: world.now }, work: [item, item] }
  world.decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
  for (const s of SIDES) expect(world.state[s].work).toHaveLength(1)
})
