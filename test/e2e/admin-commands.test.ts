// The commands by which people tell a running bridge what to do.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startProcess } from './bridge-process.ts'
import { command, openBusyFloor } from './command.ts'
import { eventually, type Floor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'

let floor: Floor
beforeAll(async () => {
  floor = await openBusyFloor()
})
afterAll(async () => await floor?.close())

test('pausing everybody, resuming one, and the reason stands in the record', async () => {
  expect(await command(floor, 'pause', '--all', '--reason', 'a trial')).toEqual({
    code: 0,
    stdout: 'Paused: 2 agents.',
    stderr: '',
  })
  const { name } = floor.agent(0)
  expect((await command(floor, 'resume', '--agent', name)).stdout).toBe('Resumed: 1 agent.')
  expect((await floor.ops.agents()).map(({ paused }) => paused)).toEqual([false, true])
  expect((await floor.ops.agent(floor.agent(1).name)).sentence).toContain('a trial')
})

test('releasing an agent whose work never ended', async () => {
  const agent = floor.agent(0)
  agent.offerChat()
  await eventually(() => expect(agent.shows().telephony).toBe('Available'))
  expect(await command(floor, 'release', agent.name)).toEqual({ code: 0, stdout: 'Released: 1 agent.', stderr: '' })
  await eventually(() => expect(agent.shows().telephony).toBe('On Queue'))
})

test('reading somebody again finds what no event told, and writes what differs', async () => {
  const agent = floor.agent(0)
  const { faults } = floor.centre.genesys.server
  faults.loseEvents(true)
  agent.inTelephony('Meal')
  faults.loseEvents(false)
  const asked = await command(floor, 'resync', '--agent', agent.name, '--reason', 'shows Meal and is On Queue')
  expect(asked).toEqual({ code: 0, stdout: 'Being read again: 1 agent.', stderr: '' })
  await eventually(() => expect(agent.shows().crm).toBe('Transition'))
})

test('a changed mapping file is taken, a wrong one is refused with why', async () => {
  floor.write('mappings.yaml', `${SCENARIO_B}# by hand\n`)
  expect(await command(floor, 'reload')).toEqual({
    code: 0,
    stdout: 'The mapping file was taken for: 2 agents.',
    stderr: '',
  })
  floor.write('mappings.yaml', 'version: 1\navailable: {}\n')
  const refused = await command(floor, 'reload')
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('has errors: line') })
  expect(await floor.ops.text('/api/status')).toContain('has errors: line')
})

test('what cannot be done is said in a sentence', async () => {
  expect(await command(floor, 'release', 'nobody@acme.example')).toMatchObject({
    code: 1,
    stderr: 'Nobody of that name: nobody@acme.example\n',
  })
  expect(await command(floor, 'pause')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('exactly one of --agent'),
  })
  expect(await command(floor, 'pause', '--all', '--agent', 'x')).toMatchObject({ code: 2 })
  const wrong = startProcess(['pause', '--all', '--settings', `${floor.folder}/missing.yaml`], {})
  expect((await wrong.ended).code).toBe(2)
  expect(wrong.printed().stderr).toContain('missing.yaml cannot be read')
})
