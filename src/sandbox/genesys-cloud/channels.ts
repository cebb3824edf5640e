// Notification channels: made and subscribed by REST, heard by WebSocket. An event goes to every channel that has its topic,
// under the single topic's name also where a combined topic was subscribed.

import { randomUUID } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { WebSocket } from 'ws'
import type { Clock } from '../../domain/clock.ts'
import { notFound, problem } from './access.ts'
import type { FaultState } from './faults.ts'
import { partsOf, readTopics, type TopicState, topicState } from './topic-rules.ts'

/** Channels of one client: the platform silently forgets the least recently used one past it. */
const CHANNELS_MAX = 20
/** Topics of one channel, the platform's limit. */
const TOPICS_MAX = 1_000
/** Events held back to be turned around; tests make some tens. */
const HELD_BACK_MAX = 1_000

export type ChannelsDeps = {
  readonly clock: Clock
  readonly faults: FaultState
  readonly channelLifeMs: number
  readonly heartbeatMs: number
  /** "ws://127.0.0.1:1234", known once the server listens. */
  readonly streamUrl: () => string
}

type SandboxChannel = {
  readonly id: string
  readonly connectUri: string
  /** With which token it was made; with another one its id is not told. */
  readonly token: string
  expiresAt: number
  /** By the name as it was asked for; the single topics of each. */
  topics: Map<string, readonly string[]>
  /** The single topics of all, in lower case. */
  heard: Set<string>
  socket: WebSocket | undefined
}

export type Channels = {
  addRoutes(app: Hono): void
  has(id: string): boolean
  /** A new socket of the channel; the one before it is closed. */
  attach(id: string, socket: WebSocket): void
  publish(topicName: string, eventBody: object): void
  /** What was held back while events were to be turned around, the newest first. */
  sendHeldBack(): void
  dropSockets(): void
  dropSocketOf(userId: string): void
  ids(): readonly string[]
  announceClosing(): void
  evict(): void
  start(): void
  stop(): void
}

export function createChannels(deps: ChannelsDeps): Channels {
  const { clock, faults } = deps
  const channels = new Map<string, SandboxChannel>()
  const heldBack: (() => void)[] = []
  let stopHeartbeat = () => {}

  function create(token: string): SandboxChannel {
    const oldest = [...channels.values()].sort(
      (one, other) => Number(Boolean(one.socket)) - Number(Boolean(other.socket)),
    )[0]
    if (channels.size >= CHANNELS_MAX && oldest) forget(oldest)
    const id = `streaming-0-${randomUUID()}`
    const connectUri = `${deps.streamUrl()}/channels/${id}`
    const channel = {
      id,
      connectUri,
      token,
      expiresAt: clock.now() + deps.channelLifeMs,
      topics: new Map(),
      heard: new Set<string>(),
      socket: undefined,
    }
    channels.set(id, channel)
    return channel
  }

  function live(id: string): SandboxChannel | undefined {
    const channel = channels.get(id)
    if (channel && clock.now() >= channel.expiresAt) forget(channel)
    return channels.get(id)
  }

  function forget(channel: SandboxChannel): void {
    channels.delete(channel.id)
    channel.socket?.terminate()
  }

  function subscribe(channel: SandboxChannel, names: readonly string[]): readonly TopicState[] {
    const states = names.flatMap((name) => topicState(name, faults.rejectedTopics))
    const refused = new Set(states.filter(({ state }) => state === 'Rejected').map(({ id }) => id.toLowerCase()))
    for (const name of names) {
      channel.topics.set(
        name,
        partsOf(name).filter((part) => !refused.has(part.toLowerCase())),
      )
    }
    channel.heard = new Set([...channel.topics.values()].flat().map((topic) => topic.toLowerCase()))
    if (!faults.keepingEnds) channel.expiresAt = clock.now() + deps.channelLifeMs
    return states
  }

  function send(channel: SandboxChannel, frame: object): void {
    if (faults.silent || channel.socket?.readyState !== WebSocket.OPEN) return
    channel.socket.send(JSON.stringify(frame))
  }

  function deliver(topicName: string, eventBody: object): void {
    const frame = { topicName, version: '2', eventBody, metadata: { CorrelationId: randomUUID() } }
    const wanted = topicName.toLowerCase()
    for (const channel of channels.values()) {
      if (!channel.heard.has(wanted)) continue
      send(channel, frame)
      if (faults.repeating) send(channel, frame)
    }
  }

  function beat(): void {
    for (const channel of channels.values()) send(channel, metadata({ message: 'WebSocket Heartbeat' }))
    stopHeartbeat = clock.after(deps.heartbeatMs, beat)
  }

  function hear(channel: SandboxChannel, text: string): void {
    const frame: unknown = parse(text)
    if (typeof frame !== 'object' || frame === null || !('message' in frame)) return
    if (frame.message === 'ping') send(channel, metadata({ message: 'pong' }))
    if (frame.message === 'subscribe') send(channel, subscribeByFrame(channel, frame))
  }

  function subscribeByFrame(channel: SandboxChannel, frame: object): object {
    const topics = 'topics' in frame && Array.isArray(frame.topics) ? frame.topics.map(String) : []
    const correlationId = 'correlationId' in frame ? frame.correlationId : undefined
    if (topics.length === 0) return { result: '400', message: 'no topics', correlationId }
    subscribe(channel, topics)
    return { result: '200', status: 'subscribed', correlationId }
  }

  return {
    addRoutes(app) {
      const path = '/api/v2/notifications/channels'
      app.post(path, (context) => {
        const { id, connectUri, expiresAt } = create(tokenOf(context))
        return context.json({ id, connectUri, expires: new Date(expiresAt).toISOString() })
      })
      app.get(path, (context) => {
        const token = tokenOf(context)
        const everybodys = context.req.query('includechannels') === 'oauthclient'
        const entities = [...channels.values()]
          .filter((channel) => clock.now() < channel.expiresAt && (everybodys || channel.token === token))
          .map(({ id, expiresAt, token: owner }) => ({
            ...(owner === token && { id }),
            expires: new Date(expiresAt).toISOString(),
          }))
        return context.json({ entities })
      })
      app.get(`${path}/:id/subscriptions`, (context) => {
        const channel = live(context.req.param('id'))
        if (!channel) return notFound(context, 'channel')
        return context.json({ entities: [...channel.topics.keys()].map((id) => ({ id })) })
      })
      app.on(['PUT', 'POST'], `${path}/:id/subscriptions`, async (context) => {
        const channel = live(context.req.param('id') ?? '')
        if (!channel) return notFound(context, 'channel')
        const names = readTopics(await context.req.json().catch(() => undefined))
        if (!names || names.length > TOPICS_MAX) {
          return problem(context, { status: 400, code: 'bad.request', message: 'not a list of at most 1000 topics' })
        }
        const denied = names
          .flatMap((name) => topicState(name, faults.rejectedTopics))
          .some(({ state }) => state === 'Rejected')
        if (denied && context.req.query('ignoreErrors') !== 'true') {
          return problem(context, {
            status: 403,
            code: 'not.authorized',
            message: 'one of the topics is not permitted',
          })
        }
        if (context.req.method === 'PUT') channel.topics = new Map()
        return context.json({ entities: subscribe(channel, names) })
      })
      app.delete(`${path}/:id/subscriptions`, (context) => {
        const channel = live(context.req.param('id'))
        if (!channel) return notFound(context, 'channel')
        channel.topics.clear()
        channel.heard.clear()
        return context.body(null, 200)
      })
      app.get('/api/v2/notifications/availabletopics', (context) =>
        context.json({
          entities: ['presence', 'routingStatus', 'conversations'].map((part) => ({
            id: `v2.users.{id}.${part}`,
            requiresPermissions: [],
            enforced: false,
            transports: ['All'],
          })),
        }),
      )
    },
    has: (id) => live(id) !== undefined,
    attach(id, socket) {
      const channel = live(id)
      if (!channel) return socket.terminate()
      channel.socket?.close()
      channel.socket = socket
      socket.on('message', (data) => hear(channel, String(data)))
      socket.on('close', () => {
        if (channel.socket === socket) channel.socket = undefined
      })
    },
    publish(topicName, eventBody) {
      if (faults.losing) return
      if (faults.turning && heldBack.length < HELD_BACK_MAX) heldBack.push(() => deliver(topicName, eventBody))
      else deliver(topicName, eventBody)
    },
    sendHeldBack() {
      for (const send of heldBack.splice(0).toReversed()) send()
    },
    dropSockets() {
      for (const channel of channels.values()) channel.socket?.terminate()
    },
    dropSocketOf(userId) {
      const topic = `v2.users.${userId}.presence`
      for (const channel of channels.values()) if (channel.heard.has(topic)) channel.socket?.terminate()
    },
    ids: () => [...channels.keys()],
    announceClosing() {
      for (const channel of channels.values()) {
        send(channel, { topicName: 'v2.system.socket_closing', eventBody: { message: 'Socket closing shortly' } })
      }
    },
    evict() {
      for (const channel of channels.values()) forget(channel)
    },
    start() {
      stopHeartbeat = clock.after(deps.heartbeatMs, beat)
    },
    stop() {
      stopHeartbeat()
      for (const channel of channels.values()) forget(channel)
    },
  }
}

function tokenOf(context: Context): string {
  return context.req.header('authorization') ?? ''
}

function metadata(eventBody: object): object {
  return { topicName: 'channel.metadata', eventBody }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
