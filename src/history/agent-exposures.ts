// When one agent could be offered work on a side while working on the other one, and why.

import type { JournalEntry } from '../domain/journal.ts'
import type { Reason } from '../domain/reason.ts'
import type { DecisionSeq, ExposureCause, ExposureRecord, WriteRecord } from '../domain/record.ts'
import type { RuleRef } from '../domain/rules.ts'
import { SIDES, type Side } from '../domain/side.ts'
import type { ExposureSpell } from '../domain/timeline.ts'
import { PROMPT_MS } from './limits.ts'
import { createSpells, type Spells } from './spells.ts'
import { decisionOn } from './statuses.ts'

export type Exposure = ExposureSpell & {
  /** The decision with which it began, and what stands in it about the side. */
  readonly seq: DecisionSeq
  readonly reason: Reason | null
  readonly rule: RuleRef | null
  /** Why the platform did not take what keeps work away, as it said itself. */
  readonly words: string | null
}

type Draft = Omit<Exposure, 'from' | 'to'>

export type Exposures = {
  take(entry: JournalEntry): void
  /** Nobody was there to tell any more. */
  end(at: string): void
  spells(side: Side): readonly Exposure[]
  /** Those that have ended; they are forgotten. */
  drain(side: Side): readonly Exposure[]
}

const NONE: readonly ExposureRecord[] = []

export function createExposures(): Exposures {
  const by: Readonly<Record<Side, Spells<Draft>>> = { crm: createSpells(), telephony: createSpells() }
  /** The last write that was to go out: what keeps work away is it, where one is under way. */
  const writes: Record<Side, WriteRecord | null> = { crm: null, telephony: null }
  return {
    take({ seq, record }) {
      const { exposed = NONE, time } = record
      for (const side of SIDES) {
        writes[side] = record.writes.find((w) => w.side === side) ?? writes[side]
        const told = exposed.find((e) => e.side === side)?.cause
        if (told === undefined) {
          by[side].end(time)
          continue
        }
        const cause = seen(told, writes[side])
        if (by[side].open()?.cause === cause) continue
        const decision = decisionOn(record, side)
        const words = writes[side]?.words ?? writes[side]?.waited ?? null
        by[side].begin({ cause, seq, reason: decision?.reason ?? null, rule: decision?.rule ?? null, words }, time)
      }
    },
    end(at) {
      for (const side of SIDES) by[side].end(at)
    },
    spells: (side) => by[side].all().filter(lasted),
    drain: (side) => by[side].drain().filter(lasted),
  }
}

/** What begins and ends at the same instant let nothing through. */
function lasted({ from, to }: Exposure): boolean {
  return from !== to
}

/** What was still being written when it was recorded may have waited, or been refused, afterwards: the outcome tells. */
function seen(told: ExposureCause, write: WriteRecord | null): ExposureCause {
  if (told !== 'under_way' || write === null) return told
  switch (write.outcome) {
    case 'refused':
    case 'failed':
    case 'ignored':
      return write.outcome
    case 'waiting':
      return 'not_taken'
    default:
      return wasLate(write) ? 'not_taken' : told
  }
}

/** The platform did not take it at once, and said why; or it took longer than writing takes. */
function wasLate({ outcome, ms = 0, words, waited }: WriteRecord): boolean {
  return waited !== undefined || (outcome === 'superseded' && words !== undefined) || ms > PROMPT_MS
}
