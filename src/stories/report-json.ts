// The report of a test run for programs: one JSON object a line. Other people's programs read these names.

import { type Coverage, percentOf } from './coverage.ts'
import type { StoryOutcome } from './outcome.ts'

/** One story. */
export function storyJson({ story, misses }: StoryOutcome): string {
  const { name, file, line } = story
  const failures = misses.map(({ result, what, expected, got }) => ({
    step: result.index,
    line: result.step.line,
    column: result.step.column,
    what,
    expected,
    got,
  }))
  return `${JSON.stringify({ story: name, file, line, passed: failures.length === 0, failures })}\n`
}

export function coverageJson(coverage: Coverage): string {
  const { mappings, covered, total } = coverage
  const missing = coverage.missing.map(({ what, kind, side, line, profiles }) => ({ what, kind, side, line, profiles }))
  return `${JSON.stringify({ coverage: { mappings, percent: percentOf(coverage), covered, total, missing } })}\n`
}
