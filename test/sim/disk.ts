// A slow, mean disk behind the journal's port: commits take time, fail for a while, and tear when the bridge dies during one.

import { createHash } from 'node:crypto'
import type { Clock } from '../../src/domain/clock.ts'
import type { Journal, JournalBatch } from '../../src/domain/journal.ts'
import type { DecisionSeq } from '../../src/domain/record.ts'
import { createMemoryDisk, createMemoryJournal } from '../../src/journal/memory-journal.ts'
import { type DiskFaults, GOOD_DISK } from './acts.ts'
import { chanceOf } from './chance.ts'

/** Longer than anybody waits for a commit. */
const HANG_MS = 20_000
/** A commit need not have what was decided so shortly before it; on a slow disk a state may wait for several. */
const LAZY_MS = 200
const SLOW_LAZY_MS = 30_000
/** A day's decisions do not fit into memory: the digest remembers them, the disk only the newest. */
const KEPT_MAX = 60_000

type Commit = { readonly batch: JournalBatch; readonly begunAt: number; readonly land: () => void; over: boolean }

export type SimDisk = {
  faults: DiskFaults
  /** For the next life of the bridge; what an earlier one still tries to write is lost. */
  open(): Journal
  /** The bridge dies: of the commit under way everything or nothing stays. */
  crash(torn: 'all' | 'nothing'): void
  has(seq: DecisionSeq): boolean
  /** What the bridge knew before this time is on the disk. */
  wholeAt(): number
  /** SHA-256 of everything that was ever committed, in its order, and of what is on the disk now. */
  digest(): string
}

export function createSimDisk(deps: { readonly clock: Clock; readonly seed: number }): SimDisk {
  const disk = createMemoryDisk()
  const everything = createHash('sha256')
  const kept = new Set<DecisionSeq>()
  let life = 0
  let commits = 0
  let underWay: Commit | null = null
  let wholeAt = 0

  function land(journal: Journal, batch: JournalBatch, known = deps.clock.now() - LAZY_MS): Promise<void> {
    wholeAt = known
    everything.update(textOf(batch))
    const done = journal.append(batch)
    for (const { seq } of batch.entries) kept.add(seq)
    if (disk.entries.length > KEPT_MAX)
      for (const { seq } of disk.entries.splice(0, KEPT_MAX / 2)) disk.outcomes.delete(seq)
    return done
  }

  function durationMs(): number {
    commits += 1
    const chance = chanceOf('disk', deps.seed, commits)
    if (chance.hits(self.faults.hangs)) return HANG_MS
    return chance.between(0, self.faults.delayMs)
  }

  function slowly(journal: Journal, batch: JournalBatch, mine: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const commit: Commit = {
        batch,
        begunAt: deps.clock.now(),
        over: false,
        land: () => {
          if (commit.over) return
          commit.over = true
          underWay = null
          land(journal, batch, commit.begunAt - SLOW_LAZY_MS).then(resolve, reject)
        },
      }
      underWay = commit
      deps.clock.after(durationMs(), () => {
        if (mine !== life || commit.over) return
        if (!self.faults.full) {
          commit.land()
          return
        }
        commit.over = true
        underWay = null
        reject(new Error('the disk is full'))
      })
    })
  }

  /** What the process that is gone still wanted to write is lost. */
  function drop(): void {
    if (underWay !== null) underWay.over = true
    underWay = null
    life += 1
  }

  const self: SimDisk = {
    faults: GOOD_DISK,
    open() {
      drop()
      const mine = life
      const journal = createMemoryJournal(disk)
      return {
        ...journal,
        append(batch) {
          if (mine !== life) return new Promise(() => {}) // a dead process waits for ever
          const { delayMs, full, hangs } = self.faults
          return delayMs === 0 && !full && hangs === 0 ? land(journal, batch) : slowly(journal, batch, mine)
        },
      }
    },
    crash(torn) {
      if (torn === 'all') underWay?.land()
      drop()
    },
    has: (seq) => kept.has(seq),
    wholeAt: () => wholeAt,
    digest() {
      const rest = [[...disk.states], [...disk.marks], [...disk.outcomes].map(([seq, sides]) => [seq, [...sides]])]
      return createHash('sha256').update(everything.copy().digest()).update(JSON.stringify(rest)).digest('hex')
    },
  }
  return self
}

function textOf({ entries, states, outcomes, marks }: JournalBatch): string {
  return JSON.stringify([entries, [...states], outcomes, [...marks]])
}
