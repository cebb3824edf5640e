// diff --live asks both platforms how many people the new rules touch now.

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { command } from './command.ts'
import { type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'

const NEW = SCENARIO_B.replace('mapped:\n', 'mapped:\n  - { crm: Lunch, telephony: Meal }\n')
let floor: Floor
beforeAll(async () => {
  floor = await openFloor({ mapping: SCENARIO_B, agents: 3, consolesClosed: true })
  for (const agent of floor.agents.slice(0, 2)) {
    agent.inCrm('On_Queue')
    agent.inTelephony('On Queue')
  }
  floor.write('new.yaml', NEW)
  await floor.start() // writes the settings file
})
afterAll(async () => await floor?.close())

test('who is logged in on both sides may go to lunch; who is not is not touched', async () => {
  const files = [floor.mappingFile, join(floor.folder, 'new.yaml')]
  const { code, stdout } = await command(floor, 'diff', ...files, '--live')
  expect(code).toBe(1)
  const names = floor.agents.slice(0, 2).map(({ name }) => name)
  expect(stdout).toContain(`Now it touches 2 of 3 agents: ${names.join(', ')}.`)
})
