// The stand-in's streaming endpoint: Bayeux over HTTP long polling, as Salesforce speaks it, with a replay buffer.
//
// NOT imitated: PushTopics and generic events, filters and enrichment, delivery limits, permissions at delivery, acknowledgements;
// a buffer kept by count instead of 72 hours.

import { randomBytes } from 'node:crypto'
import type { Clock } from '../../domain/clock.ts'
import type { FaultState } from './faults.ts'
import { type Change, TIME_FIELDS } from './tables.ts'

/** Events that can be replayed; older ones are forgotten. */
const REPLAY_MAX = 5_000
/** Streaming clients; the oldest is forgotten (Salesforce allows 20 to 2,000 by edition). */
const CLIENTS_MAX = 1_000

type Message = { readonly [key: string]: unknown }
type Event = { readonly replayId: number; readonly data: object }
type Client = {
  readonly id: string
  readonly cookie: string
  readonly channels: Set<string>
  readonly queue: object[]
  /** Answers the long poll that is open. */
  flush: (() => void) | null
}

export type CometdDeps = {
  readonly clock: Clock
  readonly faults: FaultState
  readonly accepts: (authorization: string | undefined) => boolean
  /** How long a poll without events stays open; Salesforce: 110 s. */
  readonly timeoutMs: number
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
  const events: Event[] = []
  let replayId = 1_000
  let commit = 0

  function handshake(message: Message, request: CometdRequest): { reply: object; client: Client | null } {
    faults.calls.handshakes++
    if (!deps.accepts(request.authorization)) {
      const ext = { sfdc: { failureReason: '401::Authentication invalid' }, replay: true }
      const advice = { reconnect: 'none' }
      return { reply: failed(message, '403::Handshake denied', { ext, advice }), client: null }
    }
    const id = randomBytes(12).toString('hex')
    const client: Client = { id, cookie: randomBytes(8).toString('hex'), channels: new Set(), queue: [], flush: null }
    clients.set(client.id, client)
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
    if (from > 0 && faults.rejectReplay) {
      const error = `400::The replayId {${from}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`
      return failed(message, error, { subscription: channel })
    }
    client.channels.add(channel)
    const missed = from === -1 ? [] : events.filter((event) => event.replayId > from)
    for (const event of missed) client.queue.push({ channel, data: event.data })
    return { ...answer(message), subscription: channel, clientId: client.id }
  }

  /** Only one poll of a client waits; an older one is answered at once. */
  function poll(client: Client, done: () => void): void {
    client.flush?.()
    let over = false
    const end = () => {
      if (over) return
      over = true
      client.flush = null
      cancel()
      done()
    }
    const cancel = clock.after(deps.timeoutMs, end)
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
      const drained = waits ? waits.client.queue.splice(0) : []
      const connected = waits ? [connectReply(waits.message, deps.timeoutMs)] : []
      reply({ body: [...body, ...drained, ...connected], ...(cookie === undefined ? {} : { cookie }) })
    }
    // In a batch with other messages, or with events waiting, a connect is answered at once.
    if (waits && body.length === 0 && waits.client.queue.length === 0 && !asksForNoWait(waits.message))
      poll(waits.client, finish)
    else finish()
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
    }
    return { ...answer(message), clientId: client.id }
  }

  function publish(change: Change): void {
    replayId += 1 + (commit % 3)
    const event = { replayId, data: changeData(change, { replayId, commit: ++commit }) }
    if (faults.loseEvents) return
    events.push(event)
    if (events.length > REPLAY_MAX) events.shift()
    for (const client of clients.values()) {
      for (const channel of client.channels) client.queue.push({ channel, data: event.data })
      if (client.channels.size > 0 && !faults.blackHole) client.flush?.()
    }
  }

  function forgetClients(): void {
    const forgotten = [...clients.values()]
    clients.clear()
    for (const client of forgotten) client.flush?.()
  }

  const subscribers = () => [...clients.values()].filter((client) => client.channels.size > 0).length
  return { post, publish, forgetClients, close: forgetClients, subscribers }
}

/** The envelope of a change event over CometD, see the Change Data Capture guide, "Change Event Message Structure". */
function changeData(change: Change, at: { replayId: number; commit: number }): object {
  const header = {
    entityName: change.entity,
    recordIds: change.recordIds,
    changeType: change.changeType,
    changeOrigin: 'com/salesforce/api/soap/67.0;client=Omni',
    transactionKey: `${String(at.commit).padStart(8, '0')}-0000-0000-0000-000000000000`,
    sequenceNumber: 1,
    commitTimestamp: change.at,
    commitUser: change.commitUser,
    commitNumber: at.commit,
    nulledFields: [],
    diffFields: [],
    changedFields: change.changeType === 'UPDATE' ? Object.keys(change.fields) : [],
  }
  const fields = Object.entries(change.fields).map(([name, value]) =>
    typeof value === 'number' && TIME_FIELDS.has(name) ? [name, new Date(value).toISOString()] : [name, value],
  )
  const present = fields.filter(([, value]) => value !== null)
  return {
    schema: 'aStandIn',
    payload: { ChangeEventHeader: header, ...Object.fromEntries(present) },
    event: { replayId: at.replayId },
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

function asksForNoWait(message: Message): boolean {
  const { advice } = message
  return typeof advice === 'object' && advice !== null && 'timeout' in advice && advice.timeout === 0
}

function replayFrom(message: Message, channel: string): number {
  const { ext } = message
  if (typeof ext !== 'object' || ext === null || !('replay' in ext)) return -1
  const { replay } = ext
  if (typeof replay !== 'object' || replay === null) return -1
  const from = Object.entries(replay).find(([name]) => name === channel)?.[1]
  return typeof from === 'number' ? from : -1
}
