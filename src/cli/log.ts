// presence-bridge log: the sync log as the journal has it, and as it grows.

import type { JournalEntry, LogFilter } from '../domain/journal.ts'
import { REASONS, type Reason } from '../domain/reason.ts'
import type { LogRecord } from '../domain/record.ts'
import { shownText } from '../mapping/columns.ts'
import { nearest } from '../mapping/nearest.ts'
import { jsonLine, readableLine } from '../ops/sync-line.ts'
import { type Source, type SourceOptions, type SpanOptions, spanOf, whoIs, withSource } from './journal-source.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { paintFor } from './paint.ts'
import { faceOf, type When } from './times.ts'

export type LogOptions = SourceOptions &
  SpanOptions & {
    readonly agent?: string | undefined
    readonly reason?: string | undefined
    /** The newest so many. */
    readonly limit?: string | undefined
    readonly follow?: boolean | undefined
    readonly format: 'text' | 'json'
  }

/** As many as somebody looks through. */
const LINES = 200
/** With a period named, everything in it. */
const LINES_MAX = 100_000
/** Before what comes, where one follows. */
const LINES_BEFORE = 10

export async function log(options: LogOptions, when: When, io: Io): Promise<ExitCode> {
  return await withSource(options, io, async (source) => {
    const filter = filterOf(options, { source, when, io })
    if (typeof filter === 'number') return filter
    const print = printer(options.format, when, io)
    const last = source.reader.lastSeq()
    const entries = source.reader.query(filter)
    for (const entry of entries) print(entry.record)
    if (options.follow !== true) {
      if (entries.length === filter.limit && options.limit === undefined)
        io.err(`These are the newest ${filter.limit}; there are more: --limit, --from and --to say which.\n`)
      return EXIT.fine
    }
    const after = Math.max(last, ...entries.map(({ seq }) => seq)) // also what came between the two looks
    const { followLog } = await import('./follow-log.ts')
    await followLog({ source, filter, after, print: (e: JournalEntry) => print(e.record), io })
    return EXIT.fine
  })
}

type Around = { readonly source: Source; readonly when: When; readonly io: Io }

/** An exit code where what is asked for cannot be: it has been said. */
function filterOf(options: LogOptions, { source, when, io }: Around): LogFilter | ExitCode {
  const span = spanOf(options, when, io)
  if (span === null) return EXIT.couldNotRun
  const { reason, follow = false } = options
  if (reason !== undefined && !isReason(reason)) {
    const near = nearest(reason, Object.keys(REASONS))
    io.err(`There is no reason "${reason}"${near === undefined ? '' : `; did you mean "${near}"?`}\n`)
    return EXIT.couldNotRun
  }
  if (options.limit !== undefined && !/^\d{1,6}$/.test(options.limit)) {
    io.err(`--limit is a number, not "${options.limit}".\n`)
    return EXIT.couldNotRun
  }
  const person = options.agent === undefined ? null : whoIs(source.reader, options.agent, io)
  if (options.agent !== undefined && person === null) return EXIT.no
  const usual = follow ? LINES_BEFORE : span.from === undefined ? LINES : LINES_MAX
  return {
    ...span,
    ...(person === null ? {} : { agent: person.agent }),
    ...(reason === undefined ? {} : { reason }),
    limit: options.limit === undefined ? usual : Number(options.limit),
  }
}

function isReason(text: string): text is Reason {
  return Object.hasOwn(REASONS, text)
}

/** In text each day has a heading, so that lines need none. */
function printer(format: LogOptions['format'], { zone }: When, io: Io): (record: LogRecord) => void {
  if (format === 'json') return (record) => io.out(jsonLine(record))
  const face = faceOf(zone)
  const paint = paintFor(io)
  let day: string | null = null
  return (record) => {
    const today = face.day(record.time)
    if (today !== day) io.out(`${paint('dim', day === null ? `${today} (times in ${zone})` : today)}\n`)
    day = today
    const shown = { ...record, sentence: shownText(record.sentence) }
    io.out(readableLine(shown, { colour: io.color, clock: face.exact }))
  }
}
