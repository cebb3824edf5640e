// The compiled form of a mapping file: what the engine looks things up in. Built by `src/mapping`, immutable afterwards.

import type { BySide, Side, StatusId } from './side.ts'

/** Where in the mapping file something was said: "mappings.yaml:7". */
export type RuleRef = string

export type Partner = { readonly status: StatusId; readonly rule: RuleRef }

export type Transition = {
  readonly status: StatusId
  readonly rule: RuleRef
  /** R18; null where the status stays until something changes. */
  readonly ends: { readonly afterMs: number; readonly status: StatusId } | null
}

export type Blocking = {
  /** Channels of the other side that count; null: all of them. Compared with what work items carry, lower case. */
  readonly channels: ReadonlySet<string> | null
  readonly from: 'offered' | 'accepted'
  readonly minItems: number
  readonly wrapUp: boolean
  readonly status: StatusId
  readonly releaseAfterMs: number
  readonly onOverride: 'reassert' | 'allow'
  readonly rule: RuleRef
}

type ConflictPolicy = 'latest' | 'crm' | 'telephony' | 'less_available'

/** The rules of one profile, or of the top level. */
export type Ruleset = {
  /** null: the top level. */
  readonly profile: string | null
  readonly mode: 'live' | 'shadow'
  readonly available: BySide<ReadonlySet<StatusId>>
  readonly exclusive: boolean
  /** What the platform has, as it told itself; null: not known, so nothing is ever missing (R26). */
  readonly statuses: BySide<ReadonlySet<StatusId> | null>
  /** By the leading side: where each of its statuses leads to on the other side, the primary first. */
  readonly partners: BySide<ReadonlyMap<StatusId, readonly Partner[]>>
  /** Whether one row has both, whatever its direction. */
  readonly related: (crm: StatusId, telephony: StatusId) => boolean
  /** By the side that is put into it. */
  readonly transition: BySide<Transition | null>
  /** By the touched side: the status that the *other* side takes; null: ignore. */
  readonly unmapped: BySide<{ readonly status: StatusId; readonly rule: RuleRef } | null>
  readonly noSync: BySide<ReadonlyMap<StatusId, RuleRef>>
  readonly login: 'follow' | 'lead'
  readonly startup: 'adopt' | Side
  readonly conflict: { readonly prefer: ConflictPolicy; readonly windowMs: number }
  /** By the side that is blocked; null: never blocked. */
  readonly blocking: BySide<Blocking | null>
  readonly limits: { readonly writesPerMinute: number; readonly freezeMs: number; readonly massLogoutShare: number }
  readonly confirmWithinMs: number
}

export type Rules = {
  /** "sha256:…" of the mapping file's text. */
  readonly hash: string
  /** As given by the user, for messages. */
  readonly file: string
  readonly top: Ruleset
  readonly profiles: ReadonlyMap<string, Ruleset>
  readonly statuses: BySide<ReadonlySet<StatusId>>
  /** The name that people see for a status; the id itself where none is known. */
  readonly label: (side: Side, status: StatusId) => string
}
