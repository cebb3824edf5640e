// presence-bridge timeline AGENT: both sides of one agent beside each other, as they went.

import type { PersonEntry } from '../domain/history.ts'
import type { JournalReader } from '../domain/journal.ts'
import { chronicleOf } from '../history/timeline.ts'
import { type SourceOptions, type SpanOptions, spanOf, whoIs, withSource } from './journal-source.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { paintFor, widthOf } from './paint.ts'
import { timelineText } from './timeline-text.ts'
import { faceOf, type When } from './times.ts'

export type TimelineOptions = SourceOptions & SpanOptions & { readonly format: 'text' | 'json' }

/** A shift. */
const HOURS_MS = 8 * 3_600_000

export async function timeline(name: string, options: TimelineOptions, when: When, io: Io): Promise<ExitCode> {
  return await withSource(options, io, (source) => {
    const asked = spanOf(options, when, io)
    if (asked === null) return EXIT.couldNotRun
    const person = whoIs(source.reader, name, io)
    if (person === null) return EXIT.no
    const { from, to, note } = usualSpan(source.reader, person, asked, when)
    const now = new Date(when.now()).toISOString()
    const found = chronicleOf(source.reader, { agent: person.agent, name: person.name, from, to, now })
    if (options.format === 'json') {
      io.out(`${JSON.stringify(found.timeline, null, 2)}\n`)
      return EXIT.fine
    }
    const paint = paintFor(io)
    io.out(timelineText({ ...found, face: faceOf(when.zone), width: widthOf(io), paint }))
    if (note !== null) io.out(`${paint('dim', note)}\n`)
    return EXIT.fine
  })
}

type Asked = { readonly from?: string; readonly to?: string }

/** The last hours; where nothing happened in them, the last in which something did. */
export function usualSpan(
  reader: JournalReader,
  { agent }: Pick<PersonEntry, 'agent'>,
  { from, to }: Asked,
  { now }: Pick<When, 'now'>,
): { readonly from: string; readonly to: string; readonly note: string | null } {
  const before = (time: string) => new Date(Date.parse(time) - HOURS_MS).toISOString()
  const end = to ?? new Date(now()).toISOString()
  if (from !== undefined) return { from, to: end, note: null }
  const [newest] = reader.query({ agent, to: end, limit: 1 })
  const last = newest?.record.time
  if (last === undefined || last >= before(end)) return { from: before(end), to: end, note: null }
  const after = new Date(Date.parse(last) + 1_000).toISOString()
  const note = 'Nothing happened since; these are the last hours in which something did.'
  return { from: before(after), to: after, note }
}
