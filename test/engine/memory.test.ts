// What is remembered of an agent is bounded, and what is forgotten does not come back as news.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ENDED_WORK_MAX, OPEN_WORK_MAX, OWN_WRITES_MAX } from '../../src/domain/limits.ts'
import { SIDES } from '../../src/domain/side.ts'
import { isOpen } from '../../src/domain/work.ts'
import { newAgent } from '../../src/engine/state.ts'
import { id, ruleset } from '../support/rules.ts'
import { side } from './histories.ts'
import { World } from './world.ts'

const RULES = ruleset({
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [{ crm: ['Q'], telephony: ['Q'] }],
  blocking: { crm: { status: 'T' }, telephony: { status: 'T' } },
})

/** Starts and ends of many items, a few of them open at a time. */
const work = fc.record({
  side,
  item: fc.integer({ min: 1, max: 60 }),
  state: fc.constantFrom('offered' as const, 'accepted' as const, 'closed' as const, 'closed' as const),
})

function live(works: readonly { side: 'crm' | 'telephony'; item: number; state: 'offered' | 'accepted' | 'closed' }[]) {
  const world = new World(RULES)
  for (const s of SIDES) world.platform[s] = id('Q')
  const reading = { status: id('Q'), stamp: { at: world.now }, work: [] }
  world.decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
  for (const w of works) {
    // Nothing that ended is opened again, as platforms have it.
    if (world.items[w.side].get(String(w.item))?.state === 'closed') continue
    world.act({ kind: 'work', side: w.side, item: String(w.item), channel: 'call', state: w.state })
    world.deliver(w.side, 0, false)
  }
  world.rest()
  return world
}

test('the history of a long day delivered again opens nothing, blocks nobody and writes nothing', () => {
  let forgotten = 0
  fc.assert(
    fc.property(fc.array(work, { maxLength: 300, size: 'max' }), fc.nat(), (works, from) => {
      const world = live(works)
      const open = () =>
        SIDES.map((s) =>
          world.state[s].work
            .filter((w) => isOpen(w.state))
            .map((w) => w.item)
            .toSorted(),
        )
      const before = { open: open(), blocks: SIDES.map((s) => world.state[s].block?.phase), writes: world.writes }
      if (world.state.crm.forgottenAt > 0) forgotten += 1
      const past = world.delivered.slice(from % Math.max(1, world.delivered.length))
      for (const { side: s, report } of [...past]) {
        const { orders } = world.decide({ kind: 'report', side: s, report, begunAt: null })
        expect(orders).toEqual([])
      }
      world.rest()
      expect({ open: open(), blocks: SIDES.map((s) => world.state[s].block?.phase), writes: world.writes }).toEqual(
        before,
      )
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 200) },
  )
  expect(forgotten).toBeGreaterThan(0)
})

test('open items are never forgotten for ended ones, and every list keeps its limit', () => {
  fc.assert(
    fc.property(fc.array(work, { maxLength: 300, size: 'max' }), (works) => {
      const { state, items } = live(works)
      for (const s of SIDES) {
        const open = [...items[s]].filter(([, w]) => isOpen(w.state)).map(([item]) => item)
        const remembered = state[s].work.filter((w) => isOpen(w.state)).map((w) => w.item)
        expect(remembered.toSorted()).toEqual(open.toSorted())
        expect(state[s].work.length - remembered.length).toBeLessThanOrEqual(ENDED_WORK_MAX)
        expect(remembered.length).toBeLessThanOrEqual(OPEN_WORK_MAX)
        expect(state[s].own.length).toBeLessThanOrEqual(OWN_WRITES_MAX)
      }
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 200) },
  )
})

test('what a reading finds open is open, however old it is', () => {
  const world = live(
    Array.from({ length: 2 * ENDED_WORK_MAX }, (_, n) => ({ side: 'crm', item: n, state: 'accepted' as const })),
  )
  for (let n = 0; n < 2 * ENDED_WORK_MAX; n += 1)
    world.act({ kind: 'work', side: 'crm', item: String(n), channel: 'call', state: 'closed' })
  world.rest()
  const report = { kind: 'work', item: 'old', channel: 'call', state: 'accepted', stamp: { at: 1 } } as const
  world.decide({ kind: 'report', side: 'crm', report, begunAt: null })
  expect(world.steps.at(-1)?.verdicts.map((v) => v.reason)).toEqual(['stale'])
  world.decide({ kind: 'report', side: 'crm', report, begunAt: world.now + 1 })
  expect(world.state.telephony.block?.phase).toBe('standing')
})

test('agents of whom nothing is known share what is empty', () => {
  const [a, b] = [newAgent(), newAgent()]
  expect(a.crm).not.toBe(b.crm)
  for (const list of ['own', 'work', 'overlaps'] as const) expect(a.crm[list]).toBe(b.telephony[list])
})
