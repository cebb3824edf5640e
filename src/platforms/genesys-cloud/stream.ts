// The event stream: as many channels as the users need, each kept open by its own dial loop. The stream is whole while all of
// them are open. The platform does not promise delivery and replays nothing: after every way up the caller reads anew.
// The order matters: channel, socket, subscriptions, and only then a reading, so that nothing falls between.

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { CredentialsRefused, type LinkState } from '../../domain/platform.ts'
import { createDialLoop } from '../shared/backoff.ts'
import type { Agents } from './agents.ts'
import { createChannel } from './channel.ts'
import type { Client } from './client.ts'
import { describeFailure } from './http.ts'
import { CHANNELS_MAX, type Timing } from './settings.ts'
import type { StreamFrame } from './wire.ts'

export type StreamDeps = {
  readonly agents: Pick<Agents, 'sockets'>
  readonly client: Client
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly timing: Timing
  /** One list of topics a channel. */
  readonly shares: readonly (readonly string[])[]
  readonly onFrame: (frame: StreamFrame) => void
  readonly onLink: (state: { readonly up: boolean; readonly why: string }) => void
}

export type Stream = {
  /** Resolves when every channel is open; rejects if one cannot be, and then none is left. */
  start(): Promise<void>
  stop(): Promise<void>
  link(): LinkState
  rejectedTopics(): number
}

export function createStream(deps: StreamDeps): Stream {
  const { clock, log } = deps
  if (deps.shares.length > CHANNELS_MAX) {
    throw new Error(`${deps.shares.length} channels would be needed; one OAuth client has ${CHANNELS_MAX}`)
  }
  const channels = deps.shares.map((topics) => createChannel({ ...deps, topics }))
  const down = new Map<number, string>(channels.map((_, index) => [index, 'not opened yet']))
  let started = false
  let stopped = false
  let link: LinkState = { up: false, since: clock.now(), why: 'not opened yet' }

  function tell(up: boolean, why: string): void {
    if (!started || stopped || link.up === up) return
    link = { up, since: clock.now(), why }
    log.info({ code: up ? 'genesys.link_up' : 'genesys.link_down', why }, 'The event stream of Genesys Cloud changed')
    deps.onLink({ up, why })
  }

  const loops = channels.map((channel, index) =>
    createDialLoop({
      clock,
      random: deps.random,
      backoff: deps.timing.backoff,
      dial: (signal) => channel.dial(signal),
      onUp() {
        down.delete(index)
        if (down.size === 0) tell(true, 'all channels are open')
      },
      onDown(why) {
        down.set(index, why)
        tell(false, why)
      },
      onFailure(error, delayMs) {
        const why = describeFailure(error).message
        if (error instanceof CredentialsRefused) {
          log.error({ code: 'genesys.credentials_refused', why, delayMs }, 'Genesys Cloud refuses the OAuth client')
          return
        }
        log.warn({ code: 'genesys.dial_failed', why, delayMs }, 'A channel of Genesys Cloud could not be opened')
      },
    }),
  )

  async function stop(): Promise<void> {
    stopped = true
    await Promise.all(loops.map((loop) => loop.stop()))
  }

  return {
    async start() {
      try {
        // One after the other: the platform has many clients, and the budget is shared.
        for (const loop of loops) await loop.start()
      } catch (error) {
        await stop()
        throw error
      }
      started = true
      // A channel opened early may have been lost again before the last one was open; its loop tells when it is back.
      if (down.size === 0) tell(true, 'all channels are open')
    },
    stop,
    link: () => link,
    rejectedTopics: () => channels.reduce((sum, channel) => sum + channel.rejectedTopics(), 0),
  }
}
