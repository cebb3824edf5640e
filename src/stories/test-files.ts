// Runs the stories of some files, one after the other, and counts what they cover.

import { resolve } from 'node:path'
import type { Clock } from '../domain/clock.ts'
import { type CoverageCount, countCoverage } from './coverage.ts'
import { judge } from './judge.ts'
import { loadStoryFile, type Play, type ReadText } from './load.ts'
import type { FileOutcome, StoryOutcome, TestRun } from './outcome.ts'
import { runStory } from './run.ts'
import { StoryError } from './story-error.ts'

export type TestWish = {
  /** Wins over the files' own mappings. */
  readonly mappings: string | null
  /** Only stories with this in their name, whatever the case; null: all. */
  readonly name: string | null
  readonly coverage: boolean
}

type TestDeps = {
  readonly read: ReadText
  readonly clock: Clock
  /** Called as soon as a file is done. */
  readonly done: (file: FileOutcome) => void
}

type Asked = { readonly wish: TestWish; readonly deps: TestDeps; readonly counts: Map<string, CoverageCount> }

/** Throws a StoryError where a file cannot be read, or where there is no story to run. */
export async function testFiles(files: readonly string[], wish: TestWish, deps: TestDeps): Promise<TestRun> {
  const began = deps.clock.now()
  const asked = { wish, deps, counts: new Map<string, CoverageCount>() }
  const outcomes: FileOutcome[] = []
  for (const file of files) {
    const outcome = await testFile(file, asked)
    outcomes.push(outcome)
    deps.done(outcome)
  }
  mustHaveRun(files, wish, outcomes)
  const coverage = wish.coverage ? [...asked.counts.values()].map((count) => count.result()) : null
  return { files: outcomes, coverage, ms: deps.clock.now() - began }
}

async function testFile(file: string, { wish, deps, counts }: Asked): Promise<FileOutcome> {
  const began = deps.clock.now()
  const { findings, play } = loadStoryFile(file, { mappings: wish.mappings, read: deps.read })
  if (play === null)
    return { file, text: '', mappings: null, findings, outcomes: [], skipped: 0, ms: deps.clock.now() - began }
  const { text, mappings } = play
  const stories = play.stories.filter(({ name }) => isWanted(name, wish.name))
  const count = wish.coverage ? countOf(play, counts) : null
  const outcomes: StoryOutcome[] = []
  for (const story of stories) {
    const start = deps.clock.now()
    const results = await runStory(story, play.rules, play.loadRules)
    count?.add(story.profile, results)
    outcomes.push({ story, results, misses: judge(results), ms: deps.clock.now() - start })
  }
  const errors = findings.filter(({ severity }) => severity === 'error')
  const skipped = play.stories.length - stories.length
  return { file, text, mappings, findings: errors, outcomes, skipped, ms: deps.clock.now() - began }
}

function isWanted(name: string, wanted: string | null): boolean {
  return wanted === null || name.toLowerCase().includes(wanted.toLowerCase())
}

/** Story files with the same mapping cover it together. */
function countOf({ rules, mappings }: Play, counts: Map<string, CoverageCount>): CoverageCount {
  const key = resolve(mappings)
  const known = counts.get(key) ?? countCoverage(rules, mappings)
  counts.set(key, known)
  return known
}

/** A run of nothing must not look like success. */
function mustHaveRun(files: readonly string[], { name }: TestWish, outcomes: readonly FileOutcome[]): void {
  if (outcomes.some((one) => one.outcomes.length > 0 || one.findings.length > 0)) return
  const where = files.join(', ')
  if (outcomes.some(({ skipped }) => skipped > 0)) throw new StoryError(`${where}: no story has "${name}" in its name`)
  throw new StoryError(`${where}: no stories found; add a "tests:" block`)
}
