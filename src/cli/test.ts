// presence-bridge test FILE…: the stories of mapping files and story files, pass or fail.

import { styleText } from 'node:util'
import { renderFindings } from '../mapping/render.ts'
import type { Story } from '../mapping/story.ts'
import { judge, type Miss } from '../stories/judge.ts'
import { loadStoryFile } from '../stories/load.ts'
import { runStory, type StepResult, StoryError } from '../stories/run.ts'
import { timeline } from '../stories/timeline.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'

export type TestOptions = { readonly mappings: string | null; readonly format: 'text' | 'json' }

type Outcome = { readonly story: Story; readonly results: readonly StepResult[]; readonly misses: readonly Miss[] }

export async function test(files: readonly string[], options: TestOptions, io: Io): Promise<ExitCode> {
  let failed = 0
  let passed = 0
  for (const file of files) {
    const loaded = loadStoryFile(file, options)
    const problems = loaded.findings.filter((f) => loaded.play === null || f.severity === 'error')
    if (problems.length > 0) io.err(renderFindings(problems, { format: 'text', color: io.color }))
    if (loaded.play === null) return EXIT.no
    const { stories, rules, loadRules } = loaded.play
    for (const story of stories) {
      const results = await runStory(story, rules, loadRules)
      const outcome = { story, results, misses: judge(results) }
      if (outcome.misses.length > 0) failed += 1
      else passed += 1
      io.out(options.format === 'json' ? jsonLine(outcome) : textOf(outcome, io.color))
    }
  }
  if (options.format === 'text') io.out(`${passed} ${passed === 1 ? 'story' : 'stories'} passed, ${failed} failed\n`)
  if (passed + failed === 0) throw new StoryError(`${files.join(', ')}: no stories found; add a "tests:" block`)
  return failed > 0 ? EXIT.no : EXIT.fine
}

function textOf({ story, results, misses }: Outcome, color: boolean): string {
  const paint = (style: 'red' | 'green' | 'dim', text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text
  const first = misses[0]
  if (first === undefined) return `${paint('green', '✓')} ${story.name}\n`
  const upTo = results.filter((r) => r.index <= first.result.index)
  const lines = misses
    .filter((m) => m.result === first.result)
    .map((m) => `    ${m.what}: expected ${m.expected}, got ${m.got}\n`)
  const where = `${story.file}:${first.result.step.line}`
  const drawn = timeline(story.start, upTo).replace(/^/gm, '    ')
  return `${paint('red', '✗')} ${story.name}\n  ${where}\n${lines.join('')}${paint('dim', drawn)}\n`
}

function jsonLine({ story, misses }: Outcome): string {
  const { name, file, line } = story
  const failures = misses.map((m) => ({
    step: m.result.index,
    line: m.result.step.line,
    what: m.what,
    expected: m.expected,
    got: m.got,
  }))
  return `${JSON.stringify({ story: name, file, line, passed: failures.length === 0, failures })}\n`
}
