// presence-bridge report: the figures of a period.

import { reportOf } from '../history/report.ts'
import { type SourceOptions, type SpanOptions, spanOf, withSource } from './journal-source.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { spanBefore } from './overlap.ts'
import { paintFor } from './paint.ts'
import { progressOf } from './progress.ts'
import { reportText } from './report-text.ts'
import { faceOf, type When } from './times.ts'

export type ReportOptions = SourceOptions & SpanOptions & { readonly format: 'text' | 'json' }

const USUAL_MS = 24 * 3_600_000

export async function report(options: ReportOptions, when: When, io: Io): Promise<ExitCode> {
  return await withSource(options, io, (source) => {
    const asked = spanOf(options, when, io)
    if (asked === null) return EXIT.couldNotRun
    const span = spanBefore(asked, when, USUAL_MS)
    const { at, end } = progressOf(io, () => source.reader.count(span))
    const found = reportOf(source.reader, { ...span, progress: at })
    end()
    if (options.format === 'json') io.out(`${JSON.stringify(found, null, 2)}\n`)
    else io.out(reportText(found, { face: faceOf(when.zone), paint: paintFor(io) }))
    return EXIT.fine
  })
}
