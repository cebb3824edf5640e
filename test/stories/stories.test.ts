// Every story file here, and the example mapping's own stories, on the whole bridge in virtual time.

import { readdirSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { judge } from '../../src/stories/judge.ts'
import { loadStoryFile } from '../../src/stories/load.ts'
import { runStory } from '../../src/stories/run.ts'

const FOLDER = 'test/stories'
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && !name.endsWith('.mappings.yaml'))
const RULES_SHOWN = ['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13', 'R16']

const loaded = [...files.map((name) => `${FOLDER}/${name}`), 'mappings.example.yaml'].map((file) => {
  const { play, findings } = loadStoryFile(file, { mappings: null })
  if (play === null) throw new Error(`${file}: ${findings.map((f) => f.message).join(' ')}`)
  return { file, ...play }
})

for (const { file, stories, rules, loadRules } of loaded) {
  describe(file, () => {
    test.each(stories.map((story) => [story.name, story] as const))('%s', async (_name, story) => {
      const misses = judge(await runStory(story, rules, loadRules))
      expect(misses.map((m) => `step ${m.result.index}: ${m.what} ${m.expected} ≠ ${m.got}`)).toEqual([])
    })
  })
}

test('each rule has a story that names it', () => {
  const names = loaded.flatMap(({ stories }) => stories.map((s) => s.name)).join('\n')
  const missing = RULES_SHOWN.filter((rule) => !new RegExp(`\\b${rule}\\b`).test(names))
  expect(missing).toEqual([])
})
