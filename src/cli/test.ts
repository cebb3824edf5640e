// presence-bridge test FILE…: the stories of mapping files and story files, pass or fail.

import { resolve } from 'node:path'
import { REAL_CLOCK } from '../app/real-clock.ts'
import type { Clock } from '../domain/clock.ts'
import { renderFindings } from '../mapping/render.ts'
import { type ReadText, readText } from '../stories/load.ts'
import { countsOf, type FileOutcome, type TestRun } from '../stories/outcome.ts'
import { githubText } from '../stories/report-github.ts'
import { coverageJson, storyJson } from '../stories/report-json.ts'
import { junitXml } from '../stories/report-junit.ts'
import { fileText, runText } from '../stories/report-text.ts'
import { StoryError } from '../stories/story-error.ts'
import { type TestWish, testFiles } from '../stories/test-files.ts'
import { type Looks, lookAt, untilChanged } from '../stories/watch.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'

export type TestOptions = TestWish & { readonly format: 'text' | 'json' | 'junit' | 'github' }

export type TestDeps = {
  readonly clock: Clock
  /** Ends the watching. */
  readonly signal: AbortSignal
  /** Whether there is a screen that can be cleared. */
  readonly terminal: boolean
}

export async function test(
  files: readonly string[],
  options: TestOptions,
  io: Io,
  { clock }: Pick<TestDeps, 'clock'> = { clock: REAL_CLOCK },
): Promise<ExitCode> {
  return testOnce({ files, options, io, clock, read: readText })
}

/** The same again whenever one of the files has changed that were read, until it is told to end. */
export async function watchTests(
  files: readonly string[],
  options: TestOptions,
  io: Io,
  { clock, signal, terminal }: TestDeps = ofProcess(),
): Promise<ExitCode> {
  for (;;) {
    const looks: Looks = new Map()
    const read: ReadText = (path) => {
      const whole = resolve(path)
      if (!looks.has(whole)) looks.set(whole, lookAt(whole)) // before it is read: what changes from here on is noticed
      return readText(path)
    }
    if (terminal) io.out(CLEAR)
    try {
      await testOnce({ files, options, io, clock, read })
    } catch (error) {
      if (!(error instanceof StoryError)) throw error
      io.err(`${error.message}\n`)
    }
    if (options.format === 'text')
      io.out(`\nWatching ${looks.size} ${looks.size === 1 ? 'file' : 'files'}; Ctrl-C ends it.\n`)
    if ((await untilChanged({ looks, clock, signal })) === 'over') return EXIT.fine
  }
}

/** The screen and what was scrolled off it. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H'

function ofProcess(): TestDeps {
  const over = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => over.abort())
  return { clock: REAL_CLOCK, signal: over.signal, terminal: process.stdout.isTTY === true }
}

type Once = {
  readonly files: readonly string[]
  readonly options: TestOptions
  readonly io: Io
  readonly clock: Clock
  readonly read: ReadText
}

async function testOnce({ files, options, io, clock, read }: Once): Promise<ExitCode> {
  const done = (file: FileOutcome) => {
    const { findings } = file
    const { format } = options
    if (findings.length > 0 && format === 'github') io.out(renderFindings(findings, { format, color: false }))
    else if (findings.length > 0) io.err(renderFindings(findings, { format: 'text', color: io.color }))
    if (format === 'text') io.out(fileText(file, { color: io.color, title: files.length > 1 }))
    if (format === 'json') io.out(file.outcomes.map(storyJson).join(''))
  }
  const run = await testFiles(files, options, { read, clock, done })
  io.out(ending(run, options.format, io))
  const isGood = countsOf(run).failed === 0 && run.files.every(({ findings }) => findings.length === 0)
  return isGood ? EXIT.fine : EXIT.no
}

function ending(run: TestRun, format: TestOptions['format'], { color }: Io): string {
  switch (format) {
    case 'text':
      return runText(run, { color })
    case 'json':
      return (run.coverage ?? []).map(coverageJson).join('')
    case 'junit':
      return junitXml(run)
    case 'github':
      return githubText(run)
  }
}
