// What the board of agents shows of each of them, and how those who watch it hear who changed.
// Made to be sent ten thousand times over: what is as it should be is left out.

import type { Reason } from '../domain/reason.ts'
import type { ExposureCause } from '../domain/record.ts'
import type { AgentId } from '../domain/side.ts'

/** What may be wrong with somebody, the most urgent first. `exposed` is left out where somebody decided on it (paused, shadow, the rules). */
export const TROUBLES = [
  'exposed',
  'faulty',
  'drift',
  'frozen',
  'refused',
  'unconfirmed',
  'failed',
  'unreachable',
  'stuck_block',
  'paused',
  'shadow',
] as const

export type Trouble = (typeof TROUBLES)[number]

export type BoardSide = {
  /** By label, as are all statuses. */
  readonly status: string
  /** The platform pushes work in it. */
  readonly takesWork?: true
  /** Since when, by the platform's clock, ms since 1970; left out where that is not known. */
  readonly since?: number
  /** What it should show; left out where it does. */
  readonly target?: string
  /** What is being written. */
  readonly pending?: string
  /** Open items: channel and state. */
  readonly work?: readonly (readonly [channel: string | null, state: string])[]
  /** This side is kept out of its available statuses; `quiet`: nothing had to be written. */
  readonly block?: 'standing' | 'quiet' | 'holding'
  /** It could be offered work here while working on the other side. */
  readonly exposed?: ExposureCause
  /** Why what should be written is not. */
  readonly stuck?: string
}

export type BoardRow = {
  readonly agent: AgentId
  readonly name: string
  readonly profile?: string
  readonly crm: BoardSide
  readonly telephony: BoardSide
  /** In the order of `TROUBLES`. */
  readonly troubles?: readonly Trouble[]
  /** Who paused, and why. */
  readonly paused?: string
  /** Of the last decision that was more than an echo or a repeat. */
  readonly reason?: Reason
  /** When that was, ms since 1970. */
  readonly decidedAt?: number
}

export type Board = {
  /** Everybody, in their order; nobody before the bridge knows whom it keeps in step. */
  agents(): readonly AgentId[]
  row(agent: AgentId): BoardRow | null
  /** Tells who may have changed; null: everybody may have. While nobody watches nothing is noted. Returns how to end it. */
  watch(listener: (agent: AgentId | null) => void): () => void
}

/** Events of `GET /api/board`, by name. */
export type BoardEvents = {
  /** Comes first, and again where everybody may have changed: rows of all follow, then `ready`. */
  readonly head: { readonly total: number }
  readonly rows: readonly BoardRow[]
  readonly ready: { readonly total: number }
  /** Nothing changed, and the line stands. */
  readonly beat: { readonly now: number }
}
