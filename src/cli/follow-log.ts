// The log as it grows: from the bridge that runs, or from its journal where none answers.

import { setTimeout as pause } from 'node:timers/promises'
import type { JournalEntry, LogFilter } from '../domain/journal.ts'
import { LOG_LINE_WAIT_MS } from '../domain/limits.ts'
import type { DecisionSeq, LogRecord } from '../domain/record.ts'
import type { Source } from './journal-source.ts'
import type { Io } from './output.ts'
import { type RunningBridge, runningBridge } from './running-bridge.ts'

/** Between two looks into the journal. */
const POLL_MS = 500
/** Records in one look. */
const POLL_ROWS = 1_000
/** Remembered, so that nothing is printed twice: many more than can be unsettled at once. */
const SEEN_MAX = 20_000

type Following = {
  readonly source: Source
  readonly filter: LogFilter
  /** What was printed already. */
  readonly after: DecisionSeq
  readonly print: (entry: JournalEntry) => void
  readonly io: Io
  /** Ends it; left out, only the process does. */
  readonly signal?: AbortSignal
}

/** Where the bridge goes away, what it wrote meanwhile comes from the journal; where it comes back, from there on. */
export async function followLog({
  source,
  filter,
  after,
  print,
  io,
  signal = new AbortController().signal,
}: Following): Promise<void> {
  const bridge = source.settings === null ? null : runningBridge(source.settings)
  let last = after
  /** What is settled later comes later: the numbers are in no order. */
  const seen = new Set<DecisionSeq>()
  const printed = (entry: JournalEntry) => {
    if (entry.seq <= after || seen.has(entry.seq)) return
    seen.add(entry.seq)
    const oldest = seen.size > SEEN_MAX ? seen.values().next().value : undefined
    if (oldest !== undefined) seen.delete(oldest)
    last = Math.max(last, entry.seq)
    print(entry)
  }
  let said = false
  while (!signal.aborted) {
    if (bridge !== null && (await fromBridge(bridge, filter, { signal, printed, after: last }))) said = false
    if (!said && !signal.aborted) io.err('No bridge answers; the journal is looked at instead.\n')
    said = true
    for (const entry of settledOnes(source, filter, last)) printed(entry)
    await pause(POLL_MS, undefined, { signal }).catch(() => {})
  }
}

type To = { readonly signal: AbortSignal; readonly after: DecisionSeq; readonly printed: (entry: JournalEntry) => void }

/** True where one answered. */
async function fromBridge(bridge: RunningBridge, filter: LogFilter, { signal, printed, after }: To): Promise<boolean> {
  const query = new URLSearchParams()
  for (const key of ['agent', 'reason', 'from', 'to'] as const)
    if (filter[key] !== undefined) query.set(key, filter[key])
  const events = await bridge.follow(`/api/log?${query}`, { signal, after })
  if (events === null) return false
  for await (const { id, data } of events) {
    const record: unknown = JSON.parse(data)
    if (isRecord(record)) printed({ seq: Number(id), record })
  }
  return true
}

/** Enough to know that it is one of ours that answers. */
function isRecord(value: unknown): value is LogRecord {
  const members = ['time', 'agent', 'event', 'decisions', 'writes', 'sentence']
  return typeof value === 'object' && value !== null && members.every((member) => member in value)
}

/** Those that are settled, or have waited for it long enough; in their order, so that nothing is left behind. */
function settledOnes({ reader }: Source, filter: LogFilter, afterSeq: DecisionSeq): readonly JournalEntry[] {
  const found = reader.query({ ...filter, afterSeq, limit: POLL_ROWS })
  const end = found.findIndex(({ record }) => !isSettled(record))
  return end < 0 ? found : found.slice(0, end)
}

function isSettled({ writes, time }: LogRecord): boolean {
  const isOpen = writes.some(({ outcome }) => outcome === 'waiting' || outcome === 'sent')
  return !isOpen || Date.now() - Date.parse(time) > LOG_LINE_WAIT_MS
}
