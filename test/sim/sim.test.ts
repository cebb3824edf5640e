// The simulator in small: fixed seeds, some fresh ones, and the same seed twice.

import { expect, test } from '@jest/globals'
import { simulate } from './run.ts'

const FIXED = Array.from({ length: 60 }, (_, n) => n + 1)
/** Other ones each hour, the same within it: a failing run can be found again. */
const HOUR = Math.floor(Date.now() / 3_600_000)
const FRESH = Array.from({ length: 60 }, (_, n) => HOUR * 100 + n)
const SIZE = { agents: 3, events: 80 }

test.each([
  ['fixed', FIXED],
  ['fresh', FRESH],
])('whatever happens, in the end both sides stand as the rules say (%s seeds)', async (_name, seeds) => {
  const problems: string[] = []
  for (const seed of seeds) {
    const result = await simulate({ seed, ...SIZE })
    problems.push(...result.problems.map((p) => `npm run sim -- --seed ${seed}: ${p}`))
  }
  expect(problems).toEqual([])
})

test('the same seed gives the same run', async () => {
  const [first, second] = [await simulate({ seed: 7, ...SIZE }), await simulate({ seed: 7, ...SIZE })]
  expect(second.records).toEqual(first.records)
  expect(second.story).toEqual(first.story)
  expect(first.records.length).toBeGreaterThan(20)
})
