// What strangers and rogue colleagues may try at the public endpoint. Each time: nobody's status moved, nobody lost work, others are served.

import { generateKeyPairSync } from 'node:crypto'
import { connect } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { exportJWK, SignJWT } from 'jose'
import type { PlatformUserId } from '../../../src/domain/side.ts'
import {
  AUDIENCE,
  cleanup,
  openConsole,
  sign,
  startedWorld,
  statuses,
  until,
  type World,
  works,
  writeOptions,
} from './kit.ts'
import { admitted, closeCodeFor, type Door, hello, knock, skippingClock } from './knock.ts'

/** An org in which Lee works with a console open, deaf to the event stream: what is told then comes from consoles. */
async function worldWithLee(options: Parameters<typeof startedWorld>[0] = {}) {
  const world = await startedWorld(options)
  world.server.faults.loseEvents(true)
  world.model.setPresence({ user: world.lee, apiName: 'Online', by: 'agent' })
  await openConsole(world, world.lee)
  const before = world.told.filter(({ user }) => user === world.lee).length
  return { ...world, leeBefore: before }
}

/** Lee's console still carries out commands, Lee stands where Lee stood, and nothing was told of Lee that did not happen. */
async function unharmed(world: Awaited<ReturnType<typeof worldWithLee>>): Promise<void> {
  const { adapter, model, lee, online, told } = world
  expect(model.presence(lee)).toBe('Online')
  expect(told.filter(({ user }) => user === lee)).toHaveLength(world.leeBefore)
  expect(await adapter.setStatus(lee, online, writeOptions(online))).toEqual({ kind: 'accepted' })
}

/** Bytes that no WebSocket library would send. */
function raw(door: Door, bytes: Buffer): void {
  const socket: unknown = Reflect.get(door.socket, '_socket')
  if (typeof socket === 'object' && socket !== null && 'write' in socket && typeof socket.write === 'function')
    socket.write(bytes)
}

/** A client's frame with a mask of zeros. */
function frameOf(first: number, payload: Buffer): Buffer {
  const { length } = payload
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([first, ...size, 0, 0, 0, 0]), payload])
}

describe('tokens', () => {
  test('a token that brings its own key is refused', async () => {
    const world = await worldWithLee()
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const now = Math.floor(Date.now() / 1000)
    const claims = { sub: world.jane, aud: AUDIENCE, iat: now, exp: now + 60, jti: 'own-key' }
    const jwk = await exportJWK(publicKey)
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', jwk, kid: '../../dev/null', jku: 'https://evil.example/keys' })
      .sign(privateKey)
    expect(await closeCodeFor(world, token)).toBe(4401)
    expect(await closeCodeFor(world, 'x'.repeat(9_000))).toBe(1008)
    expect(statuses(world.told, world.jane)).toEqual([])
    await unharmed(world)
  })

  test('a token used before a restart is not good after it', async () => {
    const clock = skippingClock()
    const world = await startedWorld({ adapter: { clock } })
    const token = await sign(world.jane, AUDIENCE)
    const door = knock(world)
    await door.opened()
    door.send(hello(token))
    await door.frame('welcome')
    clock.skip(5_000)
    const restarted = await startedWorld({ adapter: { clock } })
    expect(await closeCodeFor(restarted, token)).toBe(4401)
    const now = Math.floor(clock.now() / 1000)
    const fresh = knock(restarted)
    await fresh.opened()
    fresh.send(hello(await sign(restarted.jane, AUDIENCE, { iat: now, exp: now + 60 })))
    await fresh.frame('welcome')
  })

  test('who opens consoles without end is held up, alone', async () => {
    const world = await worldWithLee()
    for (let count = 0; count < 60; count++) (await admitted(world, 'tab')).socket.terminate()
    expect(await closeCodeFor(world, await sign(world.jane, AUDIENCE))).toBe(4429)
    await unharmed(world)
  })
})

describe('one agent speaks for another', () => {
  test('frames that name another user are about the one whose token it was', async () => {
    const world = await worldWithLee()
    const { jane, lee, busy, told } = world
    const door = await admitted(world)
    const names = { user: lee, userId: lee, sub: lee, agent: 'lee@acme.example' }
    door.send({ type: 'status', id: busy, apiName: 'Busy', label: 'Busy!', ...names })
    door.send({ type: 'logout', reason: 'x', at: 'y', ...names })
    await until('it was heard', () => statuses(told, jane).length === 3)
    await unharmed(world)
  })

  test("somebody else's work is neither taken nor moved", async () => {
    const world = await worldWithLee()
    const { model, told, jane, lee, adapter } = world
    const item = model.work.assign(model.channel('chat')?.Id ?? '', lee)
    await until('it is known whose it is', () => works(told, lee).includes(`${item} chat offered`))
    const door = await admitted(world)
    for (const state of ['accepted', 'closed', 'declined']) door.send({ type: 'work', workId: item, state })
    door.send({ type: 'ping' })
    await door.frame('pong')
    expect(works(told, jane)).toEqual([])
    const options = { deadline: Date.now() + 5_000, signal: new AbortController().signal }
    expect(await adapter.work?.(jane, item, { kind: 'close' }, options)).toMatchObject({ kind: 'refused' })
    model.work.accept(item)
    await until("Lee's own console is heard", () => works(told, lee).includes(`${item} chat accepted`))
  })

  test('a claim to work that the bridge did not know is taken back when the org says whose it is', async () => {
    const world = await worldWithLee()
    const { model, told, jane, lee, gaps, server } = world
    const door = await admitted(world)
    // Lee's own console is cut off: the bridge has heard of the item from nobody.
    const item = model.work.assign(model.channel('chat')?.Id ?? '', addUser(world))
    door.send({ type: 'work', workId: item, state: 'assigned' })
    await until('Jane is read again', () => gaps.some(({ users }) => users?.includes(jane)))
    expect(works(told, jane)).toEqual([`${item} null offered`])
    server.faults.loseEvents(false)
    const before = works(told, jane).length
    model.work.accept(item)
    model.work.close(item)
    const later = model.work.assign(model.channel('chat')?.Id ?? '', lee)
    await until('the stream was heard', () => works(told, lee).some((line) => line.startsWith(later)))
    expect(works(told, jane)).toHaveLength(before)
  })

  test('work that nobody has is looked up together, not one by one, and not without end', async () => {
    const world = await worldWithLee()
    const door = await admitted(world)
    const before = world.server.faults.calls.rest
    const madeUp = (n: number) => `0Bz${String(n).padStart(12, '0')}`
    for (let n = 0; n < 45; n++) door.send({ type: 'work', workId: madeUp(n), state: 'assigned' })
    door.send({ type: 'ping' })
    await door.frame('pong')
    await until('Jane is read again', () => world.gaps.length > 0)
    await settled(world)
    expect(works(world.told, world.jane)).toHaveLength(30)
    expect(world.server.faults.calls.rest - before).toBeLessThanOrEqual(2)
    expect(world.gaps.length).toBeLessThanOrEqual(2)
    await unharmed(world)
  })
})

describe('frames', () => {
  test('members that reach for prototypes change nothing', async () => {
    const world = await worldWithLee()
    const door = await admitted(world)
    door.send(
      `{"type":"status","id":"${world.busy}","apiName":"Busy","label":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`,
    )
    door.send('{"type":"__proto__"}')
    door.send('{"__proto__":{"type":"logout"}}')
    await until('the status came', () => statuses(world.told, world.jane).includes(world.busy))
    door.send({ type: 'ping' })
    await door.frame('pong')
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(statuses(world.told, world.jane).at(-1)).toBe(world.busy)
    await unharmed(world)
  })

  test.each([
    ['invalid UTF-8', frameOf(0x81, Buffer.from([0xc3, 0x28])), 1007],
    ['a compressed frame that was never agreed on', frameOf(0xc1, Buffer.from('{}')), 1002],
    ['a reserved kind of frame', frameOf(0x83, Buffer.from('{}')), 1002],
    ['a frame without a mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d]), 1002],
    ['binary', frameOf(0x82, Buffer.from('{}')), 1008],
  ])('%s ends that connection alone', async (_what, bytes, code) => {
    const world = await worldWithLee()
    const door = await admitted(world)
    raw(door, bytes)
    expect(await door.closed()).toBe(code)
    await until('only Lee is left', () => world.adapter.companions() === 1)
    await unharmed(world)
  })

  test('a message in a thousand pieces is not put together', async () => {
    const world = await worldWithLee()
    const door = await admitted(world)
    raw(door, frameOf(0x01, Buffer.from('{')))
    raw(door, Buffer.concat(Array.from({ length: 1_000 }, () => frameOf(0x00, Buffer.from(' ')))))
    expect(await door.closed()).toBe(1008)
    await unharmed(world)
  })

  test.each([
    ['pings', 0x89],
    ['pongs', 0x8a],
  ])("a flood of the protocol's own %s counts like any other frames", async (_what, first) => {
    const world = await worldWithLee()
    const door = await admitted(world)
    raw(door, Buffer.concat(Array.from({ length: 60 }, () => frameOf(first, Buffer.from('x')))))
    expect(await door.closed()).toBe(4429)
    await unharmed(world)
  })

  test('unreadable frames do not make the bridge read the org again and again', async () => {
    const world = await worldWithLee()
    const door = await admitted(world)
    for (let count = 0; count < 40; count++) door.send({ type: 'status', id: count })
    door.send({ type: 'ping' })
    await door.frame('pong')
    expect(world.gaps.length).toBe(2)
    await unharmed(world)
  })

  test('frames sent while the token is checked wait, but not without end', async () => {
    const world = await worldWithLee()
    const door = knock(world)
    await door.opened()
    const first = frameOf(0x81, Buffer.from(JSON.stringify(hello(await sign(world.jane, AUDIENCE)))))
    const status = { type: 'status', id: world.busy, apiName: 'Busy', label: 'Busy!' }
    const more = Array.from({ length: 30 }, () => frameOf(0x81, Buffer.from(JSON.stringify(status))))
    // All in one piece, so that they are there before the check has ended.
    raw(door, Buffer.concat([first, ...more]))
    expect(await door.closed()).toBe(4429)
    expect(statuses(world.told, world.jane)).toEqual([])
    await unharmed(world)
  })

  test('whatever an agent says moves nobody else', async () => {
    const world = await worldWithLee()
    const { jane, lee, told } = world
    const text = fc.oneof(
      fc.constantFrom(jane, lee, world.busy, world.online, 'Busy', 'assigned', 'closed', ''),
      fc.string(),
    )
    const value = fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text, { maxLength: 3 }))
    const kind = fc.constantFrom(
      'status',
      'work',
      'logout',
      'workload',
      'result',
      'hello',
      'welcome',
      'set_status',
      'x',
    )
    const frame = fc.record(
      {
        type: kind,
        id: value,
        apiName: value,
        label: value,
        workId: value,
        state: value,
        cmd: value,
        ok: fc.boolean(),
      },
      { requiredKeys: ['type'] },
    )
    let tab = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(frame, fc.json()), { maxLength: 40 }), async (frames) => {
        tab += 1
        const door = await admitted(world, `tab-${tab}`)
        for (const one of frames) door.send(one)
        door.send({ type: 'ping' })
        await door.frame('pong')
        door.socket.terminate()
        expect(told.filter(({ user }) => user !== jane)).toHaveLength(world.leeBefore)
      }),
      { numRuns: 15 },
    )
    await unharmed(world)
  })
})

describe('those who hold a place', () => {
  test('a console that reads nothing is cut, and the write is tried elsewhere', async () => {
    const world = await worldWithLee()
    const { adapter, jane, busy } = world
    const door = await admitted(world)
    door.socket.pause()
    const heavy = { ...writeOptions(), sentence: 'x'.repeat(4_000_000) }
    const results = await Promise.all([1, 2, 3].map(() => adapter.setStatus(jane, busy, heavy)))
    expect(results.filter(({ kind }) => kind === 'accepted')).toEqual([])
    await until('only Lee is left', () => adapter.companions() === 1)
    await unharmed(world)
  })

  test('a request that never ends is cut, others come in', async () => {
    const world = await worldWithLee()
    const slow = connect(world.adapter.companionPort(), '127.0.0.1')
    cleanup(() => slow.destroy())
    slow.write('GET /companion HTTP/1.1\r\nHost: x\r\n')
    await admitted(world)
    expect(world.adapter.health().details.companions_unknown).toBe(1)
    slow.destroy()
    await until('its place is free', () => world.adapter.health().details.companions_unknown === 0)
    await unharmed(world)
  })
})

/** Somebody of the org who is not kept in step. */
function addUser(world: World): PlatformUserId {
  return world.model.addUser({ username: 'stranger@acme.example' }) as PlatformUserId
}

/** Until no question is asked of the org any more. */
async function settled({ server }: World): Promise<void> {
  let calls = -1
  while (calls !== server.faults.calls.rest) {
    calls = server.faults.calls.rest
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
