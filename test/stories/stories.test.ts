// Every story file here, and the example mapping's own stories, on the whole bridge in virtual time.

import { readdirSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { judge } from '../../src/stories/judge.ts'
import { loadStoryFile } from '../../src/stories/load.ts'
import { failureOf } from '../../src/stories/outcome.ts'
import { plainFailure } from '../../src/stories/report-text.ts'
import { runStory } from '../../src/stories/run.ts'

const FOLDER = 'test/stories'
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && !name.endsWith('.mappings.yaml'))

for (const file of [...files.map((name) => `${FOLDER}/${name}`), 'mappings.example.yaml']) {
  const { play, findings } = loadStoryFile(file, { mappings: null })
  if (play === null) throw new Error(`${file}: ${findings.map((f) => f.message).join(' ')}`)
  const { stories, rules, loadRules, text } = play
  describe(file, () => {
    test.each(stories.map((story) => [story.name, story] as const))('%s', async (_name, story) => {
      const results = await runStory(story, rules, loadRules)
      const failure = failureOf(text, { story, results, misses: judge(results), ms: 0 })
      expect(failure === null ? '' : plainFailure(failure).flat().join('\n')).toBe('')
    })
  })
}
