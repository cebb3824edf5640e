import { describe, expect, test } from '@jest/globals'
import { OFFLINE } from '../../../src/domain/side.ts'
import { openConsole, startedWorld, statuses, type Told, until, works, writeOptions } from './kit.ts'
import { admitted } from './knock.ts'

/** Deaf to the event stream: what is told then comes from consoles alone. */
async function consoleWorld() {
  const world = await startedWorld()
  world.server.faults.loseEvents(true)
  return world
}

const byOf = (told: readonly Told[]) => told.map(({ report }) => (report.kind === 'status' ? report.by : report.kind))

describe('what consoles tell', () => {
  test('a console that opens tells the status and the open work, with the channel as soon as it is read', async () => {
    const world = await consoleWorld()
    const { model, told, jane, online, adapter, reachable } = world
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    const item = model.work.assign(model.channel('chat')?.Id ?? '', jane)
    await openConsole(world, jane)
    await until('the channel is known', () => works(told, jane).length === 2)
    expect(statuses(told, jane)).toEqual([online])
    expect(works(told, jane)).toEqual([`${item} null offered`, `${item} chat offered`])
    expect(reachable).toEqual([jane])
    expect(adapter.companions()).toBe(1)
  })

  test('a console of someone who is not logged in to Omni-Channel tells Offline', async () => {
    const world = await consoleWorld()
    await openConsole(world, world.jane)
    await until('it is told', () => world.told.length > 0)
    expect(statuses(world.told, world.jane)).toEqual([OFFLINE])
  })

  test('a second tab in which nobody is logged in does not say that the agent is gone', async () => {
    const world = await consoleWorld()
    const { model, told, jane, online, busy } = world
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await openConsole(world, jane)
    const door = await admitted(world, 'tab-2')
    expect(door.frames).toContainEqual(expect.objectContaining({ type: 'welcome', lead: false }))
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    await until('the next change came', () => statuses(told, jane).includes(busy))
    expect(statuses(told, jane)).toEqual([online, busy])
  })

  test('status changes say who made them', async () => {
    const world = await consoleWorld()
    const { model, told, jane, online, busy } = world
    await openConsole(world, jane)
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    model.setPresence({ user: jane, apiName: 'Busy', by: 'supervisor' })
    model.setPresence({ user: jane, apiName: 'Online', by: 'toolkit' })
    model.setPresence({ user: jane, apiName: 'Busy', by: 'system', reason: 'OmniPushTimeout' })
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    model.setPresence({ user: jane, apiName: 'Offline', by: 'agent' })
    await until('all came', () => told.length === 7)
    expect(statuses(told, jane)).toEqual([OFFLINE, online, busy, online, busy, online, OFFLINE])
    expect(byOf(told)).toEqual(['unknown', 'agent', 'supervisor', 'unknown', 'system', 'agent', 'agent'])
    const times = told.map((entry) => entry.report.stamp.at)
    expect([...times].sort((a, b) => a - b)).toEqual(times)
  })

  test('work is told by its long id, through offered, accepted and closed', async () => {
    const world = await consoleWorld()
    const { model, told, jane } = world
    await openConsole(world, jane)
    const item = model.work.assign(model.channel('case')?.Id ?? '', jane)
    await until('the channel is known', () => works(told, jane).includes(`${item} case offered`))
    model.work.accept(item)
    model.work.close(item)
    await until('it is closed', () => works(told, jane).includes(`${item} case closed`))
    expect(works(told, jane)).toEqual([
      `${item} null offered`,
      `${item} case offered`,
      `${item} case accepted`,
      `${item} case closed`,
    ])
  })

  test('the event stream tells the same later with its own, older time', async () => {
    const world = await startedWorld()
    const { model, told, jane, online } = world
    await openConsole(world, jane)
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('both witnesses spoke', () => statuses(told, jane).filter((status) => status === online).length === 2)
    const [first, second] = told.filter(({ report }) => report.kind === 'status' && report.status === online)
    const byConsole = first?.report.id === undefined ? first : second
    const byStream = first?.report.id === undefined ? second : first
    expect(byConsole?.report.stamp.at).toBeGreaterThanOrEqual(byStream?.report.stamp.at ?? Number.POSITIVE_INFINITY)
  })

  test('a console that goes away ends nothing', async () => {
    const world = await consoleWorld()
    const { model, told, jane, adapter } = world
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    const console1 = await openConsole(world, jane)
    await until('it is told', () => told.length === 1)
    console1.close()
    await until('it is gone', () => adapter.companions() === 0)
    expect(told).toHaveLength(1)
  })
})

describe('writing through consoles', () => {
  test('an accepted status stands in Salesforce', async () => {
    const world = await startedWorld()
    const { adapter, model, jane, online, busy } = world
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await openConsole(world, jane)
    expect(await adapter.setStatus(jane, busy, writeOptions(online))).toEqual({ kind: 'accepted' })
    expect(model.presence(jane)).toBe('Busy')
    expect(await adapter.setStatus(jane, OFFLINE, writeOptions())).toEqual({ kind: 'accepted' })
    expect(model.presence(jane)).toBe('Offline')
  })

  test('a status that is not granted is refused for good', async () => {
    const world = await startedWorld()
    const { adapter, model, lee, busy } = world
    model.setPresence({ user: lee, apiName: 'Online', by: 'agent' })
    await openConsole(world, lee)
    const result = await adapter.setStatus(lee, busy, writeOptions())
    expect(result).toMatchObject({ kind: 'refused', words: expect.stringContaining('not granted') })
    expect(model.presence(lee)).toBe('Online')
  })

  test('nobody is logged in by a write', async () => {
    const world = await startedWorld()
    await openConsole(world, world.jane)
    const result = await world.adapter.setStatus(world.jane, world.busy, writeOptions())
    expect(result).toEqual({ kind: 'refused', words: 'not logged in to Omni-Channel' })
    expect(world.model.presence(world.jane)).toBe('Offline')
  })

  test('an agent who moved on meanwhile is left alone', async () => {
    const world = await startedWorld()
    const { adapter, model, jane, online, busy } = world
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    await openConsole(world, jane)
    expect(await adapter.setStatus(jane, online, writeOptions(online))).toMatchObject({ kind: 'transient' })
    expect(model.presence(jane)).toBe('Busy')
    expect(await adapter.setStatus(jane, online, writeOptions(busy))).toEqual({ kind: 'accepted' })
  })

  test('without a console the write is unreachable, and reachable when one opens', async () => {
    const world = await startedWorld()
    const { adapter, jane, busy, reachable } = world
    expect(await adapter.setStatus(jane, busy, writeOptions())).toMatchObject({ kind: 'unreachable' })
    await openConsole(world, jane)
    expect(reachable).toEqual([jane])
  })

  test('a status that the org does not have is refused', async () => {
    const world = await startedWorld()
    const { adapter, jane, online } = world
    await openConsole(world, jane)
    const unknown = `${online.slice(0, 14)}xyzz` as typeof online
    expect(await adapter.setStatus(jane, unknown, writeOptions())).toMatchObject({ kind: 'refused' })
  })

  test('a dry run writes nothing', async () => {
    const world = await startedWorld({ settings: { writer: 'dry_run' } })
    const { adapter, model, jane, busy } = world
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await openConsole(world, jane)
    expect(await adapter.setStatus(jane, busy, writeOptions())).toEqual({
      kind: 'refused',
      words: 'dry run: nothing is written to Salesforce',
    })
    expect(model.presence(jane)).toBe('Online')
  })
})

describe('two tabs of one agent', () => {
  test('one leads and gets the commands, the next one leads when it is gone', async () => {
    const world = await startedWorld()
    const { adapter, model, jane, online, busy, reachable } = world
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    const first = await openConsole(world, jane, 'tab-1')
    const second = await openConsole(world, jane, 'tab-2')
    expect([first.state().lead, second.state().lead]).toEqual([true, false])
    await adapter.setStatus(jane, busy, writeOptions())
    expect([first.state().commands, second.state().commands]).toEqual([1, 0])
    first.close()
    await until('the second one leads', () => second.state().lead)
    expect(reachable).toEqual([jane, jane])
    expect(await adapter.setStatus(jane, online, writeOptions())).toEqual({ kind: 'accepted' })
    expect(second.state().commands).toBe(1)
  })

  test('the same tab again closes the older connection and keeps its lead', async () => {
    const world = await startedWorld()
    const first = await openConsole(world, world.jane, 'tab-1')
    await openConsole(world, world.jane, 'tab-2')
    const again = await openConsole(world, world.jane, 'tab-1')
    await until('the older one is closed', () => first.state().closeCode !== null)
    expect(first.state().closeCode).toBe(4409)
    expect(again.state().lead).toBe(true)
    expect(world.adapter.companions()).toBe(2)
  })

  test('a console whose connection was cut comes back by itself', async () => {
    const world = await startedWorld()
    const client = await openConsole(world, world.jane)
    client.cut()
    await until('it noticed', () => !client.state().connected)
    await until('it is back', () => client.state().connected && client.state().lead)
    await until('the old one is gone', () => world.adapter.companions() === 1)
  })
})
