// The command by which people accept, decline or close an agent's work on a running bridge.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { command, openBusyFloor } from './command.ts'
import { eventually, type Floor } from './harness.ts'

let floor: Floor
beforeAll(async () => {
  floor = await openBusyFloor()
})
afterAll(async () => await floor?.close())

test('an offered chat is accepted and closed in the agent’s name, and the record says who asked and what became of it', async () => {
  const agent = floor.agent(0)
  const chat = agent.offerChat()
  await eventually(async () =>
    expect((await floor.ops.agent(agent.name)).crm.work).toEqual([{ item: chat, channel: 'chat', state: 'offered' }]),
  )
  expect(await command(floor, 'work', agent.name, chat, 'accept', '--reason', 'a trial')).toEqual({
    code: 0,
    stdout: `Accepted: ${chat}.`,
    stderr: '',
  })
  await eventually(async () =>
    expect((await floor.ops.agent(agent.name)).crm.work).toEqual([{ item: chat, channel: 'chat', state: 'accepted' }]),
  )
  expect((await command(floor, 'work', agent.name, chat, 'close')).code).toBe(0)
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
  expect(await command(floor, 'work', agent.name, chat, 'close')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('refused: work that is Assigned'),
  })
  expect(await command(floor, 'work', agent.name, 'nothing', 'close')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`open is chat ${chat}`),
  })
  expect(await command(floor, 'work', 'nobody@acme.example', chat, 'close')).toMatchObject({ code: 1 })
  expect((await command(floor, 'work', agent.name, chat, 'juggle')).code).toBe(2)
  expect(await floor.ops.order('work', { agent: agent.name, work: chat, action: 'accept' }, 'wrong')).toMatchObject({
    status: 401,
  })
  expect(await floor.ops.order('work', { agent: agent.name, work: chat })).toMatchObject({ status: 400 })
  await command(floor, 'pause', '--agent', agent.name)
  expect(await command(floor, 'work', agent.name, chat, 'accept')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('paused'),
  })
  await command(floor, 'resume', '--agent', agent.name)
})
