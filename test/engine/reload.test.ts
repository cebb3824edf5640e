// R26: a new mapping over an agent's state. What does not exist any more gives way; everything else stays as it is.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SIDES } from '../../src/domain/side.ts'
import { id, ruleset, type Sketch } from '../support/rules.ts'
import { history, live, RUNS } from './histories.ts'
import { World } from './world.ts'

const OLD: Sketch = {
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [
    { crm: ['Q'], telephony: ['Q'] },
    { crm: ['L'], telephony: ['M'] },
  ],
  blocking: { telephony: { status: 'T' } },
}

function start(sketch: Sketch, shows: { crm: string; telephony: string }): World {
  const world = new World(ruleset(sketch))
  for (const side of SIDES) world.platform[side] = id(shows[side])
  const reading = (side: 'crm' | 'telephony') => ({ status: id(shows[side]), stamp: { at: world.now }, work: [] })
  world.decide({ kind: 'start', readings: { crm: reading('crm'), telephony: reading('telephony') } })
  return world
}

function reload(world: World, sketch: Sketch) {
  world.act({ kind: 'reload', rules: ruleset(sketch) })
  return world.steps.at(-1)
}

/** A chat blocks telephony, which shows T over its base Q. */
function blocked(sketch: Sketch = OLD): World {
  const world = start(sketch, { crm: 'Q', telephony: 'Q' })
  world.act({ kind: 'work', side: 'crm', item: 'c1', channel: 'chat', state: 'accepted' })
  world.rest()
  return world
}

test('where the platforms still have every status, or nobody knows, a reload of the same rules writes nothing', () => {
  fc.assert(
    fc.property(history, fc.boolean(), (given, isKnown) => {
      const world = live(given)
      world.rest()
      const all = ['Q', 'R', 'B', 'L', 'T', 'M']
      const bases = SIDES.map((s) => world.state[s].base)
      const step = reload(world, { ...given.sketch, ...(isKnown ? { statuses: { crm: all, telephony: all } } : {}) })
      expect(step?.orders).toEqual([])
      expect(SIDES.map((s) => world.state[s].base)).toEqual(bases)
      expect(step?.verdicts.map((v) => v.reason)).toEqual(['reloaded', 'reloaded'])
    }),
    RUNS,
  )
})

test('after a reload the bridge wants nothing that does not exist', () => {
  fc.assert(
    fc.property(history, fc.subarray(['R', 'L', 'M'], { minLength: 1 }), (given, gone) => {
      const world = live(given)
      world.rest()
      const left = ['Q', 'R', 'B', 'L', 'T', 'M'].filter((s) => !gone.includes(s))
      const sketch = {
        ...OLD,
        rows: [],
        transition: { crm: { status: 'B' } },
        statuses: { crm: left, telephony: left },
      }
      const step = reload(world, sketch)
      for (const order of step?.orders ?? []) if (order.kind === 'write') expect(left).toContain(order.status)
      for (const s of SIDES) {
        const { base, observed, transition, block } = world.state[s]
        for (const wanted of [base, transition?.status, block?.status])
          if (wanted !== undefined && wanted !== observed && wanted !== 'Offline') expect(left).toContain(wanted)
      }
    }),
    RUNS,
  )
})

describe('a base that no longer exists', () => {
  test('falls back to the transition status and its timer', () => {
    const world = blocked()
    const step = reload(world, {
      ...OLD,
      rows: [],
      available: { crm: ['Q'], telephony: ['R'] },
      transition: { telephony: { status: 'B', forMs: 30_000, end: 'L' } },
      statuses: { telephony: ['R', 'B', 'L', 'T'] },
    })
    expect(world.state.telephony).toMatchObject({
      base: 'B',
      cause: { reason: 'reloaded', rule: 'transition telephony' },
    })
    expect(step?.verdicts).toContainEqual({
      side: 'telephony',
      reason: 'reloaded',
      rule: 'transition telephony',
      from: 'T',
      to: 'B',
    })
    world.rest()
    expect(world.platform.telephony).toBe('L') // the transition status is over
  })

  test('becomes what the side shows where no transition is configured', () => {
    const world = blocked()
    const step = reload(world, { ...OLD, rows: [], statuses: { telephony: ['L', 'T'] } })
    expect(step?.orders).toEqual([])
    expect(world.state.telephony.base).toBe('T')
  })

  test('stays where it is what the platform shows now', () => {
    const world = start(OLD, { crm: 'L', telephony: 'M' })
    const step = reload(world, { ...OLD, rows: [], statuses: { crm: ['Q'], telephony: ['Q'] } })
    expect(step?.orders).toEqual([])
    expect([world.state.crm.base, world.state.telephony.base]).toEqual(['L', 'M'])
  })
})

test('the end of a transition status that no longer exists gives way to the one of the new rules', () => {
  const rules: Sketch = { ...OLD, transition: { telephony: { status: 'T', forMs: 30_000, end: 'R' } } }
  const world = start(rules, { crm: 'L', telephony: 'M' })
  world.act({ kind: 'set', side: 'crm', status: 'B' }) // no row has it: telephony goes to T
  world.deliver('crm', 0, false)
  world.act({ kind: 'apply', side: 'telephony' })
  world.deliver('telephony', 0, false)
  expect(world.state.telephony.transition?.status).toBe('R')
  reload(world, {
    ...rules,
    transition: { telephony: { status: 'T', forMs: 60_000, end: 'L' } },
    statuses: { telephony: ['Q', 'T', 'L', 'M'] },
  })
  expect(world.state.telephony.transition).toMatchObject({ status: 'L', due: world.now + 60_000 })
  world.rest()
  expect(world.platform.telephony).toBe('L')
})

test('a base that nobody chose is not written once new rules make it available', () => {
  const rules: Sketch = { ...OLD, blocking: {}, transition: { telephony: { status: 'T' } } }
  const world = start(rules, { crm: 'L', telephony: 'M' })
  world.act({ kind: 'pause' })
  world.act({ kind: 'set', side: 'crm', status: 'B' }) // no row has it: telephony is to go to T
  world.deliver('crm', 0, false)
  expect(world.state.telephony.base).toBe('T')
  reload(world, {
    ...rules,
    available: { crm: ['Q'], telephony: ['Q', 'T'] },
    transition: { telephony: { status: 'L' } },
  })
  world.act({ kind: 'pause' })
  world.rest()
  expect(world.platform.telephony).toBe('L')
})

describe('a block', () => {
  test('keeps its status where that still exists', () => {
    const world = blocked()
    const step = reload(world, {
      ...OLD,
      blocking: { telephony: { status: 'B' } },
      statuses: { telephony: ['Q', 'B', 'T'] },
    })
    expect(step?.orders).toEqual([])
    expect(world.state.telephony.block?.status).toBe('T')
  })

  test('whose status is neither there nor shown takes the one of the new rules', () => {
    const world = start(OLD, { crm: 'Q', telephony: 'Q' })
    world.act({ kind: 'work', side: 'crm', item: 'c1', channel: 'chat', state: 'accepted' })
    world.deliver('crm', 0, false) // T is ordered and not shown yet
    const step = reload(world, {
      ...OLD,
      blocking: { telephony: { status: 'B' } },
      statuses: { telephony: ['Q', 'B'] },
    })
    expect(step?.verdicts).toContainEqual({
      side: 'telephony',
      reason: 'reloaded',
      rule: 'blocking telephony',
      from: 'Q',
      to: 'B',
    })
    world.rest()
    expect(world.platform.telephony).toBe('B')
  })

  test('in its release_after stands again where the work counts by the new rules', () => {
    const rules: Sketch = { ...OLD, blocking: { telephony: { status: 'T', minItems: 2, releaseAfterMs: 5_000 } } }
    const world = start(rules, { crm: 'Q', telephony: 'Q' })
    for (const item of ['c1', 'c2']) world.act({ kind: 'work', side: 'crm', item, channel: 'chat', state: 'accepted' })
    world.rest()
    world.act({ kind: 'work', side: 'crm', item: 'c2', channel: 'chat', state: 'closed' })
    world.deliver('crm', 0, false)
    expect(world.state.telephony.block?.phase).toBe('holding')
    reload(world, OLD)
    world.rest()
    expect(world.state.telephony.block?.phase).toBe('standing')
    expect(world.platform.telephony).toBe('T')
  })

  test('in its release_after ends at once where the side is not blocked any more', () => {
    const rules: Sketch = { ...OLD, blocking: { telephony: { status: 'T', releaseAfterMs: 5_000 } } }
    const world = blocked(rules)
    world.act({ kind: 'work', side: 'crm', item: 'c1', channel: 'chat', state: 'closed' })
    world.deliver('crm', 0, false)
    const { blocking: _, ...unblocked } = rules
    const step = reload(world, unblocked)
    expect(step?.verdicts.map((v) => v.reason)).toContain('released')
    expect(step?.orders).toMatchObject([{ side: 'telephony', status: 'Q' }])
  })
})
