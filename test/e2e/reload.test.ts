// The mapping file is changed while people work: a good one is taken for everybody at once, a bad one harms nobody.

import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'

const MAPPING = SCENARIO_B.replace('mapped:\n', 'mapped:\n  - { crm: Lunch, telephony: Meal }\n')
/** Says the same; only the text differs. */
const SAME = `# looked through in November\n${MAPPING}`
const OTHER = MAPPING.replace('{ crm: Lunch,', '{ crm: Away,')
const BAD = MAPPING.replace('{ crm: Lunch,', '{ crm: Lunhc,')
/** A file is looked at every two seconds, and must look the same twice. */
const NOTICED_MS = 12_000

let floor: Floor
let bridge: BridgeProcess
beforeEach(async () => {
  floor = await openFloor({
    mapping: MAPPING,
    agents: 6,
    // Each reload reads the platforms' statuses; nobody has a dozen of them in a minute.
    settings: { rate_limits: { crm: '600/min' } },
  })
  for (const agent of floor.agents) {
    agent.inCrm('On_Queue')
    agent.inTelephony('On Queue')
  }
  bridge = await floor.start()
})
afterEach(async () => await floor?.close())

async function mappingInForce(): Promise<{ mapping: string; refused: { error: string } | null }> {
  return JSON.parse(await floor.ops.text('/api/status'))
}

test('a file that is edited is taken without being asked, a bad one is refused and said in the log, on the page and in the metrics', async () => {
  const { mapping } = await mappingInForce()
  floor.write('mappings.yaml', BAD)
  expect(await bridge.says('reload_refused', NOTICED_MS)).toMatchObject({ why: expect.stringContaining('Lunhc') })
  expect((await mappingInForce()).mapping).toBe(mapping)
  expect((await mappingInForce()).refused?.error).toContain('Lunhc')
  const { last } = JSON.parse(await floor.ops.text('/api/mapping'))
  expect(last).toMatchObject({
    error: expect.stringContaining('Lunhc'),
    findings: expect.arrayContaining([expect.objectContaining({ severity: 'error', code: 'unknown-status', line: 4 })]),
  })
  expect(await floor.ops.text('/metrics')).toContain('presence_bridge_mapping_current 0')
  floor.agent(0).inTelephony('Meal')
  await eventually(() => expect(floor.agent(0).shows().crm).toBe('Lunch'))

  floor.write('mappings.yaml', OTHER)
  await bridge.says('reloaded', NOTICED_MS)
  const now = await mappingInForce()
  expect(now.mapping).not.toBe(mapping)
  expect(now.refused).toBeNull()
  expect(await floor.ops.text('/metrics')).toContain('presence_bridge_mapping_current 1')
  floor.agent(1).inTelephony('Meal')
  await eventually(() => expect(floor.agent(1).shows().crm).toBe('Away'))
  const { mapping: ofDecision } = await bridge.decides({ side: 'crm', reason: 'mapped', agent: floor.agent(1).name })
  expect(ofDecision).toBe(now.mapping)
}, 40_000)

test('behind a link that is turned, as a ConfigMap is', async () => {
  for (const [version, text] of [
    ['..v1', MAPPING],
    ['..v2', OTHER],
  ] as const) {
    mkdirSync(join(floor.folder, version))
    writeFileSync(join(floor.folder, version, 'mappings.yaml'), text)
  }
  symlinkSync('..v1', join(floor.folder, '..data'))
  symlinkSync('..data/mappings.yaml', join(floor.folder, 'link'))
  renameSync(join(floor.folder, 'link'), floor.mappingFile)
  symlinkSync('..v2', join(floor.folder, '..data_tmp'))
  renameSync(join(floor.folder, '..data_tmp'), join(floor.folder, '..data'))
  await bridge.says('reloaded', NOTICED_MS)
  floor.agent(0).inTelephony('Meal')
  await eventually(() => expect(floor.agent(0).shows().crm).toBe('Away'))
}, 40_000)

test('reloads in the middle of work lose no event and write nothing that nobody asked for', async () => {
  // Everybody goes to lunch and back, again and again, while the file is replaced by one that says the same, and by bad ones.
  const rounds = 12
  for (let round = 0; round < rounds; round += 1) {
    floor.write('mappings.yaml', round % 3 === 2 ? BAD : round % 2 === 0 ? SAME : MAPPING)
    const reload = floor.ops.order('reload', { by: 'olivia', reason: 'a trial' })
    const [crm, telephony] = round % 2 === 0 ? (['Lunch', 'Meal'] as const) : (['On_Queue', 'On Queue'] as const)
    for (const [index, agent] of floor.agents.entries()) {
      if (index % 2 === 0) agent.inTelephony(telephony)
      else agent.inCrm(crm)
    }
    expect((await reload).status).toBe(round % 3 === 2 ? 409 : 200)
    await eventually(() => {
      for (const agent of floor.agents) expect(agent.shows()).toEqual({ crm, telephony })
    })
  }
  // One write for each change: half of the people changed in telephony, half in the CRM.
  const half = (floor.agents.length / 2) * rounds
  expect(floor.writes()).toEqual({ crm: half, telephony: half })
  const reasons = new Set(bridge.decisions().flatMap(({ decisions }) => decisions.map(({ reason }) => reason)))
  expect([...reasons].sort()).toEqual(['adopted', 'echo', 'mapped', 'reloaded', 'repeat'])
}, 60_000)
