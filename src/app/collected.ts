// What waits for the next commit, and what a commit takes of it.

import type { HistoryBatch, JournalBatch, JournalEntry, OutcomeEntry } from '../domain/journal.ts'
import { BACKLOG_MAX } from '../domain/limits.ts'
import type { AgentId } from '../domain/side.ts'
import type { AgentEntry } from './agents.ts'

export type Collected = {
  entries: JournalEntry[]
  /** The newest of each write: most are taken and confirmed before the next commit. */
  outcomes: Map<string, OutcomeEntry>
  /** Those with a write to send must be stored before it goes out; the others are found again by reading, should the bridge die. */
  urgent: Set<AgentEntry>
  others: Set<AgentEntry>
  marks: Map<string, string>
  history: HistoryBatch | null
}

export type Batch = {
  readonly forDisk: JournalBatch
  /** Whose states are in it. */
  readonly of: ReadonlySet<AgentEntry>
  readonly outcomes: ReadonlyMap<string, OutcomeEntry>
}

export function newCollected(): Collected {
  return { entries: [], outcomes: new Map(), urgent: new Set(), others: new Set(), marks: new Map(), history: null }
}

/** Takes it out; of the states only the urgent ones, or everything. Null: there is nothing. */
export function take(from: Collected, everything: boolean): Batch | null {
  const { entries, outcomes, urgent, marks, history } = from
  if (everything) for (const entry of from.others) urgent.add(entry)
  const nothing = entries.length === 0 && outcomes.size === 0 && urgent.size === 0 && marks.size === 0
  if (nothing && history === null) return null
  const states = new Map<AgentId, string>()
  for (const entry of urgent) {
    states.set(entry.member.agent, JSON.stringify(entry.state))
    from.others.delete(entry)
  }
  from.entries = []
  from.outcomes = new Map()
  from.urgent = new Set()
  from.marks = new Map()
  from.history = null
  const forDisk: JournalBatch = { entries, states, outcomes: [...outcomes.values()], marks }
  return { forDisk: history === null ? forDisk : { ...forDisk, history }, of: urgent, outcomes }
}

/**
 * It could not be kept: what came since stands behind it or in its place. At most `max` decisions and as many outcomes stay, the newest ones.
 * Returns how many decisions were too many.
 */
export function putBack(to: Collected, batch: Batch, max: number): number {
  const entries = [...batch.forDisk.entries, ...to.entries]
  const tooMany = Math.max(0, entries.length - max)
  to.entries = entries.slice(tooMany)
  to.outcomes = new Map([...new Map([...batch.outcomes, ...to.outcomes])].slice(-max))
  for (const entry of batch.of) to.urgent.add(entry)
  to.marks = new Map([...batch.forDisk.marks, ...to.marks])
  if (batch.forDisk.history !== undefined) to.history = joined(batch.forDisk.history, to.history ?? {})
  return tooMany
}

/** What waits for a disk that says no is bounded like decisions: the newest stay. */
export function joined(before: HistoryBatch | null, more: Partial<HistoryBatch>): HistoryBatch {
  return {
    people: lastOf(before?.people, more.people),
    mappings: lastOf(before?.mappings, more.mappings),
    service: lastOf(before?.service, more.service),
    figures: lastOf(before?.figures, more.figures),
  }
}

function lastOf<T>(before: readonly T[] = [], more: readonly T[] = []): readonly T[] {
  return more.length === 0 ? before : [...before, ...more].slice(-BACKLOG_MAX)
}
