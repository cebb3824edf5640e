// The companion's connection: one at a time, dialled again with backoff, dead when nothing is heard, stopped only with a word.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  backoffMs,
  longBackoffMs,
} from '../../salesforce/force-app/main/default/lwc/presenceBridgeCompanion/backoff.js'
import { meaningOf } from '../../salesforce/force-app/main/default/lwc/presenceBridgeCompanion/closing.js'
import { createOrgClock } from '../../salesforce/force-app/main/default/lwc/presenceBridgeCompanion/orgClock.js'
import { createWorld, type FakeSocket, STATUSES } from './fakes.ts'

const CODES = [1000, 1001, 1005, 1006, 1008, 1011, 1012, 1013, 1015, 4401, 4403, 4408, 4409, 4413, 4429, 4999]
const FINAL = [4403, 4409]

const types = (socket: FakeSocket) => socket.sent.map(({ type }) => type)

describe('properties', () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('ends' as const), code: fc.constantFrom(...CODES) }),
    fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(0, 1, 400, 5_000, 21_000, 46_000, 70_000) }),
    fc.record({
      kind: fc.constantFrom(
        'opens' as const,
        'fails' as const,
        'welcome' as const,
        'pong' as const,
        'nonsense' as const,
        'wake' as const,
        'retry' as const,
        'start' as const,
        'apex fails' as const,
        'apex works' as const,
      ),
    }),
  )

  test('any sequence of openings and closings has at most one open socket and ends in a connection, a wait or a stop that is said', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (acts, chance) => {
          const world = createWorld({ random: () => chance })
          world.companion.start()
          await world.clock.settle()
          for (const one of acts) {
            const socket = world.sockets.at(-1)
            if (one.kind === 'ends') socket?.ends(one.code, 'words of the bridge')
            if (one.kind === 'time') await world.clock.advance(one.ms)
            if (one.kind === 'opens') socket?.opens()
            if (one.kind === 'fails') socket?.onerror?.()
            if (one.kind === 'welcome') socket?.tells({ type: 'welcome', lead: true, agent: 'jane' })
            if (one.kind === 'pong') socket?.tells({ type: 'pong' })
            if (one.kind === 'nonsense') socket?.tells({ type: 'from the future' })
            if (one.kind === 'wake') world.companion.wake()
            if (one.kind === 'retry') world.companion.retry()
            if (one.kind === 'start') world.companion.start()
            if (one.kind === 'apex fails') world.failTokens('The certificate is missing.')
            if (one.kind === 'apex works') world.failTokens(null)
            await world.clock.settle()
          }
          expect(world.mostOpen()).toBeLessThanOrEqual(1)
          const { link } = world.companion.state()
          expect(['connecting', 'connected', 'waiting', 'stopped']).toContain(link.kind)
          if (link.kind === 'waiting' || link.kind === 'stopped') expect(link.words).toMatch(/\S/)
          if (link.kind === 'waiting') expect(link.until - world.clock.now()).toBeLessThanOrEqual(60_000)

          // Whatever happened: once all is well again, it connects, except where it said that it stopped.
          world.failTokens(null)
          const dials = world.sockets.length
          await world.clock.advance(120_000)
          if (link.kind === 'stopped') expect(world.sockets).toHaveLength(dials)
          else expect(world.sockets.length).toBeGreaterThan(dials)
          expect(world.mostOpen()).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('no wait is longer than its cap, and chance spreads it from nothing', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
        const waitMs = backoffMs(failures, () => chance)
        expect(waitMs).toBeGreaterThanOrEqual(100)
        expect(waitMs).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** failures))
        expect(longBackoffMs(() => chance)).toBeGreaterThanOrEqual(30_000)
        expect(longBackoffMs(() => chance)).toBeLessThanOrEqual(60_000)
      }),
    )
    expect([0, 1, 2, 5, 6, 7, 100].map((failures) => backoffMs(failures, () => 1))).toEqual([
      500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000,
    ])
  })

  test('the org’s time is never taken for earlier than it is, and for later by no more than one request', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.nat(10_000),
        fc.nat(10_000),
        fc.nat(100_000),
        (aheadMs, thereMs, backMs, laterMs) => {
          let now = 1_000_000
          const orgClock = createOrgClock({ now: () => now })
          const askedAt = now
          const told = now + thereMs + aheadMs
          now += thereMs + backMs
          orgClock.heard({ told, askedAt })
          now += laterMs
          expect(orgClock.now()).toBeGreaterThanOrEqual(now + aheadMs)
          expect(orgClock.now()).toBeLessThanOrEqual(now + aheadMs + thereMs + backMs)
        },
      ),
    )
  })
})

describe('a connection', () => {
  test('begins with a fresh token and what the toolkit shows right then', async () => {
    const world = createWorld({ random: () => 0 })
    world.toolkit.works.push({ workId: '0Bz000000000001', workItemId: '500000000000001', isEngaged: true })
    world.toolkit.works.push({ workId: '0Bz000000000002', workItemId: '500000000000002', isEngaged: false })
    const first = await world.connected()
    expect(first.url).toBe('wss://bridge.acme.example/companion')
    expect(first.sent).toEqual([
      {
        type: 'hello',
        v: 1,
        token: 'token-1',
        tab: 'tab-1',
        status: { id: '0N5000000000001', apiName: 'Online', label: 'Online' },
        work: [
          { workId: '0Bz000000000001', workItemId: '500000000000001', channel: null, state: 'accepted' },
          { workId: '0Bz000000000002', workItemId: '500000000000002', channel: null, state: 'assigned' },
        ],
      },
    ])
    first.ends(1006)
    world.toolkit.person('Lunch')
    world.toolkit.works.length = 0
    const second = await world.connected()
    expect(second.sent).toMatchObject([{ type: 'hello', token: 'token-2', status: { apiName: 'Lunch' }, work: [] }])
  })

  test('of an agent who is logged out says so', async () => {
    const world = createWorld()
    world.toolkit.person(null)
    const socket = await world.connected()
    expect(socket.sent).toMatchObject([{ type: 'hello', status: null }])
  })

  test('waits for Omni-Channel to load rather than to say that nobody is logged in', async () => {
    const world = createWorld()
    world.toolkit.refuseWith('Omni-Channel is loading.')
    world.companion.start()
    await world.clock.advance(1_500)
    expect(world.sockets).toHaveLength(0)
    world.toolkit.refuseWith(null)
    await world.clock.advance(1_000)
    const socket = await world.connected()
    expect(socket.sent).toMatchObject([{ type: 'hello', status: { apiName: 'Online' } }])
  })

  test('keeps what happens before the welcome until then, in order', async () => {
    const world = createWorld()
    world.companion.start()
    await world.clock.settle()
    world.slowToolkit(1_000)
    const socket = world.socket()
    socket.opens()
    world.toolkit.person('Lunch')
    world.toolkit.person('Busy')
    await world.clock.advance(1_000)
    world.toolkit.person('Online')
    expect(types(socket)).toEqual(['hello'])
    socket.tells({ type: 'welcome', lead: true, agent: 'jane' })
    expect(socket.sent).toMatchObject([
      { type: 'hello', status: { apiName: 'Busy' } },
      { type: 'status', apiName: 'Lunch' },
      { type: 'status', apiName: 'Busy' },
      { type: 'status', apiName: 'Online' },
    ])
  })

  test('says hello within the time that the bridge waits even if the toolkit says nothing', async () => {
    const world = createWorld()
    world.companion.start()
    await world.clock.settle()
    world.slowToolkit(60_000)
    world.socket().opens()
    await world.clock.advance(2_500)
    expect(types(world.socket())).toEqual(['hello'])
  })

  test('starts over when more happens before the welcome than can be kept', async () => {
    const world = createWorld({ random: () => 0 })
    world.companion.start()
    await world.clock.settle()
    world.slowToolkit(1_000)
    world.socket().opens()
    for (let n = 0; n < 31; n += 1) world.toolkit.person(n % 2 ? 'Busy' : 'Lunch')
    await world.clock.advance(3_000)
    expect(world.sockets).toHaveLength(2)
  })

  test('that is never answered is given up', async () => {
    const world = createWorld({ random: () => 0.5 })
    world.companion.start()
    await world.clock.settle()
    world.socket().opens()
    await world.clock.advance(20_000)
    expect(world.companion.state().link).toMatchObject({ kind: 'waiting', words: 'The bridge cannot be reached.' })
  })

  test('that the page may not open says what to set right, although no close ever comes', async () => {
    const world = createWorld()
    world.companion.start()
    await world.clock.settle()
    world.socket().readyState = 3
    world.socket().onerror?.()
    await world.clock.advance(500)
    expect(world.companion.state().link).toMatchObject({ kind: 'waiting', refused: true })
    expect(world.companion.state().link).toMatchObject({ words: expect.stringContaining('trusted URL') })
  })

  test('pings every 20 s and is dead after 45 s without any frame', async () => {
    const world = createWorld({ random: () => 1 })
    const socket = await world.connected()
    await world.clock.advance(19_999)
    expect(types(socket)).toEqual(['hello'])
    await world.clock.advance(1)
    expect(types(socket)).toEqual(['hello', 'ping'])
    socket.tells({ type: 'pong' })
    await world.clock.advance(44_999)
    expect(world.companion.state().link.kind).toBe('connected')
    await world.clock.advance(20_001)
    expect(world.companion.state().link.kind).not.toBe('connected')
  })

  test('is not taken for dead by a page whose timers come once a minute', async () => {
    const world = createWorld({ held: 'all timers' })
    const socket = await world.connected()
    for (let n = 0; n < 5; n += 1) {
      await world.clock.advance(60_000)
      expect(types(socket).at(-1)).toBe('ping')
      socket.tells({ type: 'pong' })
      expect(world.companion.state().link.kind).toBe('connected')
    }
    await world.clock.advance(180_000)
    expect(socket.readyState).toBe(3)
  })

  test('pings on time also in the background, where timers that timers set are held back', async () => {
    const world = createWorld({ held: 'nested timers' })
    const socket = await world.connected()
    for (let n = 1; n <= 20; n += 1) {
      await world.clock.advance(20_000)
      expect(types(socket).filter((type) => type === 'ping')).toHaveLength(n)
      socket.tells({ type: 'pong' })
    }
  })
})

describe('the backoff', () => {
  async function waitAfter(failures: number): Promise<number> {
    const world = createWorld({ random: () => 1 })
    for (let n = 0; n <= failures; n += 1) {
      const socket = await world.connected()
      socket.ends(1006)
      const { link } = world.companion.state()
      if (n === failures) return link.kind === 'waiting' ? link.until - world.clock.now() : -1
    }
    return -1
  }

  test('doubles while the bridge falls over right after the welcome', async () => {
    expect([await waitAfter(0), await waitAfter(1), await waitAfter(2), await waitAfter(9)]).toEqual([
      500, 1_000, 2_000, 30_000,
    ])
  })

  test('begins anew after a welcome that stood', async () => {
    const world = createWorld({ random: () => 1 })
    for (let n = 0; n < 4; n += 1) {
      const socket = await world.connected()
      socket.ends(1006)
    }
    const socket = await world.connected()
    await world.clock.advance(10_000)
    socket.ends(1006)
    expect(world.companion.state().link).toMatchObject({ kind: 'waiting', until: world.clock.now() + 500 })
  })

  test('asks Apex for another token after 4401 and says what the bridge said', async () => {
    const world = createWorld({ random: () => 1 })
    const socket = await world.connected()
    socket.ends(4401, 'the token was used before')
    expect(world.companion.state().link).toMatchObject({ kind: 'waiting', refused: true, long: false })
    expect(world.companion.state().link).toMatchObject({ words: expect.stringContaining('the token was used before') })
    await world.clock.advance(500)
    expect(world.tokens()).toBe(2)
  })

  test.each([1008, 1013, 4413, 4429])('is long after %d, also for a page that comes back', async (code) => {
    const world = createWorld({ random: () => 0 })
    const socket = await world.connected()
    socket.ends(code)
    await world.clock.advance(5_000)
    world.companion.wake()
    await world.clock.advance(24_999)
    expect(world.sockets).toHaveLength(1)
    await world.clock.advance(1)
    expect(world.sockets).toHaveLength(2)
  })

  test.each(FINAL)('is none after %d: it stops and says so, until somebody asks', async (code) => {
    const world = createWorld()
    const socket = await world.connected()
    socket.ends(code)
    expect(world.companion.state().link).toMatchObject({ kind: 'stopped', words: meaningOf(code, '').words })
    world.companion.wake()
    await world.clock.advance(600_000)
    expect(world.sockets).toHaveLength(1)
    world.companion.retry()
    await world.clock.settle()
    expect(world.sockets).toHaveLength(2)
  })

  test('says what Apex said', async () => {
    const world = createWorld({ random: () => 1 })
    world.failTokens('The certificate Presence_Bridge does not exist in this org.')
    world.companion.start()
    await world.clock.settle()
    expect(world.companion.state().link).toMatchObject({
      kind: 'waiting',
      words: 'The certificate Presence_Bridge does not exist in this org.',
    })
  })
})

describe('the settings', () => {
  test('are asked for once by a console that tries again and again, and anew after some minutes', async () => {
    const world = createWorld({ random: () => 1 })
    for (let n = 0; n < 5; n += 1) (await world.connected()).ends(1006)
    expect([world.settingsRead(), world.tokens()]).toEqual([1, 5])
    await world.connected()
    await world.clock.advance(300_000)
    await world.connected()
    expect(world.settingsRead()).toBe(2)
  })

  test.each([4401, 4403])('are asked for at once after %d, as somebody may have set them right', async (code) => {
    const world = createWorld()
    const socket = await world.connected()
    socket.ends(code)
    world.companion.retry()
    await world.clock.settle()
    expect(world.settingsRead()).toBe(2)
  })
})

describe('a page that comes back', () => {
  test('connects at once', async () => {
    const world = createWorld({ random: () => 1 })
    for (let n = 0; n < 5; n += 1) {
      const socket = await world.connected()
      socket.ends(1006)
    }
    await world.clock.advance(1_000)
    const dials = world.sockets.length
    world.companion.wake()
    await world.clock.settle()
    expect(world.sockets).toHaveLength(dials + 1)
  })

  test('tries a connection that only looks open', async () => {
    const world = createWorld({ random: () => 0 })
    const socket = await world.connected()
    await world.clock.advance(5_000)
    world.companion.wake()
    expect(types(socket)).toEqual(['hello', 'ping'])
    await world.clock.advance(31_000)
    expect(world.sockets).toHaveLength(2)
  })

  test('makes no storm of somebody who switches to and fro', async () => {
    const world = createWorld({ random: () => 1 })
    const socket = await world.connected()
    await world.clock.advance(11_000)
    socket.ends(1006)
    for (let n = 0; n < 50; n += 1) {
      world.companion.wake()
      await world.clock.settle()
      world.sockets.at(-1)?.ends(1006)
      await world.clock.advance(10)
    }
    expect(world.sockets.length).toBeLessThanOrEqual(4)
  })
})

describe('what happens', () => {
  test('is reported in order, with Salesforce’s own reasons', async () => {
    const world = createWorld()
    const socket = await world.connected()
    world.companion.toolkitEvent({ name: 'workAssigned', params: { workId: '0Bz1', workItemId: '5001' } })
    world.toolkit.person('Lunch', 'OmniDeclineWork')
    world.companion.toolkitEvent({ name: 'workDeclined', params: { workId: '0Bz1', workItemId: '5001' } })
    world.companion.toolkitEvent({
      name: 'workloadChanged',
      params: { configuredCapacity: '5', previousWorkload: '1', newWorkload: '0' },
    })
    world.toolkit.person(null, 'OmniSupervisorLogout')
    world.companion.toolkitEvent({ name: 'loginSuccess', params: { statusId: STATUSES[1]?.id } })
    const at = new Date(world.clock.now()).toISOString()
    expect(socket.sent.slice(1)).toEqual([
      { type: 'work', workId: '0Bz1', workItemId: '5001', channel: null, state: 'assigned', at },
      { type: 'status', id: '0N5000000000003', apiName: 'Lunch', label: 'Lunch', reason: 'OmniDeclineWork', at },
      { type: 'work', workId: '0Bz1', workItemId: '5001', channel: null, state: 'declined', at },
      { type: 'workload', configured: 5, previous: 1, new: 0 },
      { type: 'logout', reason: 'OmniSupervisorLogout', at },
      { type: 'status', id: STATUSES[1]?.id, apiName: 'Busy', label: 'Busy!', reason: 'OmniLoginStatusChange', at },
    ])
  })

  test('while nothing is connected is told by the next hello alone', async () => {
    const world = createWorld({ random: () => 0 })
    const first = await world.connected()
    first.ends(1006)
    world.toolkit.person('Lunch')
    world.toolkit.person('Busy')
    const second = await world.connected()
    expect(second.sent).toMatchObject([{ type: 'hello', status: { apiName: 'Busy' } }])
  })

  test('gives way where it only informs, before the bridge has had too much', async () => {
    const world = createWorld()
    const socket = await world.connected()
    for (let n = 0; n < 100; n += 1)
      world.companion.toolkitEvent({ name: 'workloadChanged', params: { newWorkload: n } })
    world.toolkit.person('Lunch')
    expect(socket.sent.length).toBeLessThanOrEqual(27)
    expect(socket.sent.at(-1)).toMatchObject({ type: 'status', apiName: 'Lunch' })
    await world.clock.advance(10_000)
    world.companion.toolkitEvent({ name: 'workloadChanged', params: { newWorkload: 1 } })
    expect(socket.sent.at(-1)).toMatchObject({ type: 'workload', new: 1 })
  })

  test('a network problem of Omni-Channel is shown until it tells anything else', async () => {
    const world = createWorld()
    await world.connected()
    world.companion.toolkitEvent({ name: 'connectionError', params: { error: 'x' } })
    expect(world.companion.state().problem).toMatch(/Omni-Channel/)
    world.toolkit.person('Lunch')
    expect(world.companion.state().problem).toBe(null)
  })
})

test('a tab that follows takes over when the bridge says so', async () => {
  const world = createWorld()
  const socket = await world.connected(false)
  expect(world.companion.state()).toMatchObject({ lead: false, agent: 'jane@acme.example' })
  socket.tells({ type: 'lead' })
  expect(world.companion.state().lead).toBe(true)
  socket.tells({ type: 'notice', sentence: 'Syncing is paused.' })
  expect(world.companion.state().notice).toBe('Syncing is paused.')
  socket.ends(1006)
  expect(world.companion.state()).toMatchObject({ lead: false, notice: null })
})

describe('a tab whose agent logged in elsewhere', () => {
  test.each(['DuplicateLogin', 'DuplicateLoginInSameBrowser'])(
    '(%s) leaves, and tells nobody that the agent is gone',
    async (reason) => {
      const world = createWorld()
      const socket = await world.connected()
      world.toolkit.person(null, reason)
      expect(types(socket)).toEqual(['hello'])
      expect(socket.readyState).toBe(3)
      expect(world.companion.state().link).toMatchObject({ kind: 'stopped', refused: false })
      world.companion.wake()
      await world.clock.advance(600_000)
      expect(world.sockets).toHaveLength(1)
    },
  )

  test('comes back when they log in here again', async () => {
    const world = createWorld()
    await world.connected()
    world.toolkit.person(null, 'DuplicateLogin')
    world.toolkit.person('Busy', 'OmniLoginStatusChange')
    const socket = await world.connected()
    expect(socket.sent).toMatchObject([{ type: 'hello', status: { apiName: 'Busy' } }])
  })

  test('stays away where it was the bridge that said stop', async () => {
    const world = createWorld()
    const socket = await world.connected()
    socket.ends(4403)
    world.toolkit.person('Busy')
    await world.clock.advance(60_000)
    expect(world.sockets).toHaveLength(1)
  })

  test.each(['MaintenanceLogout', 'OmniSupervisorLogout'])('is another thing than %s', async (reason) => {
    const world = createWorld()
    const socket = await world.connected()
    world.toolkit.person(null, reason)
    expect(socket.sent.at(-1)).toMatchObject({ type: 'logout', reason })
    expect(world.companion.state().link.kind).toBe('connected')
  })
})

test('a companion that is taken off the page leaves nothing behind', async () => {
  const world = createWorld()
  const socket = await world.connected()
  world.companion.stop()
  expect(socket.readyState).toBe(3)
  await world.clock.advance(600_000)
  expect(world.sockets).toHaveLength(1)
  expect(world.clock.timers()).toBe(0)
})
