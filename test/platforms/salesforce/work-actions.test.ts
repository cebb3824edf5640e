// Accepting, declining and closing work in an agent's name, through their console.

import { describe, expect, test } from '@jest/globals'
import type { WorkAction, WriteResult } from '../../../src/domain/platform.ts'
import type { PlatformUserId } from '../../../src/domain/side.ts'
import { openConsole, startedWorld, until, type World, works } from './kit.ts'
import { admitted } from './knock.ts'

const ACCEPT: WorkAction = { kind: 'accept' }

function act(world: World, item: string, action: WorkAction, user: PlatformUserId = world.jane): Promise<WriteResult> {
  const options = { deadline: Date.now() + 5_000, signal: new AbortController().signal }
  const { work } = world.adapter
  if (!work) throw new Error('the adapter has no work actions')
  return work(user, item, action, options)
}

/** Jane with a console and an offered chat that the bridge has heard of. */
async function offered() {
  const world = await startedWorld()
  const { model, told, jane } = world
  model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
  const client = await openConsole(world, jane)
  const item = model.work.assign(model.channel('chat')?.Id ?? '', jane)
  await until('the work is known', () => works(told, jane).includes(`${item} chat offered`))
  const state = () => model.work.openOf(jane).find(({ Id }) => Id === item)?.Status ?? 'ended'
  return { ...world, item, client, state }
}

describe('with a console', () => {
  test('work is accepted and closed in Salesforce, and the bridge hears of it like of everything else', async () => {
    const world = await offered()
    const { item, state, told, jane } = world
    expect(await act(world, item, ACCEPT)).toEqual({ kind: 'accepted' })
    expect(state()).toBe('Opened')
    await until('it was heard', () => works(told, jane).includes(`${item} chat accepted`))
    expect(await act(world, item, { kind: 'close' })).toEqual({ kind: 'accepted' })
    expect(state()).toBe('ended')
    await until('its end was heard', () => works(told, jane).includes(`${item} chat closed`))
  })

  test('declining carries the reason to Salesforce', async () => {
    const world = await offered()
    expect(await act(world, world.item, { kind: 'decline', reason: 'Wrong language' })).toEqual({ kind: 'accepted' })
    expect(world.model.rows('AgentWork')).toContainEqual(
      expect.objectContaining({ Id: world.item, Status: 'Declined', DeclineReason: 'Wrong language' }),
    )
  })

  test('what Salesforce refuses is refused in its words, and nothing changed', async () => {
    const world = await offered()
    const { item, state } = world
    expect(await act(world, item, { kind: 'close' })).toEqual({
      kind: 'refused',
      words: 'work that is Assigned cannot be changed by "close"',
    })
    expect(state()).toBe('Assigned')
  })

  test("somebody else's work, ended work and invented work are refused without asking the console", async () => {
    const world = await offered()
    const { item, lee, model, told, jane } = world
    await openConsole(world, lee)
    expect(await act(world, item, ACCEPT, lee)).toMatchObject({ kind: 'refused' })
    expect(await act(world, '0Bz000000000000', ACCEPT)).toMatchObject({ kind: 'refused' })
    expect(world.state()).toBe('Assigned')
    model.work.accept(item)
    model.work.close(item)
    await until('its end was heard', () => works(told, jane).includes(`${item} chat closed`))
    expect(await act(world, item, ACCEPT)).toMatchObject({ kind: 'refused', words: expect.stringContaining(item) })
  })

  test('the short form of an id is the same work', async () => {
    const world = await offered()
    expect(await act(world, world.item.slice(0, 15), ACCEPT)).toEqual({ kind: 'accepted' })
    expect(world.state()).toBe('Opened')
  })
})

describe('the console’s answer', () => {
  const answers = [
    [{ ok: true }, 'accepted'],
    [{ ok: false, error: 'toolkit', message: 'no' }, 'refused'],
    [{ ok: false, error: 'logged_out' }, 'refused'],
    [{ ok: false, error: 'expired' }, 'transient'],
    [{ ok: false, error: 'brand_new' }, 'transient'],
  ] as const

  test.each(answers)('%j means %s', async (answer, kind) => {
    const world = await startedWorld()
    const { model, jane, told } = world
    const item = model.work.assign(model.channel('chat')?.Id ?? '', jane)
    await until('the work is known', () => works(told, jane).includes(`${item} chat offered`))
    const door = await admitted(world)
    const asked = act(world, item, { kind: 'decline', reason: 'Busy' })
    const command = await door.frame('work')
    expect(command).toMatchObject({ action: 'decline', workId: item, reason: 'Busy', expiresAt: expect.any(String) })
    door.send({ type: 'result', cmd: command.cmd, ...answer })
    expect((await asked).kind).toBe(kind)
  })
})

test('without a console it is unreachable', async () => {
  const world = await offered()
  world.client.close()
  await until('the console is gone', () => world.adapter.companions() === 0)
  expect(await act(world, world.item, ACCEPT)).toMatchObject({ kind: 'unreachable' })
  expect(world.state()).toBe('Assigned')
})

test('a dry run does nothing', async () => {
  const world = await startedWorld({ settings: { writer: 'dry_run' } })
  const { model, jane, told } = world
  await openConsole(world, jane)
  const item = model.work.assign(model.channel('chat')?.Id ?? '', jane)
  await until('the work is known', () => works(told, jane).includes(`${item} chat offered`))
  expect(await act(world, item, ACCEPT)).toMatchObject({ kind: 'refused' })
  expect(model.work.openOf(jane)[0]?.Status).toBe('Assigned')
})
