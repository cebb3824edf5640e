// The journal for stories and tests: the same behaviour as the file, kept in memory, whatever its size. Nothing survives the process.

import { assert } from '../domain/assert.ts'
import type { JournalBatch, JournalEntry, LogFilter } from '../domain/journal.ts'
import type { DecisionSeq } from '../domain/record.ts'
import type { AgentId, Side } from '../domain/side.ts'
import { checkSequence, type KeptJournal } from './kept-journal.ts'
import { PRUNE_ROWS_MAX, QUERY_ROWS_MAX } from './limits.ts'
import { type StoredOutcome, timeOf, withOutcomes } from './merge.ts'

/** What a disk would keep: hand the same one to the next journal to play a restart. */
export type MemoryDisk = {
  entries: JournalEntry[]
  pruned: DecisionSeq
  readonly outcomes: Map<DecisionSeq, Map<Side, StoredOutcome>>
  readonly states: Map<AgentId, string>
  readonly marks: Map<string, string>
}

export function createMemoryDisk(): MemoryDisk {
  return { entries: [], pruned: 0, outcomes: new Map(), states: new Map(), marks: new Map() }
}

export function createMemoryJournal(disk: MemoryDisk = createMemoryDisk()): KeptJournal {
  let open = true
  const mustBeOpen = () => assert(open, 'The journal is closed.')
  const lastSeq = () => Math.max(disk.entries.at(-1)?.seq ?? 0, disk.pruned)
  return {
    async append(batch) {
      mustBeOpen()
      checkSequence(batch, lastSeq())
      remember(disk, batch)
    },
    lastSeq() {
      mustBeOpen()
      return lastSeq()
    },
    states() {
      mustBeOpen()
      return [...disk.states]
    },
    mark(key) {
      mustBeOpen()
      return disk.marks.get(key)
    },
    query(filter) {
      mustBeOpen()
      return query(disk, filter)
    },
    async prune({ olderThanMs, maxRows }) {
      mustBeOpen()
      return prune(disk, olderThanMs, maxRows)
    },
    async close() {
      open = false
    },
  }
}

function remember(disk: MemoryDisk, batch: JournalBatch): void {
  for (const entry of batch.entries) disk.entries.push(entry)
  for (const { seq, side, ...outcome } of batch.outcomes) {
    const sides = disk.outcomes.get(seq) ?? new Map<Side, StoredOutcome>()
    disk.outcomes.set(seq, sides.set(side, outcome))
  }
  for (const [agent, state] of batch.states) disk.states.set(agent, state)
  for (const [key, value] of batch.marks) disk.marks.set(key, value)
}

function query(disk: MemoryDisk, filter: LogFilter): readonly JournalEntry[] {
  const from = timeOf(filter.from) ?? -Infinity
  const to = timeOf(filter.to) ?? Infinity
  const { afterSeq: _, limit: __, ...asked } = filter
  const byTime = Object.values(asked).some((value) => value !== undefined)
  const fits = (entry: JournalEntry): boolean => {
    const { seq, record } = entry
    if (seq <= (filter.afterSeq ?? 0)) return false
    if (filter.agent !== undefined && record.agent !== filter.agent) return false
    if (filter.reason !== undefined && !record.decisions.some(({ reason }) => reason === filter.reason)) return false
    return timeOfEntry(entry) >= from && timeOfEntry(entry) < to
  }
  const limit = Math.max(0, Math.min(filter.limit, QUERY_ROWS_MAX))
  const found = disk.entries.filter(fits)
  const newest = limit === 0 ? [] : (byTime ? found.sort(earlier) : found).slice(-limit)
  return newest
    .sort((a, b) => a.seq - b.seq)
    .map(({ seq, record }) => ({ seq, record: withOutcomes(record, disk.outcomes.get(seq) ?? new Map()) }))
}

function prune(disk: MemoryDisk, olderThanMs: number, maxRows: number): number {
  const rows = Math.max(0, Math.min(maxRows, PRUNE_ROWS_MAX))
  const old = disk.entries.filter((entry) => timeOfEntry(entry) < olderThanMs).sort(earlier)
  const gone = new Set(old.slice(0, rows).map(({ seq }) => seq))
  disk.pruned = Math.max(disk.pruned, ...gone)
  disk.entries = disk.entries.filter(({ seq }) => !gone.has(seq))
  for (const seq of gone) disk.outcomes.delete(seq)
  return gone.size
}

function timeOfEntry({ record }: JournalEntry): number {
  return Date.parse(record.time)
}

function earlier(a: JournalEntry, b: JournalEntry): number {
  return timeOfEntry(a) - timeOfEntry(b) || a.seq - b.seq
}
