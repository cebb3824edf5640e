// What differs between two journals of one day, found without any replay: record by record.

import type { JournalEntry } from '../../src/domain/journal.ts'
import type { DecisionRecord, EventRecord } from '../../src/domain/record.ts'

/** By agent, time and event: what was decided, as far as it does not only follow from a write. */
export type Decisions = ReadonlyMap<string, readonly string[]>

export function decisionsOf(entries: readonly JournalEntry[]): Decisions {
  const found = new Map<string, string[]>()
  for (const { record } of entries) {
    const { agent, time, event, decisions } = record
    // The model tells of its own doings as of somebody unknown.
    const isOwn = event.kind === 'status' && event.by === 'unknown'
    if (isOwn || event.kind === 'reload') continue
    const key = keyOf(agent, time, event)
    found.set(key, [...(found.get(key) ?? []), told(decisions)])
  }
  return found
}

export function differing(before: Decisions, now: Decisions): readonly string[] {
  const keys = new Set([...before.keys(), ...now.keys()])
  return [...keys].filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(now.get(key))).sort()
}

export function keyOf(agent: string, time: string, { kind, side, to, item, state }: EventRecord): string {
  return [agent, time, kind, side ?? '', to ?? '', item ?? '', state ?? ''].join(' ')
}

export function told(decisions: readonly Pick<DecisionRecord, 'side' | 'reason' | 'from' | 'to'>[]): string {
  return decisions.map(({ side, reason, from, to }) => `${side} ${reason} ${from} → ${to}`).join('; ')
}
