// The bridge is killed and started again: nobody's status changes by that, and nothing that happened meanwhile is lost.

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'

const MAPPING = SCENARIO_B.replace('mapped:\n', 'mapped:\n  - { crm: Lunch, telephony: Meal }\n')
let floor: Floor

beforeEach(async () => {
  floor = await openFloor({ mapping: MAPPING, agents: 4 })
  for (const agent of floor.agents) {
    agent.inCrm('On_Queue')
    agent.inTelephony('On Queue')
  }
})
afterEach(async () => await floor?.close())

function allShow(): readonly string[] {
  return floor.agents.map((agent) => {
    const { crm, telephony } = agent.shows()
    return `${crm} / ${telephony}`
  })
}

async function killed(bridge: BridgeProcess): Promise<void> {
  bridge.signal('SIGKILL')
  await bridge.ended
}

test('a kill in the middle of blocks changes nothing, and the work that ends afterwards releases them', async () => {
  const first = await floor.start()
  const [ada, ben, chloe, dan] = [0, 1, 2, 3].map((index) => floor.agent(index))
  const chat = ada?.offerChat() ?? ''
  ada?.accept(chat)
  const call = ben?.ring() ?? ''
  floor.centre.genesys.model.answer(call)
  chloe?.inTelephony('Meal')
  const before = ['On_Queue / Available', 'Transition / On Queue', 'Lunch / Meal', 'On_Queue / On Queue']
  await eventually(() => expect(allShow()).toEqual(before))
  await killed(first)
  const written = floor.writes()

  const second = await floor.start()
  // When this has come through, everything that the start itself decided has been done.
  dan?.inTelephony('Meal')
  await second.decides({ agent: dan?.name ?? '', side: 'crm', reason: 'mapped', outcome: 'confirmed' })
  expect(allShow()).toEqual([...before.slice(0, 3), 'Lunch / Meal'])
  expect(floor.writes()).toEqual({ crm: written.crm + 1, telephony: written.telephony })
  const decided = second.decisions().filter(({ writes }) => writes.length > 0)
  expect(decided.map(({ agent }) => agent)).toEqual([dan?.name])
  expect((await floor.ops.agents()).map((one) => one.blocked)).toEqual([['telephony'], ['crm'], [], []])

  ada?.closeChat(chat)
  floor.centre.genesys.model.hangUp(call)
  await eventually(() =>
    expect(allShow()).toEqual(['On_Queue / On Queue', 'On_Queue / On Queue', 'Lunch / Meal', 'Lunch / Meal']),
  )
})

test('what happened while the bridge was dead is followed after the start', async () => {
  const first = await floor.start()
  const [ada, ben, chloe, dan] = [0, 1, 2, 3].map((index) => floor.agent(index))
  const chat = ada?.offerChat() ?? ''
  const call = ben?.ring() ?? ''
  await eventually(() =>
    expect(allShow()).toEqual([
      'On_Queue / Available',
      'Transition / On Queue',
      'On_Queue / On Queue',
      'On_Queue / On Queue',
    ]),
  )
  await killed(first)

  ada?.accept(chat)
  ada?.closeChat(chat)
  floor.centre.genesys.model.hangUp(call)
  chloe?.inTelephony('Meal')
  dan?.inCrm('Lunch')
  const second = await floor.start()
  await eventually(() =>
    expect(allShow()).toEqual(['On_Queue / On Queue', 'On_Queue / On Queue', 'Lunch / Meal', 'Lunch / Meal']),
  )
  const released = [
    await second.decides({ agent: ada?.name ?? '', side: 'telephony', reason: 'released', outcome: 'confirmed' }),
    await second.decides({ agent: ben?.name ?? '', side: 'crm', reason: 'released', outcome: 'confirmed' }),
  ]
  expect(released.map(({ decisions }) => decisions[0])).toMatchObject([
    { from: 'Available', to: 'On Queue' },
    { from: 'Transition', to: 'On Queue' },
  ])
  await second.decides({ agent: chloe?.name ?? '', side: 'crm', reason: 'mapped', outcome: 'confirmed' })
  await second.decides({ agent: dan?.name ?? '', side: 'telephony', reason: 'mapped', outcome: 'confirmed' })
})
