// What one user shows: the presence, or *Not Responding* while the routing status says so and the presence is On Queue.
// The two parts come in separate events without a common order, so the newest of each is kept, by its own time.
// The other routing statuses (off queue, idle, interacting, communicating) never are statuses here: they speak of work.

import type { Actor, StatusReport } from '../../domain/report.ts'
import { OFFLINE, type StatusId } from '../../domain/side.ts'
import type { Presence, RoutingStatus } from './wire.ts'
import { instant, normalPresence } from './wire.ts'

export const NOT_RESPONDING = 'NOT_RESPONDING' as StatusId

/** The same in every organisation. */
export const OFFLINE_DEFINITION = 'ccf3c10a-aa2c-4845-8e8d-f59fa48c58e5'
export const ON_QUEUE_DEFINITION = 'e08eaf1b-ee47-4fa9-a231-1200e284798f'

export type PresencePart = {
  /** The definition's id, or OFFLINE for every definition of the Offline family. */
  readonly status: StatusId
  readonly onQueue: boolean
  /** Another system (Teams, Zoom) is this user's primary source of presence. */
  readonly foreign: boolean
  readonly at: number
}
export type RoutingPart = { readonly status: string; readonly at: number }
export type UserView = { readonly presence?: PresencePart; readonly routing?: RoutingPart }

/** How a definition id reads on the bridge; `systemPresence` decides where the catalogue does not know the id. */
export type StatusOf = (definition: { readonly id: string; readonly systemPresence?: string | null | undefined }) => {
  readonly status: StatusId
  readonly onQueue: boolean
}

export function presencePart(presence: Presence, statusOf: StatusOf, heardAt: number): PresencePart | undefined {
  if (!presence.presenceDefinition) return undefined
  const ownSource = presence.source == null || presence.source.toUpperCase() === 'PURECLOUD'
  const foreign = !ownSource || presence.primary === false
  // While futurePresenceDefinition is set, going off the queue is only requested: the presence has not changed yet.
  return { ...statusOf(presence.presenceDefinition), foreign, at: instant(presence.modifiedDate) ?? heardAt }
}

export function routingPart(routing: RoutingStatus, heardAt: number): RoutingPart | undefined {
  if (!routing.status) return undefined
  return { status: routing.status.toUpperCase(), at: instant(routing.startTime) ?? heardAt }
}

const ROUTING_STATUSES = new Set(['OFF_QUEUE', 'IDLE', 'INTERACTING', 'NOT_RESPONDING', 'COMMUNICATING'])

export function isKnownRouting(routing: RoutingPart): boolean {
  return ROUTING_STATUSES.has(routing.status)
}

/** What the user shows, or undefined while the presence is not known. */
export function shown(view: UserView): StatusId | undefined {
  if (!view.presence) return undefined
  return isNotResponding(view) ? NOT_RESPONDING : view.presence.status
}

export function isNotResponding(view: UserView): boolean {
  return Boolean(view.presence?.onQueue && view.routing?.status === 'NOT_RESPONDING')
}

/** Not Responding is set by the platform; of other changes it does not tell who made them. */
function actorOf(status: StatusId): Actor {
  return status === NOT_RESPONDING ? 'system' : 'unknown'
}

export type PresenceViews = {
  of(user: string): UserView
  /** A report, because the platform spoke of the status; none where it had said the very same in an activity before. */
  presence(user: string, part: PresencePart): StatusReport | undefined
  /** A report only if what the user shows has changed. */
  routing(user: string, part: RoutingPart): StatusReport | undefined
  /** Both parts at once, from a topic that does not tell the source of the presence. A report only if what the user shows has changed. */
  activity(user: string, news: UserView): StatusReport | undefined
  /** Takes what was read, where it is not older than what was heard meanwhile. */
  read(user: string, view: UserView): void
}

export function createPresenceViews(): PresenceViews {
  const views = new Map<string, UserView>()
  // The newest stamp told for each user: a change found later is never told with an older one, it would pass for stale.
  const toldAt = new Map<string, number>()
  // Presences that an activity was the first to tell: their own event says nothing new.
  const toldByActivity = new Map<string, PresencePart>()

  function merge(user: string, news: UserView): UserView {
    const known = views.get(user) ?? {}
    const presence = newer(known.presence, news.presence)
    const routing = newer(known.routing, news.routing)
    const view = { ...(presence && { presence }), ...(routing && { routing }) }
    views.set(user, view)
    return view
  }

  function told(user: string, status: StatusId, at: number): StatusReport {
    const stampAt = Math.max(at, toldAt.get(user) ?? 0)
    toldAt.set(user, stampAt)
    return { kind: 'status', status, stamp: { at: stampAt }, by: actorOf(status) }
  }

  return {
    of: (user) => views.get(user) ?? {},
    presence(user, part) {
      const twin = toldByActivity.get(user)
      toldByActivity.delete(user)
      const view = merge(user, { presence: part })
      // A late event is passed on as it is; by its own time the engine tells that it is late.
      if (view.presence !== part) return { kind: 'status', status: part.status, stamp: { at: part.at }, by: 'unknown' }
      if (twin?.status === part.status && twin.at === part.at) return undefined
      return told(user, shown(view) ?? part.status, part.at)
    },
    routing(user, part) {
      const before = shown(views.get(user) ?? {})
      const view = merge(user, { routing: part })
      const status = shown(view)
      return status === undefined || status === before ? undefined : told(user, status, part.at)
    },
    activity(user, { presence: spoken, routing }) {
      const known = views.get(user) ?? {}
      const presence = spoken && { ...spoken, foreign: known.presence?.foreign ?? spoken.foreign }
      const view = merge(user, { ...(presence && { presence }), ...(routing && { routing }) })
      const status = shown(view)
      if (status === undefined || status === shown(known)) return undefined
      if (presence && view.presence === presence) toldByActivity.set(user, presence)
      return told(user, status, Math.max(presence?.at ?? 0, routing?.at ?? 0))
    },
    read(user, view) {
      merge(user, view)
    },
  }
}

function newer<Part extends { readonly at: number }>(
  known: Part | undefined,
  news: Part | undefined,
): Part | undefined {
  if (!known || !news) return news ?? known
  return news.at >= known.at ? news : known
}

/** The catalogue-free reading of a definition, by the family that every mention of it carries. */
export function statusByFamily(definition: {
  id: string
  systemPresence?: string | null | undefined
}): ReturnType<StatusOf> {
  const family = normalPresence(definition.systemPresence)
  const offline = family === 'offline' || definition.id === OFFLINE_DEFINITION
  const onQueue = family === 'onqueue' || definition.id === ON_QUEUE_DEFINITION
  return { status: offline ? OFFLINE : (definition.id as StatusId), onQueue }
}
