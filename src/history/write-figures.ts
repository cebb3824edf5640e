// What was written in a period, why, how it went, and how long it took; and what would have been written in shadow mode.

import type { Reason } from '../domain/reason.ts'
import type { LogRecord, WriteOutcome } from '../domain/record.ts'
import type { BySide } from '../domain/side.ts'
import { bySide } from './by-side.ts'
import { createSpread, type SpreadFigures } from './spread.ts'
import { decisionOn } from './statuses.ts'

export type WriteFigures = {
  readonly outcomes: Readonly<Partial<Record<WriteOutcome, number>>>
  /** Of those that went out. */
  readonly syncs: Readonly<Partial<Record<Reason, number>>>
  /** Of those that shadow mode kept back. */
  readonly withheld: Readonly<Partial<Record<Reason, number>>>
  /** From the decision until the platform showed it, ms. */
  readonly latency: BySide<SpreadFigures | null>
}

export type WriteCount = {
  take(record: LogRecord): void
  figures(): WriteFigures
}

export function createWriteCount(): WriteCount {
  const outcomes: Partial<Record<WriteOutcome, number>> = {}
  const syncs: Partial<Record<Reason, number>> = {}
  const withheld: Partial<Record<Reason, number>> = {}
  const latency = { crm: createSpread(), telephony: createSpread() }
  return {
    take(record) {
      for (const { side, outcome, ms } of record.writes) {
        plusOne(outcomes, outcome)
        const reason = decisionOn(record, side)?.reason
        if (reason !== undefined && outcome !== 'paused') plusOne(outcome === 'shadow' ? withheld : syncs, reason)
        if (outcome === 'confirmed' && ms !== undefined) latency[side].add(ms)
      }
    },
    figures: () => ({ outcomes, syncs, withheld, latency: bySide((side) => latency[side].figures()) }),
  }
}

export function plusOne<K extends string>(counts: Partial<Record<K, number>>, key: K): void {
  counts[key] = (counts[key] ?? 0) + 1
}
