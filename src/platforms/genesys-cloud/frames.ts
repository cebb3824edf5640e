// Stream frames to reports. Unknown topics and bodies are passed over: the platform adds members and topics without notice.

import type { Clock } from '../../domain/clock.ts'
import type { StatusReport, WorkReport } from '../../domain/report.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import { isKnownRouting, type PresenceViews, presencePart, routingPart, type StatusOf } from './presence-view.ts'
import type { Surprises } from './surprises.ts'
import { parseTopic, type UserTopic } from './topics.ts'
import {
  Activity,
  Conversation,
  FlatConversation,
  Presence,
  type RoutingStatus,
  RoutingStatusEvent,
  type StreamFrame,
} from './wire.ts'
import { itemsOf, unflatten } from './work.ts'
import type { WorkTracker } from './work-tracker.ts'

export type FrameReaderDeps = {
  readonly clock: Clock
  readonly surprises: Surprises
  readonly statusOf: StatusOf
  readonly views: PresenceViews
  readonly tracker: WorkTracker
  readonly users: readonly PlatformUserId[]
  readonly onReport: (user: PlatformUserId, report: StatusReport | WorkReport) => void
}

type Reports = readonly (StatusReport | WorkReport)[]

export function createFrameReader(deps: FrameReaderDeps): (frame: StreamFrame) => void {
  const { clock, statusOf, surprises, tracker, views } = deps
  const byTopicUser = new Map(deps.users.map((user) => [user.toLowerCase(), user]))

  function presence(user: PlatformUserId, body: unknown): Reports {
    const parsed = Presence.safeParse(body)
    if (!parsed.success) return unread('presence')
    // What another source than the primary one says is not what the user shows.
    if (parsed.data.primary === false) return []
    const part = presencePart(parsed.data, statusOf, clock.now())
    const report = part && views.presence(user, part)
    return report ? [report] : []
  }

  function routing(user: PlatformUserId, body: unknown): Reports {
    const parsed = RoutingStatusEvent.safeParse(body)
    if (!parsed.success) return unread('routing status')
    const part = knownRouting(parsed.data.routingStatus)
    const report = part && views.routing(user, part)
    return report ? [report] : []
  }

  function activity(user: PlatformUserId, body: unknown): Reports {
    const parsed = Activity.safeParse(body)
    if (!parsed.success) return unread('activity')
    const { presence: spoken, routingStatus } = parsed.data
    const presence = spoken ? presencePart(spoken, statusOf, clock.now()) : undefined
    const routing = knownRouting(routingStatus)
    const report = views.activity(user, { ...(presence && { presence }), ...(routing && { routing }) })
    return report ? [report] : []
  }

  // A word that is not known says nothing: what was known of the routing stays.
  function knownRouting(routing: RoutingStatus | null | undefined) {
    const part = routing ? routingPart(routing, clock.now()) : undefined
    if (!part || isKnownRouting(part)) return part
    surprises.unknown('routing status', part.status)
    return undefined
  }

  function work(user: PlatformUserId, conversation: Conversation | undefined): Reports {
    if (!conversation) return []
    return tracker.take(user, conversation.id, itemsOf(conversation, { user, surprises, now: clock.now() }), {
      at: clock.now(),
    })
  }

  function unread(what: string): Reports {
    surprises.unknown('event body', what)
    return []
  }

  function read(user: PlatformUserId, topic: UserTopic, body: unknown): Reports {
    switch (topic.what) {
      case 'presence':
        return presence(user, body)
      case 'routing':
        return routing(user, body)
      case 'activity':
        return activity(user, body)
      case 'conversations': {
        const parsed = Conversation.safeParse(body)
        return parsed.success ? work(user, parsed.data) : unread('conversation')
      }
      case 'media': {
        const parsed = FlatConversation.safeParse(body)
        return parsed.success ? work(user, unflatten(parsed.data, topic.part)) : unread(topic.part)
      }
    }
  }

  return (frame) => {
    const topic = frame.topicName ? parseTopic(frame.topicName) : undefined
    const user = topic && byTopicUser.get(topic.user)
    if (!topic || !user) return
    const id = frame.metadata?.CorrelationId
    for (const report of read(user, topic, frame.eventBody)) deps.onReport(user, id ? { ...report, id } : report)
  }
}
