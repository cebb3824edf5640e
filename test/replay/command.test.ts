// The command: what it prints, word for word, and how it ends.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { type ReplayOptions, replay } from '../../src/cli/replay.ts'
import { captured } from '../cli/captured.ts'
import { live, MORNING, onDisk, rulesOf } from './day.ts'
import { NEW, OLD, plausibleDay } from './plausible-day.ts'

const WHEN = { now: () => MORNING, zone: 'Europe/Berlin' }
const folder = mkdtempSync(join(tmpdir(), 'replay-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const mappings = NEW.file

/** The journal of a day; `kept`: with the rules that were in force. */
async function journalOf(kept: boolean): Promise<string> {
  const path = join(folder, kept ? 'day.sqlite' : 'bare.sqlite')
  await onDisk(recorded, day, kept ? [OLD] : [], (_reader, made) => copyFileSync(made, path))
  return path
}

const day = plausibleDay(7, 6)
const rules = rulesOf(OLD)
if (rules === null) throw new Error('The rules have errors')
const recorded = await live(day, rules)
const journals = { kept: await journalOf(true), bare: await journalOf(false) }

function played(options: Omit<ReplayOptions, 'format'> & Partial<ReplayOptions>, journal = journals.kept) {
  const { io, out, err } = captured()
  const exit = replay(journal, { format: 'text', ...options }, WHEN, io)
  return { exit, out: out(), err: err() }
}

describe('a changed mapping', () => {
  test.each([
    ['text', 'txt'],
    ['markdown', 'md'],
  ] as const)('is told as %s word for word, times in the reader’s zone', (format, ending) => {
    const { exit, out, err } = played({ mappings, format })
    expect([exit, err]).toEqual([1, ''])
    expect(out).toBe(readFileSync(`test/replay/changed.${ending}`, 'utf8'))
  })

  test('is told in the guide as it is told here', () => {
    expect(readFileSync('docs/replaying.md', 'utf8')).toContain(readFileSync('test/replay/changed.txt', 'utf8'))
  })

  test('is told of one agent with every difference', () => {
    const { exit, out } = played({ mappings, agent: 'chloe', from: '2026-11-21 10:00', to: '2026-11-21 12:00' })
    expect(exit).toBe(1)
    expect(out).toBe(readFileSync('test/replay/changed-chloe.txt', 'utf8'))
  })

  test('is told as JSON, each difference with what was decided and what would have been', () => {
    const { exit, out } = played({ mappings, format: 'json' })
    expect(exit).toBe(1)
    const { decisions, differing, differences, groups, agents, instead } = JSON.parse(out)
    expect(agents).toBe(6)
    expect(differences).toHaveLength(differing)
    expect(differing).toBeLessThan(decisions)
    expect(groups.reduce((sum: number, group: { differences: number }) => sum + group.differences, 0)).toBe(differing)
    for (const { before, now, sentence } of differences) {
      expect(before).not.toEqual(now)
      expect(sentence).toContain('now')
    }
    for (const one of instead) expect(one.before).not.toBe(one.now)
  })
})

test('the mapping of then as it was is compared with what was recorded', () => {
  const same = { mappings: OLD.file }
  for (const options of [{}, same]) {
    const { exit, out } = played(options)
    expect(out).toMatch(/^what was recorded → .*\n\n([\d,]+) of \1 decisions come out as recorded\.\n$/)
    expect(exit).toBe(0)
  }
})

test('a mapping that only looks different ends well', () => {
  const { exit, out } = played({ mappings: file('tidy.yaml', `# Tidied up\n\n${OLD.text}`) })
  expect(out).toMatch(/No difference: none of [\d,]+ decisions would have been another one, for 6 agents\.\n$/)
  expect(exit).toBe(0)
})

describe('where it cannot run it says why', () => {
  const broken = file('broken.yaml', 'version: 1\nmapped: 3\n')

  test.each<[string, Parameters<typeof played>, RegExp]>([
    ['a mapping with errors', [{ mappings: broken }], /broken\.yaml:2:.*\n[\s\S]*\/broken\.yaml has errors\.\n$/],
    ['somebody unknown', [{ mappings, agent: 'clohe' }], /^The journal knows nobody called "clohe"; did you mean/],
    ['a time that is none', [{ mappings, from: 'noonish' }], /^"noonish" is not a time/],
    [
      'a time of which nothing is known',
      [{ mappings, to: '2020-01-01' }],
      /^The journal has nothing in this time\.\n$/,
    ],
    [
      'a profile of nobody',
      [{ mappings, profile: 'night' }],
      /^Nobody is in the profile "night", neither then nor now\.\n$/,
    ],
    [
      'rules that nobody kept',
      [{ mappings }, journals.bare],
      /does not hold the mapping that was in force .*--was FILE\.\n$/,
    ],
  ])('%s', (_what, args, words) => {
    const { exit, out, err } = played(...args)
    expect(err).toMatch(words)
    expect([exit, out]).toEqual([2, ''])
  })

  test('no journal', () => {
    const { io, err } = captured()
    expect(replay(join(folder, 'none.sqlite'), { format: 'text' }, WHEN, io)).toBe(2)
    expect(err()).toMatch(/^There is no journal .*none\.sqlite\.\n$/)
  })
})

test('rules of then that the journal does not hold can be given', () => {
  const { exit, out } = played({ mappings, was: OLD.file }, journals.bare)
  const kept = played({ mappings })
  expect(exit).toBe(1)
  expect(out).toBe(kept.out)
})
