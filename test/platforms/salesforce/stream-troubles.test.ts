import { createServer } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { SILENT } from '../../../src/domain/log.ts'
import { createCometdTransport } from '../../../src/platforms/salesforce/events/cometd-transport.ts'
import { createStream } from '../../../src/platforms/salesforce/stream.ts'
import { cleanup, createWorld, startedWorld, statuses, until } from './kit.ts'

const MARK = 'salesforce:replay:/data/PresenceBridge__chn'

async function backUp(world: Awaited<ReturnType<typeof startedWorld>>, ups = 2) {
  await until('the stream is up again', () => world.links.filter((up) => up).length >= ups)
}

describe('the event stream', () => {
  test('comes back with a fresh token when the token expired', async () => {
    const world = await startedWorld()
    const { server, model, told, jane, online } = world
    server.faults.expireTokens()
    await backUp(world)
    expect(world.links).toEqual([true, false, true])
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('events come again', () => statuses(told, jane).includes(online))
  })

  test('comes back when Salesforce does not know the client any more, and misses nothing', async () => {
    const world = await startedWorld()
    const { server, model, told, jane, online, busy } = world
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('the first event came', () => statuses(told, jane).length === 1)
    server.faults.unknownClients()
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    await backUp(world)
    await until('the second event came', () => statuses(told, jane).includes(busy))
    expect(statuses(told, jane)).toEqual([online, busy])
  })

  test('keeps the replay position and goes on from there after a restart', async () => {
    const marks = new Map<string, string>()
    const world = await startedWorld({ marks })
    const { server, model, told, jane, lee, online } = world
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('the event came', () => statuses(told, jane).length === 1)
    expect(Number(marks.get(MARK))).toBeGreaterThan(0)
    await world.adapter.stop()
    model.setPresence({ user: lee, apiName: 'Online', by: 'agent' })
    const again = await createWorld({ marks, settings: { loginUrl: server.url } })
    await again.adapter.start([jane, lee], again.sink)
    await until('what was missed came', () => again.told.length > 0)
    expect(statuses(again.told, lee)).toEqual([online])
    expect(statuses(again.told, jane)).toEqual([])
  })

  test('a position does not grow old while the stream stands and nothing happens', async () => {
    const marks = new Map<string, string>()
    const world = await startedWorld({
      marks,
      speed: 500,
      server: { pollTimeoutMs: 20_000 },
      adapter: { limits: { cometd: { firstPollMs: 20_000, pollMs: 20_000, slackMs: 300_000, silenceMs: 600_000 } } },
    })
    world.model.setPresence({ user: world.jane, apiName: 'Online', by: 'agent' })
    await until('the event came', () => statuses(world.told, world.jane).length === 1)
    const [position, age] = [marks.get(MARK), Number(marks.get(`${MARK}:at`))]
    await until('the position is dated anew', () => Number(marks.get(`${MARK}:at`)) > age + 120_000)
    expect(marks.get(MARK)).toBe(position)
    expect(world.links).toEqual([true])
  })

  test('starts from now, and asks for a reading, when the replay position is refused', async () => {
    const marks = new Map([[MARK, '77']])
    const { adapter, server, sink, model, gaps, told, links, jane, online } = await createWorld({ marks })
    server.faults.rejectReplay(true)
    await adapter.start([jane], sink)
    await until('the gap is told', () => gaps.length > 0)
    expect(links).toEqual([true])
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('new events come', () => statuses(told, jane).includes(online))
    expect(Number(marks.get(MARK))).toBeGreaterThan(77)
  })

  test('is dialled anew when nothing is heard for too long', async () => {
    const world = await startedWorld({ adapter: { livenessMs: 600 }, server: { pollTimeoutMs: 550 } })
    world.server.faults.blackHole(true)
    await until('the silence is noticed', () => world.links.includes(false))
    expect(world.adapter.health().link.why).toMatch(/^silent/)
    world.server.faults.blackHole(false)
    await world.adapter.stop()
  })

  test('an org that does not end polls as asked is not taken for dead while it lives, and for dead when it is', async () => {
    const told: unknown[] = []
    const log = { ...SILENT, info: ({ code }: { readonly code?: unknown }) => void told.push(code) }
    const world = await startedWorld({
      speed: 5,
      server: { pollTimeoutMs: 1_500, honoursPollTimeout: false },
      adapter: { log, limits: { cometd: { firstPollMs: 300, pollMs: 300, slackMs: 300, silenceMs: 3_000 } } },
    })
    const { links, server, clock } = world
    const from = clock.now()
    await until('several polls have ended', () => server.faults.calls.idlePolls > 1)
    expect(clock.now() - from).toBeGreaterThan(2_900)
    expect(links).toEqual([true])
    expect(told.filter((code) => code === 'salesforce_poll_unhonoured')).toHaveLength(1)
    server.faults.blackHole(true)
    await until('the silence is noticed', () => links.includes(false))
    expect(world.adapter.health().link.why).toMatch(/^silent/)
    server.faults.blackHole(false)
    await world.adapter.stop()
  })

  test('stands while only polls are answered, for longer than the limit', async () => {
    const { links, server, clock } = await startedWorld({
      adapter: { livenessMs: 600 },
      server: { pollTimeoutMs: 150 },
    })
    const from = clock.now()
    await until('twice the limit has passed', () => clock.now() - from > 1_200)
    expect(links).toEqual([true])
    expect(server.subscribers()).toBe(1)
  })

  test('says that events may be missing when Salesforce says so', async () => {
    const { server, gaps, links } = await startedWorld()
    server.faults.gapEvent()
    await until('the gap is told', () => gaps.length > 0)
    expect(gaps[0]?.why).toContain('GAP_UPDATE')
    expect(links).toEqual([true])
  })

  test('does not start with refused credentials, and can be started when they are right', async () => {
    const { adapter, server, sink, links, jane } = await createWorld()
    server.faults.refuseTokens(true)
    await expect(adapter.start([jane], sink)).rejects.toMatchObject({ name: 'CredentialsRefused' })
    expect(links).toEqual([])
    server.faults.refuseTokens(false)
    await adapter.start([jane], sink)
    expect(links).toEqual([true])
  })

  test('never has more than one client open however often it breaks', async () => {
    const world = await startedWorld()
    for (const ups of [2, 3, 4]) {
      world.server.faults.unknownClients()
      await backUp(world, ups)
    }
    expect(world.server.subscribers()).toBe(1)
    expect(world.server.faults.calls.handshakes).toBe(4)
  })

  test('stops at once, also while the org answers nothing', async () => {
    const { adapter, server, links } = await startedWorld()
    server.faults.blackHole(true)
    const from = Date.now()
    await adapter.stop()
    expect(Date.now() - from).toBeLessThan(2_500)
    expect(links).toEqual([true])
  })

  test('waits long after the daily limit', async () => {
    let handshakes = 0
    const delays: number[] = []
    const limited = createServer((request, response) => {
      if (request.method !== 'POST') return void response.writeHead(405).end()
      if (request.url?.startsWith('/services/oauth2')) {
        const body = { access_token: 'x', instance_url: `http://${request.headers.host}`, id: 'http://x/id/00D/005' }
        return void response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
      }
      handshakes++
      const error = '403::Organization total events daily limit exceeded'
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify([{ channel: '/meta/handshake', id: '1', successful: false, error }]))
    })
    await new Promise<void>((resolve) => limited.listen(0, '127.0.0.1', resolve))
    cleanup(() => {
      limited.closeAllConnections()
      limited.close()
    })
    const address = limited.address()
    const port = typeof address === 'object' ? address?.port : 0
    const world = await createWorld()
    const session = { instanceUrl: `http://127.0.0.1:${port}`, accessToken: 'x', tenantId: 'o' }
    const clock = {
      ...world.clock,
      after: (delayMs: number, callback: () => void) => {
        delays.push(delayMs)
        return world.clock.after(delayMs, callback)
      },
    }
    const stream = createStream({
      transport: createCometdTransport({ clock, log: SILENT, apiVersion: '67.0' }),
      channel: '/data/PresenceBridge__chn',
      client: { authorize: async () => session },
      clock,
      log: SILENT,
      marks: { get: () => undefined, set() {} },
      random: () => 0,
      onEvent() {},
      onGap() {},
      onLink() {},
    })
    await expect(stream.start()).rejects.toThrow('daily limit')
    const second = stream.start().catch(() => 'stopped')
    expect(delays.at(-1)).toBeGreaterThan(890_000)
    await stream.stop()
    expect(await second).toBe('stopped')
    expect(handshakes).toBe(1)
  })
})
