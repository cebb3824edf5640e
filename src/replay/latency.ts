// How long the platforms usually take to do what the bridge writes and to report it: as in the journal.

import type { Span } from '../domain/history.ts'
import type { JournalReader } from '../domain/journal.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import { LATENCY_RECORDS_MAX, LATENCY_SAMPLE_MAX, LATENCY_UNKNOWN_MS } from './limits.ts'

export function usualLatency(reader: Pick<JournalReader, 'walk'>, span: Span): BySide<number> {
  const seen: BySide<number[]> = { crm: [], telephony: [] }
  let records = 0
  for (const { record } of reader.walk(span)) {
    records += 1
    for (const { side, outcome, ms } of record.writes)
      if (outcome === 'confirmed' && ms !== undefined && seen[side].length < LATENCY_SAMPLE_MAX) seen[side].push(ms)
    if (records >= LATENCY_RECORDS_MAX || SIDES.every((side) => seen[side].length >= LATENCY_SAMPLE_MAX)) break
  }
  const median = (side: Side) => {
    const sorted = seen[side].toSorted((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? LATENCY_UNKNOWN_MS
  }
  return { crm: median('crm'), telephony: median('telephony') }
}
