// Collects what was decided and commits it in one go; only then do the writes go out.
// What has a write to send is committed at once, everything else a little later together with others (group commit).

import type { Clock } from '../domain/clock.ts'
import type { Journal, JournalEntry, OutcomeEntry } from '../domain/journal.ts'
import { BATCH_MAX, LAZY_COMMIT_MS } from '../domain/limits.ts'
import type { Log } from '../domain/log.ts'
import type { AgentId } from '../domain/side.ts'
import type { AgentEntry } from './agents.ts'

export type Committer = {
  decided(entry: JournalEntry): void
  /** The agent's state differs from the stored one; `writes`: there is a write to send. */
  changed(entry: AgentEntry, writes: boolean): void
  outcome(entry: OutcomeEntry): void
  mark(key: string, value: string): void
  /** Commits what is collected; of the states only those that must be stored now, or everything. A journal that cannot be written is said once and tried again; syncing goes on from memory. */
  commit(everything: boolean): void
  /** Nothing is committed any more: what is collected is lost. */
  abandon(): void
  /** Whether a commit is due before more is collected. */
  full(): boolean
  ok(): boolean
}

export function createCommitter(deps: {
  readonly journal: Journal
  readonly clock: Clock
  readonly log: Log
  readonly committed: (seconds: number) => void
}): Committer {
  const { journal, clock, log } = deps
  let entries: JournalEntry[] = []
  /** The newest of each write: most are taken and confirmed before the next commit. */
  let outcomes = new Map<string, OutcomeEntry>()
  /** Those with a write to send must be stored before it goes out; the others are found again by reading, should the bridge die. */
  let urgent = new Set<AgentEntry>()
  let others = new Set<AgentEntry>()
  let marks = new Map<string, string>()
  let planned = false
  let over = false
  let ok = true

  function later(): void {
    if (planned) return
    planned = true
    clock.after(LAZY_COMMIT_MS, () => {
      planned = false
      commit(true)
    })
  }

  function commit(everything: boolean): void {
    if (over) return
    if (everything) for (const entry of others) urgent.add(entry)
    if (entries.length === 0 && outcomes.size === 0 && urgent.size === 0 && marks.size === 0) return
    const states = new Map<AgentId, string>()
    for (const entry of urgent) states.set(entry.member.agent, JSON.stringify(entry.state))
    const began = performance.now()
    try {
      journal.append({ entries, states, outcomes: [...outcomes.values()], marks })
      deps.committed((performance.now() - began) / 1000)
      if (!ok) log.warn({ code: 'journal_back' }, 'The journal can be written again')
      ok = true
    } catch (error) {
      if (ok)
        log.error(
          { code: 'journal_failed', why: String(error), lost: entries.length },
          'The journal cannot be written; syncing goes on from memory',
        )
      ok = false
    }
    if (ok) {
      for (const entry of urgent) others.delete(entry)
      if (everything) others = new Set()
      urgent = new Set()
      marks = new Map()
    }
    entries = []
    outcomes = new Map()
  }

  return {
    decided(entry) {
      entries.push(entry)
      later()
    },
    changed(entry, writes) {
      if (writes) urgent.add(entry)
      else others.add(entry)
      later()
    },
    outcome(entry) {
      outcomes.set(`${entry.seq} ${entry.side}`, entry)
      later()
    },
    mark(key, value) {
      marks.set(key, value)
      later()
    },
    commit,
    abandon() {
      over = true
    },
    full: () => entries.length >= BATCH_MAX,
    ok: () => ok,
  }
}
