// What agents complain of, brought about end to end: for each one command names the cause, and the support guide shows what it says.
// UPDATE_GUIDE=1 puts what the commands say now into the guide.

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BridgeProcess } from '../bridge-process.ts'
import { command } from '../command.ts'
import { eventually, type Floor, openFloor } from '../harness.ts'
import type { Agent } from '../person.ts'
import { COMPLAINTS, type Complaint, MISSED_CALL, OUTAGE } from './complaints.ts'
import { alikeness, idsInGuide, inGuide, type Shown, writeGuide } from './guide.ts'
import { A_MOMENT_MS, COMPLAINTS_FLOOR } from './mapping.ts'

const ALL = [...COMPLAINTS, MISSED_CALL, OUTAGE]
/** A slow machine makes a moment longer and tells it by itself; other words or another cause would be far less alike. */
const ALIKE = 0.6
const UPDATES = process.env.UPDATE_GUIDE === '1'
const shown: Shown[] = []
let floor: Floor
let bridge: BridgeProcess

beforeAll(async () => {
  floor = await openFloor(COMPLAINTS_FLOOR)
  bridge = await floor.start()
  await onQueue([floor.agent(MISSED_CALL.agent)])
  await happen(MISSED_CALL)
  await onQueue(COMPLAINTS.map(({ agent }) => floor.agent(agent)))
  await Promise.all(COMPLAINTS.map(happen))
  await happen(OUTAGE)
}, 60_000)
afterAll(async () => {
  if (UPDATES) writeGuide(shown)
  await floor?.close()
})

/** They log in on one side and then on the other, as people do. */
async function onQueue(agents: readonly Agent[]): Promise<void> {
  for (const agent of agents) agent.inTelephony('On Queue')
  await pause(A_MOMENT_MS)
  for (const agent of agents) agent.inCrm('On_Queue')
  const names = agents.map(({ name }) => name)
  await eventually(async () => {
    const shown = (await floor.ops.agents()).filter(({ agent }) => names.includes(agent))
    expect(shown.flatMap(({ crm, telephony }) => [crm.status, telephony.status])).toEqual(
      shown.flatMap(() => ['On Queue', 'On Queue']),
    )
  })
  await pause(A_MOMENT_MS)
}

async function happen({ agent, happen: bringAbout }: Complaint): Promise<void> {
  await bringAbout({ floor, bridge, agent: floor.agent(agent), index: agent })
}

describe('one command names the cause', () => {
  test.each(ALL)('$id', async ({ id, agent, command: words, cause }) => {
    const asked = words(floor.agent(agent).name)
    const { code, stdout, stderr } = await command(floor, ...asked)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(cause)
    shown.push({ id, command: asked, output: stdout })
    if (UPDATES) return
    const guide = inGuide(id)
    expect(guide).toContain(`$ presence-bridge ${asked.join(' ')}\n`)
    expect(guide).toMatch(cause)
    expect(alikeness(stdout, guide)).toBeGreaterThan(ALIKE)
  })
})

test('the guide has a place for each complaint and for nothing else', () => {
  expect(idsInGuide()).toEqual(ALL.map(({ id }) => id))
})
