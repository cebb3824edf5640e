// The command that compares two mapping files: what it prints and how it ends.

import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { diff } from '../../src/cli/diff.ts'
import { loadMapping } from '../../src/mapping/compile.ts'
import { missesIn } from '../mapping/diff/play.ts'
import { captured } from './captured.ts'

const A = 'test/stories/scenario-a.mappings.yaml'
const B = 'test/stories/scenario-b.mappings.yaml'
const ASKED = { profile: null, format: 'text' } as const

test('a file against itself ends well and says how much was compared', async () => {
  const { io, out, err } = captured()
  expect(await diff({ before: B, now: B }, ASKED, io)).toBe(0)
  expect(out()).toMatch(
    /The same outcome everywhere\n\nNo difference: [\d,]+ situations with what may happen next were compared\.\n$/,
  )
  expect(err()).toBe('')
})

test('as JSON every difference has a story of before and one of now, each true of its file', async () => {
  const { io, out } = captured()
  expect(await diff({ before: A, now: B }, { profile: null, format: 'json' }, io)).toBe(1)
  const { parts, complete } = JSON.parse(out())
  expect(complete).toBe(true)
  expect(parts.length).toBe(1)
  const rulesOf = (file: string) => {
    const { mapping } = loadMapping(readFileSync(file, 'utf8'), { file })
    if (mapping === null) throw new Error(file)
    return mapping.rules
  }
  const [before, now] = [rulesOf(A), rulesOf(B)]
  expect(parts[0].differences.length).toBeGreaterThan(3)
  for (const { storyBefore, storyNow, situations } of parts[0].differences) {
    expect(situations).toBeGreaterThan(0)
    expect(await missesIn(before, storyBefore)).toEqual([])
    expect(await missesIn(now, storyNow)).toEqual([])
  }
})

test('what cannot be compared is said, and is no "no difference"', async () => {
  const { io, out } = captured()
  expect(await diff({ before: B, now: B }, { ...ASKED, patience: 10 }, io)).toBe(2)
  expect(out()).toContain('Not everything was compared: there are too many states.')
  expect(out()).toContain('which is not all of them')
})

test('a file with errors shows them', async () => {
  const { io, out, err } = captured()
  expect(await diff({ before: B, now: 'test/cli/files/broken.yaml' }, ASKED, io)).toBe(2)
  expect(out()).toBe('')
  expect(err()).toContain('test/cli/files/broken.yaml:')
})

test('only one profile is compared where it is asked for', async () => {
  const { io, out } = captured()
  const file = 'mappings.example.yaml'
  expect(await diff({ before: file, now: file }, { ...ASKED, profile: 'chat-only' }, io)).toBe(0)
  expect(out()).toContain('Profile chat-only: the same outcome everywhere')
  await expect(diff({ before: file, now: file }, { ...ASKED, profile: 'chat-onyl' }, io)).rejects.toThrow(
    'did you mean "chat-only"?',
  )
})
