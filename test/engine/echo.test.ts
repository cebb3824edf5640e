// R16 where it matters most: the bridge's own late write is never taken for somebody's choice.

import { expect, test } from '@jest/globals'
import { id, ruleset } from '../support/rules.ts'
import { World } from './world.ts'

const RULES = ruleset({
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [{ crm: ['Q'], telephony: ['Q'] }],
  blocking: { telephony: { status: 'T' } },
})

function onQueue(): World {
  const world = new World(RULES)
  for (const side of ['crm', 'telephony'] as const) world.platform[side] = id('Q')
  const reading = { status: id('Q'), stamp: { at: world.now }, work: [] }
  world.decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
  world.act({ kind: 'work', side: 'crm', item: '1', channel: 'chat', state: 'accepted' })
  world.deliver('crm', 0, false)
  return world
}

test('a block that lands just after the agent chose lunch is taken back, and lunch stays after the work', () => {
  const world = onQueue()
  world.act({ kind: 'set', side: 'telephony', status: 'L' })
  world.act({ kind: 'apply', side: 'telephony' }) // sent before the bridge heard of lunch
  world.rest()
  expect(world.platform.telephony).toBe('L')
  world.act({ kind: 'work', side: 'crm', item: '1', channel: 'chat', state: 'closed' })
  world.rest()
  expect(world.platform).toEqual({ crm: 'Q', telephony: 'L' })
})

test('an echo that comes after a later choice confirms the write and changes nothing', () => {
  const world = onQueue()
  world.act({ kind: 'apply', side: 'telephony' })
  world.act({ kind: 'set', side: 'telephony', status: 'L' })
  world.deliver('telephony', 1, false) // lunch first, the block's echo after it
  world.rest()
  expect(world.platform.telephony).toBe('L')
  expect(world.state.telephony.base).toBe('L')
})

test('a report from before the block is not its echo', () => {
  const world = onQueue()
  world.act({ kind: 'apply', side: 'telephony' })
  world.rest()
  const echo = world.delivered.at(-1)
  world.act({ kind: 'work', side: 'crm', item: '1', channel: 'chat', state: 'closed' })
  world.rest()
  world.act({ kind: 'work', side: 'crm', item: '2', channel: 'chat', state: 'accepted' })
  world.deliver('crm', 0, false)
  world.act({ kind: 'wait', ms: 10 })
  const writes = world.writes
  if (echo !== undefined) world.decide({ kind: 'report', side: 'telephony', report: echo.report, begunAt: null })
  world.rest()
  expect(world.platform.telephony).toBe('T')
  expect(world.writes).toBe(writes + 1)
})
