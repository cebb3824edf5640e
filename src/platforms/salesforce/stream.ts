// Keeps one connection to the change-data channel open, over whichever transport: a fresh token at each dial, the position in the stream kept
// only after its event took effect, each event taken once, and never two dials at a time.

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { CredentialsRefused } from '../../domain/platform.ts'
import { createDialLoop, type Connection as Dialled } from '../shared/backoff.ts'
import { createBoundedMap } from './bounded-map.ts'
import type { SalesforceClient, Session } from './client.ts'
import { createPositions } from './events/positions.ts'
import { type Delivery, StreamRefused, type Transport, type Trouble } from './events/transport.ts'
import { HEARD_IDS_MAX, TOKEN_REFUSALS_MAX } from './events/transport-limits.ts'
import { wordsOf } from './failures.ts'
import { DAILY_LIMIT_BACKOFF_MS, type Marks, REFUSED_BACKOFF_MS } from './settings.ts'
import { type ChangeEvent, changePayload } from './wire.ts'

const BACKOFF = { baseMs: 500, capMs: 30_000 }

export type StreamDeps = {
  readonly transport: Transport
  readonly channel: string
  readonly client: Pick<SalesforceClient, 'authorize'>
  readonly clock: Clock
  readonly log: Log
  readonly marks: Marks
  readonly random: () => number
  readonly onEvent: (event: ChangeEvent) => void
  /** Events may be missing although the stream stands. */
  readonly onGap: (why: string) => void
  readonly onLink: (up: boolean, why: string) => void
}

export type Stream = {
  /** The first dial; rejects with its error. */
  start(): Promise<void>
  stop(): Promise<void>
  details(): { readonly events: number; readonly duplicates: number; readonly replayId: string }
}

export function createStream(deps: StreamDeps): Stream {
  const { transport, channel, client, clock, log } = deps
  const positions = createPositions({ clock, marks: deps.marks, key: `${transport.markPrefix}${channel}` })
  const heard = createBoundedMap<string, true>(HEARD_IDS_MAX)
  let notBefore = 0
  let tokenRefusals = 0
  let events = 0
  let duplicates = 0

  function take({ payload, id, position }: Delivery): void {
    const parsed = changePayload.safeParse(payload)
    if (!parsed.success) {
      unreadable(parsed.error.message, position)
      return
    }
    const { transactionKey, sequenceNumber } = parsed.data.ChangeEventHeader
    // Where an event has no id but its number, other events have that number after a move of the org.
    const key = `${id} ${transactionKey} ${sequenceNumber}`
    if (heard.get(key)) {
      duplicates++
      return
    }
    events++
    deps.onEvent({ payload: parsed.data, id })
    heard.set(key, true)
    positions.moved(position)
  }

  /** It would be as unreadable again: the next connection begins after it. */
  function unreadable(problem: string, position: string | null): void {
    const words = problem.slice(0, 300)
    log.warn({ code: 'salesforce_event_unreadable', problem: words }, 'A change event could not be read')
    deps.onGap('a change event could not be read')
    if (position !== null) positions.moved(position)
  }

  /** What one trouble means for the next dial. */
  function learn({ kind }: Trouble): void {
    if (kind === 'daily_limit') notBefore = clock.now() + DAILY_LIMIT_BACKOFF_MS
    if (kind === 'limit' || kind === 'no_channel') notBefore = clock.now() + REFUSED_BACKOFF_MS
    if (kind === 'replay_position') forgetPosition()
    if (kind === 'token') tokenRefusals++
    if (tokenRefusals >= TOKEN_REFUSALS_MAX) notBefore = clock.now() + REFUSED_BACKOFF_MS
  }

  /** After a move of the org its events may have the numbers of others. */
  function forgetPosition(): void {
    positions.lose()
    heard.clear()
  }

  async function dial(signal: AbortSignal): Promise<Dialled> {
    await untilAllowed(signal)
    const session = await client.authorize().catch((error: unknown) => {
      if (error instanceof CredentialsRefused) notBefore = clock.now() + REFUSED_BACKOFF_MS
      throw error
    })
    signal.throwIfAborted()
    try {
      return await subscribe(session, signal)
    } catch (error) {
      if (!(error instanceof StreamRefused)) throw error
      if (error.trouble.kind === 'no_channel') throw new CredentialsRefused(error.message)
      if (error.trouble.kind !== 'replay_position') throw error
      return await subscribeAnew(session, signal, error.message)
    }
  }

  /** Old presence is worth nothing: what was missed is read, not replayed. */
  async function subscribeAnew(session: Session, signal: AbortSignal, words: string): Promise<Dialled> {
    log.warn(
      { code: 'salesforce_replay_refused', words },
      'The replay position was refused; only new events from here on',
    )
    const dialled = await subscribe(session, signal)
    clock.soon(() => {
      if (!signal.aborted) deps.onGap('the position in the event stream was refused')
    })
    return dialled
  }

  async function subscribe(session: Session, signal: AbortSignal): Promise<Dialled> {
    const connection = transport.open({
      session,
      channel,
      position: positions.current(),
      onDelivery: take,
      onUnreadable: unreadable,
      onPosition: positions.moved,
    })
    const leave = () => connection.close()
    signal.addEventListener('abort', leave)
    const ended = connection.ended.then((trouble) => {
      signal.removeEventListener('abort', leave)
      learn(trouble)
      log.info({ code: 'salesforce_stream_ended', kind: trouble.kind, words: trouble.words }, 'The event stream ended')
      return `${trouble.kind}: ${trouble.words}`
    })
    await connection.opened.catch(async (error: unknown) => {
      // What was learnt must be known before the next dial.
      await ended
      throw error
    })
    tokenRefusals = 0
    return { ended, close: leave }
  }

  function untilAllowed(signal: AbortSignal): Promise<void> {
    const waitMs = notBefore - clock.now()
    if (waitMs <= 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const leave = () => {
        cancel()
        reject(new Error('stopped'))
      }
      const cancel = clock.after(waitMs, () => {
        signal.removeEventListener('abort', leave)
        resolve()
      })
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  const loop = createDialLoop({
    clock,
    random: deps.random,
    backoff: BACKOFF,
    dial,
    onUp: () => deps.onLink(true, `subscribed (${transport.title})`),
    onDown: (why) => deps.onLink(false, why),
    onFailure: (error, delayMs) =>
      log.warn(
        { code: 'salesforce_dial_failed', words: wordsOf(error), delayMs },
        'The event stream could not be opened',
      ),
  })

  return {
    start: loop.start,
    stop: loop.stop,
    details: () => ({ events, duplicates, replayId: positions.current() ?? 'none' }),
  }
}
