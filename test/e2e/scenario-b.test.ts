// Scenario B: agents work in both products, and while they handle work in one the other offers them nothing.

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'
import type { Agent } from './person.ts'

let floor: Floor
let bridge: BridgeProcess
let ada: Agent
/** When the test began, ms since 1970. */
let past = 0

beforeAll(async () => {
  floor = await openFloor({ mapping: SCENARIO_B })
  ada = floor.agent(0)
  bridge = await floor.start()
})
afterAll(async () => await floor?.close())
beforeEach(() => {
  past = Date.now()
})

async function shows(crm: string, telephony: string): Promise<void> {
  await eventually(() => expect(ada.shows()).toEqual({ crm, telephony }))
}

async function blocked(...sides: string[]): Promise<void> {
  await eventually(async () => expect((await floor.ops.agent(ada.name)).blocked).toEqual(sides))
}

/** A chat that Omni-Channel itself routes; the work's id once it was pushed to the agent. */
function chatArrives(): string {
  const { model } = floor.centre.salesforce
  const item = model.work.arrive(model.channel('chat')?.Id ?? '')
  return model.work.openOf(ada.crm).find((row) => row.WorkItemId === item)?.Id ?? ''
}

test('someone who logs in to telephony goes on queue there, because the CRM is', async () => {
  ada.inCrm('On_Queue')
  await shows('On_Queue', 'Offline')
  ada.inTelephony('Available')
  await shows('On_Queue', 'On Queue')
  expect(ada.routing()).toBe('IDLE')
  await bridge.decides({ side: 'telephony', reason: 'login', outcome: 'confirmed' })
})

test('a chat takes the agent off the phone queue: a call waits until the chat is closed', async () => {
  const chat = chatArrives()
  await shows('On_Queue', 'Available')
  expect(ada.routing()).toBe('OFF_QUEUE')
  await blocked('telephony')
  const call = floor.centre.genesys.model.arrive('call')
  ada.accept(chat)
  await bridge.decides({ side: 'telephony', reason: 'still_blocked', after: past })
  expect(call.participants.some((one) => one.userId === ada.telephony)).toBe(false)

  ada.closeChat(chat)
  await eventually(() => expect(call.participants.findLast((one) => one.userId)?.state).toBe('alerting'))
  await bridge.decides({ side: 'telephony', reason: 'released', outcome: 'confirmed', after: past })
  // The call that rings now blocks the CRM in its turn.
  await shows('Transition', 'On Queue')
  floor.centre.genesys.model.hangUp(call.id, { by: 'customer' })
  await shows('On_Queue', 'On Queue')
  await blocked()
})

test('a call takes the agent out of the chat queue until the after-call work is done: a chat waits', async () => {
  const { genesys, salesforce } = floor.centre
  const call = genesys.model.arrive('call')
  await shows('Transition', 'On Queue')
  await blocked('crm')
  genesys.model.answer(call.id)
  const chat = chatArrives()
  expect(chat).toBe('')
  genesys.model.hangUp(call.id, { by: 'customer', wrapUp: true })
  await eventually(async () => expect((await floor.ops.agent(ada.name)).telephony.work[0]?.state).toBe('wrap_up'))
  expect(ada.shows()).toEqual({ crm: 'Transition', telephony: 'On Queue' })
  expect(salesforce.model.work.waiting()).toBe(1)

  genesys.model.finishWrapUp(call.id)
  const [pushed] = await eventually(() => {
    const open = salesforce.model.work.openOf(ada.crm)
    expect(open).toHaveLength(1)
    return open
  })
  await bridge.decides({ side: 'crm', reason: 'released', outcome: 'confirmed', after: past })
  await shows('On_Queue', 'Available')
  ada.accept(pushed?.Id ?? '')
  ada.closeChat(pushed?.Id ?? '')
  await shows('On_Queue', 'On Queue')
  await blocked()
})

test('a break taken in the middle of a chat lasts when the chat is closed', async () => {
  const chat = chatArrives()
  await shows('On_Queue', 'Available')
  ada.accept(chat)
  ada.inTelephony('Break')
  await shows('Transition', 'Break')
  await bridge.decides({ side: 'crm', reason: 'transition', outcome: 'confirmed', after: past })
  const before = floor.writes()
  ada.closeChat(chat)
  const { writes } = await bridge.decides({ side: 'telephony', reason: 'released', after: past })
  expect(writes).toEqual([])
  await blocked()
  expect(ada.shows()).toEqual({ crm: 'Transition', telephony: 'Break' })
  expect(floor.writes()).toEqual(before)

  ada.inTelephony('On Queue')
  await shows('On_Queue', 'On Queue')
})

test('with a chat and a call at once both sides are blocked, and each block ends with its own work', async () => {
  const chat = chatArrives()
  ada.accept(chat)
  await shows('On_Queue', 'Available')
  await blocked('telephony')
  const call = ada.ring() // from a colleague, past the queue
  floor.centre.genesys.model.answer(call)
  await shows('Transition', 'Available')
  await blocked('crm', 'telephony')

  ada.closeChat(chat)
  await shows('Transition', 'On Queue')
  await blocked('crm')
  floor.centre.genesys.model.hangUp(call)
  await shows('On_Queue', 'On Queue')
  await blocked()
})

test('going on queue during a chat is undone, and the agent is back on queue when the chat is closed', async () => {
  const chat = chatArrives()
  await shows('On_Queue', 'Available')
  ada.inTelephony('On Queue')
  await bridge.decides({ side: 'telephony', reason: 'reasserted', outcome: 'confirmed', after: past })
  await shows('On_Queue', 'Available')
  ada.accept(chat)
  ada.closeChat(chat)
  await shows('On_Queue', 'On Queue')
})
