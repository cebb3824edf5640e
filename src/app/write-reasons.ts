// Why writes that are under way were wanted: outcomes come later than decisions, and know only their number.

import type { JournalEntry } from '../domain/journal.ts'
import type { Reason } from '../domain/reason.ts'
import type { DecisionSeq, WriteOutcome } from '../domain/record.ts'
import type { BySide, Side } from '../domain/side.ts'

/** Writes under way that are remembered, each side; past it the oldest are forgotten, and what becomes of them is not counted by reason. */
const OPEN_MAX = 20_000

/** `sent` and `ignored` may still be followed by another outcome. */
const LAST: ReadonlySet<WriteOutcome> = new Set(['confirmed', 'failed', 'refused', 'superseded', 'shadow', 'paused'])

export type WriteReasons = {
  decided(entry: JournalEntry): void
  /** Null: it was forgotten. */
  of(write: { readonly seq: DecisionSeq; readonly side: Side; readonly outcome: WriteOutcome }): Reason | null
}

export function createWriteReasons(): WriteReasons {
  const open: BySide<Map<DecisionSeq, Reason>> = { crm: new Map(), telephony: new Map() }
  return {
    decided({ seq, record }) {
      for (const { side, outcome } of record.writes) {
        const reason = reasonOf(record, side)
        if (reason === null || LAST.has(outcome)) continue
        open[side].set(seq, reason)
        const oldest = open[side].size > OPEN_MAX ? open[side].keys().next().value : undefined
        if (oldest !== undefined) open[side].delete(oldest)
      }
    },
    of({ seq, side, outcome }) {
      const reason = open[side].get(seq) ?? null
      if (LAST.has(outcome)) open[side].delete(seq)
      return reason
    },
  }
}

/** R0: a side that is written has one. */
export function reasonOf({ decisions }: JournalEntry['record'], side: Side): Reason | null {
  return decisions.find((decision) => decision.side === side)?.reason ?? null
}
