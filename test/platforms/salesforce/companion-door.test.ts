import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'
import { WebSocket } from 'ws'
import { createOrgCertificate } from '../../../src/sandbox/salesforce/certificate.ts'
import {
  AUDIENCE,
  cleanup,
  companionUrl,
  createWorld,
  ORIGIN,
  publicKeyPem,
  sign,
  startedWorld,
  statuses,
  until,
  type World,
  works,
  writeOptions,
} from './kit.ts'
import { admitted, closeCodeFor, hello, knock, skippingClock } from './knock.ts'

describe('who may connect', () => {
  test('a good token is welcome and told whose console it is', async () => {
    const world = await createWorld()
    await world.adapter.roster()
    await world.adapter.start([world.jane], world.sink)
    const door = await admitted(world)
    expect(door.frames[0]).toEqual({ type: 'welcome', lead: true, agent: 'jane@acme.example' })
  })

  test('tokens that do not fit are refused with 4401', async () => {
    const world = await startedWorld()
    const now = Math.floor(Date.now() / 1000)
    const stranger = createOrgCertificate()
    const symmetric = new SignJWT({
      sub: world.jane,
      aud: AUDIENCE,
      iat: now,
      exp: now + 60,
      jti: 'a',
    }).setProtectedHeader({ alg: 'HS256' })
    const { privateKey } = generateKeyPairSync('ed25519')
    const otherKind = new SignJWT({
      sub: world.jane,
      aud: AUDIENCE,
      iat: now,
      exp: now + 60,
      jti: 'b',
    }).setProtectedHeader({ alg: 'EdDSA' })
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { sub: world.jane, aud: AUDIENCE, iat: now, exp: now + 60, jti: 'c' }
    const tokens: Record<string, string> = {
      'another audience': await sign(world.jane, 'someone-else'),
      expired: await sign(world.jane, AUDIENCE, { iat: now - 200, exp: now - 100 }),
      'good for too long': await sign(world.jane, AUDIENCE, { exp: now + 600 }),
      'from the future': await sign(world.jane, AUDIENCE, { iat: now + 90, exp: now + 180 }),
      'without an id': await sign(world.jane, AUDIENCE, { jti: '' }),
      'an unknown user': await sign('005000000000999AAA', AUDIENCE),
      'a short user id': await sign(world.jane.slice(0, 15), AUDIENCE),
      'signed by a stranger': await stranger.sign(world.jane, AUDIENCE),
      'signed with the public key as a secret': await symmetric.sign(new TextEncoder().encode(publicKeyPem)),
      'signed in another way': await otherKind.sign(privateKey),
      unsigned: `${part({ alg: 'none' })}.${part(claims)}.`,
      'no token': 'nonsense',
    }
    const codes: Record<string, number> = {}
    for (const [what, token] of Object.entries(tokens)) codes[what] = await closeCodeFor(world, token)
    expect(codes).toEqual(Object.fromEntries(Object.keys(tokens).map((what) => [what, 4401])))
    expect(world.adapter.companions()).toBe(0)
    expect(world.told).toEqual([])
  })

  test('a token is good once', async () => {
    const world = await startedWorld()
    const token = await sign(world.jane, AUDIENCE)
    const first = knock(world)
    await first.opened()
    first.send(hello(token))
    await first.frame('welcome')
    expect(await closeCodeFor(world, token)).toBe(4401)
    expect(world.adapter.companions()).toBe(1)
  })

  test('two uses of a token at the same moment: one is refused', async () => {
    const world = await startedWorld()
    const token = await sign(world.jane, AUDIENCE)
    const doors = [knock(world), knock(world)]
    await Promise.all(doors.map((door) => door.opened()))
    for (const [index, door] of doors.entries()) door.send(hello(token, `t${index}`))
    const refused = await until('one is closed', () =>
      doors.find((door) => door.socket.readyState === WebSocket.CLOSED),
    )
    expect(await refused.closed()).toBe(4401)
    expect(world.adapter.companions()).toBe(1)
  })

  test('pages of other origins, and no page at all, are refused with 4403', async () => {
    const world = await startedWorld()
    expect(await knock(world, 'https://evil.example').closed()).toBe(4403)
    expect(await knock(world, null).closed()).toBe(4403)
  })

  test('another path is not there', async () => {
    const world = await startedWorld()
    const socket = new WebSocket(companionUrl(world.adapter).replace('/companion', '/other'), { origin: ORIGIN })
    const status = await new Promise((resolve) =>
      socket.on('unexpected-response', (_request, answer) => resolve(answer.statusCode)),
    )
    expect(status).toBe(404)
    socket.on('error', () => {})
    socket.terminate()
  })

  test('who says no hello in time is closed with 4408', async () => {
    const clock = skippingClock()
    const world = await startedWorld({ adapter: { clock } })
    const door = knock(world)
    await door.opened()
    clock.skip(5_000)
    expect(await door.closed()).toBe(4408)
  })

  test('who is not heard of for a minute is let go, who pings stays', async () => {
    const clock = skippingClock()
    const world = await startedWorld({ adapter: { clock } })
    const door = await admitted(world)
    for (let pongs = 1; pongs <= 4; pongs++) {
      clock.skip(40_000)
      door.send({ type: 'ping' })
      await until('the ping is answered', () => door.count('pong') === pongs)
    }
    expect(world.adapter.companions()).toBe(1)
    clock.skip(61_000)
    await until('it is let go', () => world.adapter.companions() === 0)
  })

  test('a connection longer than any shift must prove itself anew', async () => {
    const clock = skippingClock()
    const world = await startedWorld({ adapter: { clock } })
    const door = await admitted(world)
    const end = clock.now() + 12 * 3_600_000
    while (clock.now() < end - 60_000) {
      clock.skip(50_000)
      door.send({ type: 'ping' })
      await once(door.socket, 'message')
    }
    expect(world.adapter.companions()).toBe(1)
    clock.skip(50_000)
    door.send({ type: 'ping' })
    clock.skip(50_000)
    expect(await door.closed()).toBe(1001)
  })
})

describe('what may be said', () => {
  test('a frame over 64 KiB closes with 4413, before and after the hello', async () => {
    const world = await startedWorld()
    const early = knock(world)
    await early.opened()
    early.send('x'.repeat(70_000))
    expect(await early.closed()).toBe(4413)
    const late = await admitted(world)
    late.send('x'.repeat(70_000))
    expect(await late.closed()).toBe(4413)
    await until('nobody is connected', () => world.adapter.companions() === 0)
  })

  test('more than 50 frames in 10 s close with 4429', async () => {
    const world = await startedWorld()
    const door = await admitted(world)
    for (let count = 0; count < 49; count++) door.send({ type: 'ping' })
    await until('all are answered', () => door.count('pong') === 49)
    door.send({ type: 'ping' })
    expect(await door.closed()).toBe(4429)
  })

  test('a first frame that is no hello closes the connection', async () => {
    const world = await startedWorld()
    const door = knock(world)
    await door.opened()
    door.send('{{{')
    expect(await door.closed()).toBe(1008)
  })

  test('frames sent right behind the hello are not lost', async () => {
    const world = await startedWorld()
    const door = knock(world)
    await door.opened()
    door.send(hello(await sign(world.jane, AUDIENCE)))
    door.send({
      type: 'status',
      id: world.busy.slice(0, 15),
      apiName: 'Busy',
      label: 'Busy!',
      reason: 'OmniManualStatusChange',
      at: '1999-01-01',
    })
    await until('the status came', () => statuses(world.told, world.jane).includes(world.busy))
    expect(world.told.at(-1)?.report.stamp.at).toBeGreaterThan(Date.now() - 10_000)
  })

  test('what cannot be read asks for a reading of that agent; what is not known is ignored', async () => {
    const world = await startedWorld()
    const door = await admitted(world)
    door.send({ type: 'something-new' })
    door.send({ type: 'status', id: 7 })
    await until('the gap is told', () => world.gaps.length > 0)
    expect(world.gaps).toEqual([{ why: expect.any(String), users: [world.jane] }])
  })
})

describe('answers to commands', () => {
  const results = [
    [
      { ok: false, error: 'not_granted', message: 'no' },
      { kind: 'refused', words: 'no' },
    ],
    [
      { ok: false, error: 'logged_out' },
      { kind: 'refused', words: 'not logged in to Omni-Channel' },
    ],
    [
      { ok: false, error: 'expected_other', message: 'Busy' },
      { kind: 'transient', words: 'Busy' },
    ],
    [
      { ok: false, error: 'expired' },
      { kind: 'transient', words: 'the console got the command too late' },
    ],
    [
      { ok: false, error: 'toolkit', message: 'broken' },
      { kind: 'transient', words: 'broken' },
    ],
    [
      { ok: false, error: 'brand_new' },
      { kind: 'transient', words: 'the console answered "brand_new"' },
    ],
    [{ ok: true }, { kind: 'accepted' }],
  ] as const

  test('each answer means what it should', async () => {
    const world = await startedWorld()
    const door = await admitted(world)
    for (const [answer, expected] of results) {
      const written = world.adapter.setStatus(world.jane, world.busy, writeOptions(world.online))
      const command = await door.frame('set_status')
      expect(command).toMatchObject({ apiName: 'Busy', expect: 'Online', sentence: 'Jane takes a call.' })
      door.frames.splice(0)
      door.send({ type: 'result', cmd: command.cmd, ...answer })
      expect(await written).toEqual(expected)
    }
  })

  test('an answer from a tab that was not asked, or to nothing that was asked, is ignored', async () => {
    const world = await startedWorld()
    const leader = await admitted(world, 't1')
    const witness = await admitted(world, 't2')
    const written = world.adapter.setStatus(world.jane, world.busy, writeOptions())
    const { cmd } = await leader.frame('set_status')
    witness.send({ type: 'result', cmd, ok: true })
    witness.send({ type: 'ping' })
    await witness.frame('pong')
    leader.send({ type: 'result', cmd: 'never-asked', ok: true })
    leader.send({ type: 'result', cmd, ok: false, error: 'not_granted', message: 'no' })
    expect(await written).toEqual({ kind: 'refused', words: 'no' })
  })

  test('no answer until the deadline is a passing failure', async () => {
    const world = await startedWorld()
    await admitted(world)
    expect(await world.adapter.setStatus(world.jane, world.busy, writeOptions(null, 80))).toMatchObject({
      kind: 'transient',
    })
    expect(await world.adapter.setStatus(world.jane, world.busy, writeOptions(null, -1))).toMatchObject({
      kind: 'transient',
    })
  })

  test('a console that goes away before it answers is a passing failure', async () => {
    const world = await startedWorld()
    const door = await admitted(world)
    const written = world.adapter.setStatus(world.jane, world.busy, writeOptions())
    await door.frame('set_status')
    door.socket.terminate()
    expect(await written).toEqual({ kind: 'transient', words: 'the console went away before it answered' })
  })

  test('a withdrawn write does not wait', async () => {
    const world = await startedWorld()
    await admitted(world)
    const controller = new AbortController()
    const written = world.adapter.setStatus(world.jane, world.busy, { ...writeOptions(), signal: controller.signal })
    controller.abort()
    expect(await written).toMatchObject({ kind: 'transient' })
  })
})

describe('the endpoint itself', () => {
  test('an address in use is named in plain words', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    cleanup(() => taken.close())
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const companion = {
      listen: { host: '127.0.0.1', port },
      path: '/companion',
      origins: [ORIGIN],
      publicKeyPem,
      audience: AUDIENCE,
      tls: null,
    }
    const world = await createWorld({ settings: { companion } })
    await expect(world.adapter.start([world.jane], world.sink)).rejects.toThrow(
      `Another program listens on 127.0.0.1:${port} already`,
    )
  })

  test('stopping tells consoles that the bridge goes away', async () => {
    const world = await startedWorld()
    const door = await admitted(world)
    await world.adapter.stop()
    expect(await door.closed()).toBe(1001)
  })

  test('a private key or nonsense in place of the certificate is refused at once', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const companion = { listen: { host: '127.0.0.1', port: 0 }, path: '/', origins: [], audience: AUDIENCE, tls: null }
    await expect(createWorld({ settings: { companion: { ...companion, publicKeyPem: pem } } })).rejects.toThrow(
      'is a private key',
    )
    await expect(createWorld({ settings: { companion: { ...companion, publicKeyPem: 'x' } } })).rejects.toThrow(
      'neither a PEM certificate',
    )
  })
})

test('what a console says first is not newer than what the event stream told while it said it', async () => {
  const world = await startedWorld()
  const { model, told, jane, online, busy } = world
  model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
  const chat = model.work.assign(model.channel('chat')?.Id ?? '', jane)
  model.work.accept(chat)
  await until('the stream told of the work', () => works(told, jane).includes(`${chat} chat accepted`))
  const door = knock(world)
  await door.opened()
  const then = { id: online, apiName: 'Online', label: 'On Queue' }
  const work = [{ workId: chat.slice(0, 15), workItemId: chat.slice(0, 15), channel: null, state: 'accepted' }]
  const late = { ...hello(await sign(jane, AUDIENCE)), status: then, work }
  await tick(world.clock)
  model.work.close(chat)
  model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
  await until('the stream told of the end', () => works(told, jane).includes(`${chat} chat closed`))
  await until('the stream told of the change', () => statuses(told, jane).at(-1) === busy)
  const before = told.length
  door.send(late)
  await door.frame('welcome')
  const since = told.slice(before).map(({ report }) => report)
  expect(since.map((report) => (report.kind === 'status' ? report.status : report.state))).toEqual([online, 'accepted'])
  const newest = (kind: string) =>
    Math.max(...told.slice(0, before).flatMap(({ report }) => (report.kind === kind ? [report.stamp.at] : [])))
  for (const report of since) expect(report.stamp.at).toBeLessThan(newest(report.kind))
})

/** So that what happens next has a later time. */
async function tick(clock: World['clock']): Promise<void> {
  const now = clock.now()
  await until('time to pass', () => clock.now() > now)
}
