// What a vendor's room must bring to be put through the conformance suite: its adapter on real sockets before a stand-in platform, hands for
// the people in it, and the troubles that it can have.

import type { PlatformAdapter, PlatformSink } from '../../src/domain/platform.ts'
import type { PlatformUserId } from '../../src/domain/side.ts'

/** Makes the trouble; gives what ends it. */
export type Trouble = () => () => void
/** Why this platform cannot have such a trouble. */
export type Impossible = string

type Troubles = {
  /** The connection of the event stream breaks; a new one can be opened. */
  readonly 'the stream is cut': Trouble | Impossible
  /** Connections stay open, nothing comes any more, and calls are not answered. */
  readonly 'everything is silent': Trouble | Impossible
  /** Tokens given out so far are refused. */
  readonly 'the token is no longer good': Trouble | Impossible
  /** The platform does not know the stream's client, channel or subscription any more. */
  readonly 'the subscription is forgotten': Trouble | Impossible
  /** The position in the stream is refused. */
  readonly 'the position is refused': Trouble | Impossible
  /** Calls fail with a server error. */
  readonly 'calls fail': Trouble | Impossible
  /** Calls are refused because there were too many. */
  readonly 'calls are limited': Trouble | Impossible
  /** Events come twice. */
  readonly 'events come twice': Trouble | Impossible
  /** Events are lost, and the platform says so. */
  readonly 'a gap is told': Trouble | Impossible
  /** Events are lost without a word: only the periodic reading helps. */
  readonly 'events are lost': Trouble | Impossible
}

export type Bed = {
  readonly adapter: PlatformAdapter
  /** Three people who are logged in, in the first status, without work. */
  readonly people: readonly [PlatformUserId, PlatformUserId, PlatformUserId]
  /** As a mapping file names them. Work is pushed in the first one only. */
  readonly statuses: readonly [string, string, string]
  /** When everything that comes with a start has come. */
  ready(): Promise<void>
  /** The person chooses a status at the platform. */
  choose(user: PlatformUserId, status: string): void
  /** What the platform itself shows for this person. */
  shown(user: PlatformUserId): string
  /** Work is pushed at this person; a key for the two below. */
  offer(user: PlatformUserId): string
  accept(work: string): void
  finish(work: string): void
  /** The platform refuses each status to this person, by its own rules. */
  refuse(user: PlatformUserId): void
  /** The platform accepts writes to this person and does not carry them out. */
  readonly ignore: ((user: PlatformUserId) => void) | Impossible
  readonly troubles: Troubles
}

/** A bed whose adapter is not started yet; taken down by the vendor's own test support after each test. */
export type MakeBed = () => Promise<Bed>

/** The adapter with an ear on its calls: `onCall` runs after each call of the platform's API, also during `start`. */
export function overheard(adapter: PlatformAdapter, onCall: () => void): PlatformAdapter {
  const start: PlatformAdapter['start'] = (users, sink) => {
    const listening: PlatformSink = {
      ...sink,
      call(what) {
        sink.call(what)
        onCall()
      },
    }
    return adapter.start(users, listening)
  }
  return { ...adapter, start }
}
