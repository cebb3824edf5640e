// The words of the stand-in organisation: users, their two statuses, and conversations with their participants and legs.

import type { PresenceDefinition } from './definitions.ts'

type RoutingStatus = 'OFF_QUEUE' | 'IDLE' | 'INTERACTING' | 'NOT_RESPONDING' | 'COMMUNICATING'
export type Medium = 'call' | 'callback' | 'chat' | 'email' | 'message' | 'social' | 'video'
type LegState = 'alerting' | 'dialing' | 'connected' | 'parked' | 'disconnected' | 'terminated'

export type SandboxUser = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly department: string
  presence: PresenceDefinition
  presenceAt: number
  /** Asked to go off the queue while work is open (where the organisation has switched that on). */
  futurePresence: PresenceDefinition | null
  routing: RoutingStatus
  routingAt: number
  /** Switched by the user only; direct calls go to voicemail. */
  outOfOffice: { active: boolean; at: number }
  /** How often all tokens of the user were deleted. */
  loggedOut: number
}

/** The call that is made for a callback, by the same participant. */
export type SandboxCall = {
  readonly legId: string
  state: LegState
  readonly connectedAt: number
  disconnectedAt: number | null
}

export type SandboxParticipant = {
  readonly id: string
  readonly purpose: 'customer' | 'acd' | 'agent' | 'user'
  readonly userId: string | null
  readonly legId: string
  state: LegState
  held: boolean
  readonly direction: 'inbound' | 'outbound'
  readonly startedAt: number
  connectedAt: number | null
  disconnectedAt: number | null
  disconnectType: string | null
  parkedAt: number | null
  resumedAt: number | null
  call: SandboxCall | null
  /** The participant who asks this one for advice. */
  readonly consultedBy: string | null
  wrapupRequired: boolean
  /** After-call work ends by itself after so long; null: when the agent says so. */
  wrapupTimeoutMs: number | null
  acwStartedAt: number | null
  acwEndedAt: number | null
}

export type SandboxConversation = {
  readonly id: string
  readonly medium: Medium
  readonly startedAt: number
  endedAt: number | null
  readonly participants: SandboxParticipant[]
}

/** What the organisation tells whoever listens; the objects are the live ones. */
export type ModelChange =
  | { readonly kind: 'presence'; readonly user: SandboxUser }
  | { readonly kind: 'routing'; readonly user: SandboxUser }
  | { readonly kind: 'out of office'; readonly user: SandboxUser }
  | { readonly kind: 'conversation'; readonly conversation: SandboxConversation }
