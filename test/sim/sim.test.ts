// The simulator in small: fixed seeds, fresh ones, the runs that failed once, and the same seed twice.

import { describe, expect, jest, test } from '@jest/globals'
import { readCorpus } from './corpus.ts'
import { daySchedule } from './day.ts'
import { play, type SimResult, simulate } from './run.ts'
import { show } from './show.ts'
import { shrink } from './shrink.ts'
import { twins } from './twin.ts'

const FIXED = Array.from({ length: 120 }, (_, n) => n + 1)
/** Other ones each time: a failing run says how to play it again. */
const FRESH = Array.from({ length: 120 }, (_, n) => (Date.now() % 1_000_000_000) + n)
const SIZE = { agents: 3, events: 80 }
const SHRINK_MS = 8_000

/** Seconds on a quiet machine; a busy one must not be taken for a failure. */
jest.setTimeout(180_000)

/** What a failing run says, shortened; empty where everything stood as it should. */
async function told(result: SimResult, command: string): Promise<string> {
  return result.problems.length === 0 ? '' : show(await shrink(result, SHRINK_MS), { colours: false, command })
}

test.each([
  ['fixed', FIXED],
  ['fresh', FRESH],
])('whatever happens, everything holds on the way and in the end (%s seeds)', async (_name, seeds) => {
  for (const seed of seeds) {
    const command = `npm run sim -- --seed ${seed} --agents ${SIZE.agents} --events ${SIZE.events}`
    expect(await told(await simulate({ seed, ...SIZE }), command)).toBe('')
  }
})

test('also among many agents, where log-outs come in bursts', async () => {
  for (const seed of FIXED.slice(0, 12)) {
    const command = `npm run sim -- --seed ${seed} --agents 12 --events 160`
    expect(await told(await simulate({ seed, agents: 12, events: 160 }), command)).toBe('')
  }
})

describe('what failed once does not fail again:', () => {
  test.each(readCorpus().map(({ why, file, schedule }) => ({ why, file, schedule })))(
    '$why',
    async ({ file, schedule }) => {
      expect(await told(await play(schedule), `npm run sim -- --file ${file}`)).toBe('')
    },
  )
})

test('the same seed gives the same run, byte for byte', async () => {
  for (const seed of [3, 7, 11]) {
    const [first, second] = [await simulate({ seed, ...SIZE }), await simulate({ seed, ...SIZE })]
    expect(second.digest).toBe(first.digest)
    expect(second.lines).toEqual(first.lines)
    expect(first.figures.decisions).toBeGreaterThan(20)
  }
})

test('stopped, killed and started again at rest, a run ends as it does without (invariant 6)', async () => {
  const pairs = [...FIXED.slice(0, 40), ...FRESH.slice(0, 20)].flatMap((seed) => twins({ seed, ...SIZE }) ?? [])
  expect(pairs.length).toBeGreaterThan(5)
  for (const { without, also } of pairs) {
    const [alone, started] = [await play(without), await play(also)]
    expect({ seed: also.seed, told: await told(started, 'as the twin'), stands: started.stands }).toEqual({
      seed: without.seed,
      told: '',
      stands: alone.stands,
    })
  }
})

test('a morning of a contact centre ends without unexplained drift, and the same one has the same journal', async () => {
  const morning = daySchedule({ seed: 5, agents: 30, hours: 4 })
  const [first, second] = [await play(morning), await play(morning)]
  expect(first.problems).toEqual([])
  expect(first.figures.overlaps.get('other') ?? 0).toBe(0)
  expect(first.figures.agentEvents).toBeGreaterThan(1_000)
  expect(second.digest).toBe(first.digest)
})

test('another seed gives another run', async () => {
  const digests = await Promise.all([1, 2, 3].map(async (seed) => (await simulate({ seed, ...SIZE })).digest))
  expect(new Set(digests).size).toBe(3)
})
