// What agents complain of, brought about end to end: for each one command names the cause, and the support guide shows what it says.
// UPDATE_GUIDE=1 puts what the commands say now into the guide.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BridgeProcess } from '../bridge-process.ts'
import { command } from '../command.ts'
import { eventually, type Floor, openFloor } from '../harness.ts'
import { COMPLAINTS, type Complaint, OUTAGE } from './complaints.ts'
import { idsInGuide, inGuide, type Shown, withoutWhatVaries, writeGuide } from './guide.ts'
import { COMPLAINTS_FLOOR } from './mapping.ts'

const ALL = [...COMPLAINTS, OUTAGE]
const UPDATES = process.env.UPDATE_GUIDE === '1'
const shown: Shown[] = []
let floor: Floor
let bridge: BridgeProcess

beforeAll(async () => {
  floor = await openFloor(COMPLAINTS_FLOOR)
  for (const agent of floor.agents) {
    agent.inCrm('On_Queue')
    agent.inTelephony('On Queue')
  }
  bridge = await floor.start()
  await eventually(async () => expect((await floor.ops.agents()).map(({ crm }) => crm.status)).not.toContain('Offline'))
  await Promise.all(COMPLAINTS.map(happen))
  await happen(OUTAGE)
}, 60_000)
afterAll(async () => {
  if (UPDATES) writeGuide(shown)
  await floor?.close()
})

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
    const said = `\`\`\`console $ presence-bridge ${asked.join(' ')} ${stdout} \`\`\``
    expect(flat(withoutWhatVaries(said))).toBe(flat(withoutWhatVaries(inGuide(id))))
  })
})

test('the guide has a place for each complaint and for nothing else', () => {
  expect(idsInGuide()).toEqual(ALL.map(({ id }) => id))
})

/** Where lines break follows from what varies. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
