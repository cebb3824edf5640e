// Collects what was decided and has the journal keep it. One commit is under way at a time; what is decided meanwhile goes with the next one
// (group commit). A journal that cannot be written stops nothing: it is said, tried again, and what it missed is kept for it within a bound.

import type { Cancel, Clock } from '../domain/clock.ts'
import type { HistoryBatch, Journal, JournalEntry, OutcomeEntry } from '../domain/journal.ts'
import { BACKLOG_MAX, BATCH_MAX, COMMIT_PATIENCE_MS, COMMIT_RETRY_MS, LAZY_COMMIT_MS } from '../domain/limits.ts'
import type { Log } from '../domain/log.ts'
import type { AgentEntry } from './agents.ts'
import { type Collected, joined, newCollected, putBack, take } from './collected.ts'

export type Committer = {
  decided(entry: JournalEntry): void
  /** The agent's state differs from the stored one; `writes`: there is a write to send, so it must be stored before that goes out. */
  changed(entry: AgentEntry, writes: boolean): void
  outcome(entry: OutcomeEntry): void
  mark(key: string, value: string): void
  /** What only those need who read the journal. */
  keep(history: Partial<HistoryBatch>): void
  /**
   * Resolves when what was collected before the call is on the disk, of the states only those that must be or everything; or at once while the
   * journal cannot be written. Never rejects.
   */
  durable(everything: boolean): Promise<void>
  /** Whether a commit is due before more is collected. */
  full(): boolean
  ok(): boolean
  /** One last commit of everything, also where the journal could not be written lately. */
  close(): Promise<void>
  /** Nothing is committed any more: what is collected is lost. */
  abandon(): void
}

export function createCommitter(deps: {
  readonly journal: Journal
  readonly clock: Clock
  readonly log: Log
  readonly committed: (seconds: number) => void
}): Committer {
  const { journal, clock, log } = deps
  let collected: Collected = newCollected()
  /** Resolves when the commit under way has ended, or has taken too long to wait for. */
  let flight: Promise<void> | null = null
  /** The one that begins when it has. */
  let after: { done: Promise<void>; everything: boolean } | null = null
  /** Appending: no other append may begin. */
  let inAir = false
  let trouble = false
  let lost = 0
  let lazy: Cancel | null = null
  let retry: Cancel | null = null
  let over = false

  function later(): void {
    lazy ??= clock.after(LAZY_COMMIT_MS, () => {
      lazy = null
      void durable(true)
    })
  }

  function durable(everything: boolean): Promise<void> {
    if (over || trouble) return Promise.resolve()
    if (flight === null) return commit(everything)
    if (after !== null) {
      after.everything ||= everything
      return after.done
    }
    const begin = (): Promise<void> => {
      const all = after?.everything ?? true
      after = null
      return durable(all)
    }
    after = { done: flight.then(begin), everything }
    return after.done
  }

  function commit(everything: boolean): Promise<void> {
    const batch = inAir ? null : take(collected, everything)
    if (batch === null) return Promise.resolve()
    inAir = true
    const began = performance.now()
    flight = new Promise((resolve) => {
      const settle = () => {
        flight = null
        resolve()
      }
      const impatient = clock.after(COMMIT_PATIENCE_MS, () => {
        inTrouble('it has not answered for seconds')
        settle()
      })
      const end = (why: string | null) => {
        inAir = false
        impatient()
        if (why === null) landed((performance.now() - began) / 1000)
        else {
          lost += putBack(collected, batch, BACKLOG_MAX)
          inTrouble(why)
        }
        settle()
      }
      journal.append(batch.forDisk).then(
        () => end(null),
        (error) => end(error instanceof Error ? error.message : String(error)),
      )
    })
    return flight
  }

  function landed(seconds: number): void {
    deps.committed(seconds)
    if (trouble && !over) log.warn({ code: 'journal_back', lost }, 'The journal can be written again')
    trouble = false
    lost = 0
  }

  function inTrouble(why: string): void {
    if (over) return
    if (!trouble)
      log.error({ code: 'journal_failed', why }, 'The journal cannot be written; syncing goes on from memory')
    trouble = true
    retry ??= clock.after(COMMIT_RETRY_MS, () => {
      retry = null
      void commit(true)
      if (inAir && trouble) inTrouble(why)
    })
  }

  return {
    decided(entry) {
      collected.entries.push(entry)
      if (collected.entries.length >= BACKLOG_MAX + BATCH_MAX) lost += collected.entries.splice(0, BATCH_MAX).length
      later()
    },
    changed(entry, writes) {
      if (writes) collected.urgent.add(entry)
      else collected.others.add(entry)
      later()
    },
    outcome(entry) {
      const { outcomes } = collected
      outcomes.set(`${entry.seq} ${entry.side}`, entry)
      const oldest = outcomes.size > BACKLOG_MAX ? outcomes.keys().next().value : undefined
      if (oldest !== undefined) outcomes.delete(oldest)
      later()
    },
    mark(key, value) {
      collected.marks.set(key, value)
      later()
    },
    keep(history) {
      collected.history = joined(collected.history, history)
      later()
    },
    durable,
    full: () => !trouble && collected.entries.length >= BATCH_MAX,
    ok: () => !trouble,
    async close() {
      while (flight !== null) await flight
      await commit(true)
      over = true
      lazy?.()
      retry?.()
    },
    abandon() {
      over = true
      lazy?.()
      retry?.()
      collected = newCollected()
    },
  }
}
