// The sync log as a page keeps it: the newest entries, each once, and which of them a reader wants to see. Pure.

import type { JournalEntry } from '../domain/journal.ts'
import { type LogRecord, WRITE_OUTCOMES } from '../domain/record.ts'

/** Entries that a page keeps; the oldest are given up, and asked for again by who reads further back. */
const KEPT_MAX = 5_000

export type LogFilter = {
  /** Looked for in sentences and names; lower case. */
  readonly text: string
  readonly side: string
  /** Without echoes and repeats (`news`), only what was written (`any`), or an outcome by its name. */
  readonly writes: string
}

/** A decision that somebody wants to see: its number, and about when it was. Another one each time that it is asked for. */
export type Opened = { readonly seq: number; readonly at: number }

export type Entries = readonly JournalEntry[]

/** Newest first; an entry that is known is replaced, because its writes are settled by now. `keepOld`: reading back, the newest are given up. */
export function merged(known: Entries, more: Entries, keepOld = false): Entries {
  const all = new Map<number, JournalEntry>()
  for (const entry of known) all.set(entry.seq, entry)
  for (const entry of more) all.set(entry.seq, entry)
  const sorted = [...all.values()].sort((a, b) => b.seq - a.seq)
  return keepOld ? sorted.slice(-KEPT_MAX) : sorted.slice(0, KEPT_MAX)
}

export function wanted(entries: Entries, { text, side, writes }: LogFilter): Entries {
  return entries.filter(
    ({ record }) =>
      (text === '' || textOf(record).includes(text)) &&
      (side === '' || concerns(record, side)) &&
      (writes === '' || isWritten(record, writes)),
  )
}

export const WRITE_CHOICES = ['news', 'any', ...WRITE_OUTCOMES] as const

function isWritten(record: LogRecord, writes: string): boolean {
  if (writes === 'news') return !isQuiet(record)
  return record.writes.some(({ outcome }) => writes === 'any' || outcome === writes)
}

function concerns({ event, decisions, writes }: LogRecord, side: string): boolean {
  return event.side === side || [...decisions, ...writes].some((one) => one.side === side)
}

function textOf({ sentence, agent, event }: LogRecord): string {
  return `${sentence}\n${agent}\n${event.item ?? ''}\n${event.channel ?? ''}`.toLowerCase()
}

/** Nothing was new in it: shown with less weight. */
export function isQuiet({ decisions, writes }: LogRecord): boolean {
  return (
    writes.length === 0 &&
    decisions.every(({ reason }) => reason === 'echo' || reason === 'repeat' || reason === 'stale')
  )
}
