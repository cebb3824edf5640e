// Shadow mode: everything is decided and recorded, nothing is written.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'

let floor: Floor
let bridge: BridgeProcess

beforeAll(async () => {
  floor = await openFloor({ mapping: SCENARIO_B, settings: { mode: 'shadow' } })
  floor.agent(0).inCrm('On_Queue')
  floor.agent(0).inTelephony('On Queue')
  bridge = await floor.start()
})
afterAll(async () => await floor?.close())

test('in shadow mode decisions name what would have been written, and neither platform receives a write', async () => {
  const ada = floor.agent(0)
  const chat = ada.offerChat()
  const blocked = await bridge.decides({ side: 'telephony', reason: 'blocked' })
  expect(blocked.writes).toMatchObject([{ side: 'telephony', status: 'Available', outcome: 'shadow' }])
  ada.accept(chat)
  ada.closeChat(chat)
  await bridge.decides({ side: 'telephony', reason: 'released' })
  ada.inTelephony('Meal')
  const left = await bridge.decides({ side: 'crm', reason: 'transition' })
  expect(left.writes).toMatchObject([{ side: 'crm', status: 'Transition', outcome: 'shadow' }])

  expect(ada.shows()).toEqual({ crm: 'On_Queue', telephony: 'Meal' })
  expect(floor.writes()).toEqual({ crm: 0, telephony: 0 })
  const { sentence } = await floor.ops.agent(ada.name)
  expect(sentence).toContain('Nothing is written: shadow mode')
})
