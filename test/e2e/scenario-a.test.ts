// Scenario A: agents work in one product at a time, and are never available in both.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { SCENARIO_A, STATUSES_A } from './mappings.ts'

let floor: Floor
let bridge: BridgeProcess

beforeAll(async () => {
  floor = await openFloor({ mapping: SCENARIO_A, statuses: STATUSES_A })
  bridge = await floor.start()
})
afterAll(async () => await floor?.close())

/** The statuses, once both platforms show them and nothing is under way. */
async function comesToRestAt(wanted: { crm: string; telephony: string }): Promise<void> {
  const ada = floor.agent(0)
  await eventually(() => expect(ada.shows()).toEqual(wanted))
  await eventually(async () => {
    const { crm, telephony } = await floor.ops.agent(ada.name)
    expect([crm, telephony].map(({ status, target, pending }) => [status === target, pending])).toEqual([
      [true, null],
      [true, null],
    ])
  })
  const shown = ada.shows()
  expect(shown).toEqual(wanted)
  expect(shown.crm === 'Online' && shown.telephony === 'On Queue').toBe(false)
}

test('an agent who goes on queue becomes busy in the CRM, and is never at rest available in both', async () => {
  const ada = floor.agent(0)
  ada.inCrm('Online')
  await comesToRestAt({ crm: 'Online', telephony: 'Offline' })
  ada.inTelephony('Available')
  await comesToRestAt({ crm: 'Online', telephony: 'Available' })

  ada.inTelephony('On Queue')
  await comesToRestAt({ crm: 'Busy', telephony: 'On Queue' })
  await bridge.decides({ agent: ada.name, side: 'crm', reason: 'mapped', outcome: 'confirmed' })

  ada.inTelephony('Break')
  await comesToRestAt({ crm: 'Transition', telephony: 'Break' })
  await bridge.decides({ agent: ada.name, side: 'crm', reason: 'transition', outcome: 'confirmed' })

  ada.inCrm('Busy')
  await comesToRestAt({ crm: 'Busy', telephony: 'On Queue' })
  const before = Date.now()
  ada.inCrm('Online')
  await comesToRestAt({ crm: 'Online', telephony: 'Available' })
  await bridge.decides({
    agent: ada.name,
    side: 'telephony',
    reason: 'transition',
    outcome: 'confirmed',
    after: before,
  })

  expect(floor.writes()).toEqual({ crm: 2, telephony: 2 })
})
