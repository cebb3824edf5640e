// A call centre before and after its reorganisation: exactly what is told, and that it is true.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { diff } from '../../../src/cli/diff.ts'
import type { Rules } from '../../../src/domain/rules.ts'
import { loadMapping } from '../../../src/mapping/compile.ts'
import { compareMappings } from '../../../src/mapping/diff/compare.ts'
import { reportOf } from '../../../src/mapping/diff/report.ts'
import type { Mapping } from '../../../src/mapping/mapping.ts'
import { captured } from '../../cli/captured.ts'
import { missesIn } from './play.ts'

const BEFORE = 'test/mapping/diff/call-centre.before.yaml'
const AFTER = 'test/mapping/diff/call-centre.after.yaml'

function load(file: string): Mapping {
  const { mapping, findings } = loadMapping(readFileSync(file, 'utf8'), { file })
  if (mapping === null) throw new Error(JSON.stringify(findings))
  return mapping
}

const [before, now] = [load(BEFORE), load(AFTER)]
const stories = reportOf(compareMappings({ before, now }, { profile: null })).sections.flatMap(({ entries }) =>
  entries.map(({ sentence, stories: told }) => ({ sentence, told })),
)

test.each([
  ['text', 'txt'],
  ['markdown', 'md'],
] as const)('is told as %s word for word', async (format, ending) => {
  const { io, out, err } = captured()
  expect(await diff({ before: BEFORE, now: AFTER }, { profile: null, format }, io)).toBe(1)
  expect(err()).toBe('')
  expect(out()).toBe(readFileSync(`test/mapping/diff/call-centre.diff.${ending}`, 'utf8'))
})

describe('on the whole bridge', () => {
  const expectTrue = async (rules: Rules, story: string) => expect(await missesIn(rules, story)).toEqual([])

  test('there are some stories', () => expect(stories.length).toBeGreaterThan(15))

  test.each(stories)('$sentence', async ({ told }) => {
    if (told === null) throw new Error('it was not told')
    await expectTrue(before.rules, told.before)
    await expectTrue(now.rules, told.now)
    expect(await missesIn(before.rules, told.now)).not.toEqual([])
    expect(await missesIn(now.rules, told.before)).not.toEqual([])
  })
})
