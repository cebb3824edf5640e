// A journal to read that was never written to a disk: what the tests put in.

import type { MappingEntry, MinuteFigures, PersonEntry, ServiceEvent } from '../../src/domain/history.ts'
import type { JournalEntry, JournalReader, WalkFilter } from '../../src/domain/journal.ts'
import type { AgentId } from '../../src/domain/side.ts'

export type Kept = {
  readonly entries?: readonly JournalEntry[]
  readonly people?: readonly PersonEntry[]
  readonly mappings?: readonly MappingEntry[]
  readonly service?: readonly ServiceEvent[]
  readonly figures?: readonly MinuteFigures[]
  readonly states?: ReadonlyMap<AgentId, string>
  readonly marks?: ReadonlyMap<string, string>
}

export function readerFor(kept: Kept): JournalReader {
  const { entries = [], people = [], mappings = [], service = [], figures = [] } = kept
  const { states = new Map(), marks = new Map() } = kept
  const walked = ({ agent, from, to, overlapping }: WalkFilter) =>
    entries
      .filter(({ record }) => agent === undefined || record.agent === agent)
      .filter(({ record }) => isIn(record.time, { from, to }))
      .filter(({ record }) => !overlapping || record.exposed !== undefined || record.overlaps !== undefined)
      .sort(byTime)
  const named = ({ agent, aliases }: PersonEntry) => [agent, ...aliases].map((n) => n.toLowerCase())
  return {
    lastSeq: () => Math.max(0, ...entries.map(({ seq }) => seq)),
    states: () => states,
    mark: (key) => marks.get(key),
    query({ reason, afterSeq = 0, limit, ...filter }) {
      const found = walked(filter)
        .filter(({ seq }) => seq > afterSeq)
        .filter(({ record }) => reason === undefined || record.decisions.some((d) => d.reason === reason))
      return limit === 0 ? [] : found.slice(-limit).sort((a, b) => a.seq - b.seq)
    },
    walk: walked,
    count: (filter) => walked(filter).length,
    state: (agent) => states.get(agent),
    person: (name) => people.find((p) => named(p).includes(name.toLowerCase())) ?? null,
    people: () => people,
    mapping: (hash) => (hash === undefined ? mappings.at(-1) : mappings.find((m) => m.hash === hash)) ?? null,
    service: (span) => service.filter(({ time }) => isIn(time, span)),
    figures: (span) => figures.filter(({ minute }) => isIn(new Date(minute).toISOString(), span)),
    bytes: () => 0,
    close() {},
  }
}

function isIn(time: string, { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) {
  return (from === undefined || time >= from) && (to === undefined || time < to)
}

function byTime(a: JournalEntry, b: JournalEntry): number {
  return a.record.time === b.record.time ? a.seq - b.seq : a.record.time < b.record.time ? -1 : 1
}
