// An agent without an open console: the CRM cannot be written, so the write waits for one.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { FINER } from './mappings.ts'

let floor: Floor
let bridge: BridgeProcess

beforeAll(async () => {
  floor = await openFloor({ mapping: FINER, consolesClosed: true })
  floor.agent(0).inCrm('On_Queue')
  floor.agent(0).inTelephony('On Queue')
  bridge = await floor.start()
})
afterAll(async () => await floor?.close())

test('who logs out and in again while a write waits for the console stays logged in', async () => {
  const ada = floor.agent(0)
  ada.inTelephony('Meal')
  await eventually(async () =>
    expect((await floor.ops.agent(ada.name)).writes).toMatchObject([{ status: 'Lunch', state: 'unreachable' }]),
  )
  const seen = async (status: string) =>
    await eventually(async () => expect((await floor.ops.agent(ada.name)).crm.status).toBe(status))
  ada.inCrm('Offline')
  await seen('Offline')
  expect((await floor.ops.agent(ada.name)).writes).toEqual([])
  // The very status that was never written: a choice all the same.
  ada.inCrm('Lunch')
  await seen('Lunch')
  expect((await floor.ops.agent(ada.name)).crm).toMatchObject({ base: 'Lunch', target: 'Lunch', pending: null })
  expect(ada.shows()).toEqual({ crm: 'Lunch', telephony: 'Meal' })
  ada.inTelephony('On Queue')
  ada.inCrm('On_Queue')
  await seen('On Queue')
})

test('a write to a closed console waits, says why, and is carried out when the console opens', async () => {
  const ada = floor.agent(0)
  ada.inTelephony('Break')
  await eventually(async () => expect((await floor.ops.agent(ada.name)).crm.pending).toBe('Break'))
  // Only the newest target is kept.
  ada.inTelephony('Meal')
  const detail = await eventually(async () => {
    const found = await floor.ops.agent(ada.name)
    expect(found.writes).toMatchObject([{ side: 'crm', status: 'Lunch', state: 'unreachable' }])
    return found
  })
  expect(detail.writes[0]?.words).toContain('no Salesforce console of this agent is connected')
  expect(detail.crm).toMatchObject({ status: 'On Queue', target: 'Lunch', pending: 'Lunch' })
  expect(detail.sentence).toContain('A change of the CRM is under way')
  const [waiting] = await floor.ops.log('reason=mapped&limit=1')
  expect(waiting?.writes).toMatchObject([{ side: 'crm', status: 'Lunch', outcome: 'waiting' }])
  expect(ada.shows().crm).toBe('On_Queue')

  await floor.openConsoles()
  await eventually(() => expect(ada.shows()).toEqual({ crm: 'Lunch', telephony: 'Meal' }))
  expect(floor.writes().crm).toBe(1)
  await eventually(async () => {
    const [done] = await floor.ops.log('reason=mapped&limit=1')
    // Why it took so long stays in the record.
    const waited = expect.stringContaining('no Salesforce console of this agent is connected')
    expect(done?.writes).toMatchObject([{ side: 'crm', status: 'Lunch', outcome: 'confirmed', waited }])
  })
  await bridge.decides({ side: 'crm', reason: 'mapped', outcome: 'superseded' })
  expect((await floor.ops.agent(ada.name)).writes).toEqual([])
})
