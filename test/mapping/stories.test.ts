// Stories as data: every step of the format, and the project's own stories.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { loadMapping } from '../../src/mapping/compile.ts'
import { loadStories } from '../../src/mapping/stories.ts'
import { storyReferences } from '../../src/mapping/story.ts'

const EVERY_STEP = `mappings: other.yaml
stories:
  - name: every step
    profile: p
    start: { telephony: Available }
    steps:
      - { crm: X, telephony: Y, by: supervisor }
      - { work: { side: crm, id: 7, state: offered }, expect: { blocked: telephony, writes: { crm: 0 } } }
      - { wait: 1500ms }
      - together:
          - { telephony: Z }
          - { work: { side: telephony, id: k1, channel: call, state: timed_out } }
      - { link: { side: crm, up: false, writes: false } }
      - { write_result: { side: crm, next: ignored, times: 2 } }
      - { repeat: last, expect: { crm: X, reason: [repeat, echo] } }
      - { restart: true }
      - { reload: new.yaml, expect: { blocked: [telephony, crm] } }
`
const NO_EXPECTATION = { crm: null, telephony: null, reason: [], writes: { crm: null, telephony: null }, blocked: null }

describe('a stories file', () => {
  const { findings, mappings, stories } = loadStories(EVERY_STEP, { file: 'dir/s.yaml' })

  test('has every kind of step with its defaults', () => {
    expect(findings).toEqual([])
    expect(mappings).toBe('other.yaml')
    expect(stories).toMatchObject([{ name: 'every step', file: 'dir/s.yaml', line: 3, column: 5, profile: 'p' }])
    expect(stories[0]?.start).toEqual({ crm: 'Offline', telephony: 'Available' })
    expect(stories[0]?.steps.map(({ line: _line, column: _column, expect: _expect, ...action }) => action)).toEqual([
      {
        kind: 'status',
        changes: [
          { side: 'crm', status: 'X' },
          { side: 'telephony', status: 'Y' },
        ],
        by: 'supervisor',
      },
      { kind: 'work', side: 'crm', id: '7', channel: null, state: 'offered' },
      { kind: 'wait', ms: 1_500 },
      {
        kind: 'together',
        steps: [
          { kind: 'status', changes: [{ side: 'telephony', status: 'Z' }], by: 'agent' },
          { kind: 'work', side: 'telephony', id: 'k1', channel: 'call', state: 'timed_out' },
        ],
      },
      { kind: 'link', side: 'crm', up: false, writes: false },
      { kind: 'write_result', side: 'crm', next: 'ignored', times: 2 },
      { kind: 'repeat' },
      { kind: 'restart' },
      { kind: 'reload', file: 'new.yaml' },
    ])
  })

  test('says where each step stands and what holds after it', () => {
    const steps = stories[0]?.steps ?? []
    expect(steps.map(({ line }) => line)).toEqual([7, 8, 9, 10, 13, 14, 15, 16, 17])
    expect(steps[0]?.expect).toBeNull()
    expect(steps[1]?.expect).toEqual({ ...NO_EXPECTATION, blocked: ['telephony'], writes: { crm: 0, telephony: null } })
    expect(steps[6]?.expect).toEqual({ ...NO_EXPECTATION, crm: 'X', reason: ['repeat', 'echo'] })
    expect(steps[8]?.expect?.blocked).toEqual(['crm', 'telephony'])
  })

  test('tells which statuses it names, and where', () => {
    const [story] = stories
    const named = (story ? storyReferences(story) : []).map(
      ({ side, status, place }) => `${place.line} ${side} ${status}`,
    )
    expect(named).toEqual(['5 telephony Available', '7 crm X', '7 telephony Y', '11 telephony Z', '15 crm X'])
  })

  test('with an error has no stories', () => {
    const bad = loadStories(EVERY_STEP.replace('timed_out', 'timedout'), { file: 's.yaml' })
    expect(bad.findings.map(({ code, line, hint }) => `${line} ${code} ${hint}`)).toEqual([
      '12 wrong-value did you mean "timed_out"?',
    ])
    expect(bad.stories).toEqual([])
  })

  test('is compared with the mapping where that is known', () => {
    const text = 'available: { crm: [Ready], telephony: [Ready] }\nmapped: [{ crm: Ready, telephony: Ready }]\n'
    const rules = loadMapping(text, { file: 'm.yaml' }).mapping?.rules
    const story = 'stories: [{ name: n, profile: p, steps: [{ crm: Raedy }, { crm: Readi }, { crm: Elsewhere }] }]'
    const { findings: told } = loadStories(story, { file: 's.yaml', rules })
    expect(told.map(({ code, hint }) => `${code} ${hint ?? ''}`)).toEqual([
      'unknown-profile ',
      'story-status-unknown did you mean "Ready"?',
    ])
  })
})

describe('the project’s own stories', () => {
  const folder = new URL('../stories/', import.meta.url)
  const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.endsWith('.mappings.yaml'))

  test.each(files)('%s and its mapping have no error, and the stories fit the mapping', (file) => {
    const { mappings } = loadStories(read(file), { file })
    const { mapping, findings: ofMapping } = loadMapping(read(mappings ?? ''), { file: mappings ?? '' })
    expect(ofMapping.filter(({ severity }) => severity === 'error')).toEqual([])
    const { stories, findings } = loadStories(read(file), { file, rules: mapping?.rules })
    expect(findings).toEqual([])
    expect(stories.length).toBeGreaterThan(0)
  })

  test('name every rule from R0 to R13 and R16', () => {
    const names = files.flatMap((file) => loadStories(read(file), { file }).stories.map(({ name }) => name))
    const rules = [...Array.from({ length: 14 }, (_, n) => `R${n}`), 'R16']
    for (const rule of rules) expect(names.filter((name) => name.startsWith(`${rule}: `)).length).toBeGreaterThan(0)
  })
})
