// What operators can tell a running bridge.

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { LogRecord } from '../../src/domain/record.ts'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'
import type { Agent } from './person.ts'

const MAPPING = SCENARIO_B.replace('mapped:\n', 'mapped:\n  - { crm: Lunch, telephony: Meal }\n')
const WHO = { by: 'olivia', reason: 'a trial' }
let floor: Floor
let bridge: BridgeProcess
let ada: Agent
let past = 0

beforeAll(async () => {
  floor = await openFloor({ mapping: MAPPING })
  ada = floor.agent(0)
  ada.inCrm('On_Queue')
  ada.inTelephony('On Queue')
  bridge = await floor.start()
})
afterAll(async () => await floor?.close())
beforeEach(() => {
  past = Date.now()
})

test.each(['pause', 'resume', 'release', 'reload'])('%s needs the token', async (action) => {
  expect((await floor.ops.order(action, { all: true, ...WHO }, null)).status).toBe(401)
  expect((await floor.ops.order(action, { all: true, ...WHO }, 'guessed')).status).toBe(401)
})

test('nobody is kept in step while paused, and resuming writes what differs', async () => {
  expect(await floor.ops.order('pause', { agent: ada.name, ...WHO })).toEqual({
    status: 200,
    body: { ok: true, agents: 1 },
  })
  const before = floor.writes()
  ada.inTelephony('Meal')
  const { writes } = await bridge.decides({ side: 'crm', reason: 'mapped', after: past })
  expect(writes).toMatchObject([{ side: 'crm', status: 'Lunch', outcome: 'paused' }])
  expect((await floor.ops.agent(ada.name)).paused).toBe(true)
  expect(floor.writes()).toEqual(before)
  expect(ada.shows()).toEqual({ crm: 'On_Queue', telephony: 'Meal' })

  expect((await floor.ops.order('resume', { agent: ada.name, ...WHO })).status).toBe(200)
  await eventually(() => expect(ada.shows()).toEqual({ crm: 'Lunch', telephony: 'Meal' }))
  const told = ({ time, sentence }: LogRecord) =>
    Date.parse(time) > past && sentence.includes('olivia') && sentence.includes('a trial')
  await eventually(() => expect(bridge.decisions().filter(told).length).toBeGreaterThan(0))
  ada.inCrm('On_Queue')
  await eventually(() => expect(ada.shows()).toEqual({ crm: 'On_Queue', telephony: 'On Queue' }))
})

test('releasing ends a block although its work is open', async () => {
  const chat = ada.offerChat()
  await eventually(() => expect(ada.shows().telephony).toBe('Available'))
  expect(await floor.ops.order('release', { agent: ada.name, ...WHO })).toMatchObject({ status: 200 })
  await eventually(() => expect(ada.shows().telephony).toBe('On Queue'))
  expect((await floor.ops.agent(ada.name)).blocked).toEqual([])
  ada.accept(chat)
  ada.closeChat(chat)
  await eventually(async () => expect((await floor.ops.agent(ada.name)).crm.work).toEqual([]))
  expect(ada.shows()).toEqual({ crm: 'On_Queue', telephony: 'On Queue' })
})

test('orders about nobody, without a target or without sense are told why not', async () => {
  expect((await floor.ops.order('pause', { agent: 'nobody@sandbox.example' })).status).toBe(404)
  expect((await floor.ops.order('pause', { profile: 'nobody' })).status).toBe(404)
  expect((await floor.ops.order('pause', {})).status).toBe(400)
  expect((await floor.ops.order('pause', { agent: 7 })).status).toBe(400)
})

test('a bad file is not taken at a reload, and the old rules go on', async () => {
  const before = floor.writes()
  floor.write('mappings.yaml', MAPPING.replace('{ crm: Lunch,', '{ crm: Lunhc,'))
  const { status, body } = await floor.ops.order('reload', WHO)
  expect(status).toBe(409)
  expect(JSON.stringify(body)).toContain('Lunhc')
  expect(floor.writes()).toEqual(before)
  ada.inTelephony('Meal')
  await eventually(() => expect(ada.shows().crm).toBe('Lunch'))
  ada.inTelephony('On Queue')
  await eventually(() => expect(ada.shows().crm).toBe('On_Queue'))
})

test('a good file is taken for everybody, writes nothing by itself, and decides from then on', async () => {
  const before = floor.writes()
  floor.write('mappings.yaml', MAPPING.replace('{ crm: Lunch,', '{ crm: Away,'))
  expect(await floor.ops.order('reload', WHO)).toEqual({ status: 200, body: { ok: true, agents: 1 } })
  const told = 'A new mapping took effect, reloaded by olivia (a trial)'
  await eventually(() => expect(bridge.decisions().filter(({ sentence }) => sentence.startsWith(told))).toHaveLength(1))
  expect(floor.writes()).toEqual(before)
  ada.inTelephony('Meal')
  await eventually(() => expect(ada.shows().crm).toBe('Away'))
})

test('SIGHUP reloads as well', async () => {
  floor.write('mappings.yaml', MAPPING.replace('{ crm: Lunch,', '{ crm: Busy,'))
  bridge.signal('SIGHUP')
  await eventually(() => expect(bridge.service().filter(({ code }) => code === 'reloaded')).toHaveLength(2))
  ada.inTelephony('On Queue')
  await eventually(() => expect(ada.shows().crm).toBe('On_Queue'))
  ada.inTelephony('Meal')
  await eventually(() => expect(ada.shows().crm).toBe('Busy'))
})
