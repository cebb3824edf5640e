// R14: how long work on both sides overlapped, told once, by the event that ends it.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { OVERLAPS_MAX } from '../../src/domain/limits.ts'
import { otherSide, SIDES, type Side } from '../../src/domain/side.ts'
import { isOpen } from '../../src/domain/work.ts'
import { id, ruleset, type Sketch } from '../support/rules.ts'
import { act, live, RUNS, sketch } from './histories.ts'
import { World } from './world.ts'

const bothBlock = (s: Sketch): Sketch => ({
  ...s,
  blocking: { crm: { status: 'T', minItems: 2, ...s.blocking?.crm }, telephony: { status: 'T' } },
})

/** Each overlap that begins in this world, and each that is told, by side, item and time. */
function overlapsOf(world: World) {
  const known = new Set<object>()
  const begun: string[] = []
  for (const { state } of world.steps) {
    for (const s of SIDES) {
      for (const overlap of state[s].overlaps) {
        if (!known.has(overlap)) begun.push(`${s} ${overlap.item} ${overlap.since}`)
        known.add(overlap)
      }
    }
  }
  const told = world.steps.flatMap((step) => step.overlaps.map((o) => `${o.side} ${o.item} ${o.from}`))
  return { begun, told }
}

describe('in any history', () => {
  test('each overlap is told exactly once, by the event that ends it, and every such event has a verdict', () => {
    let seen = 0
    fc.assert(
      fc.property(
        fc.record({ sketch: sketch.map(bothBlock), acts: fc.array(act, { maxLength: 60, size: 'max' }) }),
        (given) => {
          const world = live(given)
          for (const side of SIDES)
            for (const item of ['1', '2', '3'])
              world.act({ kind: 'work', side, item, channel: 'call', state: 'closed' })
          world.rest()
          const { begun, told } = overlapsOf(world)
          expect(told.toSorted()).toEqual(begun.toSorted())
          seen += told.length
          for (const { overlaps, verdicts, at } of world.steps) {
            if (overlaps.length > 0) expect(verdicts.length).toBeGreaterThan(0)
            for (const { from, ms } of overlaps) expect(from + ms).toBe(at)
          }
        },
      ),
      RUNS,
    )
    expect(seen).toBeGreaterThan(0)
  })

  test('an overlap lasts while both its items are open, and began with the reason overlap', () => {
    fc.assert(
      fc.property(
        fc.record({ sketch: sketch.map(bothBlock), acts: fc.array(act, { maxLength: 60, size: 'max' }) }),
        (given) => {
          for (const { state, verdicts, at } of live(given).steps) {
            const openOn = (s: Side, item: string) => state[s].work.some((w) => w.item === item && isOpen(w.state))
            for (const s of SIDES) {
              for (const { item, beside, since } of state[s].overlaps) {
                expect(openOn(s, item)).toBe(true)
                expect(beside.some((b) => openOn(otherSide(s), b))).toBe(true)
                if (since === at) expect(verdicts.find((v) => v.side === s)?.reason).toBe('overlap')
              }
            }
          }
        },
      ),
      RUNS,
    )
  })
})

const RULES = ruleset({
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [{ crm: ['Q'], telephony: ['Q'] }],
  blocking: { crm: { status: 'T' }, telephony: { status: 'T' } },
})

/** A chat is open in the crm, and a call reached telephony before its block did. */
function bothBusy(): World {
  const world = new World(RULES)
  for (const side of SIDES) world.platform[side] = id('Q')
  const reading = { status: id('Q'), stamp: { at: world.now }, work: [] }
  world.decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
  work(world, 'crm', 'c1', 'accepted')
  work(world, 'telephony', 't1', 'offered')
  return world
}

function work(world: World, side: Side, item: string, state: 'offered' | 'accepted' | 'closed') {
  world.act({ kind: 'work', side, item, channel: 'chat', state })
  world.deliver(side, world.underWay[side].length - 1, false)
  return world.steps.at(-1)
}

test('the arrived item ends first', () => {
  const world = bothBusy()
  const from = world.now
  expect(world.steps.at(-1)?.verdicts).toContainEqual(expect.objectContaining({ side: 'telephony', reason: 'overlap' }))
  world.wait(12_000)
  expect(work(world, 'telephony', 't1', 'closed')?.overlaps).toEqual([
    { side: 'telephony', item: 't1', from, ms: 12_001 },
  ])
})

test('the item of the other side ends first; work that came there later does not lengthen it', () => {
  const world = bothBusy()
  const from = world.now
  expect(work(world, 'crm', 'c2', 'accepted')?.overlaps).toEqual([])
  world.wait(5_000)
  const step = work(world, 'crm', 'c1', 'closed')
  expect(step?.overlaps).toEqual([{ side: 'telephony', item: 't1', from, ms: 5_002 }])
  expect(step?.state.crm.overlaps.map((o) => o.item)).toEqual(['c2']) // it arrived at the crm, whose own block was not there either
})

test('it is told as well when the end is found by a reading', () => {
  const world = bothBusy()
  const from = world.now
  world.items.telephony.clear()
  world.act({ kind: 'wait', ms: 8_000 })
  world.act({ kind: 'read', side: 'telephony', taken: 'lost' })
  const told = world.steps.flatMap((s) => s.overlaps)
  expect(told).toEqual([{ side: 'telephony', item: 't1', from, ms: world.now - from }])
})

test('work on a side where the block shows does not overlap', () => {
  const world = new World(RULES)
  for (const side of SIDES) world.platform[side] = id('Q')
  const reading = { status: id('Q'), stamp: { at: world.now }, work: [] }
  world.decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
  work(world, 'crm', 'c1', 'accepted')
  world.rest()
  const step = work(world, 'telephony', 't1', 'offered')
  expect(step?.verdicts.map((v) => v.reason)).not.toContain('overlap')
  expect(step?.state.telephony.overlaps).toEqual([])
})

test('of an absurd number of overlaps the newest are remembered', () => {
  const world = bothBusy()
  for (let n = 2; n < OVERLAPS_MAX + 5; n += 1) work(world, 'telephony', `t${n}`, 'offered')
  const { overlaps } = world.state.telephony
  expect(overlaps).toHaveLength(OVERLAPS_MAX)
  expect(overlaps.at(-1)?.item).toBe(`t${OVERLAPS_MAX + 4}`)
})
