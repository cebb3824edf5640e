// Who is paused stays paused, also when the bridge is killed: a restart must not begin to write for somebody who was paused on purpose.

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'

const MAPPING = SCENARIO_B.replace('mapped:\n', 'mapped:\n  - { crm: Lunch, telephony: Meal }\n')
const WHO = { by: 'olivia', reason: 'a trial' }
let floor: Floor
let bridge: BridgeProcess

beforeEach(async () => {
  floor = await openFloor({ mapping: MAPPING, agents: 2 })
  for (const agent of floor.agents) {
    agent.inCrm('On_Queue')
    agent.inTelephony('On Queue')
  }
  bridge = await floor.start()
})
afterEach(async () => await floor?.close())

async function paused(): Promise<readonly boolean[]> {
  return (await floor.ops.agents()).map((one) => one.paused)
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a pause survives %s, and resuming writes what differs by then',
  async (how) => {
    const [ada, ben] = [floor.agent(0), floor.agent(1)]
    expect((await floor.ops.order('pause', { agent: ada.name, ...WHO })).status).toBe(200)
    const past = Date.now()
    ada.inTelephony('Meal')
    await bridge.decides({ agent: ada.name, side: 'crm', reason: 'mapped', outcome: 'paused', after: past })
    // What was answered is not lost by a kill that comes later; this one comes when a later decision is known to be kept.
    ben.inTelephony('Meal')
    await bridge.decides({ agent: ben.name, side: 'crm', reason: 'mapped', outcome: 'confirmed' })
    bridge.signal(how)
    await bridge.ended
    floor.closeConsoles()

    bridge = await floor.start()
    expect(await paused()).toEqual([true, false])
    const { sentence } = await floor.ops.agent(ada.name)
    expect(sentence).toContain('paused by olivia (a trial)')
    const before = floor.writes()
    const chat = ada.offerChat()
    ada.accept(chat)
    await bridge.decides({ agent: ada.name, side: 'telephony', reason: 'blocked_quiet' })
    // When this has come through, everything that was decided before has been done.
    ben.inTelephony('On Queue')
    await eventually(() => expect(ben.shows()).toEqual({ crm: 'On_Queue', telephony: 'On Queue' }))
    expect(ada.shows()).toEqual({ crm: 'On_Queue', telephony: 'Meal' })
    expect(floor.writes()).toEqual({ crm: before.crm + 1, telephony: before.telephony })

    expect((await floor.ops.order('resume', { agent: ada.name, ...WHO })).status).toBe(200)
    await eventually(() => expect(ada.shows()).toEqual({ crm: 'Lunch', telephony: 'Meal' }))
    expect(await paused()).toEqual([false, false])
    bridge.signal(how)
    await bridge.ended
    floor.closeConsoles()
    bridge = await floor.start()
    expect(await paused()).toEqual([false, false])
  },
)
