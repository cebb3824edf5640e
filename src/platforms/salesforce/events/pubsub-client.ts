// One subscription of one channel over the Pub/Sub API: looked up, subscribed, asked for more before it runs dry, watched, and thrown away
// at the first trouble. Events are handed on strictly in order, also while a schema is being fetched.

import { type Client, type ClientDuplexStream, type ClientUnaryCall, Metadata, type ServiceError } from '@grpc/grpc-js'
import type { Cancel, Clock } from '../../../domain/clock.ts'
import { wordsOf } from '../failures.ts'
import { consumerEvent, fetchResponse, PUBSUB, topicInfo } from './pubsub-api.ts'
import { createSchemas } from './pubsub-schemas.ts'
import { channelRefused, isPassing, type RpcError, troubleOf } from './pubsub-troubles.ts'
import { type Dial, type StreamConnection, StreamRefused, type Trouble } from './transport.ts'
import { type PubsubLimits, REQUESTED_MAX, REQUESTED_MIN } from './transport-limits.ts'

export type PubsubDeps = {
  readonly clock: Clock
  readonly limits: PubsubLimits
  /** A channel of its own: nothing is shared with the connection before. */
  readonly client: Client
  /** The channel does not look as if it could be heard; it is tried all the same. */
  readonly onDoubt: (words: string) => void
}

type Subscription = ClientDuplexStream<object, object>

export function openPubsub(deps: PubsubDeps, dial: Dial): StreamConnection {
  const { clock, client, limits } = deps
  const { channel } = dial
  const metadata = credentialsOf(dial)
  const opened = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<Trouble>()
  opened.promise.catch(() => {})
  const schemas = createSchemas({ client, metadata, clock, timeoutMs: limits.dialTimeoutMs })
  let over = false
  let call: { cancel(): void } | null = null
  let watch: Cancel = () => {}
  let settle: Cancel = () => {}
  /** Asked for and not come yet. */
  let requested = 0
  /** Come and not handed on yet. */
  let queued = 0
  let handing: Promise<void> = Promise.resolve()

  function end(trouble: Trouble): void {
    if (over) return
    over = true
    watch()
    settle()
    opened.reject(new StreamRefused(trouble))
    // Listeners stay: a call that is cancelled still tells its end, and nobody listening would end the process.
    call?.cancel()
    client.close()
    ended.resolve(trouble)
  }

  function fail(error: RpcError, doing: string): void {
    const trouble = troubleOf(error, doing)
    end(trouble.kind === 'no_channel' ? { ...trouble, words: channelRefused(channel, trouble.words) } : trouble)
  }

  function silent(limitMs: number, what: string): void {
    watch()
    watch = clock.after(limitMs, () => end({ kind: 'silent', words: `${what} for ${limitMs / 1000} s` }))
  }

  /**
   * A channel that is missing or forbidden is told by this call at once and in words; a subscription might just stay silent. It has no last
   * word: whether it knows every custom channel is unverified, so what it refuses is subscribed to all the same.
   */
  function lookUp(): void {
    silent(limits.dialTimeoutMs, 'the Pub/Sub API did not answer')
    const { path, requestSerialize, responseDeserialize } = PUBSUB.GetTopic
    const asked: ClientUnaryCall = client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      { topicName: channel },
      metadata,
      (error: ServiceError | null, value?: object) => {
        if (over) return
        const trouble = error ? troubleOf(error, `looking up ${channel}`) : null
        if (trouble !== null && isPassing(trouble)) return end(trouble)
        if (trouble !== null) deps.onDoubt(channelRefused(channel, trouble.words))
        else if (!topicInfo.safeParse(value).data?.canSubscribe) {
          deps.onDoubt(channelRefused(channel, 'it may not be subscribed to'))
        }
        subscribe()
      },
    )
    call = asked
  }

  function subscribe(): void {
    const { path, requestSerialize, responseDeserialize } = PUBSUB.Subscribe
    const stream: Subscription = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata)
    call = stream
    stream.on('error', (error: ServiceError) => fail(error, `subscribed to ${channel}`))
    stream.on('end', () => end({ kind: 'network', words: 'the server ended the subscription' }))
    stream.on('metadata', () => stands())
    stream.on('data', (answer: object) => {
      stands()
      receive(answer, stream)
    })
    const { position } = dial
    const from = position === null ? 'LATEST' : 'CUSTOM'
    const replayId = position === null ? undefined : Buffer.from(position, 'base64')
    ask(stream, { topicName: channel, replayPreset: from, ...(replayId && { replayId }) })
    settle = clock.after(limits.settleMs, stands)
    silent(limits.silenceMs, 'no event and no keep-alive')
  }

  function stands(): void {
    settle()
    opened.resolve()
  }

  /** At most REQUESTED_MAX are on their way or wait here: the server never has to hold back less than we can take. */
  function ask(stream: Subscription, first: object = { topicName: channel }): void {
    const more = REQUESTED_MAX - requested - queued
    requested += more
    stream.write({ ...first, numRequested: more })
  }

  function receive(answer: object, stream: Subscription): void {
    if (over) return
    silent(limits.silenceMs, 'no event and no keep-alive')
    const parsed = fetchResponse.safeParse(answer)
    if (!parsed.success) {
      end({ kind: 'refused', words: `an answer that is none: ${parsed.error.message.slice(0, 200)}` })
      return
    }
    const { events, latestReplayId, pendingNumRequested } = parsed.data
    queued += events.length
    // A sign of life comes when nothing else is under way: then the server's count is right, should ours ever not be.
    requested =
      events.length === 0 ? Math.min(REQUESTED_MAX, pendingNumRequested) : Math.max(0, requested - events.length)
    handing = handing.then(async () => {
      for (const event of events) if (!over) await hand(event)
      queued -= events.length
      if (over) return
      if (events.length === 0) dial.onPosition(positionOf(latestReplayId))
      if (requested + queued <= REQUESTED_MIN) ask(stream)
    })
  }

  /** Never rejects. */
  async function hand(event: unknown): Promise<void> {
    const parsed = consumerEvent.safeParse(event)
    if (!parsed.success) return dial.onUnreadable(parsed.error.message, null)
    const { event: produced, replayId } = parsed.data
    const position = positionOf(replayId)
    try {
      const schema = schemas.known(produced.schemaId) ?? (await schemas.fetch(produced.schemaId))
      if (!over) dial.onDelivery({ payload: schema.decode(produced.payload), id: produced.id || position, position })
    } catch (error) {
      if (over) return
      const trouble = isRpcError(error) ? troubleOf(error, 'asking for the schema of an event') : null
      // Not to be had now is not the same as unreadable: the next connection begins before this event.
      if (trouble !== null && isPassing(trouble)) end(trouble)
      else dial.onUnreadable(trouble?.words ?? wordsOf(error), position)
    }
  }

  lookUp()
  return { opened: opened.promise, ended: ended.promise, close: () => end({ kind: 'closed', words: 'closed' }) }
}

function credentialsOf({ session }: Dial): Metadata {
  const metadata = new Metadata()
  metadata.set('accesstoken', session.accessToken)
  metadata.set('instanceurl', session.instanceUrl)
  metadata.set('tenantid', session.tenantId)
  return metadata
}

/** Replay ids are opaque bytes; kept as text. */
function positionOf(replayId: Uint8Array): string {
  return Buffer.from(replayId.buffer, replayId.byteOffset, replayId.byteLength).toString('base64')
}

function isRpcError(error: unknown): error is ServiceError {
  return error instanceof Error && 'metadata' in error && 'details' in error
}
