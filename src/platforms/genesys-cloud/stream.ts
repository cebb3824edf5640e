// The event stream: as many channels as the people need, each kept open by its own dial loop. The platform does not promise delivery and
// replays nothing: after every way up the people concerned are read anew. The order matters: channel, socket, subscriptions, and only
// then a reading, so that nothing falls between. One channel that is down is a gap for its people only, who are read every minute
// meanwhile; the stream counts as lost when more people are unheard than heard.

import type { Cancel, Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { CredentialsRefused, type LinkState } from '../../domain/platform.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import { createDialLoop, type DialLoop } from '../shared/backoff.ts'
import type { Agents } from './agents.ts'
import { createChannel, type NotificationChannel } from './channel.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Client } from './client.ts'
import { describeFailure } from './http.ts'
import { CHANNELS_MAX, type Timing, UNHEARD_SHARE_MAX } from './settings.ts'
import type { ChannelShare } from './topics.ts'
import type { StreamFrame } from './wire.ts'

export type StreamDeps = {
  readonly agents: Pick<Agents, 'sockets'>
  readonly client: Client
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly timing: Timing
  readonly book: ChannelBook
  /** One a channel. */
  readonly shares: readonly ChannelShare[]
  readonly onFrame: (frame: StreamFrame) => void
  readonly onLink: (state: { readonly up: boolean; readonly why: string }) => void
  /** Events about these people may have been missed although the link stands. */
  readonly onGap: (why: string, users: readonly PlatformUserId[]) => void
}

export type Stream = {
  /** Resolves when every channel is open; rejects if one cannot be, and then none is left. */
  start(): Promise<void>
  stop(): Promise<void>
  link(): LinkState
  /** People whose channel is down. */
  unheard(): number
  channels(): { readonly open: number; readonly needed: number }
  rejectedTopics(): number
}

export function createStream(deps: StreamDeps): Stream {
  const { clock, log, shares, book } = deps
  const people = shares.reduce((sum, { users }) => sum + users.length, 0)
  const over = new AbortController()
  /** Until the channel is back: ends the readings of its people. */
  const down = new Map<ChannelShare, Cancel>(shares.map((share) => [share, () => {}]))
  let started = false
  let link: LinkState = { up: false, since: clock.now(), why: 'not opened yet' }

  function unheard(): number {
    return [...down.keys()].reduce((sum, { users }) => sum + users.length, 0)
  }

  /** Whether the link has come up or gone down by this. */
  function look(why: string): boolean {
    const up = unheard() <= people * UNHEARD_SHARE_MAX && down.size < Math.max(1, shares.length)
    if (!started || over.signal.aborted || link.up === up) return false
    link = { up, since: clock.now(), why }
    log.info({ code: up ? 'genesys.link_up' : 'genesys.link_down', why }, 'The event stream of Genesys Cloud changed')
    deps.onLink({ up, why })
    return true
  }

  function opened(share: ChannelShare): void {
    down.get(share)?.()
    down.delete(share)
    if (!started) return
    const why =
      down.size === 0 ? 'all channels are open' : `${shares.length - down.size} of ${shares.length} channels are open`
    // The way up of the link has everybody read.
    if (!look(why) && link.up) deps.onGap('a notification channel was lost and is open again', share.users)
  }

  function lost(share: ChannelShare, why: string): void {
    down.set(share, started ? readMeanwhile(share) : () => {})
    if (look(why) || !link.up || !started) return
    const context = { code: 'genesys.channel_down', why, people: share.users.length, unheard: unheard() }
    log.warn(context, 'A channel of Genesys Cloud is lost; its people are read every minute until it is open again')
  }

  function readMeanwhile(share: ChannelShare): Cancel {
    let cancel: Cancel = () => {}
    const plan = () => {
      cancel = clock.after(deps.timing.unheardReadMs, () => {
        if (link.up) deps.onGap('their notification channel is down', share.users)
        plan()
      })
    }
    plan()
    return () => cancel()
  }

  const lines = shares.map((share) => {
    const channel = createChannel({ ...deps, topics: share.topics })
    return { channel, loop: loopOf(share, channel) }
  })

  function loopOf(share: ChannelShare, channel: NotificationChannel): DialLoop {
    return createDialLoop({
      clock,
      random: deps.random,
      backoff: deps.timing.backoff,
      dial: (signal) => channel.dial(signal),
      onUp: () => opened(share),
      onDown: (why) => lost(share, why),
      onFailure: tellFailure,
    })
  }

  function tellFailure(error: unknown, delayMs: number): void {
    const why = describeFailure(error).message
    if (error instanceof CredentialsRefused) {
      log.error({ code: 'genesys.credentials_refused', why, delayMs }, 'Genesys Cloud refuses the OAuth client')
      return
    }
    log.warn({ code: 'genesys.dial_failed', why, delayMs }, 'A channel of Genesys Cloud could not be opened')
  }

  async function stop(): Promise<void> {
    over.abort(new Error('stopped'))
    await Promise.all(lines.map(({ loop }) => loop.stop()))
    for (const cancel of down.values()) cancel()
    for (const { channel } of lines) channel.leave()
  }

  return {
    async start() {
      try {
        if (shares.length > CHANNELS_MAX) {
          throw new Error(
            `${people} people need ${shares.length} notification channels; an OAuth client has ${CHANNELS_MAX}`,
          )
        }
        await book.reserve(shares.length, over.signal)
        // One after the other: the platform has many clients, and the budget is shared.
        for (const { loop } of lines) await loop.start()
      } catch (error) {
        await stop()
        throw error
      }
      started = true
      // A channel opened early may have been lost again before the last one was open; its loop tells when it is back.
      look('all channels are open')
    },
    stop,
    link: () => link,
    unheard,
    channels: () => ({ open: shares.length - down.size, needed: shares.length }),
    rejectedTopics: () => lines.reduce((sum, { channel }) => sum + channel.rejectedTopics(), 0),
  }
}
