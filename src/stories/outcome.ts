// What came of running stories: the one thing that all reports are made from.

import type { Finding } from '../domain/finding.ts'
import type { Story } from '../mapping/story.ts'
import type { Coverage } from './coverage.ts'
import type { Miss } from './judge.ts'
import { type Quote, quoteStep } from './quote.ts'
import type { StepResult } from './run.ts'

export type StoryOutcome = {
  readonly story: Story
  readonly results: readonly StepResult[]
  /** None: it passed. */
  readonly misses: readonly Miss[]
  readonly ms: number
}

export type FileOutcome = {
  readonly file: string
  readonly text: string
  /** The mapping file that the stories ran against; null where that is not known. */
  readonly mappings: string | null
  /** Errors that stand in the way of the file's stories. */
  readonly findings: readonly Finding[]
  readonly outcomes: readonly StoryOutcome[]
  /** Stories that were not asked for. */
  readonly skipped: number
  readonly ms: number
}

export type TestRun = {
  readonly files: readonly FileOutcome[]
  /** One for each mapping file; null: not asked for. */
  readonly coverage: readonly Coverage[] | null
  readonly ms: number
}

/** What is wrong first in a story that failed. What comes after it is mostly a consequence. */
export type Failure = {
  readonly outcome: StoryOutcome
  readonly index: number
  /** All of the one step. */
  readonly misses: readonly Miss[]
  readonly quote: Quote
  /** The sentences of the step's decisions. */
  readonly why: readonly string[]
}

/** Sentences that are told of one step; a step has one or two, unless much time passes in it. */
const WHY_MAX = 6

/** `text`: of the file with the story; null: it passed. */
export function failureOf(text: string, outcome: StoryOutcome): Failure | null {
  const [first] = outcome.misses
  if (first === undefined) return null
  const { step, index, moments } = first.result
  const sentences = moments.filter(({ record }) => record.decisions.some((d) => d.reason !== 'echo'))
  return {
    outcome,
    index,
    misses: outcome.misses.filter((miss) => miss.result === first.result),
    quote: quoteStep(text, step, ['expect', ...first.path]),
    why: sentences.slice(-WHY_MAX).map(({ record }) => record.sentence),
  }
}

export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number }

export function countsOf({ files }: Pick<TestRun, 'files'>): Counts {
  const outcomes = files.flatMap((file) => file.outcomes)
  const failed = outcomes.filter(({ misses }) => misses.length > 0).length
  const skipped = files.reduce((sum, file) => sum + file.skipped, 0)
  return { passed: outcomes.length - failed, failed, skipped }
}

/** "2 stories passed, 1 failed, 3 skipped (45 ms)" */
export function summaryOf(run: TestRun): string {
  const { passed, failed, skipped } = countsOf(run)
  const broken = run.files.filter(({ findings }) => findings.length > 0).length
  const parts = [
    `${passed} ${passed === 1 ? 'story' : 'stories'} passed`,
    `${failed} failed`,
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(broken === 0 ? [] : [`${broken} ${broken === 1 ? 'file' : 'files'} with errors`]),
  ]
  return `${parts.join(', ')} (${run.ms} ms)`
}
