// The port behind which both ways of hearing change events stand: one connection, opened once, watched, and thrown away at the first
// trouble. Who owns it (stream.ts) dials anew with a fresh session; a transport never mends anything by itself and remembers nothing that
// the next connection would need, except positions that it hands out.

import type { Session } from '../client.ts'

type TroubleKind =
  | 'token'
  | 'replay_position'
  | 'unknown_client'
  | 'daily_limit'
  /** Other limits, such as too many subscribers at once. */
  | 'limit'
  /** The channel does not exist, or the run-as user may not hear it. */
  | 'no_channel'
  | 'silent'
  | 'unavailable'
  | 'network'
  | 'refused'
  | 'closed'
export type Trouble = { readonly kind: TroubleKind; readonly words: string }

/** One change event as it came; wire.ts knows what is in it. */
export type Delivery = {
  /** With a `ChangeEventHeader`. */
  readonly payload: unknown
  /** The same event has the same id, however often it is delivered. */
  readonly id: string
  /** Where a later connection goes on after this event. */
  readonly position: string
}

export type Dial = {
  readonly session: Session
  /** "/data/PresenceBridge__chn" */
  readonly channel: string
  /** As handed out before by the same transport for the same channel; null: only what is new from now on. */
  readonly position: string | null
  readonly onDelivery: (delivery: Delivery) => void
  /** An event came that cannot be read; the connection stands. */
  readonly onUnreadable: (words: string, position: string | null) => void
  /** Nothing happened up to here: a later connection may go on from this place. */
  readonly onPosition: (position: string) => void
}

export type StreamConnection = {
  /** The subscription stands: what happens from now on is heard. Rejects with StreamRefused. */
  readonly opened: Promise<void>
  /** Never rejects. */
  readonly ended: Promise<Trouble>
  /** Says good-bye where somebody listens, and lets go of everything in any case. */
  close(): void
}

export type Transport = {
  /** For people: "Pub/Sub API". */
  readonly title: string
  /** Begins the name of the mark under which a channel's position is kept: positions of one transport mean nothing to the other. */
  readonly markPrefix: string
  open(dial: Dial): StreamConnection
}

export class StreamRefused extends Error {
  override readonly name = 'StreamRefused'
  readonly trouble: Trouble
  constructor(trouble: Trouble) {
    super(trouble.words)
    this.trouble = trouble
  }
}
