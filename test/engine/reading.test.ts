// R20: what a reading says is newer than all that was said before it began, also where it only confirms or contradicts it.

import { expect, test } from '@jest/globals'
import type { Report } from '../../src/domain/report.ts'
import { dated } from '../../src/engine/reading.ts'
import { id, ruleset } from '../support/rules.ts'
import { World } from './world.ts'

const rules = ruleset({ available: { crm: ['Q'], telephony: ['Q'] }, rows: [{ crm: ['Q'], telephony: ['Q'] }] })

function status(name: string, at: number): Report {
  return { kind: 'status', status: id(name), stamp: { at }, by: 'agent' }
}

function work(state: 'offered' | 'closed', at: number): Report {
  return { kind: 'work', item: '1', channel: 'call', state, stamp: { at } }
}

function hear(world: World, report: Report): void {
  world.now += 1
  world.decide({ kind: 'report', side: 'crm', report, begunAt: null })
}

test('a status that was left and taken again unheard keeps what was said between them late', () => {
  const world = new World(rules)
  hear(world, status('Q', 10))
  world.state = dated(world.state, 'crm', { status: id('Q'), stamp: { at: 30 }, work: [] }, world.now)
  hear(world, status('B', 20))
  expect(world.state.crm.observed).toBe('Q')
  hear(world, status('B', 40))
  expect(world.state.crm.observed).toBe('B')
})

test('so does work that was ended and taken up again unheard', () => {
  const world = new World(rules)
  hear(world, work('offered', 10))
  const open = { item: '1', channel: 'call', state: 'offered', stamp: { at: 30 } } as const
  world.state = dated(world.state, 'crm', { status: id('Offline'), stamp: { at: 0 }, work: [open] }, world.now)
  hear(world, work('closed', 20))
  expect(world.state.crm.work[0]?.state).toBe('offered')
})

test('a reading that says nothing newer changes nothing', () => {
  const world = new World(rules)
  hear(world, status('Q', 10))
  const reading = { status: id('Q'), stamp: { at: 10 }, work: [] }
  expect(dated(world.state, 'crm', reading, world.now)).toBe(world.state)
  expect(dated(world.state, 'crm', { ...reading, status: id('B'), stamp: { at: 30 } }, world.now)).toBe(world.state)
})

test('what a reading contradicts is late when it is said again, though the reading shows something older', () => {
  const world = new World(rules)
  hear(world, status('Q', 10))
  hear(world, status('B', 20)) // which is not so
  world.now += 1
  world.decide({ kind: 'report', side: 'crm', report: status('Q', 10), begunAt: world.now })
  expect(world.state.crm.observed).toBe('Q')
  hear(world, status('B', 20))
  expect(world.state.crm.observed).toBe('Q')
  hear(world, status('B', 22))
  expect(world.state.crm.observed).toBe('B')
})

test('a status that was left and taken again unheard is a new chance for what was refused before', () => {
  const world = new World(rules)
  hear(world, status('Q', 10))
  world.state = {
    ...world.state,
    crm: { ...world.state.crm, stuck: { kind: 'refused', status: id('B'), words: 'not logged in' } },
  }
  const reading = { status: id('Q'), stamp: { at: 10 }, work: [] }
  expect(dated(world.state, 'crm', reading, world.now).crm.stuck?.kind).toBe('refused')
  expect(dated(world.state, 'crm', { ...reading, stamp: { at: 30 } }, world.now).crm.stuck).toBeNull()
})
