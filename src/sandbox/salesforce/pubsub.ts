// The stand-in's Pub/Sub API: Subscribe, GetTopic and GetSchema over gRPC, with TLS where a certificate is given.
//
// NOT imitated: publishing, managed subscriptions, limits of subscribers and deliveries, compression, what event-log.ts and pubsub-schemas.ts
// list. Of the error codes in trailers only "…replayid.corrupted" and "…service.unavailable" are Salesforce's own; the others are made up, as
// is the moment at which the head of the answer comes (at once; it can be kept back).

import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import type { Cancel, Clock } from '../../domain/clock.ts'
import { ERROR_CODE, fetchRequest, PUBSUB } from '../../platforms/salesforce/events/pubsub-api.ts'
import { type EventLog, isChannel } from './event-log.ts'
import type { FaultState } from './faults.ts'
import { encodeEvent, schemaById, schemaOfEntity } from './pubsub-schemas.ts'
import { openRelay } from './relay.ts'

/** The most that a client may ask for at once. */
const REQUESTED_MAX = 100
const CODES = 'sfdc.platform.eventbus.grpc'

export type PubsubDeps = {
  readonly clock: Clock
  readonly faults: FaultState
  readonly events: EventLog
  readonly accepts: (authorization: string | undefined) => boolean
  readonly organization: string
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly tls?: { readonly certificate: string; readonly key: string }
  /** After so long without events a sign of life is sent; Salesforce: within 270 s. */
  readonly keepAliveMs?: number
  /** Nothing is answered to a subscription before there is something to say. */
  readonly lateHead?: boolean
}

export type Pubsub = {
  readonly port: number
  subscribers(): number
  /** Ends every subscription: as if it had come to its end, or because of its token. */
  end(how: 'silently' | 'token' | 'unavailable'): void
  shut(on: boolean): void
  cut(): void
  close(): Promise<void>
}

type Call = ServerDuplexStream<object, object>
type Subscription = {
  readonly call: Call
  readonly channel: string
  /** How far events were given out. */
  at: number
  /** How many more may be given out. */
  pending: number
  keepAlive: Cancel
}
type Refusal = { readonly code: status; readonly details: string; readonly metadata: Metadata }

export async function servePubsub(deps: PubsubDeps): Promise<Pubsub> {
  const { clock, faults, events } = deps
  const keepAliveMs = deps.keepAliveMs ?? 270_000
  const subscriptions = new Set<Subscription>()
  const server = new Server()
  server.addService(PUBSUB, {
    GetTopic: (call: ServerUnaryCall<object, object>, reply: sendUnaryData<object>) =>
      answer(call, reply, () => topic(textOf(call.request, 'topicName'))),
    GetSchema: (call: ServerUnaryCall<object, object>, reply: sendUnaryData<object>) =>
      answer(call, reply, () => schema(textOf(call.request, 'schemaId'))),
    Subscribe: subscribe,
  })
  const unlisten = events.on(() => {
    for (const subscription of subscriptions) deliver(subscription)
  })

  function answer(
    { metadata }: ServerUnaryCall<object, object>,
    reply: sendUnaryData<object>,
    find: () => object | Refusal,
  ): void {
    const found = refuseCaller(metadata) ?? find()
    if (isRefusal(found)) reply(found)
    else reply(null, found)
  }

  function refuseCaller(metadata: Metadata): Refusal | null {
    const given = (key: string) => String(metadata.get(key)[0] ?? '')
    if (faults.unavailable) return unavailable()
    if (!given('instanceurl') || given('tenantid').slice(0, 15) !== deps.organization.slice(0, 15)) {
      return refusal(
        status.UNAUTHENTICATED,
        'service.auth.headers.invalid',
        'One or more headers are missing or wrong.',
      )
    }
    return deps.accepts(`Bearer ${given('accesstoken')}`) ? null : badToken()
  }

  function topic(topicName: string): object | Refusal {
    if (!isChannel(topicName) || faults.refuseLookup) return unknownTopic(topicName)
    const object = /^\/data\/(UserServicePresence|AgentWork)ChangeEvent$/.exec(topicName)?.[1]
    const entity = object === 'AgentWork' ? 'AgentWork' : 'UserServicePresence'
    const { id: schemaId } = schemaOfEntity(entity)
    return { topicName, tenantGuid: deps.organization, canPublish: false, canSubscribe: true, schemaId, rpcId: 'r' }
  }

  function schema(id: string): object | Refusal {
    if (faults.refuseSchemas === 'unavailable') return unavailable()
    const found = faults.refuseSchemas === null ? schemaById(id) : undefined
    if (!found) return refusal(status.NOT_FOUND, 'schema.get.failed', `There is no schema ${id}.`)
    return { schemaJson: found.json, schemaId: found.id, rpcId: 'r' }
  }

  function subscribe(call: Call): void {
    let subscription: Subscription | null = null
    faults.calls.subscriptions++
    call.on('error', () => {})
    const refused = refuseCaller(call.metadata)
    if (refused) {
      fail(call, refused)
      return
    }
    const leave = () => {
      if (subscription) forget(subscription)
    }
    call.on('cancelled', leave)
    call.on('close', leave)
    call.on('end', () => {
      leave()
      call.end()
    })
    call.on('data', (message: object) => {
      const request = fetchRequest.parse(message)
      const wrong = refuseRequest(request, subscription)
      if (wrong) {
        leave()
        fail(call, wrong)
        return
      }
      subscription ??= begin(call, request)
      subscription.pending += request.numRequested
      deliver(subscription)
    })
  }

  function refuseRequest(request: FetchRequest, subscription: Subscription | null): Refusal | null {
    const { topicName, numRequested, replayPreset, replayId } = request
    if (!isChannel(topicName) && (subscription === null || topicName !== '')) return unknownTopic(topicName)
    if (subscription !== null && topicName !== '' && topicName !== subscription.channel) {
      return refusal(status.INVALID_ARGUMENT, 'subscription.fetch.topic.mismatch', 'The topic may not change.')
    }
    if (numRequested <= 0 || numRequested > REQUESTED_MAX) {
      const words = `The number of requested events must be from 1 to ${REQUESTED_MAX}.`
      return refusal(status.INVALID_ARGUMENT, 'subscription.fetch.requested.events.invalid', words)
    }
    if (subscription !== null || replayPreset !== 'CUSTOM') return null
    if (replayId.length === 8 && !faults.rejectReplay && numberOf(replayId) <= events.latest()) return null
    const words = 'The Replay ID validation failed. Ensure that the Replay ID is valid.'
    return refusal(status.INVALID_ARGUMENT, 'subscription.fetch.replayid.corrupted', words)
  }

  function begin(call: Call, { topicName: channel, replayPreset, replayId }: FetchRequest): Subscription {
    const at = replayPreset === 'CUSTOM' ? numberOf(replayId) : replayPreset === 'EARLIEST' ? -2 : events.latest()
    const subscription = { call, channel, at, pending: 0, keepAlive: () => {} }
    subscriptions.add(subscription)
    if (deps.lateHead !== true) call.sendMetadata(new Metadata())
    return subscription
  }

  function deliver(subscription: Subscription): void {
    const batch = events.after(subscription.at, subscription.channel).slice(0, subscription.pending)
    const last = batch.at(-1)
    if (last !== undefined) {
      subscription.at = last.replayId
      subscription.pending -= batch.length
      send(
        subscription,
        batch.map((event) => {
          const { schemaId, payload } = encodeEvent(event)
          return { event: { id: event.id, schemaId, payload }, replayId: bytesOf(event.replayId) }
        }),
      )
    }
    subscription.keepAlive()
    subscription.keepAlive = clock.after(keepAliveMs, () => {
      subscription.at = Math.max(subscription.at, subscription.pending > 0 ? events.latest() : subscription.at)
      send(subscription, [])
      deliver(subscription)
    })
  }

  function send({ call, at, pending }: Subscription, batch: readonly object[]): void {
    call.write({ events: batch, latestReplayId: bytesOf(at), rpcId: 'r', pendingNumRequested: pending })
  }

  function forget(subscription: Subscription): void {
    subscription.keepAlive()
    subscriptions.delete(subscription)
  }

  const innerPort = await bind(server, deps.tls)
  const relay = await openRelay({ host: deps.host, port: deps.port, targetPort: innerPort })
  return {
    port: relay.port,
    subscribers: () => subscriptions.size,
    end(how) {
      for (const subscription of [...subscriptions]) {
        forget(subscription)
        if (how === 'silently') subscription.call.end()
        else fail(subscription.call, how === 'token' ? badToken() : unavailable())
      }
    },
    shut: relay.shut,
    cut: relay.cut,
    async close() {
      unlisten()
      for (const subscription of [...subscriptions]) forget(subscription)
      await relay.close()
      server.forceShutdown()
    },
  }
}

type FetchRequest = ReturnType<typeof fetchRequest.parse>

function fail(call: Call, refused: Refusal): void {
  call.emit('error', refused)
}

function bind(server: Server, tls: PubsubDeps['tls']): Promise<number> {
  const pairs = tls && [{ cert_chain: Buffer.from(tls.certificate), private_key: Buffer.from(tls.key) }]
  const credentials = pairs ? ServerCredentials.createSsl(null, pairs) : ServerCredentials.createInsecure()
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)))
  })
}

function isRefusal(answer: object): answer is Refusal {
  return 'metadata' in answer
}

function refusal(code: status, errorCode: string, details: string): Refusal {
  const metadata = new Metadata()
  metadata.set(ERROR_CODE, `${CODES}.${errorCode}`)
  metadata.set('rpc-id', 'r')
  return { code, details, metadata }
}

const badToken = () => refusal(status.UNAUTHENTICATED, 'service.auth.error', 'Authentication exception occurred.')
const unavailable = () =>
  refusal(status.INTERNAL, 'service.unavailable', 'The service is temporarily unavailable. Try again later.')
const unknownTopic = (name: string) =>
  refusal(status.NOT_FOUND, 'topic.get.failed', `The topic ${name} does not exist or cannot be accessed.`)

/** A replay id is eight bytes, the highest first (from public clients; to a client it is opaque). */
function bytesOf(replayId: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(replayId))
  return bytes
}

function numberOf(replayId: Uint8Array): number {
  return Number(Buffer.from(replayId).readBigInt64BE())
}

function textOf(message: object, field: string): string {
  return String(Reflect.get(message, field) ?? '')
}
