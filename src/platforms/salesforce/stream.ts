// Keeps one CometD connection to the change-data channel open: a fresh token at each dial, the replay position kept only after its event
// took effect, and never two dials at a time.

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { CredentialsRefused } from '../../domain/platform.ts'
import { createDialLoop, type Connection as Dialled } from '../shared/backoff.ts'
import type { SalesforceClient } from './client.ts'
import { CometdRefused, openCometd, type Trouble } from './cometd-client.ts'
import { wordsOf } from './failures.ts'
import { DAILY_LIMIT_BACKOFF_MS, type Marks, REFUSED_BACKOFF_MS, type SalesforceSettings } from './settings.ts'
import { type ChangeEvent, changeEvent } from './wire.ts'

const BACKOFF = { baseMs: 500, capMs: 30_000 }
const ONLY_NEW = -1

export type StreamDeps = {
  readonly settings: SalesforceSettings
  readonly client: SalesforceClient
  readonly clock: Clock
  readonly log: Log
  readonly marks: Marks
  readonly livenessMs: number
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
  details(): { readonly events: number; readonly replayId: string }
}

export function createStream(deps: StreamDeps): Stream {
  const { settings, client, clock, log, marks } = deps
  const mark = `salesforce:replay:${settings.stream.channel}`
  let notBefore = 0
  let replayLost = false
  let events = 0

  function position(): number {
    const stored = Number(marks.get(mark) ?? ONLY_NEW)
    return replayLost || !Number.isFinite(stored) ? ONLY_NEW : stored
  }

  function take(data: unknown): void {
    events++
    const parsed = changeEvent.safeParse(data)
    if (!parsed.success) {
      log.warn(
        { code: 'salesforce_event_unreadable', problem: parsed.error.message.slice(0, 300) },
        'A change event could not be read',
      )
      deps.onGap('a change event could not be read')
      return
    }
    deps.onEvent(parsed.data)
    marks.set(mark, String(parsed.data.event.replayId))
    replayLost = false
  }

  /** What one trouble means for the next dial. */
  function learn(trouble: Trouble): void {
    if (trouble.kind === 'daily_limit') notBefore = clock.now() + DAILY_LIMIT_BACKOFF_MS
    if (trouble.kind === 'replay_position') replayLost = true
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
      // Old presence is worth nothing: what was missed is read, not replayed.
      if (!(error instanceof CometdRefused) || error.trouble.kind !== 'replay_position') throw error
      learn(error.trouble)
      log.warn(
        { code: 'salesforce_replay_refused', words: error.message },
        'The replay position was refused; only new events from here on',
      )
      const dialled = await subscribe(session, signal)
      clock.soon(() => deps.onGap('the position in the event stream was refused'))
      return dialled
    }
  }

  async function subscribe(
    session: Awaited<ReturnType<SalesforceClient['authorize']>>,
    signal: AbortSignal,
  ): Promise<Dialled> {
    const { apiVersion } = settings
    const { channel } = settings.stream
    const { livenessMs } = deps
    const replayId = position()
    const connection = openCometd({ clock, session, channel, apiVersion, livenessMs, replayId, onEvent: take })
    const leave = () => connection.close()
    signal.addEventListener('abort', leave)
    const ended = connection.ended.then((trouble) => {
      signal.removeEventListener('abort', leave)
      learn(trouble)
      log.info({ code: 'salesforce_stream_ended', kind: trouble.kind, words: trouble.words }, 'The event stream ended')
      return `${trouble.kind}: ${trouble.words}`
    })
    await connection.opened
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
    onUp: () => deps.onLink(true, 'subscribed'),
    onDown: (why) => deps.onLink(false, why),
    onFailure: (error, delayMs) =>
      log.warn(
        { code: 'salesforce_dial_failed', words: wordsOf(error), delayMs },
        'The event stream could not be opened',
      ),
  })

  return { start: loop.start, stop: loop.stop, details: () => ({ events, replayId: marks.get(mark) ?? 'none' }) }
}
