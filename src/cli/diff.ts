// presence-bridge diff OLD NEW: what would be different under another mapping file, found by trying everything under both.

import { NO_PROOF } from '../app/mapping-file.ts'
import { loadMapping } from '../mapping/compile.ts'
import type { LoadOptions } from '../mapping/compile-text.ts'
import { compareMappings, isComplete, isDifferent } from '../mapping/diff/compare.ts'
import { reportOf } from '../mapping/diff/report.ts'
import { diffJson } from '../mapping/diff/report-json.ts'
import { diffMarkdown } from '../mapping/diff/report-markdown.ts'
import { diffText } from '../mapping/diff/report-text.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { renderFindings } from '../mapping/render.ts'
import { readText, rulesetNamed } from '../stories/load.ts'
import { touchedNow } from './diff-live.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { withLive } from './with-live.ts'

export type DiffOptions = {
  /** Also how many agents it touches now. */
  readonly live?: boolean
  /** The platforms to ask; null: the sandbox. */
  readonly settings?: string | null
  /** Only this one; null: the top level and every profile. */
  readonly profile: string | null
  readonly format: 'text' | 'json' | 'markdown'
  /** How many changes are looked at before it is given up; left out: some seconds' worth. */
  readonly patience?: number
}

type Files = { readonly before: string; readonly now: string }

/** Throws a StoryError where a file cannot be read or has no such profile. */
export async function diff(files: Files, options: DiffOptions, io: Io): Promise<ExitCode> {
  const [before, now] = [usable(files.before, io), usable(files.now, io)]
  if (before === null || now === null) return EXIT.couldNotRun
  const { profile, patience, format } = options
  for (const mapping of [before, now]) rulesetNamed(mapping.rules, profile)
  const found = compareMappings({ before, now }, { profile, patience })
  switch (format) {
    case 'text':
      io.out(diffText(reportOf(found), { color: io.color }))
      break
    case 'markdown':
      io.out(diffMarkdown(reportOf(found)))
      break
    case 'json':
      io.out(diffJson(found))
  }
  if (options.live === true && !(await tellTouched(files, options, io))) return EXIT.couldNotRun
  if (isDifferent(found)) return EXIT.no
  return isComplete(found) ? EXIT.fine : EXIT.couldNotRun
}

/** False where the platforms could not be asked: it has been said why. */
async function tellTouched({ before, now }: Files, { settings = null, format }: DiffOptions, io: Io): Promise<boolean> {
  const load = (file: string, catalogue: LoadOptions['catalogue']) => {
    const { findings, mapping } = loadMapping(readText(file), { file, catalogue, patience: NO_PROOF })
    if (mapping === null) io.err(renderFindings(findings, { format: 'text', color: io.color }))
    return mapping
  }
  const touched = await withLive(settings, io, (live) =>
    touchedNow(live, (catalogue) => {
      const both = { before: load(before, catalogue), now: load(now, catalogue) }
      return both.before === null || both.now === null ? null : { before: both.before, now: both.now }
    }),
  )
  if (touched === null) return false
  const { agents, read, names } = touched
  if (format === 'json') io.out(`${JSON.stringify({ live: touched })}\n`)
  else {
    const who = names.length === 0 ? '' : `: ${names.join(', ')}${agents > names.length ? ' …' : ''}`
    io.out(`\nNow it touches ${agents} of ${read} agents${who}.\n`)
  }
  return true
}

/** Null where findings stand in the way: they have been told. */
function usable(file: string, io: Io): Mapping | null {
  const { findings, mapping } = loadMapping(readText(file), { file })
  if (mapping === null) io.err(renderFindings(findings, { format: 'text', color: io.color }))
  return mapping
}
