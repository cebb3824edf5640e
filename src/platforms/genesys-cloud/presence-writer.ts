// Writes presences: each by a call of its own while there is room among the minute's calls, many in one call when there is not. What
// one call says of many is not taken on trust: its partial failures are not documented, so whoever it does not show at the new presence is
// read, and where that shows the old one, written alone. A write that comes alone never waits for company.

import type { Cancel, Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import type { WriteResult } from '../../domain/platform.ts'
import type { CallClass } from '../shared/call-classes.ts'
import type { RateLimiter } from '../shared/rate-limit.ts'
import { type BulkDeps, writeMany } from './bulk-write.ts'
import {
  BULK_FAILURES_MAX,
  BULK_OFF_MS,
  GATHER_BLOCKS_MS,
  GATHER_MS,
  GATHER_STRETCH_MAX,
  PLENTY_FOR_BLOCKS,
  PLENTY_FOR_THE_REST,
  PRESENCES_PER_WRITE,
} from './settings.ts'
import type { NewPresence, WriteDeps, WriteTarget } from './write.ts'

export type PresenceWriterDeps = BulkDeps & {
  readonly clock: Clock
  readonly log: Log
  readonly limiter: Pick<RateLimiter, 'room' | 'rate'>
}

/** A write that waits for company. */
type Waiting = { readonly target: WriteTarget; readonly presence: NewPresence; done(result: WriteResult): void }
type Gathering = { readonly kind: CallClass; waiting: Waiting[]; sentAt: number; cancel: Cancel | undefined }

const MINUTE_MS = 60_000

export function createPresenceWriter(deps: PresenceWriterDeps): WriteDeps['writePresence'] {
  const { clock, limiter, log } = deps
  const gatherings = new Map<CallClass, Gathering>()
  /** Written alone, not answered yet: those that come together must not all see the same room. */
  let underWay = 0
  let failures = 0
  let offUntil = Number.NEGATIVE_INFINITY

  function gatheringOf(kind: CallClass): Gathering {
    const known = gatherings.get(kind)
    const gathering = known ?? { kind, waiting: [], sentAt: Number.NEGATIVE_INFINITY, cancel: undefined }
    gatherings.set(kind, gathering)
    return gathering
  }

  function hasPlenty(kind: CallClass): boolean {
    const share = kind === 'block' || kind === 'write' ? PLENTY_FOR_BLOCKS : PLENTY_FOR_THE_REST
    return limiter.room(kind) - underWay >= limiter.rate().perMinute * share
  }

  /** So that what is left of the minute's calls lasts for a minute. */
  function paceMs(kind: CallClass): number {
    const usualMs = kind === 'block' || kind === 'write' ? GATHER_BLOCKS_MS : GATHER_MS
    const lastingMs = MINUTE_MS / Math.max(1, limiter.room(kind) - underWay)
    return Math.min(usualMs * GATHER_STRETCH_MAX, Math.max(usualMs, lastingMs))
  }

  function plan(gathering: Gathering): void {
    const waitMs = Math.max(0, gathering.sentAt + paceMs(gathering.kind) - clock.now())
    if (gathering.waiting.length >= PRESENCES_PER_WRITE) send(gathering)
    else gathering.cancel ??= clock.after(waitMs, () => send(gathering))
  }

  function send(gathering: Gathering): void {
    gathering.cancel?.()
    gathering.cancel = undefined
    gathering.sentAt = clock.now()
    const taken = gathering.waiting.splice(0, PRESENCES_PER_WRITE)
    if (gathering.waiting.length > 0) plan(gathering)
    void sendAll(gathering.kind, taken)
  }

  async function sendAll(kind: CallClass, taken: readonly Waiting[]): Promise<void> {
    const wanted = taken.filter(({ target }) => !target.options.signal.aborted)
    for (const one of taken) if (!wanted.includes(one)) one.done(WITHDRAWN)
    if (wanted.length < 2) return await sendEach(wanted)
    const results = await writeMany(deps, kind, wanted)
    note(results.refused)
    for (const [one, result] of results.settled) one.done(result)
    await sendEach(results.left)
  }

  async function sendEach(waiting: readonly Waiting[]): Promise<void> {
    await Promise.all(waiting.map(async ({ target, presence, done }) => done(await writeAlone(target, presence))))
  }

  async function writeAlone(target: WriteTarget, presence: NewPresence): Promise<WriteResult> {
    underWay += 1
    return await deps.writeOne(target, presence).finally(() => {
      underWay -= 1
    })
  }

  /** Not every client may write in bulk; one that may not is not asked at every write. */
  function note(refused: string | undefined): void {
    failures = refused === undefined ? 0 : failures + 1
    if (refused === undefined || failures < BULK_FAILURES_MAX) return
    failures = 0
    offUntil = clock.now() + BULK_OFF_MS
    const context = { code: 'genesys.bulk_refused', why: refused, forMs: BULK_OFF_MS }
    log.warn(
      context,
      'Genesys Cloud refuses to take many presences in one call; they are written one by one for a while',
    )
  }

  return (target, presence) => {
    const { urgency: kind = 'write' } = target.options
    const gathering = gatheringOf(kind)
    const alone = gathering.waiting.length === 0 && (hasPlenty(kind) || clock.now() < offUntil)
    if (alone) return writeAlone(target, presence)
    return new Promise((done) => {
      gathering.waiting.push({ target, presence, done })
      plan(gathering)
    })
  }
}

const WITHDRAWN: WriteResult = { kind: 'transient', words: 'the write was no longer wanted when its turn came' }
