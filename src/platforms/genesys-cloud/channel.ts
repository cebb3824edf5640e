// One notification channel: made by REST, heard through its WebSocket. A channel that the platform does not know any more
// (evicted, expired, token gone) is replaced by a new one; one whose socket was lost is opened anew at the same address.

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import type { Connection } from '../shared/backoff.ts'
import type { Agents } from './agents.ts'
import type { ChannelBook, Taken } from './channel-book.ts'
import type { Made } from './channel-marks.ts'
import type { Client } from './client.ts'
import { NotNow } from './reads.ts'
import { CHANNELS_MAX, type Timing } from './settings.ts'
import { openSocket, UpgradeRefused } from './socket.ts'
import { type Line, stand } from './standing.ts'
import { subscribe } from './subscribe.ts'
import { createTwins } from './twins.ts'
import type { StreamFrame } from './wire.ts'

export type ChannelDeps = {
  readonly agents: Pick<Agents, 'sockets'>
  readonly client: Client
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly timing: Timing
  readonly book: ChannelBook
  readonly topics: readonly string[]
  readonly onFrame: (frame: StreamFrame) => void
}

export type NotificationChannel = {
  /** One attempt to have the channel open and subscribed. */
  dial(signal: AbortSignal): Promise<Connection>
  /** It is not needed any more; whoever needs one may have it. */
  leave(): void
  rejectedTopics(): number
}

/** Answers to the upgrade that no later attempt with the same channel will change. Others, such as a 503, pass. */
const KNOWN_NO_MORE = new Set([401, 403, 404, 410])

export function createChannel(deps: ChannelDeps): NotificationChannel {
  const { log, book } = deps
  const twins = createTwins()
  let made: Made | undefined
  let rejected = 0

  function open({ connectUri }: Made, signal: AbortSignal): Promise<Connection> {
    const source = {}
    const onFrame = (frame: StreamFrame) => {
      if (twins.pass(source, frame)) deps.onFrame(frame)
    }
    const onGarbage = () => log.warn({ code: 'genesys.frame_unread' }, 'A frame of the stream could not be read')
    return openSocket({ ...deps, onFrame, onGarbage, connectUri }, signal)
  }

  async function openUnlessUnknown(channel: Made, signal: AbortSignal): Promise<Connection | undefined> {
    try {
      return await open(channel, signal)
    } catch (error) {
      if (!(error instanceof UpgradeRefused) || !KNOWN_NO_MORE.has(error.status)) throw error
      // With a 401 it may exist, only not for this token.
      if (error.status === 401 || error.status === 403) book.retire(channel)
      else book.forget(channel)
      return undefined
    }
  }

  async function subscribed(channel: Made, fresh: boolean, signal: AbortSignal): Promise<boolean> {
    const refused = await subscribe(deps, { channel: channel.id, topics: deps.topics, signal, fresh })
    if (refused !== undefined) rejected = refused
    else book.forget(channel)
    return refused !== undefined
  }

  /** The socket first, then the topics: what happens from then on is heard. Undefined: the channel is of no use any more. */
  async function openLine({ made: channel, fresh }: Taken, signal: AbortSignal): Promise<Line | undefined> {
    const socket = await openUnlessUnknown(channel, signal)
    if (!socket) return undefined
    try {
      if (await subscribed(channel, fresh, signal)) return { made: channel, socket }
    } catch (error) {
      socket.close()
      throw error
    }
    socket.close()
    return undefined
  }

  async function openKnownOrNew(signal: AbortSignal): Promise<Line> {
    for (let tries = 0; tries <= CHANNELS_MAX; tries++) {
      const taken = made ? { made, fresh: false } : await book.take(signal)
      made = taken.made
      const line = await openLine(taken, signal)
      if (line) return line
      made = undefined
      if (taken.fresh) break
    }
    throw new NotNow('the platform does not let a new channel be used')
  }

  async function openBeside(signal: AbortSignal): Promise<Line> {
    const next = await book.make(signal)
    const line = await openLine({ made: next, fresh: true }, signal).catch((error: unknown) => {
      book.giveBack(next)
      throw error
    })
    if (!line) throw new NotNow('the platform does not let a new channel be used')
    made = next
    return line
  }

  return {
    async dial(signal) {
      const first = await openKnownOrNew(signal)
      return stand(first, {
        ...deps,
        twins,
        openBeside,
        async renew({ made: channel }, during) {
          if (await subscribed(channel, false, during)) return await book.renewed(channel, during)
          throw new NotNow('the platform does not know the channel any more')
        },
        retire: (channel) => book.retire(channel),
      })
    },
    leave() {
      if (made) book.giveBack(made)
      made = undefined
    },
    rejectedTopics: () => rejected,
  }
}
