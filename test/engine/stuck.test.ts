// A block that stands for hours is told again and again, and nothing is written because of that.

import { describe, expect, test } from '@jest/globals'
import { STUCK_BLOCK_MS } from '../../src/domain/limits.ts'
import { SIDES } from '../../src/domain/side.ts'
import { dueTimer, wakeAt } from '../../src/engine/state.ts'
import { id, ruleset } from '../support/rules.ts'
import { World } from './world.ts'

const RULES = ruleset({
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [{ crm: ['Q'], telephony: ['Q'] }],
  blocking: { telephony: { status: 'T', releaseAfterMs: 5_000, onOverride: 'allow' } },
})

function blocked(): World {
  const world = new World(RULES)
  for (const side of SIDES) world.platform[side] = id('Q')
  const reading = { status: id('Q'), stamp: { at: world.now }, work: [] }
  world.decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
  world.act({ kind: 'work', side: 'crm', item: 'c1', channel: 'chat', state: 'accepted' })
  world.rest()
  return world
}

test('after hours it is told, and again after as many more', () => {
  const world = blocked()
  const since = world.state.telephony.block?.since ?? 0
  const writes = world.writes
  expect(wakeAt(world.state)).toBe(since + STUCK_BLOCK_MS)
  world.wait(since + STUCK_BLOCK_MS - world.now - 1)
  expect(world.steps.at(-1)?.verdicts[0]?.reason).not.toBe('still_blocked')
  expect(dueTimer(world.state, since + STUCK_BLOCK_MS)).toMatchObject({ kind: 'stuck', side: 'telephony' })
  for (const round of [1, 2, 3]) {
    const steps = world.steps.length
    world.wait(since + round * STUCK_BLOCK_MS - world.now)
    expect(world.steps.slice(steps).map((s) => s.verdicts)).toEqual([
      [{ side: 'telephony', reason: 'still_blocked', rule: 'blocking telephony', from: 'T', to: 'T' }],
    ])
  }
  expect(world.writes).toBe(writes)
})

describe('it is not told of a block', () => {
  test('that ended', () => {
    const world = blocked()
    world.act({ kind: 'work', side: 'crm', item: 'c1', channel: 'chat', state: 'closed' })
    world.rest()
    expect(wakeAt(world.state)).toBeNull()
  })

  test('that gave way', () => {
    const world = blocked()
    world.act({ kind: 'set', side: 'telephony', status: 'Q' })
    world.rest()
    expect(world.state.telephony.block?.phase).toBe('gave_way')
    expect(wakeAt(world.state)).toBeNull()
    expect(dueTimer(world.state, world.now + 2 * STUCK_BLOCK_MS)).toBeNull()
  })
})
