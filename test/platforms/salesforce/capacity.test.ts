// The capacity writer on real sockets before the stand-in org: what an agent is given, what the bridge is shown, and what happens when things
// go wrong. Nobody has tried any of it in a real org.

import { afterEach, describe, expect, test } from '@jest/globals'
import { SILENT_OBSERVER } from '../../../src/app/observer.ts'
import { Runtime } from '../../../src/app/runtime.ts'
import { SILENT } from '../../../src/domain/log.ts'
import type { PlatformSink } from '../../../src/domain/platform.ts'
import { type AgentId, OFFLINE, type StatusId } from '../../../src/domain/side.ts'
import type { WorkState } from '../../../src/domain/work.ts'
import { createMemoryJournal } from '../../../src/journal/memory-journal.ts'
import { loadMapping } from '../../../src/mapping/compile.ts'
import { createMirror } from '../mirror.ts'
import { cleanup, createWorld, openConsole, statuses, until, works, writeOptions } from './kit.ts'

const CAPACITY = {
  channel: 'phone',
  object: 'Phone_Call__c',
  statusField: 'Status__c',
  openValue: 'Open',
  doneValue: 'Done',
}
const WORK_OBJECT = { name: 'Phone_Call__c', statusField: 'Status__c', doneValue: 'Done', autoAccept: true }

type Options = { readonly marks?: Map<string, string>; readonly autoAccept?: boolean; readonly object?: string }

async function capacityWorld({ marks, autoAccept = true, object = 'Phone_Call__c' }: Options = {}) {
  const world = await createWorld({
    settings: { writer: 'capacity', capacity: { ...CAPACITY, object } },
    server: { workObject: { ...WORK_OBJECT, autoAccept } },
    ...(marks === undefined ? {} : { marks }),
  })
  const { model, adapter, jane, lee, sink } = world
  model.addChannel('phone')
  const lunch = model.addStatus({ apiName: 'Lunch', label: 'Lunch', channels: [] }) as StatusId
  const chat = model.addStatus({ apiName: 'Chat_only', label: 'Chat only', channels: ['chat'] }) as StatusId
  model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
  await adapter.start([jane, lee], sink)
  // Twice: what is heard soon after the first reading may be history that the stream told again, and is looked up before it is believed.
  await adapter.snapshot([jane, lee])
  await adapter.snapshot([jane, lee])
  const items = () => model.work.openOf(jane).filter(({ CapacityPercentage }) => CapacityPercentage === 100)
  /** Whether Omni-Channel would push a chat at Jane now; nobody else is there. */
  const getsWork = () => {
    const before = model.work.waiting()
    model.work.arrive(model.channel('chat')?.Id ?? '')
    return model.work.waiting() === before
  }
  const shown = async () => (await adapter.snapshot([jane])).get(jane)
  return { ...world, lunch, chat, items, getsWork, shown }
}

type CapacityWorld = Awaited<ReturnType<typeof capacityWorld>>

async function blocked(options: Options = {}): Promise<CapacityWorld> {
  const world = await capacityWorld(options)
  const { adapter, jane, busy, online, told } = world
  expect(await adapter.setStatus(jane, busy, writeOptions(online))).toEqual({ kind: 'accepted' })
  await until('the status is shown', () => statuses(told, jane).at(-1) === busy)
  return world
}

describe('an unavailable status', () => {
  test('takes all capacity in one call, is shown as soon as the org tells of the item, and the item is no work', async () => {
    const world = await capacityWorld()
    const { adapter, jane, busy, told, server, calls } = world
    const before = server.faults.calls.rest
    expect(await adapter.setStatus(jane, busy, writeOptions())).toEqual({ kind: 'accepted' })
    expect(server.faults.calls.rest - before).toBe(1)
    await until('the status is shown', () => statuses(told, jane).at(-1) === busy)
    expect(world.items()).toHaveLength(1)
    expect(world.getsWork()).toBe(false)
    expect(await world.shown()).toMatchObject({ status: busy, work: [] })
    expect(works(told, jane)).toEqual([])
    expect(calls.filter(({ operation }) => operation === 'block_create')).toEqual([
      expect.objectContaining({ ok: true }),
    ])
  })

  test('is not shown before the org tells of the item: a write that was not carried out can be told', async () => {
    const world = await capacityWorld()
    const { adapter, jane, busy, online, told, server, model } = world
    server.faults.loseEvents(true)
    await adapter.setStatus(jane, busy, writeOptions())
    model.work.endItem(world.items()[0]?.WorkItemId ?? '')
    expect(statuses(told, jane)).not.toContain(busy)
    expect((await world.shown())?.status).toBe(online)
  })

  test('a reading shows it too where the event was lost', async () => {
    const world = await capacityWorld()
    world.server.faults.loseEvents(true)
    await world.adapter.setStatus(world.jane, world.busy, writeOptions())
    expect(await world.shown()).toMatchObject({ status: world.busy, work: [] })
  })

  test('another one later needs no second item', async () => {
    const world = await blocked()
    const { adapter, jane, lunch, told } = world
    expect(await adapter.setStatus(jane, lunch, writeOptions())).toEqual({ kind: 'accepted' })
    expect(statuses(told, jane).at(-1)).toBe(lunch)
    expect(world.items()).toHaveLength(1)
  })

  test('a console that tells of the item first makes no work of it', async () => {
    const world = await capacityWorld({ autoAccept: false })
    const { adapter, jane, busy, told } = world
    await openConsole(world, jane)
    await adapter.setStatus(jane, busy, writeOptions())
    await until('the status is shown', () => statuses(told, jane).at(-1) === busy)
    const item = world.items()[0]?.Id ?? ''
    world.model.work.accept(item)
    world.model.work.endItem(world.items()[0]?.WorkItemId ?? '')
    await until('the end is shown', () => statuses(told, jane).at(-1) === world.online)
    const open = new Map(works(told, jane).map((line) => [line.split(' ')[0], line.split(' ')[2]]))
    expect([...open.values()].filter((state) => state === 'offered' || state === 'accepted')).toEqual([])
  })
})

describe('an available status', () => {
  test('ends the item, and what the agent chose is shown again', async () => {
    const world = await blocked()
    const { adapter, jane, online, told } = world
    expect(await adapter.setStatus(jane, online, writeOptions())).toEqual({ kind: 'accepted' })
    await until('the own status is shown', () => statuses(told, jane).at(-1) === online)
    expect(world.items()).toEqual([])
    expect(world.getsWork()).toBe(true)
  })

  test('other than the agent’s own it is refused: no server can set it, and the item stays', async () => {
    const world = await blocked()
    const { adapter, jane, chat } = world
    expect(await adapter.setStatus(jane, chat, writeOptions())).toEqual({
      kind: 'refused',
      words: expect.stringContaining('only the agent can choose Chat only'),
    })
    expect(world.items()).toHaveLength(1)
  })
})

describe('what it cannot do is refused in plain words', () => {
  test('logging out, unknown statuses, agents who are away, and another status for who gets no work anyway', async () => {
    const { adapter, model, jane, lee, busy, lunch, online, told } = await capacityWorld()
    expect(await adapter.setStatus(jane, OFFLINE, writeOptions())).toMatchObject({ kind: 'refused' })
    expect(await adapter.setStatus(jane, `${busy.slice(0, 14)}xyzz` as StatusId, writeOptions())).toMatchObject({
      kind: 'refused',
    })
    expect(await adapter.setStatus(lee, busy, writeOptions())).toEqual({
      kind: 'refused',
      words: 'not logged in to Omni-Channel',
    })
    model.setPresence({ user: jane, apiName: 'Lunch', by: 'agent' })
    await until('it was heard', () => statuses(told, jane).at(-1) === lunch)
    expect(await adapter.setStatus(jane, busy, writeOptions())).toMatchObject({ kind: 'refused' })
    expect(await adapter.setStatus(jane, online, writeOptions())).toMatchObject({ kind: 'refused' })
    expect(model.presence(jane)).toBe('Lunch')
    expect(model.work.openOf(jane)).toEqual([])
  })

  test('an org without the channel or the object', async () => {
    const world = await createWorld({ settings: { writer: 'capacity', capacity: CAPACITY } })
    const { adapter, model, jane, busy, sink } = world
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await adapter.start([jane], sink)
    await adapter.snapshot([jane])
    expect(await adapter.setStatus(jane, busy, writeOptions())).toEqual({
      kind: 'refused',
      words: 'this org has no service channel "phone"',
    })
    const wrong = await capacityWorld({ object: 'Other__c' })
    expect(await wrong.adapter.setStatus(wrong.jane, wrong.busy, writeOptions())).toMatchObject({
      kind: 'refused',
      words: expect.stringContaining('NOT_FOUND'),
    })
    expect(wrong.items()).toEqual([])
  })
})

describe('the agent’s own choice under a block', () => {
  test('of an unavailable status stands, and the item goes', async () => {
    const world = await blocked()
    const { model, jane, lunch, told } = world
    model.setPresence({ user: jane, apiName: 'Lunch', by: 'agent' })
    await until('it is shown', () => statuses(told, jane).at(-1) === lunch)
    await until('the item is ended', () => world.items().length === 0)
    expect(await world.shown()).toMatchObject({ status: lunch })
  })

  test('of an available status is shown; insisted on, the block costs no call and leaves no gap', async () => {
    const world = await blocked()
    const { adapter, model, jane, chat, busy, told, server } = world
    const [item] = world.items()
    model.setPresence({ user: jane, apiName: 'Chat_only', by: 'agent' })
    await until('it is shown', () => statuses(told, jane).at(-1) === chat)
    expect(world.getsWork()).toBe(false)
    const before = server.faults.calls.rest
    expect(await adapter.setStatus(jane, busy, writeOptions())).toEqual({ kind: 'accepted' })
    expect(statuses(told, jane).at(-1)).toBe(busy)
    expect(server.faults.calls.rest).toBe(before)
    expect(world.items()).toEqual([item])
  })

  test('logging out ends the item', async () => {
    const world = await blocked()
    world.model.setPresence({ user: world.jane, apiName: 'Offline', by: 'agent' })
    await until('it is shown', () => statuses(world.told, world.jane).at(-1) === OFFLINE)
    await until('the item is ended', () => world.items().length === 0)
  })

  test('closing the item is seen: what Salesforce shows is what there is', async () => {
    const world = await blocked()
    world.model.work.close(world.items()[0]?.Id ?? '')
    await until('it is shown', () => statuses(world.told, world.jane).at(-1) === world.online)
    expect((await world.shown())?.status).toBe(world.online)
  })
})

describe('failures', () => {
  const cases = [
    [500, 'transient'],
    [503, 'transient'],
    [403, 'rate_limited'],
  ] as const

  test.each(cases)('an answer of %d is %s, and nothing is left behind', async (status, kind) => {
    const world = await capacityWorld()
    world.server.faults.failNext(1, status)
    expect((await world.adapter.setStatus(world.jane, world.busy, writeOptions())).kind).toBe(kind)
    expect(world.items()).toEqual([])
  })

  test('when the calls of the day are used up, neither writes nor readings ask for anything', async () => {
    const world = await capacityWorld()
    const { adapter, jane, busy, server } = world
    server.faults.failNext(1, 403)
    const first = await adapter.setStatus(jane, busy, writeOptions())
    expect(first.kind).toBe('rate_limited')
    const asked = server.faults.calls.rest
    for (let attempt = 0; attempt < 5; attempt++)
      expect(await adapter.setStatus(jane, busy, writeOptions())).toMatchObject({ ...first, words: expect.any(String) })
    await expect(adapter.snapshot([jane])).rejects.toThrow(/nothing is asked before/)
    expect(server.faults.calls.rest).toBe(asked)
    expect(world.items()).toEqual([])
  })

  test('a token that is no longer good is renewed once', async () => {
    const world = await blocked()
    world.server.faults.expireTokens()
    expect(await world.adapter.setStatus(world.jane, world.online, writeOptions())).toEqual({ kind: 'accepted' })
    expect(world.items()).toEqual([])
  })

  test('no answer: the next try takes up what the first one may have left, and makes no second item', async () => {
    const world = await blocked()
    const { adapter, jane, busy, online, model, server } = world
    await adapter.setStatus(jane, online, writeOptions())
    await until('nothing is left of the first block', () => statuses(world.told, jane).at(-1) === online)
    server.faults.loseEvents(true)
    // The answer is lost, the records are there.
    server.faults.blackHole(true)
    expect(await adapter.setStatus(jane, busy, writeOptions(null, 200))).toMatchObject({ kind: 'transient' })
    server.faults.blackHole(false)
    const record = model.newRecordId()
    model.work.assignItem({ channel: model.channel('phone')?.Id ?? '', user: jane, item: record, percentage: 100 })
    expect(await adapter.setStatus(jane, busy, writeOptions())).toEqual({ kind: 'accepted' })
    expect(world.items()).toHaveLength(1)
    expect((await world.shown())?.status).toBe(busy)
  })
})

describe('over a restart', () => {
  test('the item still stands for its status', async () => {
    const marks = new Map<string, string>()
    const world = await blocked({ marks })
    await world.adapter.stop()
    const again = await restarted(world, marks)
    expect((await again.adapter.snapshot([world.jane])).get(world.jane)).toMatchObject({ status: world.busy, work: [] })
    expect(await again.adapter.setStatus(world.jane, world.online, writeOptions())).toEqual({ kind: 'accepted' })
    expect(world.items()).toEqual([])
  })

  test('an item of which nothing is remembered is ended, so that nobody is kept from work for nothing', async () => {
    const world = await blocked()
    await world.adapter.stop()
    const again = await restarted(world, new Map())
    expect((await again.adapter.snapshot([world.jane])).get(world.jane)).toMatchObject({
      status: world.online,
      work: [],
    })
    await until('it is ended', () => world.items().length === 0)
  })
})

/** A new adapter before the same org. */
async function restarted(world: CapacityWorld, marks: Map<string, string>) {
  const { createSalesforce } = await import('../../../src/platforms/salesforce/adapter.ts')
  const adapter = createSalesforce({
    settings: world.settings,
    clock: world.clock,
    log: SILENT,
    marks: { get: (key) => marks.get(key), set: (key, value) => void marks.set(key, value) },
  })
  cleanup(adapter.stop)
  await adapter.start([world.jane, world.lee], world.sink)
  return { adapter }
}

describe('under the whole bridge', () => {
  const stops: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
  })

  /** Jane on both sides; calls of telephony block the CRM. */
  async function bridge() {
    const world = await capacityWorld()
    const { adapter, model, jane } = world
    const names = ['On Queue', 'Busy!', 'Lunch']
    const mirror = createMirror({ side: 'telephony', people: [jane], statuses: names })
    let telephony: PlatformSink | null = null
    const adapters = {
      crm: adapter,
      telephony: {
        ...mirror.adapter,
        async start(users: Parameters<typeof adapter.start>[0], sink: PlatformSink) {
          telephony = sink
          await mirror.adapter.start(users, sink)
        },
      },
    }
    const [crm, other] = await Promise.all([adapter.catalogue(), mirror.adapter.catalogue()])
    const text = [
      'version: 1',
      'available: { crm: [On Queue, Chat only], telephony: [On Queue] }',
      'mapped:',
      ...names.map((name) => `  - { crm: ${name}, telephony: ${name} }`),
      'blocking:',
      '  crm: { status: Busy!, release_after: 0s }',
    ].join('\n')
    const { mapping, findings } = loadMapping(text, { file: 'rules.yaml', catalogue: { crm, telephony: other } })
    if (mapping === null) throw new Error(findings.map(({ message }) => message).join('\n'))
    const member = {
      agent: 'jane' as AgentId,
      name: 'Jane',
      aliases: [],
      users: { crm: jane, telephony: jane },
      profile: null,
    }
    const journal = createMemoryJournal()
    const runtime = new Runtime({
      members: [member],
      rules: mapping.rules,
      adapters,
      journal,
      clock: world.clock,
      random: Math.random,
      log: SILENT,
      observer: SILENT_OBSERVER,
      shadow: false,
      resyncEveryMs: 3_600_000,
    })
    stops.push(() => runtime.stop())
    await runtime.start()
    const call = (state: WorkState) =>
      telephony?.report(jane, { kind: 'work', item: 'call-1', channel: 'call', state, stamp: { at: Date.now() } })
    const observed = () => mapping.rules.label('crm', runtime.agents.byName('jane')?.state.crm.observed ?? OFFLINE)
    const reasons = () =>
      journal.query({ limit: 100 }).flatMap(({ record }) => record.decisions.map(({ reason }) => reason))
    return { ...world, call, observed, reasons, model }
  }

  test('a call keeps chats away and its end brings them back; Salesforce shows Online all the while', async () => {
    const { call, observed, items, getsWork, model, jane } = await bridge()
    call('accepted')
    await until('the block is confirmed', () => observed() === 'Busy!')
    expect(items()).toHaveLength(1)
    expect(getsWork()).toBe(false)
    expect(model.presence(jane)).toBe('Online')
    call('closed')
    await until('the block is over', () => observed() === 'On Queue')
    await until('no item is left', () => items().length === 0)
    expect(getsWork()).toBe(true)
  })

  test('an agent who chooses another available status during the call stays blocked (R13)', async () => {
    const { call, observed, items, getsWork, model, jane, reasons } = await bridge()
    call('accepted')
    await until('the block is confirmed', () => observed() === 'Busy!')
    model.setPresence({ user: jane, apiName: 'Chat_only', by: 'agent' })
    await until('the bridge insisted', () => reasons().includes('reasserted') && observed() === 'Busy!')
    expect(items()).toHaveLength(1)
    expect(getsWork()).toBe(false)
    call('closed')
    await until('what was chosen last is shown', () => observed() === 'Chat only')
    await until('no item is left', () => items().length === 0)
  })
})
