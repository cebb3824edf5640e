// The writes of one side as marks on its lane.

import type { JournalEntry } from '../domain/journal.ts'
import type { Side } from '../domain/side.ts'
import type { WriteMark } from '../domain/timeline.ts'
import { decisionOn } from './statuses.ts'

/** Null: the decision writes nothing there. */
export function writeMark({ seq, record }: JournalEntry, side: Side): WriteMark | null {
  const write = record.writes.find((w) => w.side === side)
  const decision = decisionOn(record, side)
  if (write === undefined || decision === undefined) return null
  return {
    at: record.time,
    seq,
    status: write.status,
    reason: decision.reason,
    rule: decision.rule ?? null,
    outcome: write.outcome,
    ms: write.ms ?? null,
    words: write.words ?? write.waited ?? null,
  }
}
