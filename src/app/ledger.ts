// Decisions whose writes are under way: keeps their outcomes until they are final, then hands the finished record on.

import type { Cancel, Clock } from '../domain/clock.ts'
import type { JournalEntry, OutcomeEntry } from '../domain/journal.ts'
import { LOG_LINE_WAIT_MS } from '../domain/limits.ts'
import type { DecisionSeq, LogRecord, WriteOutcome, WriteRecord } from '../domain/record.ts'
import type { Side } from '../domain/side.ts'

/** Past this many the oldest is forgotten: its outcome stays what the journal has. */
const OPEN_MAX = 200_000
/** How long a write that the platform took is followed for its echo, ms. */
const FOLLOW_MS = 120_000

export type Ledger = {
  open(seq: DecisionSeq, record: LogRecord, decidedAt: number): void
  /** Ignored for writes that are not followed or whose outcome is final. */
  outcome(seq: DecisionSeq, side: Side, outcome: WriteOutcome, words?: string): void
  /** The platform does not take it now; the last reason is kept. */
  waits(seq: DecisionSeq, side: Side, words: string): void
  /** Finishes what is still open with what is known. */
  close(): void
}

type Open = {
  readonly record: LogRecord
  readonly decidedAt: number
  writes: readonly WriteRecord[]
  finished: boolean
  cancel: Cancel | null
}

const FINAL: ReadonlySet<WriteOutcome> = new Set(['confirmed', 'failed', 'refused', 'superseded', 'shadow', 'paused'])

export function createLedger(deps: {
  readonly clock: Clock
  /** Called once for each decision, when its writes are settled or after a while with what is known. */
  readonly finished: (entry: JournalEntry) => void
  /** Called with each new outcome of a write, and the decision that asked for it. */
  readonly settled: (entry: OutcomeEntry, record: LogRecord) => void
  /** Called when a write waits, and for another reason than before. */
  readonly waiting: (entry: OutcomeEntry) => void
}): Ledger {
  const { clock } = deps
  const opened = new Map<DecisionSeq, Open>()

  function finish(seq: DecisionSeq, entry: Open): void {
    if (entry.finished) return
    entry.finished = true
    const { record, writes } = entry
    deps.finished({ seq, record: writes === record.writes ? record : { ...record, writes } })
  }

  /** What waits will be taken, refused or superseded, however long that takes; what was taken may never be reported back. */
  function follow(seq: DecisionSeq, entry: Open): void {
    entry.cancel = clock.after(FOLLOW_MS, () => {
      if (entry.writes.some((w) => w.outcome === 'waiting')) follow(seq, entry)
      else opened.delete(seq)
    })
  }

  function forget(seq: DecisionSeq, entry: Open): void {
    entry.cancel?.()
    opened.delete(seq)
  }

  function replace(entry: Open, write: WriteRecord, by: WriteRecord): void {
    entry.writes = entry.writes.map((w) => (w === write ? by : w))
  }

  return {
    open(seq, record, decidedAt) {
      const entry: Open = { record, decidedAt, writes: record.writes, finished: false, cancel: null }
      if (record.writes.every((w) => FINAL.has(w.outcome))) {
        finish(seq, entry)
        return
      }
      opened.set(seq, entry)
      entry.cancel = clock.after(LOG_LINE_WAIT_MS, () => {
        finish(seq, entry)
        follow(seq, entry)
      })
      const oldest = opened.size > OPEN_MAX ? opened.entries().next().value : undefined
      if (oldest !== undefined) {
        finish(...oldest)
        forget(...oldest)
      }
    },
    outcome(seq, side, outcome, words) {
      const entry = opened.get(seq)
      const write = entry?.writes.find((w) => w.side === side)
      if (entry === undefined || write === undefined || FINAL.has(write.outcome) || write.outcome === outcome) return
      const ms = clock.now() - entry.decidedAt
      const { status, waited } = write
      const told = {
        outcome,
        ms,
        ...(words === undefined ? {} : { words }),
        ...(waited === undefined ? {} : { waited }),
      }
      replace(entry, write, { side, status, ...told })
      deps.settled({ seq, side, ...told }, entry.record)
      if (!entry.writes.every((w) => FINAL.has(w.outcome))) return
      finish(seq, entry)
      forget(seq, entry)
    },
    waits(seq, side, words) {
      const entry = opened.get(seq)
      const write = entry?.writes.find((w) => w.side === side)
      if (entry === undefined || write?.outcome !== 'waiting' || write.waited === words) return
      const told = { outcome: write.outcome, ms: clock.now() - entry.decidedAt, waited: words }
      replace(entry, write, { side, status: write.status, ...told })
      deps.waiting({ seq, side, ...told })
    },
    close() {
      for (const [seq, entry] of opened) {
        finish(seq, entry)
        forget(seq, entry)
      }
    },
  }
}
