// The platforms for those who only ask: without journal, stream, retries or companion endpoint. Whoever opens them must close them.

import tls from 'node:tls'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import {
  type Catalogue,
  CredentialsRefused,
  type Person,
  type PlatformAdapter,
  type PlatformSetup,
  type RightFinding,
} from '../domain/platform.ts'
import type { Reading } from '../domain/report.ts'
import type { BySide, PlatformUserId, Side } from '../domain/side.ts'
import { createAdapters } from './adapters.ts'
import type { Settings } from './settings.ts'

export type LiveDeps = { readonly settings: Settings; readonly clock: Clock; readonly log: Log }

/** A platform gave no answer to work with; the message is a sentence for whoever asked. */
export class CannotAsk extends Error {
  override readonly name = 'CannotAsk'
}

export type Live = {
  readonly adapters: BySide<PlatformAdapter>
  /** Throws CannotAsk. */
  catalogue(side: Side): Promise<Catalogue>
  /** More of its set-up, for admins; null where its adapter has no more. Throws CannotAsk. */
  setup(side: Side): Promise<PlatformSetup | null>
  /** What the platform lets the bridge do; nothing where its adapter cannot find out. Throws CannotAsk. */
  rights(side: Side): Promise<readonly RightFinding[]>
  /** Everybody who could be an agent. Throws CannotAsk. */
  people(side: Side): Promise<readonly Person[]>
  /** How these people stand now. After `catalogue` and `people`. Throws CannotAsk. */
  snapshot(side: Side, users: readonly PlatformUserId[]): Promise<ReadonlyMap<PlatformUserId, Reading>>
  stop(): Promise<void>
}

/** How long one question to one side may take, all its calls together, ms: what hangs for longer is down for a person who waits at a prompt. */
const ANSWER_MS = 20_000

/** Dials nobody yet. Throws an Error with a plain sentence where the settings name something that does not exist. */
export function openLive({ settings, clock, log }: LiveDeps): Live {
  trust(settings.authorities)
  const marks = { get: () => undefined, set: () => {} }
  const adapters = createAdapters({ settings: { ...settings, companion: null }, clock, log, marks })
  return {
    adapters,
    catalogue: (side) => asked(adapters[side], { clock, ask: () => adapters[side].catalogue() }),
    setup: (side) => asked(adapters[side], { clock, ask: async () => (await adapters[side].setup?.()) ?? null }),
    rights: (side) => asked(adapters[side], { clock, ask: async () => (await adapters[side].rights?.()) ?? [] }),
    people: (side) => asked(adapters[side], { clock, ask: () => adapters[side].roster() }),
    snapshot: (side, users) => asked(adapters[side], { clock, ask: () => adapters[side].snapshot(users) }),
    stop: async () => {
      await Promise.all([adapters.crm.stop(), adapters.telephony.stop()])
    },
  }
}

/** Besides the system's authorities and NODE_EXTRA_CA_CERTS; for everything this process dials. */
export function trust(authorities: readonly string[]): void {
  const system = [...tls.getCACertificates('default'), ...tls.getCACertificates('system')]
  tls.setDefaultCACertificates([...new Set([...system, ...authorities])])
}

async function asked<T>(
  adapter: PlatformAdapter,
  { clock, ask }: { readonly clock: Clock; readonly ask: () => Promise<T> },
): Promise<T> {
  const late = Promise.withResolvers<never>()
  const cancel = clock.after(ANSWER_MS, () =>
    late.reject(new CannotAsk(`${adapter.title} did not answer within ${ANSWER_MS / 1_000} s.`)),
  )
  try {
    return await Promise.race([ask(), late.promise])
  } catch (error) {
    if (error instanceof CannotAsk) throw error
    const words = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
    if (error instanceof CredentialsRefused) throw new CannotAsk(`${adapter.title} refused the bridge: ${words}.`)
    throw new CannotAsk(`${adapter.title} cannot be read now: ${words}.`)
  } finally {
    cancel()
  }
}
