// presence-bridge overlap: when people could be offered work on both sides at once, when they were, and why.

import type { AgentId } from '../domain/side.ts'
import { type ExposureReport, exposuresIn } from '../history/exposures.ts'
import { type Source, type SourceOptions, type SpanOptions, spanOf, whoIs, withSource } from './journal-source.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { overlapText } from './overlap-text.ts'
import { paintFor, widthOf } from './paint.ts'
import { progressOf } from './progress.ts'
import { faceOf, type When } from './times.ts'

export type OverlapOptions = SourceOptions &
  SpanOptions & { readonly agent?: string | undefined; readonly format: 'text' | 'json' }

const USUAL_MS = 24 * 3_600_000

export async function overlap(options: OverlapOptions, when: When, io: Io): Promise<ExitCode> {
  return await withSource(options, io, (source) => {
    const asked = spanOf(options, when, io)
    if (asked === null) return EXIT.couldNotRun
    const person = options.agent === undefined ? null : whoIs(source.reader, options.agent, io)
    if (options.agent !== undefined && person === null) return EXIT.no
    const { from, to } = spanBefore(asked, when, USUAL_MS)
    const found = readOverlaps(source, { from, to, agent: person?.agent }, io)
    if (options.format === 'json') {
      io.out(`${JSON.stringify(found, null, 2)}\n`)
      return EXIT.fine
    }
    const names = namesOf(source)
    const style = {
      face: faceOf(when.zone),
      width: widthOf(io),
      paint: paintFor(io),
      nameOf: (agent: AgentId) => names.get(agent) ?? agent,
    }
    io.out(overlapText(found, style))
    return EXIT.fine
  })
}

/** Where no begin is named, so long before the end; where no end is named, until now. */
export function spanBefore(
  { from, to }: { readonly from?: string; readonly to?: string },
  { now }: Pick<When, 'now'>,
  ms: number,
): { readonly from: string; readonly to: string } {
  const end = to ?? new Date(now()).toISOString()
  return { from: from ?? new Date(Date.parse(end) - ms).toISOString(), to: end }
}

type Asked = { readonly from: string; readonly to: string; readonly agent: AgentId | undefined }

function readOverlaps({ reader }: Source, { agent, ...span }: Asked, io: Io): ExposureReport {
  const ask = { ...span, ...(agent === undefined ? {} : { agent }) }
  const progress = progressOf(io, () => reader.count({ ...ask, overlapping: true }))
  const found = exposuresIn(reader, ask, progress.at)
  progress.end()
  return found
}

function namesOf({ reader }: Source): ReadonlyMap<AgentId, string> {
  return new Map([...reader.people()].map(({ agent, name }) => [agent, name]))
}
