// The command by which people accept, decline or close an agent's work on a running bridge.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'
import { settingsOf } from './settings-file.ts'

let floor: Floor
beforeAll(async () => {
  floor = await openFloor({ mapping: SCENARIO_B, agents: 2 })
  for (const agent of floor.agents) {
    agent.inCrm('On_Queue')
    agent.inTelephony('On Queue')
  }
  await floor.start()
})
afterAll(async () => await floor?.close())

async function command(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { environment } = settingsOf(floor)
  const running = startProcess([...words, '--settings', floor.settingsFile], environment)
  const { code } = await running.ended
  return { code, ...running.printed() }
}

test('an offered chat is accepted and closed in the agent’s name, and the record says who asked and what became of it', async () => {
  const agent = floor.agent(0)
  const chat = agent.offerChat()
  await eventually(async () =>
    expect((await floor.ops.agent(agent.name)).crm.work).toEqual([{ item: chat, channel: 'chat', state: 'offered' }]),
  )
  expect(await command('work', agent.name, chat, 'accept', '--reason', 'a trial')).toEqual({
    code: 0,
    stdout: `Accepted: ${chat}.`,
    stderr: '',
  })
  await eventually(async () =>
    expect((await floor.ops.agent(agent.name)).crm.work).toEqual([{ item: chat, channel: 'chat', state: 'accepted' }]),
  )
  expect((await command('work', agent.name, chat, 'close')).code).toBe(0)
  await eventually(async () => expect((await floor.ops.agent(agent.name)).crm.work).toEqual([]))
  const said = (await floor.ops.log(`agent=${agent.name}`)).filter(({ event }) => event.kind === 'admin')
  expect(said.map(({ event }) => event.item)).toEqual([chat, chat, chat, chat])
  expect(said[0]?.sentence).toMatch(/accept asked for chat \S+ in the CRM by .+ \(a trial\)/)
  expect(said[1]?.sentence).toContain('done')
})

test('what cannot be done is said in a sentence', async () => {
  const agent = floor.agent(1)
  const chat = agent.offerChat()
  await eventually(async () => expect((await floor.ops.agent(agent.name)).crm.work).toHaveLength(1))
  expect(await command('work', agent.name, chat, 'close')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('refused: work that is Assigned'),
  })
  expect(await command('work', agent.name, 'nothing', 'close')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`open is chat ${chat}`),
  })
  expect(await command('work', 'nobody@acme.example', chat, 'close')).toMatchObject({ code: 1 })
  expect((await command('work', agent.name, chat, 'juggle')).code).toBe(2)
  expect(await floor.ops.order('work', { agent: agent.name, work: chat, action: 'accept' }, 'wrong')).toMatchObject({
    status: 401,
  })
  expect(await floor.ops.order('work', { agent: agent.name, work: chat })).toMatchObject({ status: 400 })
  await command('pause', '--agent', agent.name)
  expect(await command('work', agent.name, chat, 'accept')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('paused'),
  })
  await command('resume', '--agent', agent.name)
})
