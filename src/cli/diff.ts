// presence-bridge diff OLD NEW: what would be different under another mapping file, found by trying everything under both.

import { loadMapping } from '../mapping/compile.ts'
import { compareMappings, isComplete, isDifferent } from '../mapping/diff/compare.ts'
import { reportOf } from '../mapping/diff/report.ts'
import { diffJson } from '../mapping/diff/report-json.ts'
import { diffMarkdown } from '../mapping/diff/report-markdown.ts'
import { diffText } from '../mapping/diff/report-text.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { renderFindings } from '../mapping/render.ts'
import { readText, rulesetNamed } from '../stories/load.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'

export type DiffOptions = {
  /** Only this one; null: the top level and every profile. */
  readonly profile: string | null
  readonly format: 'text' | 'json' | 'markdown'
  /** How many changes are looked at before it is given up; left out: some seconds' worth. */
  readonly patience?: number
}

/** Throws a StoryError where a file cannot be read or has no such profile. */
export function diff(files: { readonly before: string; readonly now: string }, options: DiffOptions, io: Io): ExitCode {
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
  if (isDifferent(found)) return EXIT.no
  return isComplete(found) ? EXIT.fine : EXIT.couldNotRun
}

/** Null where findings stand in the way: they have been told. */
function usable(file: string, io: Io): Mapping | null {
  const { findings, mapping } = loadMapping(readText(file), { file })
  if (mapping === null) io.err(renderFindings(findings, { format: 'text', color: io.color }))
  return mapping
}
