// Stream frames to reports. Unknown topics and bodies are passed over: the platform adds members and topics without notice.

import type { Clock } from '../../domain/clock.ts'
import type { StatusReport, WorkReport } from '../../domain/report.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import { type PresenceViews, presencePart, routingPart, type StatusOf } from './presence-view.ts'
import type { Surprises } from './surprises.ts'
import { parseTopic, type UserTopic } from './topics.ts'
import { Conversation, FlatConversation, Presence, RoutingStatusEvent, type StreamFrame } from './wire.ts'
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
    return part ? [views.presence(user, part)] : []
  }

  function routing(user: PlatformUserId, body: unknown): Reports {
    const parsed = RoutingStatusEvent.safeParse(body)
    if (!parsed.success) return unread('routing status')
    const part = parsed.data.routingStatus ? routingPart(parsed.data.routingStatus, clock.now()) : undefined
    const report = part && views.routing(user, part)
    return report ? [report] : []
  }

  function work(user: PlatformUserId, conversation: Conversation | undefined): Reports {
    if (!conversation) return []
    return tracker.take(user, conversation.id, itemsOf(conversation, user, surprises), { at: clock.now() })
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
