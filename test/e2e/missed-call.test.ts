// A missed call: telephony itself puts the agent out of reach, the CRM shows it, and the agent comes back from there.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { FINER } from './mappings.ts'

let floor: Floor
let bridge: BridgeProcess

beforeAll(async () => {
  floor = await openFloor({ mapping: FINER })
  bridge = await floor.start()
})
afterAll(async () => await floor?.close())

test('a missed call shows in the CRM, and coming back there makes telephony ring again', async () => {
  const ada = floor.agent(0)
  const { model } = floor.centre.genesys
  ada.inCrm('On_Queue')
  ada.inTelephony('Available')
  await eventually(() => expect([ada.shows().telephony, ada.routing()]).toEqual(['On Queue', 'IDLE']))

  const call = model.arrive('call')
  model.miss(call.id)
  expect(ada.routing()).toBe('NOT_RESPONDING')
  await eventually(() => expect(ada.shows().crm).toBe('Missed_Call'))
  const { event, writes } = await bridge.decides({ side: 'crm', reason: 'mapped', outcome: 'confirmed' })
  expect([event.to, event.by, writes[0]?.status]).toEqual(['Not Responding', 'system', 'Missed Call'])
  expect(ada.routing()).toBe('NOT_RESPONDING')

  const past = Date.now()
  ada.inCrm('On_Queue')
  await eventually(() => expect(call.participants.findLast((one) => one.userId)?.state).toBe('alerting'))
  expect(ada.shows().telephony).toBe('On Queue')
  await bridge.decides({ side: 'telephony', reason: 'mapped', outcome: 'confirmed', after: past })
  model.hangUp(call.id, { by: 'customer' })
  await eventually(() => expect(ada.routing()).toBe('IDLE'))
  expect(ada.shows()).toEqual({ crm: 'On_Queue', telephony: 'On Queue' })
})
