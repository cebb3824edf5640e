// One CometD connection of one channel, by the faye client that jsforce brings: opened once, watched, and thrown away at the first trouble.
// faye mends some troubles by itself and hides others for ever (a refused subscription, a dead token, an answer that is no Bayeux at all), so
// an extension looks at every message, and whoever owns the connection dials anew with a fresh token.

import { Client } from 'jsforce/lib/api/streaming.js'
import type { Cancel, Clock } from '../../../domain/clock.ts'
import { FAREWELL_MS } from '../settings.ts'
import { cometdEvent } from '../wire.ts'
import { createPollWatch, type Honours } from './cometd-polls.ts'
import { type Dial, type StreamConnection, StreamRefused, type Trouble } from './transport.ts'
import type { CometdLimits } from './transport-limits.ts'

const ONLY_NEW = -1
/** faye's own patience with a poll is 1.2 times this, s: above all limits here, so that it never mends what is to be thrown away. */
const FAYE_TIMEOUT_MS = 110_000

export type CometdDeps = {
  readonly clock: Clock
  readonly limits: CometdLimits
  readonly apiVersion: string
  readonly honours: Honours
  /** The org does not end polls as it is asked to: silence is noticed later. */
  readonly onUnhonoured: () => void
}

/** What faye's typings leave out. */
type FayeClient = Client & {
  disable(feature: string): void
  on(event: string, listener: () => void): void
  disconnect(): unknown
}

export function openCometd(deps: CometdDeps, dial: Dial): StreamConnection {
  const { clock, limits } = deps
  const { session, channel } = dial
  const client = new Client(`${session.instanceUrl}/cometd/${deps.apiVersion}`) as FayeClient
  const opened = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<Trouble>()
  opened.promise.catch(() => {})
  let over = false
  let isOpen = false
  /** After the last event; null: none came yet, and none was gone back to. */
  let { position } = dial
  let dialWatch: Cancel = () => {}
  const polls = createPollWatch({
    clock,
    limits,
    honours: deps.honours,
    onSilent: (limitMs) => end({ kind: 'silent', words: `nothing heard for ${limitMs / 1000} s` }),
    onUnhonoured: deps.onUnhonoured,
  })

  function end(trouble: Trouble): void {
    if (over) return
    over = true
    dialWatch()
    polls.stop()
    opened.reject(new StreamRefused(trouble))
    const gone = isOpen && trouble.kind === 'closed' ? farewell(client, clock) : Promise.resolve()
    gone.then(() => {
      dispose(client)
      ended.resolve(trouble)
    })
  }

  function heard(message: BayeuxMessage): void {
    const trouble = troubleOf(message)
    if (trouble) {
      end(trouble)
      return
    }
    if (message.advice?.timeout !== undefined) message.advice = { ...message.advice, timeout: FAYE_TIMEOUT_MS }
    if (message.channel === '/meta/connect') {
      polls.answered()
      // As far as this it is known to be whole.
      if (position !== null) dial.onPosition(position)
    } else {
      polls.heard()
    }
    if (message.channel !== '/meta/subscribe') return
    isOpen = true
    dialWatch()
    polls.watch()
    opened.resolve()
  }

  function deliver(data: unknown): void {
    if (over) return
    const event = cometdEvent.safeParse(data)
    if (!event.success) {
      dial.onUnreadable(event.error.message, null)
      return
    }
    const { replayId, EventUuid } = event.data.event
    position = String(replayId)
    dial.onDelivery({ payload: event.data.payload, id: EventUuid ?? position, position })
  }

  client.setHeader('Authorization', `OAuth ${session.accessToken}`)
  // Salesforce has long polling only; faye would try an upgrade at each dial.
  client.disable('websocket')
  client.addExtension({
    outgoing(message: BayeuxMessage, pass: (message: BayeuxMessage | null) => void) {
      if (over && message.channel !== '/meta/disconnect') return pass(null)
      // One channel to a client: with several, each subscription would need its own position here.
      if (message.channel === '/meta/subscribe')
        message.ext = { ...message.ext, replay: { [channel]: positionOf(dial) } }
      const timeout = message.channel === '/meta/connect' ? polls.asked() : null
      if (timeout !== null) message.advice = { ...message.advice, timeout }
      pass(message)
    },
    incoming(message: BayeuxMessage, pass: (message: BayeuxMessage | null) => void) {
      if (!over) heard(message)
      pass(over && message.channel !== '/meta/disconnect' ? null : message)
    },
  })
  client.on('transport:down', () => end({ kind: 'network', words: 'the connection to the streaming endpoint broke' }))
  client.subscribe(channel, deliver).then(
    () => {},
    () => {},
  )
  dialWatch = clock.after(limits.dialTimeoutMs, () =>
    end({ kind: 'silent', words: `no subscription within ${limits.dialTimeoutMs / 1000} s` }),
  )
  return { opened: opened.promise, ended: ended.promise, close: () => end({ kind: 'closed', words: 'closed' }) }
}

/** Positions are numbers here; anything else was kept for another transport. */
function positionOf({ position }: Dial): number {
  const replayId = position === null ? Number.NaN : Number(position)
  return Number.isFinite(replayId) ? replayId : ONLY_NEW
}

type BayeuxMessage = {
  channel?: string
  successful?: boolean
  error?: string
  /** Not Bayeux: a REST error, which is what an expired token gets outside a Bayeux session. */
  errorCode?: string
  message?: string
  ext?: Record<string, unknown> | null
  advice?: { readonly timeout?: number }
}

/** Error texts: Streaming API Developer Guide, "Streaming API Error Codes" and "Handling Errors". */
function troubleOf(message: BayeuxMessage): Trouble | null {
  if (message.channel === undefined && message.errorCode !== undefined) {
    return { kind: 'token', words: `${message.errorCode}: ${message.message ?? ''}` }
  }
  if (message.successful !== false) return null
  const words = `${message.channel ?? 'answer'}: ${message.error ?? 'refused'} ${JSON.stringify(message.ext ?? {})}`
  if (/Unknown client/i.test(words)) return { kind: 'unknown_client', words }
  if (/401::/.test(words)) return { kind: 'token', words }
  if (/daily limit exceeded/i.test(words)) return { kind: 'daily_limit', words }
  if (/limit exceeded/i.test(words)) return { kind: 'limit', words }
  if (message.channel === '/meta/subscribe' && /40[34]::/.test(words)) return { kind: 'no_channel', words }
  if (/400::The replayId/i.test(words)) return { kind: 'replay_position', words }
  return { kind: 'refused', words }
}

/** Tells the server that the client is gone (it would count against the org's limit for 40 s), at most for a second. */
function farewell(client: FayeClient, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      cancel()
      resolve()
    }
    const cancel = clock.after(FAREWELL_MS, finish)
    Promise.resolve(client.disconnect()).then(finish, finish)
  })
}

/** faye has no way to let go at once: its open request and its timers (132 s) are ended one by one. */
function dispose(client: FayeClient): void {
  const dispatcher = inner(client, '_dispatcher')
  const envelopes = inner(dispatcher, '_envelopes')
  if (envelopes instanceof Map) {
    for (const envelope of envelopes.values()) {
      const timer = inner(envelope, 'timer')
      if (typeof timer === 'object' && timer !== null) clearTimeout(timer as NodeJS.Timeout)
      Promise.resolve(inner(envelope, 'request')).then(abort, () => {})
    }
    envelopes.clear()
  }
  const close = inner(dispatcher, 'close')
  if (typeof close === 'function') close.call(dispatcher)
}

function abort(request: unknown): void {
  const end = inner(request, 'abort')
  if (typeof end === 'function') end.call(request)
}

function inner(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, key) : undefined
}
