// The report of a test run for people: what passed, and of every story that failed all that is needed to see why.

import { styleText } from 'node:util'
import { shownText } from '../mapping/columns.ts'
import { type Coverage, percentOf } from './coverage.ts'
import { cellWords } from './coverage-cells.ts'
import type { Miss } from './judge.ts'
import {
  countsOf,
  type Failure,
  type FileOutcome,
  failureOf,
  type StoryOutcome,
  summaryOf,
  type TestRun,
} from './outcome.ts'
import { timeline } from './timeline.ts'

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string
type Look = { readonly color: boolean }

/** As soon as a file is done. `title`: whether its name is told, as where there are several. */
export function fileText(file: FileOutcome, { color, title }: Look & { readonly title: boolean }): string {
  const paint = painter(color)
  const lines = file.outcomes.map((outcome) => storyLine(outcome, paint))
  const heading = title && lines.length > 0 ? [paint('bold', file.file)] : []
  return [...heading, ...lines].map((line) => `${line}\n`).join('')
}

/** At the end: the failures one by one, what is not covered, and one line that says it all. */
export function runText(run: TestRun, { color }: Look): string {
  const paint = painter(color)
  const failures = run.files.flatMap((file) => file.outcomes.flatMap((outcome) => failureOf(file.text, outcome) ?? []))
  const parts = [
    ...failures.map((failure) => failureText(failure, paint)),
    ...(run.coverage ?? []).map((coverage) => coverageText(coverage, paint)),
    paint(isGood(run) ? 'green' : 'red', summaryOf(run)),
  ]
  return `${failures.length > 0 || run.coverage !== null ? '\n' : ''}${parts.join('\n\n')}\n`
}

function isGood(run: TestRun): boolean {
  return countsOf(run).failed === 0 && run.files.every(({ findings }) => findings.length === 0)
}

function storyLine({ story, misses, ms }: StoryOutcome, paint: Paint): string {
  const mark = misses.length === 0 ? paint('green', '✓') : paint('red', '✗')
  return `${mark} ${shownText(story.name)} ${paint('dim', `(${ms} ms)`)}`
}

function failureText(failure: Failure, paint: Paint): string {
  const { story } = failure.outcome
  const { line, column } = failure.quote.place
  return [
    `${paint(['red', 'bold'], '✗')} ${paint('bold', shownText(story.name))}`,
    `  ${story.file}:${line}:${column}`,
    ...indented(
      plainFailure(failure)
        .map((part) => part.join('\n'))
        .join('\n\n'),
    ),
  ].join('\n')
}

/** The parts of a failure below its place: the step, what was expected, why, how it came. */
export function plainFailure({ outcome, index, misses, quote, why }: Failure): readonly (readonly string[])[] {
  const upTo = outcome.results.filter((result) => result.index <= index)
  return [
    quote.lines,
    missLines(misses),
    ...(why.length === 0 ? [] : [why.map((sentence) => shownText(sentence))]),
    [timeline(outcome.story.start, upTo, index)],
  ]
}

/** One under the other, so that they can be compared letter by letter. */
function missLines(misses: readonly Miss[]): readonly string[] {
  const width = Math.max(...misses.map(({ what }) => what.length))
  return misses.flatMap(({ what, expected, got }) => [
    `${what.padEnd(width)}  expected ${shownText(expected)}`,
    `${' '.repeat(width)}       got ${shownText(got)}`,
  ])
}

function coverageText(coverage: Coverage, paint: Paint): string {
  const { mappings, covered, total, missing } = coverage
  return [
    paint('bold', `${mappings}: ${percentOf(coverage)} % covered (${covered} of ${total})`),
    ...missing.map((cell) => `  ${paint('yellow', 'not covered:')} ${shownText(cellWords(cell, mappings))}`),
  ].join('\n')
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => (line === '' ? '' : `    ${line}`))
}

/** The caller has decided about colours, so the terminal is not asked again. */
function painter(color: boolean): Paint {
  return (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
}
