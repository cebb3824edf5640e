// The report of a test run as workflow commands: GitHub shows failures beside the lines of the file.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions

import { type Coverage, percentOf } from './coverage.ts'
import { cellWords } from './coverage-cells.ts'
import { type FileOutcome, failureOf, summaryOf, type TestRun } from './outcome.ts'
import { plainFailure } from './report-text.ts'

type Place = { readonly file: string; readonly line: number; readonly column?: number; readonly title: string }

export function githubText(run: TestRun): string {
  const lines = [...run.files.flatMap(failuresOf), ...(run.coverage ?? []).flatMap(coverageLines), summaryOf(run)]
  return lines.map((line) => `${line}\n`).join('')
}

function failuresOf(file: FileOutcome): readonly string[] {
  return file.outcomes.flatMap((outcome) => {
    const failure = failureOf(file.text, outcome)
    if (failure === null) return []
    const { story } = outcome
    const { line, column } = failure.quote.place
    const words = plainFailure(failure)
      .map((part) => part.join('\n'))
      .join('\n\n')
    return [command('error', { file: story.file, line, column, title: story.name }, words)]
  })
}

/** A cell without a line of its own is told in the log only. */
function coverageLines(coverage: Coverage): readonly string[] {
  const { mappings, covered, total, missing } = coverage
  return [
    `${mappings}: ${percentOf(coverage)} % covered (${covered} of ${total})`,
    ...missing.map((cell) => {
      const words = `not covered: ${cellWords(cell, mappings)}`
      return cell.line === null
        ? words
        : command('notice', { file: mappings, line: cell.line, title: 'not covered' }, words)
    }),
  ]
}

function command(kind: 'error' | 'notice', { file, line, column, title }: Place, words: string): string {
  const col = column === undefined ? '' : `,col=${column}`
  return `::${kind} file=${property(file)},line=${line}${col},title=${property(title)}::${data(words)}`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
