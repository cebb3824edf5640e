// presence-bridge replay JOURNAL --mappings NEW: the decisions of a recorded time that would have been different under another mapping file.

import { existsSync } from 'node:fs'
import { openJournalReader } from '../journal/sqlite-journal.ts'
import { renderFindings } from '../mapping/render.ts'
import { replay as playAgain, type Replay } from '../replay/replay.ts'
import { reportOf } from '../replay/report.ts'
import { replayJson } from '../replay/report-json.ts'
import { replayMarkdown } from '../replay/report-markdown.ts'
import { replayText } from '../replay/report-text.ts'
import { type MappingText, ReplayError } from '../replay/rulebook.ts'
import { readText } from '../stories/load.ts'
import { type SpanOptions, spanOf, whoIs } from './journal-source.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { widthOf } from './paint.ts'
import { durationText, faceOf, type When } from './times.ts'

export type ReplayOptions = SpanOptions & {
  readonly mappings?: string | undefined
  /** Instead of the rules that the journal holds. */
  readonly was?: string | undefined
  readonly agent?: string | undefined
  readonly profile?: string | undefined
  readonly format: 'text' | 'json' | 'markdown'
}

/** Told so often, ms: often enough to be seen to move. */
const PROGRESS_EVERY_MS = 200

/** Throws a StoryError where a mapping file cannot be read. */
export function replay(path: string, options: ReplayOptions, when: When, io: Io): ExitCode {
  const span = spanOf(options, when, io)
  if (span === null) return EXIT.couldNotRun
  const [mappings, was] = [given(options.mappings), given(options.was)]
  const reader = opened(path, io)
  if (reader === null) return EXIT.couldNotRun
  try {
    const person = options.agent === undefined ? null : whoIs(reader, options.agent, io)
    if (options.agent !== undefined && person === null) return EXIT.couldNotRun
    const ask = {
      mappings,
      was,
      from: span.from === undefined ? null : Date.parse(span.from),
      to: span.to === undefined ? null : Date.parse(span.to),
      person,
      profile: options.profile ?? null,
    }
    const found = playAgain(reader, ask, progressOf(when, io))
    io.progress?.('')
    tell(found, options, when, io)
    return found.totals.differing === 0 ? EXIT.fine : EXIT.no
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error
    io.progress?.('')
    if (error.findings.length > 0) io.err(renderFindings(error.findings, { format: 'text', color: io.color }))
    io.err(`${error.message}.\n`)
    return EXIT.couldNotRun
  } finally {
    reader.close()
  }
}

function tell(found: Replay, { format, agent }: ReplayOptions, { zone }: When, io: Io): void {
  if (format === 'json') {
    io.out(replayJson(found))
    return
  }
  const report = reportOf(found, { face: { ...faceOf(zone), duration: durationText }, each: agent !== undefined })
  io.out(format === 'markdown' ? replayMarkdown(report) : replayText(report, { color: io.color, width: widthOf(io) }))
}

function given(file: string | undefined): MappingText | null {
  return file === undefined ? null : { file, text: readText(file) }
}

/** Null where it cannot be read: it has been said why. */
function opened(path: string, io: Io): ReturnType<typeof openJournalReader> | null {
  if (!existsSync(path)) {
    io.err(`There is no journal ${path}.\n`)
    return null
  }
  try {
    return openJournalReader({ path })
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n`)
    return null
  }
}

function progressOf({ now }: When, { progress }: Io): (done: number, agents: number) => void {
  let told = now()
  return (done, agents) => {
    if (progress === undefined || now() - told < PROGRESS_EVERY_MS) return
    told = now()
    progress(`${done} of ${agents} agents played`)
  }
}
