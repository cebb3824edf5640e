// The way out of service: blocks are given back before the real process ends, or stay where only a restart was meant.

import { afterEach, expect, test } from '@jest/globals'
import { openJournalReader } from '../../src/journal/sqlite-journal.ts'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'
import type { Agent } from './person.ts'

let floor: Floor
let bridge: BridgeProcess
let ada: Agent

afterEach(async () => await floor?.close())

/** Ada is on queue on both sides and takes a call: the CRM is blocked. */
async function blockedBy(stop: object): Promise<void> {
  floor = await openFloor({ mapping: SCENARIO_B, settings: { stop } })
  ada = floor.agent(0)
  ada.inCrm('On_Queue')
  ada.inTelephony('On Queue')
  bridge = await floor.start()
  floor.centre.genesys.model.answer(ada.ring())
  await eventually(() => expect(ada.shows()).toEqual({ crm: 'Transition', telephony: 'On Queue' }))
  await bridge.decides({ side: 'crm', reason: 'blocked', outcome: 'confirmed' })
}

async function terminated(): Promise<number> {
  const began = performance.now()
  bridge.signal('SIGTERM')
  expect(await bridge.ended).toEqual({ code: 0, signal: null })
  return performance.now() - began
}

test('taken out of service, the bridge gives every block back, and the journal says so', async () => {
  await blockedBy({ within: '10s', release_blocks: true })
  expect(await terminated()).toBeLessThan(10_000)
  expect(ada.shows()).toEqual({ crm: 'On_Queue', telephony: 'On Queue' })
  expect(await bridge.says('blocks_given_back')).toMatchObject({ agents: 1, waiting: 0 })

  const reader = openJournalReader({ path: floor.journal })
  const released = reader.query({ reason: 'released', limit: 10 })
  reader.close()
  expect(released.map(({ record }) => record)).toMatchObject([
    {
      agent: ada.name,
      event: { kind: 'admin', what: 'released because the bridge is taken out of service' },
      writes: [{ side: 'crm', status: 'On Queue', outcome: 'confirmed' }],
    },
  ])
})

test('a restart gives nothing back: the block stands, and the next start writes nothing', async () => {
  await blockedBy({ within: '10s' })
  await terminated()
  expect(ada.shows()).toEqual({ crm: 'Transition', telephony: 'On Queue' })
  const before = floor.writes()
  bridge = await floor.start()
  expect((await floor.ops.agent(ada.name)).blocked).toEqual(['crm'])
  expect(floor.writes().telephony).toBe(before.telephony)
  expect(ada.shows()).toEqual({ crm: 'Transition', telephony: 'On Queue' })
})

test('work that arrives while blocks are given back makes no new one', async () => {
  await blockedBy({ within: '7s', release_blocks: true })
  floor.closeConsoles() // nobody there who could carry out the release: there is time for news
  await eventually(async () =>
    expect(await floor.ops.text('/metrics')).toContain('presence_bridge_consoles_connected{side="crm"} 0\n'),
  )
  bridge.signal('SIGTERM')
  await bridge.decides({ side: 'crm', reason: 'released' }, 9_000)
  ada.offerChat()
  expect(await bridge.ended).toEqual({ code: 0, signal: null })
  expect(await bridge.says('blocks_given_back')).toMatchObject({ agents: 1, waiting: 1 })
  expect(ada.shows().telephony).toBe('On Queue')
  expect(
    bridge.decisions().some(({ decisions }) => decisions.some((d) => d.side === 'telephony' && d.reason === 'blocked')),
  ).toBe(false)
})

test('while it is on its way down it is not ready', async () => {
  await blockedBy({ within: '7s', release_blocks: true })
  floor.closeConsoles()
  await eventually(async () =>
    expect(await floor.ops.text('/metrics')).toContain('presence_bridge_consoles_connected{side="crm"} 0\n'),
  )
  bridge.signal('SIGTERM')
  await eventually(async () => {
    const answer = await floor.ops.readyz()
    expect(answer).toMatchObject({ status: 503, ready: false })
    expect(answer?.checks).toContainEqual({ name: 'stopping', ok: false, why: 'the bridge was told to stop' })
  })
  expect(await bridge.ended).toEqual({ code: 0, signal: null })
})
