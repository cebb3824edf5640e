// The stand-in's streaming endpoint: Bayeux over HTTP long polling, as Salesforce speaks it, with a replay buffer.
//
// NOT imitated: PushTopics and generic events, acknowledgements, and what event-log.ts lists. That polls end when the client asks for it is
// what CometD's own server does; whether Salesforce does is not known, so it can be switched off.

import { randomBytes } from 'node:crypto'
import type { Cancel, Clock } from '../../domain/clock.ts'
import { createEventLog, type EventLog, isChannel, type LoggedEvent } from './event-log.ts'
import type { FaultState } from './faults.ts'
import { type Change, TIME_FIELDS } from './tables.ts'

/** A client that does not poll for so long is forgotten (Streaming API limits: reconnect within 40 s). */
const SESSION_MS = 40_000
/** Streaming clients; the oldest is forgotten (Salesforce allows 20 to 2,000 by edition). */
const CLIENTS_MAX = 1_000

type Message = { readonly [key: string]: unknown }
type Client = {
  readonly id: string
  readonly cookie: string
  /** How far each channel was given out. */
  readonly channels: Map<string, number>
  /** Answers the long poll that is open. */
  flush: (() => void) | null
  /** Forgets the client when it is not heard of. */
  expiry: Cancel
}

export type CometdDeps = {
  readonly clock: Clock
  readonly faults: FaultState
  readonly accepts: (authorization: string | undefined) => boolean
  /** How long a poll without events stays open; Salesforce: 110 s. */
  readonly timeoutMs: number
  /** What is given out; where left out, its own. */
  readonly events?: EventLog
  /** Whether `advice.timeout` of a poll counts; true where left out. */
  readonly honoursTimeout?: boolean
  /** How long a client is remembered that does not poll; 40 s where left out. */
  readonly sessionMs?: number
}

type CometdRequest = {
  readonly messages: readonly Message[]
  readonly authorization: string | undefined
  readonly cookie: string | undefined
}

export type Cometd = {
  /** `reply` is called once; later than the call where a poll waits. */
  post(request: CometdRequest, reply: (answer: { body: readonly object[]; cookie?: string }) => void): void
  publish(change: Change): void
  forgetClients(): void
  /** Lets every open poll end. */
  close(): void
  subscribers(): number
}

export function createCometd(deps: CometdDeps): Cometd {
  const { clock, faults } = deps
  const clients = new Map<string, Client>()
  const events = deps.events ?? createEventLog({ clock, faults })
  const unlisten = events.on(wake)

  function handshake(message: Message, request: CometdRequest): { reply: object; client: Client | null } {
    faults.calls.handshakes++
    if (!deps.accepts(request.authorization)) {
      const ext = { sfdc: { failureReason: '401::Authentication invalid' }, replay: true }
      const advice = { reconnect: 'none' }
      return { reply: failed(message, '403::Handshake denied', { ext, advice }), client: null }
    }
    const id = randomBytes(12).toString('hex')
    const client: Client = {
      id,
      cookie: randomBytes(8).toString('hex'),
      channels: new Map(),
      flush: null,
      expiry: () => {},
    }
    clients.set(client.id, client)
    expire(client)
    for (const key of clients.keys()) if (clients.size > CLIENTS_MAX) clients.delete(key)
    const reply = {
      ...answer(message),
      version: '1.0',
      minimumVersion: '1.0',
      supportedConnectionTypes: ['long-polling'],
      clientId: client.id,
      ext: { replay: true, 'payload.format': true },
    }
    return { reply, client }
  }

  function subscribe(message: Message, client: Client): object {
    const channel = String(message.subscription)
    const from = replayFrom(message, channel)
    if (from > 0 && (faults.rejectReplay || from > events.latest())) {
      const error = `400::The replayId {${from}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`
      return failed(message, error, { subscription: channel })
    }
    if (!isChannel(channel)) return failed(message, `404::Unknown channel: ${channel}`, { subscription: channel })
    client.channels.set(channel, from === -1 ? events.latest() : from)
    return { ...answer(message), subscription: channel, clientId: client.id }
  }

  function expire(client: Client): void {
    client.expiry()
    client.expiry = clock.after(deps.sessionMs ?? SESSION_MS, () => clients.delete(client.id))
  }

  /** Only one poll of a client waits; an older one is answered at once. */
  function poll(client: Client, asked: number | null, done: () => void): void {
    client.flush?.()
    client.expiry()
    let over = false
    const end = () => {
      if (over) return
      over = true
      client.flush = null
      cancel()
      expire(client)
      done()
    }
    const cancel = clock.after(Math.min(deps.timeoutMs, asked ?? deps.timeoutMs), () => {
      faults.calls.idlePolls++
      end()
    })
    client.flush = end
  }

  function post(request: CometdRequest, reply: (answer: { body: readonly object[]; cookie?: string }) => void): void {
    const body: object[] = []
    let cookie: string | undefined
    let waits: { readonly client: Client; readonly message: Message } | null = null
    for (const message of request.messages) {
      if (message.channel === '/meta/handshake') {
        const shaken = handshake(message, request)
        body.push(shaken.reply)
        cookie = shaken.client?.cookie
        continue
      }
      const client = clients.get(String(message.clientId))
      const refusal = refuse(message, client, request)
      if (refusal) body.push(refusal)
      else if (client && message.channel === '/meta/connect') waits = { client, message }
      else if (client) body.push(meta(message, client))
    }
    const finish = () => {
      const drained = waits ? drain(waits.client) : []
      const connected = waits ? [connectReply(waits.message, deps.timeoutMs)] : []
      reply({ body: [...body, ...drained, ...connected], ...(cookie === undefined ? {} : { cookie }) })
    }
    // In a batch with other messages, or with events waiting, a connect is answered at once.
    const asked = waits && askedTimeout(waits.message)
    if (waits && body.length === 0 && !hasNews(waits.client) && asked !== 0)
      poll(waits.client, deps.honoursTimeout === false ? null : asked, finish)
    else finish()
  }

  function hasNews({ channels }: Client): boolean {
    return [...channels].some(([channel, from]) => events.after(from, channel).length > 0)
  }

  function drain({ channels }: Client): object[] {
    return [...channels].flatMap(([channel, from]) => {
      const news = events.after(from, channel)
      channels.set(channel, news.at(-1)?.replayId ?? from)
      return news.map((event) => ({ channel, data: changeData(event) }))
    })
  }

  function refuse(message: Message, client: Client | undefined, request: CometdRequest): object | null {
    if (!deps.accepts(request.authorization)) {
      return failed(message, '401::Authentication invalid', { advice: { reconnect: 'none', interval: 0 } })
    }
    if (!client) return failed(message, '403::Unknown client', { advice: { reconnect: 'handshake', interval: 0 } })
    if (request.cookie !== client.cookie) {
      return failed(
        message,
        `400::Client ${client.id} has established a session, but no BAYEUX_BROWSER cookie is present.`,
        {},
      )
    }
    return null
  }

  function meta(message: Message, client: Client): object {
    if (message.channel === '/meta/subscribe') return subscribe(message, client)
    if (message.channel === '/meta/unsubscribe') client.channels.delete(String(message.subscription))
    if (message.channel === '/meta/disconnect') {
      clients.delete(client.id)
      client.flush?.()
      client.expiry()
    }
    return { ...answer(message), clientId: client.id }
  }

  function wake(): void {
    if (faults.blackHole) return
    for (const client of clients.values()) if (client.channels.size > 0) client.flush?.()
  }

  function forgetClients(): void {
    const forgotten = [...clients.values()]
    clients.clear()
    for (const client of forgotten) {
      client.flush?.()
      client.expiry()
    }
  }

  const subscribers = () => [...clients.values()].filter((client) => client.channels.size > 0).length
  const close = () => {
    unlisten()
    forgetClients()
  }
  return { post, publish: events.publish, forgetClients, close, subscribers }
}

/** The envelope of a change event over CometD: only what changed, times as text. */
function changeData({ change, header, id, replayId }: LoggedEvent): object {
  const changedFields = change.changeType === 'UPDATE' ? Object.keys(change.fields) : []
  const fields = Object.entries(change.fields).map(([name, value]) =>
    typeof value === 'number' && TIME_FIELDS.has(name) ? [name, new Date(value).toISOString()] : [name, value],
  )
  const present = fields.filter(([, value]) => value !== null)
  return {
    schema: 'aStandIn',
    payload: {
      ChangeEventHeader: { ...header, nulledFields: [], diffFields: [], changedFields },
      ...Object.fromEntries(present),
    },
    event: { replayId, EventUuid: id },
  }
}

function connectReply(message: Message, timeoutMs: number): object {
  const advice = { reconnect: 'retry', interval: 0, timeout: timeoutMs }
  return { ...answer(message), clientId: message.clientId, advice }
}

function answer(message: Message): object {
  return { channel: message.channel, id: message.id, successful: true }
}

function failed(message: Message, error: string, more: object): object {
  return { ...answer(message), successful: false, error, ...more }
}

/** How long a poll asks to wait; null where it does not. */
function askedTimeout({ advice }: Message): number | null {
  if (typeof advice !== 'object' || advice === null || !('timeout' in advice)) return null
  return typeof advice.timeout === 'number' ? advice.timeout : null
}

function replayFrom(message: Message, channel: string): number {
  const { ext } = message
  if (typeof ext !== 'object' || ext === null || !('replay' in ext)) return -1
  const { replay } = ext
  if (typeof replay !== 'object' || replay === null) return -1
  const from = Object.entries(replay).find(([name]) => name === channel)?.[1]
  return typeof from === 'number' ? from : -1
}
