// The companion as it is deployed against the bridge's endpoint as it runs, over real sockets.

import { describe, expect, test } from '@jest/globals'
import { WebSocket } from 'ws'
import {
  createCompanion,
  type SocketLike,
} from '../../salesforce/force-app/main/default/lwc/presenceBridgeCompanion/companion.js'
import type { PlatformUserId } from '../../src/domain/side.ts'
import { createOrgCertificate } from '../../src/sandbox/salesforce/certificate.ts'
import {
  AUDIENCE,
  cleanup,
  companionUrl,
  ORIGIN,
  realClock,
  sign,
  startedWorld,
  statuses,
  until,
  type World,
  works,
  writeOptions,
} from '../platforms/salesforce/kit.ts'
import { createModelToolkit } from './model-toolkit.ts'

type Circumstances = {
  readonly user?: PlatformUserId
  readonly tab?: string
  readonly origin?: string
  readonly signToken?: (user: string) => Promise<string>
}

function openTab(world: World, circumstances: Circumstances = {}) {
  const { user = world.jane, tab = 'tab-1', origin = ORIGIN, signToken } = circumstances
  const sockets: WebSocket[] = []
  let tokens = 0
  const companion = createCompanion({
    connect(url) {
      const socket = new WebSocket(url, { origin, perMessageDeflate: false })
      sockets.push(socket)
      return asBrowserSocket(socket)
    },
    clock: realClock(),
    random: () => 0.2,
    ask(call) {
      try {
        const result = toolkit.carryOut(call)
        setImmediate(() => companion.toolkitAnswer({ call: call.call, ok: true, result }))
      } catch (error) {
        const message = error instanceof Error ? error.message : ''
        setImmediate(() => companion.toolkitAnswer({ call: call.call, ok: false, message }))
      }
    },
    readSettings: async () => ({
      endpoint: companionUrl(world.adapter),
      statuses: (world.model.rows('ServicePresenceStatus') ?? []).map((row) => ({
        id: row.Id,
        apiName: String(row.DeveloperName),
        label: String(row.MasterLabel),
      })),
    }),
    readToken: async () => {
      tokens += 1
      return { token: await (signToken ?? ((id) => sign(id, AUDIENCE)))(user), issuedAt: Date.now() }
    },
    tab,
    onState: () => {},
  })
  const toolkit = createModelToolkit({ model: world.model, user, tell: companion.toolkitEvent })
  cleanup(() => {
    companion.stop()
    toolkit.close()
  })
  companion.start()
  return {
    companion,
    cut: () => sockets.at(-1)?.terminate(),
    tokens: () => tokens,
    connected: () => until('the companion is welcome', () => companion.state().link.kind === 'connected'),
    link: () => companion.state().link,
  }
}

/** ws has the browser's interface; only its types say more than a companion uses. */
function asBrowserSocket(socket: WebSocket): SocketLike {
  const seen: SocketLike = {
    get readyState() {
      return socket.readyState
    },
    get bufferedAmount() {
      return socket.bufferedAmount
    },
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (text) => socket.send(text),
    close: () => socket.close(),
  }
  socket.onopen = () => seen.onopen?.()
  socket.onmessage = ({ data }) => seen.onmessage?.({ data: String(data) })
  socket.onclose = ({ code, reason }) => seen.onclose?.({ code, reason })
  socket.onerror = () => seen.onerror?.()
  return seen
}

async function online(circumstances?: Circumstances) {
  const world = await startedWorld()
  world.model.setPresence({ user: world.jane, apiName: 'Online', by: 'agent' })
  const tab = openTab(world, circumstances)
  return { world, tab }
}

describe('a console', () => {
  test('connects, is told whose it is, and tells the bridge what the agent does', async () => {
    const { world, tab } = await online()
    await world.adapter.roster()
    await tab.connected()
    expect(tab.companion.state()).toMatchObject({ lead: true })
    expect(world.adapter.companions()).toBe(1)
    await until('the bridge knows the status', () => statuses(world.told, world.jane).includes(world.online))
    world.model.setPresence({ user: world.jane, apiName: 'Busy', by: 'agent' })
    await until('the change arrived', () => statuses(world.told, world.jane).at(-1) === world.busy)
    world.model.work.assign('chat', world.jane)
    await until('the work arrived', () => works(world.told, world.jane).some((one) => one.endsWith('offered')))
  })

  test('sets a status, and the bridge hears of it', async () => {
    const { world, tab } = await online()
    await tab.connected()
    const result = await world.adapter.setStatus(world.jane, world.busy, writeOptions(world.online))
    expect(result).toEqual({ kind: 'accepted' })
    expect(world.model.presence(world.jane)).toBe('Busy')
    await until('the echo arrived', () => statuses(world.told, world.jane).at(-1) === world.busy)
    expect(tab.companion.state().last).toMatchObject({ ok: true, sentence: 'Jane takes a call.' })
  })

  test('does not set what the agent has left meanwhile', async () => {
    const { world, tab } = await online()
    await tab.connected()
    world.model.setPresence({ user: world.jane, apiName: 'Busy', by: 'agent' })
    const result = await world.adapter.setStatus(world.jane, world.busy, writeOptions(world.online))
    expect(result.kind).toBe('transient')
    expect(world.model.presence(world.jane)).toBe('Busy')
  })

  test('logs nobody in', async () => {
    const { world, tab } = await online()
    await tab.connected()
    world.model.setPresence({ user: world.jane, apiName: 'Offline', by: 'agent' })
    const result = await world.adapter.setStatus(world.jane, world.busy, writeOptions())
    expect(result.kind).toBe('refused')
    expect(world.model.presence(world.jane)).toBe('Offline')
  })

  test('says what the agent may not be set to', async () => {
    const world = await startedWorld()
    world.model.setPresence({ user: world.lee, apiName: 'Online', by: 'agent' })
    const tab = openTab(world, { user: world.lee })
    await tab.connected()
    const result = await world.adapter.setStatus(world.lee, world.busy, writeOptions(world.online))
    expect(result).toMatchObject({ kind: 'refused', words: expect.stringContaining('no access') })
    expect(world.model.presence(world.lee)).toBe('Online')
  })

  test('comes back with another token after its connection was cut', async () => {
    const { world, tab } = await online()
    await tab.connected()
    tab.cut()
    await until('it noticed', () => tab.link().kind !== 'connected')
    world.model.setPresence({ user: world.jane, apiName: 'Busy', by: 'agent' })
    await tab.connected()
    expect(tab.tokens()).toBe(2)
    await until('what happened meanwhile arrived', () => statuses(world.told, world.jane).at(-1) === world.busy)
  })

  test('comes back after the bridge was away', async () => {
    const { world, tab } = await online()
    await tab.connected()
    await world.adapter.stop()
    await until('it noticed', () => tab.link().kind === 'waiting')
    expect(tab.link()).toMatchObject({ refused: false })
  })
})

test('a second tab follows and takes over when the first one goes', async () => {
  const { world, tab: first } = await online({ tab: 'a' })
  await first.connected()
  const second = openTab(world, { tab: 'b' })
  await second.connected()
  expect([first.companion.state().lead, second.companion.state().lead]).toEqual([true, false])
  first.companion.stop()
  await until('the second one leads', () => second.companion.state().lead)
  expect(await world.adapter.setStatus(world.jane, world.busy, writeOptions(world.online))).toEqual({
    kind: 'accepted',
  })
})

test('the same tab twice: the older connection stops and says so', async () => {
  const { world, tab: first } = await online({ tab: 'a' })
  await first.connected()
  const second = openTab(world, { tab: 'a' })
  await second.connected()
  await until('the first one stopped', () => first.link().kind === 'stopped')
  expect(first.link()).toMatchObject({ words: expect.stringContaining('second time') })
  expect(world.adapter.companions()).toBe(1)
})

test('a token that the bridge does not take is said, and another one is asked for', async () => {
  const stranger = createOrgCertificate()
  const { tab } = await online({ signToken: (user) => stranger.sign(user, AUDIENCE) })
  await until('it was refused twice', () => tab.tokens() > 2)
  await until('it says so', () => tab.link().kind === 'waiting')
  expect(tab.link()).toMatchObject({ refused: true, words: expect.stringContaining('token') })
})

test('a page of another origin stops and says so', async () => {
  const { tab } = await online({ origin: 'https://other.lightning.force.com' })
  await until('it stopped', () => tab.link().kind === 'stopped')
  expect(tab.link()).toMatchObject({ refused: true, words: expect.stringContaining('Salesforce address') })
  expect(tab.tokens()).toBe(1)
})
