// One CometD connection of one channel, by the faye client that jsforce brings: opened once, watched, and thrown away at the first trouble.
// faye mends some troubles by itself and hides others for ever (a refused subscription, a dead token, an answer that is no Bayeux at all), so
// an extension looks at every message, and whoever owns the connection dials anew with a fresh token.

import { Client } from 'jsforce/lib/api/streaming.js'
import type { Cancel, Clock } from '../../domain/clock.ts'
import type { Session } from './client.ts'
import { DIAL_TIMEOUT_MS, FAREWELL_MS } from './settings.ts'

type TroubleKind =
  | 'token'
  | 'replay_position'
  | 'unknown_client'
  | 'daily_limit'
  | 'silent'
  | 'network'
  | 'refused'
  | 'closed'
export type Trouble = { readonly kind: TroubleKind; readonly words: string }

export type CometdDeps = {
  readonly clock: Clock
  readonly session: Session
  readonly apiVersion: string
  readonly channel: string
  /** -1: only what is new from now on. */
  readonly replayId: number
  readonly livenessMs: number
  readonly onEvent: (data: unknown) => void
}

type CometdConnection = {
  readonly opened: Promise<void>
  /** Never rejects. */
  readonly ended: Promise<Trouble>
  /** Says good-bye where somebody listens, and lets go of everything in any case. */
  close(): void
}

export class CometdRefused extends Error {
  override readonly name = 'CometdRefused'
  readonly trouble: Trouble
  constructor(trouble: Trouble) {
    super(trouble.words)
    this.trouble = trouble
  }
}

/** What faye's typings leave out. */
type FayeClient = Client & {
  disable(feature: string): void
  on(event: string, listener: () => void): void
  disconnect(): unknown
}

export function openCometd(deps: CometdDeps): CometdConnection {
  const { clock, session, channel } = deps
  const client = new Client(`${session.instanceUrl}/cometd/${deps.apiVersion}`) as FayeClient
  const opened = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<Trouble>()
  opened.promise.catch(() => {})
  let over = false
  let isOpen = false
  let heardAt = clock.now()
  let watch: Cancel = () => {}

  function end(trouble: Trouble): void {
    if (over) return
    over = true
    watch()
    opened.reject(new CometdRefused(trouble))
    const gone = isOpen && trouble.kind === 'closed' ? farewell(client, clock) : Promise.resolve()
    gone.then(() => {
      dispose(client)
      ended.resolve(trouble)
    })
  }

  function watchSilence(limitMs: number): void {
    watch()
    const leftMs = heardAt + limitMs - clock.now()
    if (leftMs <= 0) end({ kind: 'silent', words: `nothing heard for ${limitMs / 1000} s` })
    else watch = clock.after(leftMs, () => watchSilence(limitMs))
  }

  function heard(message: BayeuxMessage): void {
    heardAt = clock.now()
    const trouble = troubleOf(message)
    if (trouble) end(trouble)
    if (trouble || message.channel !== '/meta/subscribe') return
    isOpen = true
    watchSilence(deps.livenessMs)
    opened.resolve()
  }

  client.setHeader('Authorization', `OAuth ${session.accessToken}`)
  // Salesforce has long polling only; faye would try an upgrade at each dial.
  client.disable('websocket')
  client.addExtension({
    outgoing(message: BayeuxMessage, pass: (message: BayeuxMessage | null) => void) {
      if (over && message.channel !== '/meta/disconnect') return pass(null)
      if (message.channel === '/meta/subscribe') message.ext = { ...message.ext, replay: { [channel]: deps.replayId } }
      pass(message)
    },
    incoming(message: BayeuxMessage, pass: (message: BayeuxMessage | null) => void) {
      if (!over) heard(message)
      pass(over && message.channel !== '/meta/disconnect' ? null : message)
    },
  })
  client.on('transport:down', () => end({ kind: 'network', words: 'the connection to the streaming endpoint broke' }))
  client
    .subscribe(channel, (data: unknown) => {
      if (!over) deps.onEvent(data)
    })
    .then(
      () => {},
      () => {},
    )
  watchSilence(DIAL_TIMEOUT_MS)
  return { opened: opened.promise, ended: ended.promise, close: () => end({ kind: 'closed', words: 'closed' }) }
}

type BayeuxMessage = {
  channel?: string
  successful?: boolean
  error?: string
  /** Not Bayeux: a REST error, which is what an expired token gets outside a Bayeux session. */
  errorCode?: string
  message?: string
  ext?: Record<string, unknown> | null
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
  if (/limit exceeded/i.test(words)) return { kind: 'daily_limit', words }
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
