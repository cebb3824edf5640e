// What people and systems did, with its times: all that must be known to play a day again. What the bridge did follows from the rules.

import type { EventRecord } from '../domain/record.ts'
import type { Actor } from '../domain/report.ts'
import type { BySide, Side } from '../domain/side.ts'
import type { OpenState, WorkState } from '../domain/work.ts'

export type OpenItem = {
  readonly side: Side
  readonly item: string
  readonly channel: string | null
  readonly state: OpenState
}

export type Deed =
  /**
   * The bridge saw the agent for the first time, or again without memory. `shows`: null: what it left there. `recorded` false: the records begin
   * in the middle, so this is where the agent seems to have been.
   */
  | {
      readonly kind: 'begin'
      readonly recorded: boolean
      readonly shows: BySide<string | null>
      readonly open: readonly OpenItem[]
    }
  | { readonly kind: 'status'; readonly side: Side; readonly status: string; readonly by: Actor }
  | {
      readonly kind: 'work'
      readonly side: Side
      readonly item: string
      readonly channel: string | null
      readonly state: WorkState
      /** It said nothing new, but is remembered all the same. */
      readonly again: boolean
    }
  /** An admin released the agent's blocks. */
  | { readonly kind: 'release' }
  /** From here on nothing is written for the agent (shadow, pause), or again. */
  | { readonly kind: 'held'; readonly held: boolean }
  /** Other rules may hold from here on. */
  | { readonly kind: 'switch' }

export type Cause = {
  readonly deed: Deed
  /** When the bridge decided about it, ms since 1970. */
  readonly at: number
  /** When it happened by the platform's own clock, ms since 1970. */
  readonly told: number
  /** The hash of the mapping that was in force. */
  readonly mapping: string
  /** As it was recorded, for people to read. */
  readonly event: EventRecord
}
