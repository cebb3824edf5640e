// What Genesys Cloud says, as it says it: everything that comes in passes one of these schemas. Unknown members are ignored,
// members that the platform may leave out are optional, enum values stay strings (new ones appear without notice).
// Source: the official SDK's models and topic models (platform client 259-262) and captured payloads.

import * as z from 'zod'

const text = z.string().nullish()

export const TokenAnswer = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() })

/** ErrorBody; the token endpoint has `error` and `description` or `error_description` instead. */
export const ErrorAnswer = z.looseObject({
  message: text,
  code: text,
  contextId: text,
  error: text,
  description: text,
  error_description: text,
})

export const Definition = z.looseObject({
  id: z.string(),
  name: text,
  type: text,
  primary: z.boolean().nullish(),
  languageLabels: z.record(z.string(), z.string().nullable()).nullish(),
  systemPresence: text,
  divisionId: text,
  deactivated: z.boolean().nullish(),
})
export type Definition = z.infer<typeof Definition>
export const Definitions = z.looseObject({ entities: z.array(Definition), pageCount: z.number().nullish() })

export const PresenceSettings = z.looseObject({
  requestingOffQueueEnabled: z.boolean().nullish(),
  defaultPrimaryPresenceRegisteredSourceId: text,
  restorePresenceSettings: z
    .looseObject({
      enabled: z.boolean().nullish(),
      restoreTimeMilliseconds: z.number().nullish(),
      restoreOnQueueEnabled: z.boolean().nullish(),
    })
    .nullish(),
})
export type PresenceSettings = z.infer<typeof PresenceSettings>

const PresenceDefinitionRef = z.looseObject({ id: z.string(), systemPresence: text })
export const Presence = z.looseObject({
  source: text,
  primary: z.boolean().nullish(),
  presenceDefinition: PresenceDefinitionRef.nullish(),
  futurePresenceDefinition: PresenceDefinitionRef.nullish(),
  modifiedDate: text,
})
export type Presence = z.infer<typeof Presence>
/** Of a write, each with the user's id as its own [unverified: a reading has it as `userId`]. */
export const WrittenPresences = z.array(Presence.extend({ id: text, userId: text }))
export const BulkPresences = z.array(Presence.extend({ userId: z.string() }))

export const RoutingStatus = z.looseObject({ status: text, startTime: text })
export type RoutingStatus = z.infer<typeof RoutingStatus>
/** The event's envelope around it. */
export const RoutingStatusEvent = z.looseObject({ routingStatus: RoutingStatus.nullish() })

/**
 * Presence and routing status in one event. Of `outOfOffice` nothing is made: it sends direct calls to voicemail, the presence
 * and the queues stay what they are.
 */
export const Activity = z.looseObject({ presence: Presence.nullish(), routingStatus: RoutingStatus.nullish() })

const Counts = z.looseObject({ active: z.number().nullish(), acw: z.number().nullish() })
/** One entry a medium, beside `userId`. */
export const ConversationSummary = z.record(z.string(), z.unknown())
const SummaryOfMedium = z.looseObject({ contactCenter: Counts.nullish(), enterprise: Counts.nullish() })

/** How many conversations and after-call works the summary counts, by the platform's name of the medium; none that it counts 0 of. */
export type WorkCounts = ReadonlyMap<string, number>

export function countWork(summary: z.infer<typeof ConversationSummary>): WorkCounts {
  const counts = new Map<string, number>()
  for (const [name, value] of Object.entries(summary)) {
    const medium = SummaryOfMedium.safeParse(value)
    if (!medium.success) continue
    const { contactCenter, enterprise } = medium.data
    const count = [contactCenter, enterprise].reduce((sum, part) => sum + (part?.active ?? 0) + (part?.acw ?? 0), 0)
    if (count > 0) counts.set(name, count)
  }
  return counts
}

export const User = z.looseObject({
  id: z.string(),
  name: text,
  username: text,
  email: text,
  department: text,
  division: z.looseObject({ name: text }).nullish(),
  team: z.looseObject({ name: text }).nullish(),
  employerInfo: z.looseObject({ employeeId: text }).nullish(),
  presence: Presence.nullish(),
  routingStatus: RoutingStatus.nullish(),
  conversationSummary: ConversationSummary.nullish(),
})
export type User = z.infer<typeof User>
export const Users = z.looseObject({ entities: z.array(User).nullish(), pageCount: z.number().nullish() })

const Wrapup = z.looseObject({ endTime: text })
const AfterCallWork = z.looseObject({ state: text, startTime: text, endTime: text })
/** One medium's connection of one participant. */
export const Leg = z.looseObject({
  id: text,
  state: text,
  held: z.boolean().nullish(),
  direction: text,
  disconnectType: text,
  startAlertingTime: text,
  startHoldTime: text,
  connectedTime: text,
  disconnectedTime: text,
  parkTime: text,
  resumeTime: text,
  wrapup: Wrapup.nullish(),
  afterCallWork: AfterCallWork.nullish(),
})
export type Leg = z.infer<typeof Leg>

const participantParts = {
  id: text,
  purpose: text,
  connectedTime: text,
  endTime: text,
  wrapupRequired: z.boolean().nullish(),
  wrapupPrompt: text,
  wrapupTimeoutMs: z.number().nullish(),
  wrapup: Wrapup.nullish(),
  startAcwTime: text,
  endAcwTime: text,
}
export const Participant = z.looseObject({
  ...participantParts,
  userId: text,
  calls: z.array(Leg).nullish(),
  callbacks: z.array(Leg).nullish(),
  chats: z.array(Leg).nullish(),
  emails: z.array(Leg).nullish(),
  messages: z.array(Leg).nullish(),
  socialExpressions: z.array(Leg).nullish(),
  videos: z.array(Leg).nullish(),
})
export type Participant = z.infer<typeof Participant>
export const Conversation = z.looseObject({ id: z.string(), participants: z.array(Participant).nullish() })
export type Conversation = z.infer<typeof Conversation>

/** The media-specific topics and calls: the leg's members stand in the participant itself. */
const FlatParticipant = Leg.extend({ ...participantParts, user: z.looseObject({ id: text }).nullish() })
export const FlatConversation = z.looseObject({ id: z.string(), participants: z.array(FlatParticipant).nullish() })
export type FlatConversation = z.infer<typeof FlatConversation>

const AnalyticsSegment = z.looseObject({ segmentType: text, segmentStart: text, segmentEnd: text })
const AnalyticsSession = z.looseObject({ mediaType: text, segments: z.array(AnalyticsSegment).nullish() })
const AnalyticsConversation = z.looseObject({
  conversationId: z.string(),
  conversationEnd: text,
  participants: z.array(z.looseObject({ userId: text, sessions: z.array(AnalyticsSession).nullish() })).nullish(),
})
export type AnalyticsConversation = z.infer<typeof AnalyticsConversation>
export const AnalyticsAnswer = z.looseObject({
  conversations: z.array(AnalyticsConversation).nullish(),
  totalHits: z.number().nullish(),
})

export const Channel = z.looseObject({ id: z.string(), connectUri: z.url(), expires: text })
/** Of channels that were made with another token nothing is told but that they exist. */
export const ChannelList = z.looseObject({
  entities: z.array(z.looseObject({ id: text, expires: text })).nullish(),
})
export const Subscriptions = z.looseObject({
  entities: z
    .array(
      z.looseObject({
        id: z.string(),
        state: text,
        rejectionReason: text,
        missingPermissions: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
})

export const StreamFrame = z.looseObject({
  topicName: text,
  eventBody: z.unknown(),
  metadata: z.looseObject({ CorrelationId: text }).nullish(),
})
export type StreamFrame = z.infer<typeof StreamFrame>

/** Three spellings are in use: "On Queue" (REST), "ON_QUEUE" (events), "OnQueue" (documentation). */
export function normalPresence(systemPresence: string | null | undefined): string {
  return (systemPresence ?? '').replace(/[\s_]/g, '').toLowerCase()
}

/** ms since 1970, or undefined where the platform gave no readable time. */
export function instant(time: string | null | undefined): number | undefined {
  if (!time) return undefined
  const at = Date.parse(time)
  return Number.isNaN(at) ? undefined : at
}
