// The stand-in's two event streams, heard by clients that were written for Salesforce itself: jsforce over CometD, the public Pub/Sub client, and
// a client made of Salesforce's own protocol file. They receive, and are refused where Salesforce refuses them.

import { fileURLToPath } from 'node:url'
import grpc from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { describe, expect, test } from '@jest/globals'
import jsforce from 'jsforce'
import PubSubApiClient from 'salesforce-pubsub-api-client'
import { generate } from 'selfsigned'
import { cleanup, createWorld, until } from '../../platforms/salesforce/kit.ts'

const CHANNEL = '/data/PresenceBridge__chn'
const PROTO = fileURLToPath(
  new URL('../../../node_modules/salesforce-pubsub-api-client/pubsub_api.proto', import.meta.url),
)

/** An org whose Pub/Sub API speaks TLS, and a session of its run-as user. */
async function org() {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
  const world = await createWorld({ server: { pubsub: { tls: { certificate: cert, key }, keepAliveMs: 150 } } })
  const { clientId, clientSecret } = world.credentials
  const { url, endpoint } = world.server
  const conn = new jsforce.Connection({ version: '67.0', oauth2: { clientId, clientSecret, loginUrl: url } })
  await conn.authorize({ grant_type: 'client_credentials' })
  return { ...world, conn, address: `${endpoint.host}:${endpoint.port}`, token: conn.accessToken ?? '' }
}

type Heard = { readonly kind: string; readonly data: unknown }
const QUIET = { debug() {}, info() {}, warn() {}, error() {}, trace() {} }

/** The public client, connected; what its callback is told. */
async function publicClient(world: Awaited<ReturnType<typeof org>>, accessToken = world.token) {
  const config = {
    authType: 'user-supplied',
    accessToken,
    instanceUrl: 'https://acme.my.salesforce.com',
    organizationId: world.model.organization,
    pubSubEndpoint: world.address,
    rejectUnauthorizedSsl: false,
  }
  const client = new PubSubApiClient(config as ConstructorParameters<typeof PubSubApiClient>[0], QUIET)
  await client.connect()
  const heard: Heard[] = []
  const listen = (_info: unknown, kind: string, data: unknown) => void heard.push({ kind, data })
  const events = () => heard.flatMap(({ kind, data }) => (kind === 'event' ? [data as PublicEvent] : []))
  // Closed with a subscription open it would leave that behind with nobody to hear its end, which then ends the process: the server goes first.
  cleanup(async () => {
    await world.server.close()
    await until('the subscription has ended', () => heard.some(({ kind }) => kind === 'error' || kind === 'end'))
    client.close()
  })
  const error = () => heard.find(({ kind }) => kind === 'error')?.data as grpc.ServiceError | undefined
  return { client, listen, heard, events, error }
}

type PublicEvent = {
  readonly replayId: number
  readonly payload: Record<string, unknown> & {
    readonly ChangeEventHeader: { readonly changeType: string; readonly changedFields: readonly string[] }
  }
}

const errorCode = (error: grpc.ServiceError | undefined) => String(error?.metadata.get('error-code')[0])

describe('the public Pub/Sub client', () => {
  test('hears the two events of a status change: what ended, and what began', async () => {
    const world = await org()
    const { client, listen, heard, events } = await publicClient(world)
    const { model, server, jane, online } = world
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    client.subscribe(CHANNEL, listen)
    await until('it has subscribed', () => server.subscribers() === 1)
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('both events came', () => events().length === 2)
    const [ended, begun] = events().map(({ payload }) => payload)
    expect(ended).toMatchObject({ IsCurrentState: false, UserId: null })
    expect(ended?.ChangeEventHeader.changedFields).toEqual([
      'LastModifiedDate',
      'StatusEndDate',
      'StatusDuration',
      'IsCurrentState',
    ])
    expect(begun).toMatchObject({ UserId: jane, ServicePresenceStatusId: online, IsCurrentState: true })
    expect(begun?.ChangeEventHeader).toMatchObject({ changeType: 'CREATE', changedFields: [] })
    await until('a sign of life came', () => heard.some(({ kind }) => kind === 'grpcKeepAlive'))
  })

  test('goes on after an event, and from the earliest one', async () => {
    const world = await org()
    const { model, jane } = world
    for (const apiName of ['Busy', 'Online', 'Busy']) model.setPresence({ user: jane, apiName, by: 'agent' })
    const first = await publicClient(world)
    first.client.subscribeFromEarliestEvent(CHANNEL, first.listen)
    await until('all five came', () => first.events().length === 5)
    const ids = first.events().map(({ replayId }) => replayId)
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
    const second = await publicClient(world)
    second.client.subscribeFromReplayId(CHANNEL, second.listen, null, ids[2] ?? 0)
    await until('the last two came', () => second.events().length === 2)
    expect(second.events().map(({ replayId }) => replayId)).toEqual(ids.slice(3))
  })

  test('gets no more than it asked for until it asks again', async () => {
    const world = await org()
    const { model, server, jane, lee } = world
    const { client, listen, events, heard } = await publicClient(world)
    client.subscribe(CHANNEL, listen, 2)
    await until('it has subscribed', () => server.subscribers() === 1)
    for (const apiName of ['Busy', 'Online']) model.setPresence({ user: jane, apiName, by: 'agent' })
    await until('it has what it asked for', () => heard.some(({ kind }) => kind === 'lastEvent'))
    model.setPresence({ user: lee, apiName: 'Online', by: 'agent' })
    await until('a sign of life came', () => heard.some(({ kind }) => kind === 'grpcKeepAlive'))
    expect(events()).toHaveLength(2)
    client.requestAdditionalEvents(CHANNEL, 5)
    await until('the rest came', () => events().length === 4)
  })

  test('is refused with a token that is no good', async () => {
    const world = await org()
    const { client, listen, error } = await publicClient(world, `${world.model.organization}!wrong`)
    client.subscribe(CHANNEL, listen)
    await until('it is refused', error)
    expect(error()?.code).toBe(grpc.status.UNAUTHENTICATED)
  })

  test('is refused a channel that is not there', async () => {
    const { client, listen, error } = await publicClient(await org())
    client.subscribe('/event/Nothing__e', listen)
    await until('it is refused', error)
    expect([grpc.status.NOT_FOUND, grpc.status.PERMISSION_DENIED]).toContain(error()?.code)
  })

  test('is refused a replay id that was never given out', async () => {
    const { client, listen, error } = await publicClient(await org())
    client.subscribeFromReplayId(CHANNEL, listen, null, 999_999_999)
    await until('it is refused', error)
    expect(error()?.code).toBe(grpc.status.INVALID_ARGUMENT)
    expect(errorCode(error())).toBe('sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted')
  })
})

describe("a client made of Salesforce's own protocol file", () => {
  /** What the public client checks before it asks is asked here all the same. */
  async function subscribed(numRequested: number) {
    const { address, token, model } = await org()
    const definition = loadSync(PROTO, {})['eventbus.v1.PubSub']
    if (definition === undefined || 'format' in definition) throw new Error('no service')
    const PubSub = grpc.makeGenericClientConstructor(definition, 'PubSub')
    const creds = grpc.credentials.createSsl(null, null, null, { rejectUnauthorized: false })
    const client = new PubSub(address, creds)
    cleanup(() => client.close())
    const metadata = new grpc.Metadata()
    metadata.set('accesstoken', token)
    metadata.set('instanceurl', 'https://acme.my.salesforce.com')
    metadata.set('tenantid', model.organization)
    const call: grpc.ClientDuplexStream<object, object> = client.Subscribe?.(metadata)
    const error = new Promise<grpc.ServiceError>((resolve) => void call.on('error', resolve))
    call.write({ topicName: CHANNEL, replayPreset: 0, numRequested })
    return await error
  }

  test.each([0, -1, 101])('is refused when it asks for %i events', async (numRequested) => {
    expect((await subscribed(numRequested)).code).toBe(grpc.status.INVALID_ARGUMENT)
  })
})

describe('jsforce', () => {
  /** The error texts of refused subscriptions and handshakes, which jsforce keeps to itself. */
  async function subscribed(options: { readonly channel: string; readonly replay: number; readonly token?: string }) {
    const { conn, model, server, jane } = await org()
    if (options.token !== undefined) conn.accessToken = options.token
    const refusals: string[] = []
    const events: unknown[] = []
    const look = {
      outgoing(message: { channel: string; ext?: object }, pass: (message: object) => void) {
        if (message.channel === '/meta/subscribe') message.ext = { replay: { [options.channel]: options.replay } }
        pass(message)
      },
      incoming(message: { successful?: boolean; error?: string }, pass: (message: object) => void) {
        if (message.successful === false) refusals.push(message.error ?? '')
        pass(message)
      },
    }
    const client = conn.streaming.createClient([look])
    client
      .subscribe(options.channel, (event: unknown) => void events.push(event))
      .then(
        () => {},
        () => {},
      )
    cleanup(async () => void (await Reflect.get(client, 'disconnect').call(client)))
    return { refusals, events, model, server, jane }
  }

  test('hears the two events of a status change', async () => {
    const { events, model, server, jane } = await subscribed({ channel: CHANNEL, replay: -1 })
    await until('it has subscribed', () => server.subscribers() === 1)
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('all events came', () => events.length === 3)
    expect(events[1]).toMatchObject({
      payload: {
        ChangeEventHeader: { changeType: 'UPDATE', changedFields: expect.arrayContaining(['IsCurrentState']) },
        IsCurrentState: false,
      },
    })
  })

  test.each([
    ['a token that is no good', { channel: CHANNEL, replay: -1, token: 'wrong' }, /403::Handshake denied/],
    ['a channel that is not there', { channel: '/data/Nothing', replay: -1 }, /404::Unknown channel/],
    ['a replay id that was never given out', { channel: CHANNEL, replay: 999_999_999 }, /400::The replayId/],
  ])('is refused with %s', async (_what, options, words) => {
    const { refusals, server } = await subscribed(options)
    await until('it is refused', () => refusals.length > 0)
    expect(refusals[0]).toMatch(words)
    expect(server.subscribers()).toBe(0)
  })
})
