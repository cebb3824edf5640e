// What a step can be about.

import type { Reading, StatusReport, WorkReport } from '../domain/report.ts'
import type { BySide, Side } from '../domain/side.ts'

export type Input =
  /**
   * `begunAt`: the report was found by a reading that began then (R20); null: it was heard from the stream, at `heardAt` (left out: now).
   * Both by the bridge's own clock, in ms since 1970; what arrived later is larger, also within one ms.
   */
  | {
      readonly kind: 'report'
      readonly side: Side
      readonly report: StatusReport | WorkReport
      readonly begunAt: number | null
      readonly heardAt?: number
    }
  /** R21: somebody of whom nothing was stored. */
  | { readonly kind: 'start'; readonly readings: BySide<Reading> }
  | { readonly kind: 'timer' }
  /** R23, or given up after the retries. */
  | {
      readonly kind: 'write'
      readonly side: Side
      readonly seq: number
      readonly outcome: 'refused' | 'failed'
      readonly words: string
    }
  /**
   * Look again and write what still differs. Writes that were sent at `sentBefore` or earlier and of which nothing was heard are `lost` (after a
   * start, a lost link, a pause) or, where the link stood, `ignored` by the platform (R17).
   */
  | {
      readonly kind: 'compare'
      readonly side: Side | null
      readonly sentBefore: number
      readonly taken: 'lost' | 'ignored'
    }
  /** R22: a log-out that is checked before it is believed. */
  | { readonly kind: 'suspect'; readonly side: Side }
  /** An admin releases a stuck block. */
  | { readonly kind: 'release' }
  /** R26: the rules given with this step are new. */
  | { readonly kind: 'reload' }
