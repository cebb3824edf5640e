// The organisation's objects as the platform writes them: REST and events differ in spelling ("On Queue", "ON_QUEUE") and shape.

import type { PresenceDefinition } from './definitions.ts'
import type { SandboxCall, SandboxConversation, SandboxParticipant, SandboxUser } from './model-types.ts'
import { inWrapUp } from './participants.ts'

const LEG_ARRAYS = {
  call: 'calls',
  callback: 'callbacks',
  chat: 'chats',
  email: 'emails',
  message: 'messages',
  social: 'socialExpressions',
  video: 'videos',
} as const

export function definitionBody(definition: PresenceDefinition): object {
  const { id, type, label, systemPresence, deactivated } = definition
  return {
    id,
    name: label,
    type,
    languageLabels: { en_US: label },
    systemPresence,
    divisionId: '*',
    deactivated,
    selfUri: `/api/v2/presence/definitions/${id}`,
  }
}

/** The deprecated endpoint: `primary` instead of `type`. */
export function oldDefinitionBody(definition: PresenceDefinition): object {
  const { id, type, label, systemPresence, deactivated } = definition
  return { id, name: label, languageLabels: { en_US: label }, systemPresence, primary: type === 'System', deactivated }
}

export function presenceBody(user: SandboxUser): object {
  const ref = (definition: PresenceDefinition) => ({
    id: definition.id,
    systemPresence: definition.systemPresence,
    selfUri: `/api/v2/presence/definitions/${definition.id}`,
  })
  return {
    id: user.id,
    source: 'PURECLOUD',
    sourceId: 'PURECLOUD',
    primary: true,
    presenceDefinition: ref(user.presence),
    ...(user.futurePresence && { futurePresenceDefinition: ref(user.futurePresence) }),
    message: '',
    modifiedDate: iso(user.presenceAt),
    selfUri: `/api/v2/users/${user.id}/presences/PURECLOUD`,
  }
}

export function presenceEvent(user: SandboxUser) {
  const ref = ({ id, systemPresence }: PresenceDefinition) => ({
    id,
    systemPresence: systemPresence.toUpperCase().replace(' ', '_'),
  })
  return {
    source: 'PURECLOUD',
    presenceDefinition: ref(user.presence),
    primary: true,
    message: '',
    modifiedDate: iso(user.presenceAt),
    futurePresenceDefinition: user.futurePresence ? ref(user.futurePresence) : null,
  }
}

export function routingBody(user: SandboxUser): object {
  return { userId: user.id, status: user.routing, startTime: iso(user.routingAt) }
}

export function routingEvent(user: SandboxUser): object {
  const nothing = {
    errorCode: '',
    status: 0,
    correlationId: '',
    userMessage: '',
    userParamsMessage: '',
    userParams: [],
  }
  return {
    id: user.id,
    routingStatus: { status: user.routing, startTime: iso(user.routingAt) },
    errorInfo: nothing,
  }
}

/** Presence and routing status in one; no source of the presence, and no future one. */
export function activityEvent(user: SandboxUser): object {
  const { presenceDefinition, modifiedDate } = presenceEvent(user)
  return {
    id: user.id,
    routingStatus: { status: user.routing, startTime: iso(user.routingAt) },
    presence: { presenceDefinition, presenceMessage: '', modifiedDate },
    outOfOffice: { active: user.outOfOffice.active, modifiedDate: iso(user.outOfOffice.at) },
    activeQueueIds: [],
    dateActiveQueuesChanged: iso(user.routingAt),
  }
}

export function userBody(user: SandboxUser): Record<string, unknown> {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    username: user.email,
    department: user.department,
    division: { id: '*', name: 'Home' },
    state: 'active',
    version: 1,
    selfUri: `/api/v2/users/${user.id}`,
  }
}

export function summaryBody(userId: string, conversations: readonly SandboxConversation[]): object {
  const zero = () => ({ contactCenter: { active: 0, acw: 0 }, enterprise: { active: 0, acw: 0 } })
  const media = ['call', 'callback', 'chat', 'email', 'message', 'socialExpression', 'video']
  const counts = new Map(media.map((medium) => [medium, zero()]))
  for (const { medium, participants } of conversations) {
    const count = counts.get(medium === 'social' ? 'socialExpression' : medium)
    const turns = participants.filter((one) => one.userId === userId)
    const active = turns.findLast((one) => one.state === 'connected' || one.state === 'dialing')
    if (!count) continue
    if (active) count[active.purpose === 'agent' ? 'contactCenter' : 'enterprise'].active += 1
    else if (turns.some(inWrapUp)) count.contactCenter.acw += 1
  }
  return { userId, ...Object.fromEntries(counts) }
}

/** The same for the event and for GET /api/v2/conversations/{id}. */
export function conversationBody(conversation: SandboxConversation): object {
  return {
    id: conversation.id,
    startTime: iso(conversation.startedAt),
    ...(conversation.endedAt !== null && { endTime: iso(conversation.endedAt) }),
    participants: conversation.participants.map((one) => participantBody(one, LEG_ARRAYS[conversation.medium])),
  }
}

function participantBody(one: SandboxParticipant, legs: string): object {
  const leg = {
    id: one.legId,
    state: one.state,
    initialState: one.purpose === 'agent' ? 'alerting' : 'connected',
    held: one.held,
    direction: one.direction,
    ...(one.disconnectType && { disconnectType: one.disconnectType }),
    ...(one.connectedAt !== null && { connectedTime: iso(one.connectedAt) }),
    ...(one.disconnectedAt !== null && { disconnectedTime: iso(one.disconnectedAt) }),
    ...(one.parkedAt !== null && { parkTime: iso(one.parkedAt) }),
    ...(one.resumedAt !== null && { resumeTime: iso(one.resumedAt) }),
    afterCallWork: acwBody(one),
    afterCallWorkRequired: one.wrapupRequired,
  }
  return {
    id: one.id,
    purpose: one.purpose,
    ...(one.userId && { userId: one.userId }),
    ...(one.connectedAt !== null && { connectedTime: iso(one.connectedAt) }),
    ...(one.disconnectedAt !== null && { endTime: iso(one.disconnectedAt) }),
    wrapupRequired: one.wrapupRequired,
    wrapupExpected: one.wrapupRequired,
    ...(one.acwStartedAt !== null && { startAcwTime: iso(one.acwStartedAt) }),
    ...(one.acwEndedAt !== null && {
      endAcwTime: iso(one.acwEndedAt),
      wrapup: { code: 'done', durationSeconds: 1, endTime: iso(one.acwEndedAt) },
    }),
    ...(one.wrapupTimeoutMs !== null && { wrapupPrompt: 'forcedTimeout', wrapupTimeoutMs: one.wrapupTimeoutMs }),
    ...(one.consultedBy !== null && { consultParticipantId: one.consultedBy }),
    attributes: {},
    [legs]: [leg],
    ...(one.call && { calls: [callBody(one.call, one)] }),
  }
}

function callBody(call: SandboxCall, { disconnectType }: SandboxParticipant): object {
  return {
    id: call.legId,
    state: call.state,
    direction: 'outbound',
    held: false,
    connectedTime: iso(call.connectedAt),
    ...(call.disconnectedAt !== null && { disconnectedTime: iso(call.disconnectedAt), disconnectType }),
  }
}

function acwBody(one: SandboxParticipant): object {
  if (one.acwStartedAt === null) return { state: 'notApplicable' }
  if (one.acwEndedAt === null) return { state: 'pending', startTime: iso(one.acwStartedAt) }
  return { state: 'complete', startTime: iso(one.acwStartedAt), endTime: iso(one.acwEndedAt) }
}

/** One conversation of an analytics answer; without an end it is open. */
export function analyticsBody(conversation: SandboxConversation): object {
  const open = conversation.endedAt === null || conversation.participants.some(inWrapUp)
  return {
    conversationId: conversation.id,
    conversationStart: iso(conversation.startedAt),
    ...(!open && { conversationEnd: iso(conversation.endedAt ?? conversation.startedAt) }),
    participants: conversation.participants.map((one) => ({
      participantId: one.id,
      purpose: one.purpose,
      ...(one.userId && { userId: one.userId }),
      sessions: sessionsOf(one, conversation.medium),
    })),
  }
}

function sessionsOf(one: SandboxParticipant, medium: SandboxConversation['medium']): object[] {
  const voice = one.call
    ? [{ mediaType: 'voice', segments: [segment('interact', one.call.connectedAt, one.call.disconnectedAt)] }]
    : []
  return [{ mediaType: medium === 'call' ? 'voice' : medium, segments: segmentsOf(one) }, ...voice]
}

function segmentsOf(one: SandboxParticipant): object[] {
  const first = one.purpose === 'agent' ? 'alert' : one.purpose === 'user' ? 'dialing' : 'interact'
  const rings = segment(first, one.startedAt, one.connectedAt ?? one.disconnectedAt)
  const talks = one.connectedAt !== null && segment(one.held ? 'hold' : 'interact', one.connectedAt, one.disconnectedAt)
  const wraps = one.acwStartedAt !== null && segment('wrapup', one.acwStartedAt, one.acwEndedAt)
  return [rings, talks, wraps].filter((part) => part !== false)
}

function segment(segmentType: string, from: number, to: number | null): object {
  return { segmentType, segmentStart: iso(from), ...(to !== null && { segmentEnd: iso(to) }), conference: false }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
