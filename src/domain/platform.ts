// The port behind which every platform stands. An adapter translates and classifies; it never decides and never retries a write.

import type { Urgency } from './outbox.ts'
import type { Reading, StatusReport, WorkReport } from './report.ts'
import type { PlatformUserId, Side, StatusId } from './side.ts'

/** A status as the platform's own set-up knows it. */
export type CatalogueStatus = {
  readonly id: StatusId
  readonly label: string
  readonly apiName: string
  /** Whether the platform pushes work in this status; undefined where its set-up does not tell. */
  readonly available: boolean | undefined
  /** False for system states that can be observed but not set. */
  readonly settable: boolean
  /** Who may be put into it; left out where everybody may, or where the set-up does not tell. */
  readonly grantedTo?: ReadonlySet<PlatformUserId>
}

export type Catalogue = {
  readonly statuses: readonly CatalogueStatus[]
  /** Channels or media by the names that work items carry. */
  readonly channels: readonly string[]
}

/** Someone who may be matched with a person of the other side. */
export type Person = {
  readonly user: PlatformUserId
  readonly username: string
  readonly email: string | null
  readonly employeeId: string | null
  readonly name: string
  /** For `profiles: where:`. */
  readonly groups: { readonly department?: string; readonly division?: string; readonly team?: string }
}

export type LinkState = { readonly up: boolean; readonly since: number; readonly why: string }

/** What an adapter tells the bridge, in the order in which it heard it. */
export type PlatformSink = {
  report(user: PlatformUserId, report: StatusReport | WorkReport): void
  /** The stream of events is whole (`up`) or not. After every way up the bridge reads a snapshot. */
  link(state: { readonly up: boolean; readonly why: string }): void
  /** Events may have been lost although the link stands: read these people again (all, where not named). */
  gap(why: string, users?: readonly PlatformUserId[]): void
  /** A write to this person that was `unreachable` may now succeed. */
  reachable(user: PlatformUserId): void
  /** A call of the platform's API was made; for metrics and budgets. */
  call(what: { readonly operation: string; readonly ok: boolean; readonly ms: number }): void
}

export type WriteOptions = {
  /** The status that the agent is believed to be in; null: do not check. Platforms that cannot compare ignore it. */
  readonly expect: StatusId | null
  /** When the write is no longer wanted, in ms since 1970. */
  readonly deadline: number
  /** Why, for the person who sees it happen. */
  readonly sentence: string
  /** R24: whose turn it is when calls must wait; left out: as good as a block. */
  readonly urgency?: Urgency
  readonly signal: AbortSignal
}

export type WriteResult =
  | { readonly kind: 'accepted' }
  /** May work if tried again: network, 5xx, lock, timeout. */
  | { readonly kind: 'transient'; readonly words: string }
  | { readonly kind: 'rate_limited'; readonly untilMs: number; readonly words: string }
  /** Will not work however often it is tried; in the platform's own words. */
  | { readonly kind: 'refused'; readonly words: string }
  /** Nobody there to carry it out (console closed, platform down); waits for `reachable` or the link. */
  | { readonly kind: 'unreachable'; readonly words: string }

/** What can be done with a work item in its agent's name. */
export type WorkAction =
  | { readonly kind: 'accept' }
  /** `reason` as the platform's own decline reasons are named; null: none given. */
  | { readonly kind: 'decline'; readonly reason: string | null }
  | { readonly kind: 'close' }

/** What a platform allows the bridge in 24 hours, as far as it tells or is known. */
export type Budget = {
  /** "api_calls", "event_deliveries" */
  readonly name: string
  readonly used: number
  readonly limit: number
  /** What will be used by the end of 24 hours if it goes on as it did; null while that cannot be said. */
  readonly forecast: number | null
}

/** The calls of a platform's API that the bridge may make in a minute. */
export type CallRate = {
  /** Allowed now: as configured, less what the platform says it allows, and what others use of it. */
  readonly perMinute: number
  /** Of these, what could go at once. */
  readonly left: number
  /** Calls that wait for their turn, by class: `block`, `release`, `comfort`, `read` … */
  readonly waiting: Readonly<Record<string, number>>
}

/** A part of a platform's set-up, for people to read. */
export type SetupTable = {
  readonly title: string
  readonly columns: readonly string[]
  /** As many cells in each as there are columns. */
  readonly rows: readonly (readonly string[])[]
  /** Sentences about what in it is likely to surprise, or why it could not be read. */
  readonly warnings: readonly string[]
}

export type PlatformSetup = {
  readonly tables: readonly SetupTable[]
  /** Statuses into which the platform puts people without anybody's click, and when it does: "when work is declined". */
  readonly setByItself: readonly { readonly status: StatusId; readonly when: string }[]
}

/** Something that the platform must let the bridge do. */
export type RightFinding = {
  /** `unknown`: the platform does not tell. */
  readonly state: 'ok' | 'missing' | 'unknown'
  /** "see the API names of statuses": what follows "may" or "may not". */
  readonly what: string
  /** What was found and, unless it is well, where an admin puts it right. */
  readonly sentence: string
}

/**
 * Wrong credentials or missing rights: retried slowly, told to the operator at once.
 * Thrown by `start`, `catalogue`, `roster` and `snapshot`; any other error thrown by them means "not now" and is retried with backoff.
 */
export class CredentialsRefused extends Error {
  override readonly name = 'CredentialsRefused'
}

/** Something on this machine is in the way and will not go by waiting, such as a port in use. Thrown by `start`; ends the bridge. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen'
}

export type PlatformAdapter = {
  readonly side: Side
  /** "Salesforce", "Genesys Cloud": for people. */
  readonly title: string
  /** The settable and observable statuses; needed before rules are resolved. */
  catalogue(): Promise<Catalogue>
  /** Everybody who could be an agent. */
  roster(): Promise<readonly Person[]>
  /**
   * Opens the stream of events about these people and keeps it open until `stop`; resolves when first open.
   * Throws if that cannot be done now; the caller tries again. After it resolved, losing and regaining the stream is the adapter's business
   * and is told through `sink.link`.
   */
  start(users: readonly PlatformUserId[], sink: PlatformSink): Promise<void>
  /** Reads people's present state; who is missing from the result is not known to the platform. */
  snapshot(users: readonly PlatformUserId[]): Promise<ReadonlyMap<PlatformUserId, Reading>>
  /** One attempt; never throws for what a platform may answer. */
  setStatus(user: PlatformUserId, status: StatusId, options: WriteOptions): Promise<WriteResult>
  /** Does something with a work item; left out where the platform lets nobody else do that. One attempt, as above. */
  work?(
    user: PlatformUserId,
    item: string,
    action: WorkAction,
    options: Pick<WriteOptions, 'deadline' | 'signal'>,
  ): Promise<WriteResult>
  /** More of the platform's set-up than the bridge itself needs, for admins; left out where there is no more. Throws as `catalogue` does. */
  setup?(): Promise<PlatformSetup>
  /** What the platform lets the bridge do, by asking it; left out where there is nothing to find out. Throws as `catalogue` does. */
  rights?(): Promise<readonly RightFinding[]>
  health(): {
    readonly link: LinkState
    readonly details: Readonly<Record<string, string | number | boolean>>
    /** What is not as it should be although the link stands; a sentence each, for people. */
    readonly notes?: readonly string[]
    readonly budgets?: readonly Budget[]
    readonly rate?: CallRate
  }
  /** Ends the stream and all calls under way; no sink call follows. */
  stop(): Promise<void>
}
