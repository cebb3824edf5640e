// The port between the host loop and the outbox: what is to be written, and how it went.

import type { DecisionSeq } from './record.ts'
import type { AgentId, PlatformUserId, Side, StatusId } from './side.ts'

/** R24: taking someone out of an available status comes first, then releases, then the rest. */
export const URGENCIES = ['block', 'release', 'comfort'] as const
export type Urgency = (typeof URGENCIES)[number]

export type Write = {
  readonly seq: DecisionSeq
  readonly agent: AgentId
  readonly side: Side
  readonly user: PlatformUserId
  readonly status: StatusId
  /** The status that the agent was last seen in. */
  readonly expect: StatusId
  readonly urgency: Urgency
  readonly sentence: string
  /** ms since 1970. */
  readonly decidedAt: number
}

export type Settlement =
  /** The platform took it; whether it stands is known when it is reported back. */
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly words: string }
  /** Given up after the retries; the next reading of the side tries anew. */
  | { readonly kind: 'failed'; readonly words: string }

export type OutboxEvents = {
  /** Called right before each attempt: from here on the platform may report the status back. */
  sending(write: Write): void
  /** The platform turned every attempt so far away without taking it: nothing will be reported back because of it. */
  untaken(write: Write): void
  /** The platform cannot be reached for this person; the write stays queued. */
  waiting(write: Write, words: string): void
  settled(write: Write, settlement: Settlement): void
}
