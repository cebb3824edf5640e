// How the process ends when it is told to.

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openJournalReader } from '../../src/journal/sqlite-journal.ts'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { FINER } from './mappings.ts'

const END_MS = 5_000
let floor: Floor
let bridge: BridgeProcess

beforeEach(async () => {
  floor = await openFloor({ mapping: FINER, agents: 2, consolesClosed: true })
  for (const agent of floor.agents) {
    agent.inCrm('On_Queue')
    agent.inTelephony('On Queue')
  }
  bridge = await floor.start()
})
afterEach(async () => await floor?.close())

async function endMs(): Promise<number> {
  const began = performance.now()
  await bridge.ended
  return performance.now() - began
}

test('SIGTERM ends it with 0 within 5 s, and the journal has every decision that was printed', async () => {
  const [ada, ben] = [floor.agent(0), floor.agent(1)]
  ada.inCrm('Lunch')
  await bridge.decides({ agent: ada.name, side: 'telephony', reason: 'mapped', outcome: 'confirmed' })
  ben.inTelephony('Meal') // waits: no console is open
  await eventually(async () => expect((await floor.ops.agent(ben.name)).crm.pending).toBe('Lunch'))
  bridge.signal('SIGTERM')
  expect(await endMs()).toBeLessThan(END_MS)
  expect(await bridge.ended).toEqual({ code: 0, signal: null })

  const reader = openJournalReader({ path: floor.journal })
  const kept = reader.query({ limit: 1_000 }).map(({ record }) => record)
  reader.close()
  const printed = bridge.decisions()
  expect(printed.length).toBeGreaterThan(4)
  const byTime = (records: typeof kept) => records.map((record) => JSON.stringify(record)).sort()
  expect(byTime(kept)).toEqual(byTime([...printed]))
  const waiting = printed.find(({ agent, decisions }) => agent === ben.name && decisions[0]?.reason === 'mapped')
  expect(waiting?.writes).toMatchObject([{ side: 'crm', status: 'Lunch', outcome: 'waiting' }])
})

test('SIGTERM while a platform does not answer ends it within 5 s all the same', async () => {
  floor.centre.genesys.server.faults.hang(true)
  floor.agent(0).inCrm('Lunch')
  await eventually(() => expect(floor.writes().telephony).toBe(1))
  bridge.signal('SIGTERM')
  expect(await endMs()).toBeLessThan(END_MS)
  expect(await bridge.ended).toEqual({ code: 0, signal: null })
})

test('a second signal ends it at once', async () => {
  floor.centre.genesys.server.faults.hang(true)
  floor.agent(0).inCrm('Lunch')
  await eventually(() => expect(floor.writes().telephony).toBe(1))
  bridge.signal('SIGTERM')
  await bridge.says('stopping')
  bridge.signal('SIGTERM')
  expect(await endMs()).toBeLessThan(1_000)
  expect(await bridge.ended).toEqual({ code: 130, signal: null })
})
