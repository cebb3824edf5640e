// The notification channels of the OAuth client: which are the bridge's own, also from before a restart, and how many are somebody
// else's. Past its allowance the platform ends the least recently used channel without a word; so channels are counted before one
// is made, and none is made where that would surely end somebody else's.

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { type Made, type Marks, rememberedChannels, writeChannels } from './channel-marks.ts'
import type { Client } from './client.ts'
import { NotNow, readAs, readUnless } from './reads.ts'
import { CHANNEL_LIFE_MS, CHANNELS_COUNTED_MS, CHANNELS_MAX } from './settings.ts'
import { Channel, ChannelList, instant } from './wire.ts'

/** `fresh`: made just now, with the present token. */
export type Taken = { readonly made: Made; readonly fresh: boolean }

export type ChannelBook = {
  /** Throws NotNow, with the numbers, where so many cannot be had. */
  reserve(needed: number, signal: AbortSignal): Promise<void>
  /** One of the bridge's own that is not in use, or else a new one. Throws NotNow where there is no room for it. */
  take(signal: AbortSignal): Promise<Taken>
  /** A new one. */
  make(signal: AbortSignal): Promise<Made>
  /** Not used any more; may be taken again. */
  giveBack(made: Made): void
  /** Not to be taken again; the platform counts it until it expires. */
  retire(made: Made): void
  /** The platform does not know it any more. */
  forget(made: Made): void
  /** Its subscriptions were put anew: with the end that the platform tells; undefined where it tells none or the old one. */
  renewed(made: Made, signal: AbortSignal): Promise<Made | undefined>
}

export type ChannelBookDeps = {
  readonly client: Client
  readonly clock: Clock
  readonly log: Log
  /** Remembers over restarts; without it, channels from before count as somebody else's. */
  readonly marks?: Marks
}

/**
 * `listed`: whether the platform's list had it when it was asked last: by its id, or perhaps among those whose ids are hidden because
 * they were made with another token.
 */
type Own = { made: Made; state: 'free' | 'used' | 'retired'; listed: 'named' | 'hidden' | 'gone' }

export function createChannelBook(deps: ChannelBookDeps): ChannelBook {
  const { client, clock, log, marks } = deps
  const own = new Map<string, Own>()
  for (const made of rememberedChannels(marks)) own.set(made.id, { made, state: 'free', listed: 'hidden' })
  let others = 0
  let countedAt = Number.NEGATIVE_INFINITY
  let counting: Promise<void> | undefined

  function remember(): void {
    for (const [id, { made, state }] of own) if (state !== 'used' && made.expiresAt <= clock.now()) own.delete(id)
    marks &&
      writeChannels(
        marks,
        [...own.values()].map(({ made }) => made),
      )
  }

  function counted(state?: Own['state']): number {
    return [...own.values()].filter((one) => one.listed !== 'gone' && (state === undefined || one.state === state))
      .length
  }

  async function list(signal: AbortSignal) {
    const path = '/api/v2/notifications/channels?includechannels=oauthclient'
    const request = { operation: 'channel.list', method: 'GET', path, kind: 'stream', signal } as const
    return (await readUnless(client, request, ChannelList, [400, 403, 404]))?.entities ?? undefined
  }

  async function countAnew(signal: AbortSignal): Promise<void> {
    const channels = await list(signal)
    if (!channels) {
      log.warn(
        { code: 'genesys.channels_uncounted' },
        'Genesys Cloud does not list the notification channels; whether there is room for another one is not known',
      )
    }
    const ids = new Set(channels?.flatMap(({ id }) => id ?? []))
    let unnamed = (channels ?? []).filter(({ id }) => !id || !own.has(id)).length
    for (const one of own.values()) {
      const named = !channels || ids.has(one.made.id)
      one.listed = named ? 'named' : unnamed > 0 ? 'hidden' : 'gone'
      if (one.listed === 'hidden') unnamed -= 1
    }
    others = unnamed
    countedAt = clock.now()
  }

  async function count(signal: AbortSignal): Promise<void> {
    remember()
    if (clock.now() - countedAt < CHANNELS_COUNTED_MS) return
    counting ??= countAnew(signal).finally(() => {
      counting = undefined
    })
    await counting
  }

  /** `needed` more than those in use. */
  function checkRoom(needed: number): void {
    const used = counted('used')
    const tooMany = used + others + needed - CHANNELS_MAX
    if (tooMany > 0) {
      throw new NotNow(
        `one OAuth client has ${CHANNELS_MAX} notification channels; the bridge needs ${used + needed}, and ${others} belong to somebody else ` +
          `who uses the same client, of which ${Math.min(others, tooMany)} would be ended: give the bridge an OAuth client of its own, or end the others (each expires within 24 hours)`,
      )
    }
    if (counted() + others + needed > CHANNELS_MAX && others > 0) {
      log.warn(
        { code: 'genesys.channels_full', others, allowed: CHANNELS_MAX },
        'The OAuth client has as many notification channels as it may; Genesys Cloud ends one that nobody listens to, which may be somebody else’s',
      )
    }
  }

  async function make(signal: AbortSignal): Promise<Made> {
    await count(signal)
    checkRoom(1)
    const path = '/api/v2/notifications/channels'
    const request = { operation: 'channel.create', method: 'POST', path, kind: 'stream', signal } as const
    const { id, connectUri, expires } = await readAs(client, request, Channel)
    const now = clock.now()
    const told = (instant(expires) ?? 0) - now
    // Clocks differ: a life that makes no sense is read as the documented one.
    const lifeMs = told > 0 ? told : CHANNEL_LIFE_MS
    const made = { id, connectUri, expiresAt: now + lifeMs, lifeMs }
    own.set(id, { made, state: 'used', listed: 'named' })
    remember()
    return made
  }

  function change(made: Made, state: Own['state']): void {
    const one = own.get(made.id)
    if (one) one.state = state
    remember()
  }

  return {
    async reserve(needed, signal) {
      await count(signal)
      checkRoom(needed - counted('used'))
      log.info({ code: 'genesys.channels', needed, own: counted(), others, allowed: CHANNELS_MAX }, 'Channels counted')
    },
    async take(signal) {
      remember()
      const free = [...own.values()].find(({ state, listed }) => state === 'free' && listed !== 'gone')
      if (!free) return { made: await make(signal), fresh: true }
      free.state = 'used'
      return { made: free.made, fresh: false }
    },
    make,
    giveBack: (made) => change(made, 'free'),
    retire: (made) => change(made, 'retired'),
    forget(made) {
      // Then the one with a hidden id was somebody else's.
      if (own.get(made.id)?.listed === 'hidden') others += 1
      own.delete(made.id)
      remember()
    },
    async renewed(made, signal) {
      const listed = (await list(signal))?.find(({ id }) => id === made.id)
      const expiresAt = instant(listed?.expires)
      const one = own.get(made.id)
      if (!one || expiresAt === undefined || expiresAt <= made.expiresAt) return undefined
      one.made = { ...made, expiresAt, lifeMs: expiresAt - clock.now() }
      remember()
      return one.made
    },
  }
}
