// How long the two transports and the self-test wait for what, and how much they keep, each with its why. Tests pass shorter ones.

import { DIAL_TIMEOUT_MS, LIVENESS_MS } from '../settings.ts'

export type PubsubLimits = {
  readonly dialTimeoutMs: number
  /** Between HTTP/2 pings: with the next one, a dead path is noticed in half a minute. gRPC's own default is to send none. */
  readonly pingMs: number
  readonly pingTimeoutMs: number
  /** Salesforce sends something within 270 s (its protocol file); past that and some slack the stream is dead, whatever pings say. */
  readonly silenceMs: number
  /**
   * When nothing comes back, neither a refusal nor the head of the answer, the subscription is taken to stand after so long.
   * Salesforce does not say when a subscription begins to count (unverified): refusals were seen to come at once.
   */
  readonly settleMs: number
}

export const PUBSUB_LIMITS: PubsubLimits = {
  dialTimeoutMs: DIAL_TIMEOUT_MS,
  pingMs: 20_000,
  pingTimeoutMs: 10_000,
  silenceMs: 285_000,
  settleMs: 2_000,
}

/** gRPC servers may forbid pings more often than this; an org that complains is pinged less and less, down to here. */
export const PING_MAX_MS = 300_000
/** Events that may be on their way at once: the most that Salesforce lets a client ask for. */
export const REQUESTED_MAX = 100
/** With fewer than so many still to come, more are asked for: never dry, and each request is worth its frame. */
export const REQUESTED_MIN = 50
/** Schemas that are remembered: one for each object and release; a channel has two objects. */
export const SCHEMAS_MAX = 50
/** Bytes of one answer: 100 events of at most 1 MB as the event bus allows would be absurd; presence events have some hundred bytes. */
export const MESSAGE_MAX = 16 * 1024 * 1024

export type CometdLimits = {
  readonly dialTimeoutMs: number
  /** How long a poll is asked to wait. Salesforce's own 110 s would let silence last too long. */
  readonly pollMs: number
  /** The same until the org has shown that it does as asked: so this is known in seconds. */
  readonly firstPollMs: number
  /** How much later than asked a poll may be answered. */
  readonly slackMs: number
  /** Silence after which a connection is dead where the org waits as long as it likes. */
  readonly silenceMs: number
}

export const COMETD_LIMITS: CometdLimits = {
  dialTimeoutMs: DIAL_TIMEOUT_MS,
  pollMs: 40_000,
  firstPollMs: 5_000,
  slackMs: 10_000,
  silenceMs: LIVENESS_MS,
}

export type SelfTestLimits = {
  /** How long an event may take after something else has shown the change: Salesforce promises nothing, seconds are usual. */
  readonly graceMs: number
  /** So many changes that nothing was heard of, within `windowMs`, are no accident. */
  readonly witnesses: number
  readonly windowMs: number
  /** While nothing is delivered, everybody is read so often instead. */
  readonly deafReadMs: number
  /** While people are there and no event was heard since the stream was opened, everybody is read so often to find out. */
  readonly unprovenReadMs: number
}

export const SELF_TEST_LIMITS: SelfTestLimits = {
  graceMs: 30_000,
  witnesses: 3,
  windowMs: 15 * 60_000,
  deafReadMs: 30_000,
  unprovenReadMs: 60_000,
}

/** Readings to find out whether events come, for one opening of the stream: after them the periodic one has to do. */
export const UNPROVEN_READS_MAX = 10
/** Changes that are waited for at once; past it no more are taken on until some are settled. */
export const AWAITED_MAX = 1_000

/** How long events may wait for the reading that follows a way up of the stream, and how many. */
export const CATCH_UP_MAX_MS = 10_000
export const CATCH_UP_EVENTS_MAX = 10_000

/** Ids of events heard, so that one that is delivered twice is taken once: Salesforce repeats the last ones after a reconnection. */
export const HEARD_IDS_MAX = 5_000
/**
 * A position older than this is not gone back to: everybody is read after each opening, old presence is worth nothing, and each replayed
 * event counts against the org's daily deliveries.
 */
export const POSITION_AGE_MAX_MS = 15 * 60_000
/** How often the age of the position is written down. */
export const POSITION_AGE_STEP_MS = 60_000
/** Dials in a row that end in a refused token although each brings a fresh one; then the pause between them is that of refused credentials. */
export const TOKEN_REFUSALS_MAX = 3
