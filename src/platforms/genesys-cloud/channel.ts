// One notification channel: made by REST, heard through its WebSocket, kept alive by putting its subscriptions anew before it
// expires. A channel that the platform does not know any more (evicted, expired, token gone) is replaced by a new one.

import type { Cancel, Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { CredentialsRefused } from '../../domain/platform.ts'
import type { Connection } from '../shared/backoff.ts'
import type { Agents } from './agents.ts'
import type { Client } from './client.ts'
import { NotNow, readAs, readUnless } from './reads.ts'
import { CHANNEL_LIFE_MS, RENEWALS_MAX, type Timing } from './settings.ts'
import { openSocket, UpgradeRefused } from './socket.ts'
import { isOptional } from './topics.ts'
import { Channel, instant, type StreamFrame, Subscriptions } from './wire.ts'

export type ChannelDeps = {
  readonly agents: Pick<Agents, 'sockets'>
  readonly client: Client
  readonly clock: Clock
  readonly log: Log
  readonly timing: Timing
  readonly topics: readonly string[]
  readonly onFrame: (frame: StreamFrame) => void
}

export type NotificationChannel = {
  /** One attempt to have the channel open and subscribed. */
  dial(signal: AbortSignal): Promise<Connection>
  rejectedTopics(): number
}

type Made = { readonly id: string; readonly connectUri: string; readonly lifeMs: number }

export function createChannel(deps: ChannelDeps): NotificationChannel {
  const { client, clock, log } = deps
  let made: Made | undefined
  let rejected = 0

  async function make(signal: AbortSignal): Promise<Made> {
    const path = '/api/v2/notifications/channels'
    const request = { operation: 'channel.create', method: 'POST', path, kind: 'read', signal } as const
    const answer = await readAs(client, request, Channel)
    const lifeMs = (instant(answer.expires) ?? clock.now() + CHANNEL_LIFE_MS) - clock.now()
    // Clocks differ: a life that makes no sense is read as the documented one.
    return { id: answer.id, connectUri: answer.connectUri, lifeMs: lifeMs > 0 ? lifeMs : CHANNEL_LIFE_MS }
  }

  async function subscribe(channel: Made, signal: AbortSignal): Promise<void> {
    const path = `/api/v2/notifications/channels/${encodeURIComponent(channel.id)}/subscriptions?ignoreErrors=true`
    const body = deps.topics.map((id) => ({ id }))
    const request = { operation: 'channel.subscribe', method: 'PUT', path, body, kind: 'read', signal } as const
    const answer = await readUnless(client, request, Subscriptions, [400, 404, 410])
    if (!answer) {
      made = undefined
      throw new NotNow('the platform does not know the channel any more')
    }
    const denied = (answer.entities ?? []).filter((entity) => entity.state?.toLowerCase() === 'rejected')
    const refused = denied.filter(({ id }) => !isOptional(id))
    rejected = refused.length
    if (denied.length > refused.length) {
      log.debug(
        { code: 'genesys.no_activity', topics: denied.length - refused.length },
        'Presence and routing are heard apart',
      )
    }
    for (const { id, rejectionReason, missingPermissions } of refused) {
      log.warn(
        { code: 'genesys.topic_rejected', topic: id, why: rejectionReason, missingPermissions },
        'Genesys Cloud does not send this topic; changes there are seen only when people are read',
      )
    }
    const missing = new Set(refused.flatMap((entity) => entity.missingPermissions ?? []))
    if (missing.size > 0 && denied.length === answer.entities?.length) {
      throw new CredentialsRefused(`Genesys Cloud sends no events: the OAuth client lacks ${[...missing].join(', ')}`)
    }
  }

  async function openKnownOrNew(signal: AbortSignal): Promise<{ channel: Made; socket: Connection }> {
    const known = made
    if (known) {
      try {
        return { channel: known, socket: await open(known, signal) }
      } catch (error) {
        if (!(error instanceof UpgradeRefused)) throw error
        made = undefined
      }
    }
    const channel = await make(signal)
    made = channel
    return { channel, socket: await open(channel, signal) }
  }

  function open(channel: Made, signal: AbortSignal): Promise<Connection> {
    const onGarbage = () => log.warn({ code: 'genesys.frame_unread' }, 'A frame of the stream could not be read')
    return openSocket({ ...deps, connectUri: channel.connectUri, onGarbage }, signal)
  }

  return {
    async dial(signal) {
      const { channel, socket } = await openKnownOrNew(signal).catch((error: unknown) => {
        if (error instanceof UpgradeRefused) made = undefined
        throw error
      })
      try {
        await subscribe(channel, signal)
      } catch (error) {
        socket.close()
        throw error
      }
      const stopRenewing = renewing(channel, () => {
        made = undefined
        socket.close()
      })
      void socket.ended.then(stopRenewing)
      return socket
    },
    rejectedTopics: () => rejected,
  }

  // At half of its life there is time to fail and try again. How long it lives after that is not told; the same again [derived].
  function renewing(channel: Made, replace: () => void): Cancel {
    const over = new AbortController()
    let failures = 0
    let cancel: Cancel = clock.after(channel.lifeMs / 2, renew)

    async function renew(): Promise<void> {
      const renewed = await subscribe(channel, over.signal).then(
        () => true,
        () => false,
      )
      if (over.signal.aborted) return
      failures = renewed ? 0 : failures + 1
      if (failures >= RENEWALS_MAX) return replace()
      cancel = clock.after(renewed ? channel.lifeMs / 2 : channel.lifeMs / 10, renew)
    }

    return () => {
      cancel()
      over.abort(new Error('the socket is closed'))
    }
  }
}
