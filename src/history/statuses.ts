// What one side showed, from the decisions about an agent: each says what the sides showed when it was made.

import type { JournalEntry } from '../domain/journal.ts'
import type { DecisionRecord, LogRecord, WriteRecord } from '../domain/record.ts'
import type { Side } from '../domain/side.ts'
import type { StatusSpell } from '../domain/timeline.ts'
import { ASKED_MAX } from './limits.ts'
import { ALWAYS, createSpells } from './spells.ts'

type Cause = Pick<StatusSpell, 'by' | 'seq' | 'reason' | 'rule'>
type Asked = { readonly status: string; readonly cause: Cause }

const BEFORE: Cause = { by: null, seq: null, reason: null, rule: null }

export type Statuses = {
  take(entry: JournalEntry): void
  spells(): readonly StatusSpell[]
}

export function createStatuses(side: Side): Statuses {
  const spells = createSpells<Omit<StatusSpell, 'from' | 'to'>>()
  /** Writes whose report may still come, the oldest first. */
  let asked: readonly Asked[] = []

  function echoed(status: string): Cause {
    const write = asked.find((a) => a.status === status)
    asked = asked.filter((a) => a !== write)
    return write?.cause ?? { ...BEFORE, by: 'bridge' }
  }

  function causeOf({ seq, record }: JournalEntry, status: string): Cause {
    const { event } = record
    const isAboutIt = event.kind === 'status' && event.side === side
    if (isAboutIt && decisionOn(record, side)?.reason === 'echo') return echoed(status)
    return { by: isAboutIt ? (event.by ?? 'unknown') : 'unknown', seq, reason: null, rule: null }
  }

  /** What was so when the records begin. Of somebody who is seen for the first time nothing before is known. */
  function begin({ seq, record }: JournalEntry, status: string | null): void {
    if (record.event.kind === 'start' && status !== null)
      spells.begin({ status, ...BEFORE, by: 'unknown', seq }, record.time)
    const before = shownBefore(record, side) ?? status
    if (record.event.kind !== 'start' && before !== null) spells.begin({ status: before, ...BEFORE }, ALWAYS)
  }

  return {
    take(entry) {
      const { record, seq } = entry
      const status = shownAfter(record, side)
      if (spells.open() === null) begin(entry, status)
      const cause = causeOf(entry, status ?? '')
      if (status !== null && status !== spells.open()?.status) spells.begin({ status, ...cause }, record.time)
      const write = record.writes.find((w) => w.side === side)
      if (write === undefined || !isSent(write)) return
      const decision = decisionOn(record, side)
      const because: Cause = { by: 'bridge', seq, reason: decision?.reason ?? null, rule: decision?.rule ?? null }
      asked = [...asked, { status: write.status, cause: because }].slice(-ASKED_MAX)
    },
    spells: () => spells.all(),
  }
}

export function decisionOn({ decisions }: Pick<LogRecord, 'decisions'>, side: Side): DecisionRecord | undefined {
  return decisions.find((d) => d.side === side)
}

/** What was withheld by shadow mode or a pause never went out. */
function isSent({ outcome }: WriteRecord): boolean {
  return outcome !== 'shadow' && outcome !== 'paused'
}

/** Null where the record does not tell. A decision about the side knows best: not every report is believed. */
function shownAfter(record: LogRecord, side: Side): string | null {
  const decision = decisionOn(record, side)
  if (decision !== undefined) return decision.from
  const { event } = record
  return event.kind === 'status' && event.side === side ? (event.to ?? null) : null
}

function shownBefore({ event }: LogRecord, side: Side): string | null {
  return event.kind === 'status' && event.side === side ? (event.from ?? null) : null
}
