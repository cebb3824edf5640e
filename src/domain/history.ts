// What the journal keeps beside decisions, so that it can be read when no bridge runs: who is who, which rules were in force,
// when the bridge and its links were up, and figures of each minute.

import type { Catalogue } from './platform.ts'
import type { WriteOutcome } from './record.ts'
import type { AgentId, BySide, PlatformUserId, Side } from './side.ts'

/** Somebody who is or was kept in step. */
export type PersonEntry = {
  readonly agent: AgentId
  /** As people call them. */
  readonly name: string
  /** Other names under which people may ask for them. */
  readonly aliases: readonly string[]
  readonly profile: string | null
  /** The platforms' ids of them; absent in journals of before. */
  readonly users?: BySide<PlatformUserId>
}

/** A mapping file that was in force, with what is needed to read it as it was read then. */
export type MappingEntry = {
  /** "sha256:…", as records carry it. */
  readonly hash: string
  /** When it came into force first, ISO 8601. */
  readonly time: string
  readonly file: string
  readonly text: string
  readonly catalogue: BySide<Catalogue>
}

type ServiceKind =
  | 'started'
  | 'stopped'
  | 'link_up'
  | 'link_down'
  | 'reloaded'
  | 'reload_refused'
  /** Records of one person were removed; by whom, never whose. */
  | 'forgotten'

/** Something that happened to the bridge itself, not to an agent. */
export type ServiceEvent = {
  /** ISO 8601. */
  readonly time: string
  readonly kind: ServiceKind
  /** Of links. */
  readonly side?: Side
  readonly words: string
  /** Of `started`: when the bridge before was last known to be alive, ISO 8601; absent for the first one. */
  readonly aliveUntil?: string
}

/** What one minute had; minutes in which nothing happened are not kept. */
export type MinuteFigures = {
  /** Its begin, ms since 1970; not a whole minute where the bridge began in it. */
  readonly minute: number
  readonly decisions: number
  readonly writes: Readonly<Partial<Record<WriteOutcome, number>>>
  /** From the event to the confirmation on this side, ms; null where nothing was confirmed. */
  readonly latency: BySide<{
    readonly count: number
    readonly p50: number
    readonly p95: number
    readonly max: number
  } | null>
  /** How long agents could be offered work on this side while working on the other one, all agents together, ms. */
  readonly exposedMs: BySide<number>
}

/** A part of history; both ISO 8601, `from` inclusive, `to` exclusive. */
export type Span = { readonly from?: string; readonly to?: string }
