// Reads people's present state. `expand` is best effort by the platform's own words, so what is missing is asked for again
// by the calls that have only that purpose.

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import type { Reading, WorkReport } from '../../domain/report.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import type { Client } from './client.ts'
import type { Doubts } from './doubts.ts'
import { readOpenWork } from './open-work.ts'
import {
  type PresencePart,
  type PresenceViews,
  presencePart,
  routingPart,
  type StatusOf,
  shown,
  type UserView,
} from './presence-view.ts'
import { NotNow, readAs, readUnless } from './reads.ts'
import {
  LOOKS_MAX,
  PAGES_AGAIN_MAX,
  PRESENCES_PER_READ,
  PROGRESS_EVERY_MS,
  PROGRESS_FROM,
  READS_AT_ONCE,
  USERS_PER_READ,
} from './settings.ts'
import type { Surprises } from './surprises.ts'
import { BulkPresences, countWork, type Presence, RoutingStatus, type User, Users } from './wire.ts'
import type { WorkTracker } from './work-tracker.ts'

export type SnapshotDeps = {
  readonly client: Client
  readonly clock: Clock
  readonly log: Log
  readonly surprises: Surprises
  readonly statusOf: StatusOf
  readonly views: PresenceViews
  readonly tracker: WorkTracker
  readonly doubts: Doubts
  readonly onReport: (user: PlatformUserId, report: WorkReport) => void
}

export async function readSnapshot(
  deps: SnapshotDeps,
  users: readonly PlatformUserId[],
): Promise<ReadonlyMap<PlatformUserId, Reading>> {
  const readings = new Map<PlatformUserId, Reading>()
  const everybody = [...new Set(users)]
  const queue = chunks(everybody, USERS_PER_READ)
  const progress = createProgress(deps, everybody.length)
  // One page that is turned away, in a storm of 429 for example, is no reason to read thousands again: the call waits for its turn.
  let again = queue.length > 1 ? PAGES_AGAIN_MAX : 0
  async function work(): Promise<void> {
    for (let share = queue.shift(); share; share = queue.shift()) {
      try {
        for (const [user, reading] of await readShare(deps, share)) readings.set(user, reading)
        progress(share.length)
      } catch (error) {
        if (!(error instanceof NotNow) || again === 0) {
          queue.splice(0)
          throw error
        }
        again -= 1
        queue.push(share)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, queue.length) }, work))
  return readings
}

/** Tells now and then how far a long reading has come. */
function createProgress({ clock, log }: SnapshotDeps, of: number): (count: number) => void {
  let read = 0
  let toldAt = clock.now()
  return (count) => {
    read += count
    if (of < PROGRESS_FROM || (clock.now() - toldAt < PROGRESS_EVERY_MS && read < of)) return
    toldAt = clock.now()
    const words = `read ${read.toLocaleString('en')} of ${of.toLocaleString('en')} people`
    log.info({ code: 'genesys.progress', read, of, words }, 'People are read')
  }
}

async function readShare(
  deps: SnapshotDeps,
  users: readonly PlatformUserId[],
  looks = LOOKS_MAX,
): Promise<ReadonlyMap<PlatformUserId, Reading>> {
  const path = `/api/v2/users?id=${users.join(',')}&pageSize=${USERS_PER_READ}&expand=presence,routingStatus,conversationSummary`
  const request = { operation: 'users.read', method: 'GET', path, kind: 'read' } as const
  const answer = await readAs(deps.client, request, Users)
  const found = new Map((answer.entities ?? []).map((user) => [user.id.toLowerCase(), user]))
  const known = users.filter((user) => found.has(user.toLowerCase()))
  const views = await viewsOf(deps, known, found)
  const counts = new Map(
    known.map((user) => {
      const summary = found.get(user.toLowerCase())?.conversationSummary
      return [user, summary ? countWork(summary) : undefined] as const
    }),
  )
  const work = await readOpenWork(deps, counts)
  const readings = new Map<PlatformUserId, Reading>()
  for (const user of known) {
    const view = views.get(user) ?? {}
    const status = shown(view)
    if (status === undefined || !view.presence) continue
    deps.views.read(user, view)
    const at = status === view.presence.status ? view.presence.at : Math.max(view.presence.at, view.routing?.at ?? 0)
    readings.set(user, { status, stamp: { at }, work: work.of.get(user) })
  }
  if (work.disputed.length === 0 || looks <= 1) return readings
  const again = await readShare(deps, work.disputed, looks - 1)
  return new Map([...readings, ...again])
}

async function viewsOf(
  deps: SnapshotDeps,
  users: readonly PlatformUserId[],
  found: ReadonlyMap<string, User>,
): Promise<ReadonlyMap<PlatformUserId, UserView>> {
  const now = deps.clock.now()
  const views = new Map<PlatformUserId, UserView>()
  for (const user of users) {
    const { presence, routingStatus } = found.get(user.toLowerCase()) ?? {}
    const presenceNow = presence ? shownPart(deps, user, presence) : undefined
    const routingNow = routingStatus ? routingPart(routingStatus, now) : undefined
    views.set(user, { ...(presenceNow && { presence: presenceNow }), ...(routingNow && { routing: routingNow }) })
  }
  await fillPresences(deps, views)
  await fillRouting(deps, views)
  return views
}

// Where another system is the primary source, the presence that the platform keeps of its own is not what the person shows: the
// events, which come from the primary source, know better. Before the first of them it is all that is known.
function shownPart(deps: SnapshotDeps, user: PlatformUserId, presence: Presence): PresencePart | undefined {
  const heard = deps.views.of(user).presence
  if (presence.primary === false && heard) return { ...heard, foreign: true }
  return presencePart(presence, deps.statusOf, deps.clock.now())
}

async function fillPresences(deps: SnapshotDeps, views: Map<PlatformUserId, UserView>): Promise<void> {
  const missing = [...views].filter(([, view]) => !view.presence).map(([user]) => user)
  for (const share of chunks(missing, PRESENCES_PER_READ)) {
    const path = `/api/v2/users/presences/purecloud/bulk?id=${share.join(',')}`
    const request = { operation: 'presences.read', method: 'GET', path, kind: 'read' } as const
    const presences = await readAs(deps.client, request, BulkPresences)
    for (const user of share) {
      const presence = presences.find((candidate) => candidate.userId.toLowerCase() === user.toLowerCase())
      const part = presence && presencePart(presence, deps.statusOf, deps.clock.now())
      if (part) views.set(user, { ...views.get(user), presence: part })
    }
  }
}

// Only someone On Queue can be Not Responding; for everybody else the routing status changes nothing here. There is no bulk
// call for it.
async function fillRouting(deps: SnapshotDeps, views: Map<PlatformUserId, UserView>): Promise<void> {
  for (const [user, view] of views) {
    if (!view.presence?.onQueue || view.routing) continue
    const path = `/api/v2/users/${user}/routingstatus`
    const request = { operation: 'routing.read', method: 'GET', path, kind: 'read' } as const
    const routing = await readUnless(deps.client, request, RoutingStatus, [403, 404])
    const part = routing && routingPart(routing, deps.clock.now())
    if (part) views.set(user, { ...view, routing: part })
  }
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const shares: Item[][] = []
  for (let at = 0; at < items.length; at += size) shares.push(items.slice(at, at + size))
  return shares
}
