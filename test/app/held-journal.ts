// A journal whose disk does what a test tells it: answers, hangs, or is full. What it kept can be read.

import type { Journal, JournalBatch } from '../../src/domain/journal.ts'
import { createMemoryDisk, createMemoryJournal } from '../../src/journal/memory-journal.ts'

export type Disk = 'works' | 'hangs' | 'full'

export type HeldJournal = {
  readonly journal: Journal
  /** From here on; an append that hangs is answered by it. */
  turn(disk: Disk): void
  /** Every batch that was to be appended, kept or not. */
  asked(): readonly JournalBatch[]
  seqs(): readonly number[]
  states(): ReadonlyMap<string, string>
  outcomes(): readonly string[]
  mark(key: string): string | undefined
  /** The most appends that were ever under way at once. */
  atOnce(): number
}

export function createHeldJournal(): HeldJournal {
  const kept = createMemoryDisk()
  const memory = createMemoryJournal(kept)
  const asked: JournalBatch[] = []
  let disk: Disk = 'works'
  let underWay = 0
  let atOnce = 0
  let answer: (() => void) | null = null

  async function append(batch: JournalBatch): Promise<void> {
    asked.push(batch)
    underWay += 1
    atOnce = Math.max(atOnce, underWay)
    if (disk === 'hangs')
      await new Promise<void>((resolve) => {
        answer = resolve
      })
    else await null // what a real disk answers comes later too
    underWay -= 1
    if (disk === 'full') throw new Error('The journal could not be written: database or disk is full.')
    await memory.append(batch)
  }

  return {
    journal: { ...memory, append },
    turn(to) {
      disk = to
      if (to === 'hangs') return
      answer?.()
      answer = null
    },
    asked: () => asked,
    seqs: () => kept.entries.map(({ seq }) => seq),
    states: () => kept.states,
    outcomes: () =>
      [...kept.outcomes].flatMap(([seq, sides]) =>
        [...sides].map(([side, { outcome }]) => `${seq} ${side} ${outcome}`),
      ),
    mark: (key) => kept.marks.get(key),
    atOnce: () => atOnce,
  }
}
