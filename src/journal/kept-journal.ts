// What both journals share: forgetting what is older than it has to keep, and refusing numbers that would rewrite history.

import { assert } from '../domain/assert.ts'
import type { Journal, JournalBatch } from '../domain/journal.ts'
import type { DecisionSeq } from '../domain/record.ts'

export type PruneLimits = { readonly olderThanMs: number; readonly maxBytes: number; readonly maxRows: number }

export type KeptJournal = Journal & {
  /**
   * Removes decisions that were made before the time (ms since 1970), or, while the journal takes more than so many bytes, any: the oldest first,
   * at most so many; and tells how many. One small slice a call: call it again, with other work in between, until it says 0. Agents' states and marks stay, and
   * numbers are not used again.
   */
  prune(limits: PruneLimits): Promise<number>
}

/** Numbers grow; anything else would overwrite or reorder history. */
export function checkSequence(batch: JournalBatch, lastSeq: DecisionSeq): void {
  let last = lastSeq
  for (const { seq } of batch.entries) {
    assert(Number.isSafeInteger(seq) && seq > last, `Decision ${seq} cannot follow decision ${last} in the journal.`)
    last = seq
  }
}
