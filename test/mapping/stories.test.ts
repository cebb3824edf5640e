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
    colleagues: 9
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
      - { restart: fresh }
      - { write_result: { side: telephony, next: rate_limited, after: 3 } }
      - { stranger: { side: crm, status: S } }
      - together:
          - { rumour: { side: telephony, status: R } }
          - { colleagues: { side: telephony, status: C } }
          - { rumour: { side: crm, status: Q, about: everybody } }
`
const NO_EXPECTATION = { crm: null, telephony: null, reason: [], writes: { crm: null, telephony: null }, blocked: null }

describe('a stories file', () => {
  const { findings, mappings, stories } = loadStories(EVERY_STEP, { file: 'dir/s.yaml' })

  test('has every kind of step with its defaults', () => {
    expect(findings).toEqual([])
    expect(mappings).toBe('other.yaml')
    expect(stories).toMatchObject([
      { name: 'every step', file: 'dir/s.yaml', line: 3, column: 5, profile: 'p', colleagues: 9 },
    ])
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
      { kind: 'write_result', side: 'crm', next: 'ignored', after: 0, times: 2 },
      { kind: 'repeat' },
      { kind: 'restart', fresh: false },
      { kind: 'reload', file: 'new.yaml' },
      { kind: 'restart', fresh: true },
      { kind: 'write_result', side: 'telephony', next: 'rate_limited', after: 3, times: 1 },
      { kind: 'stranger', side: 'crm', status: 'S' },
      {
        kind: 'together',
        steps: [
          { kind: 'rumour', side: 'telephony', status: 'R', about: 'agent' },
          { kind: 'colleagues', side: 'telephony', status: 'C' },
          { kind: 'rumour', side: 'crm', status: 'Q', about: 'everybody' },
        ],
      },
    ])
  })

  test('says where each step stands and what holds after it', () => {
    const steps = stories[0]?.steps ?? []
    expect(steps.map(({ line }) => line)).toEqual([8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 21, 22])
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
    expect(named).toEqual([
      '6 telephony Available',
      '8 crm X',
      '8 telephony Y',
      '12 telephony Z',
      '16 crm X',
      '21 crm S',
      '23 telephony R',
      '24 telephony C',
      '25 crm Q',
    ])
  })

  test('with an error has no stories', () => {
    const bad = loadStories(EVERY_STEP.replace('timed_out', 'timedout'), { file: 's.yaml' })
    expect(bad.findings.map(({ code, line, hint }) => `${line} ${code} ${hint}`)).toEqual([
      '13 wrong-value did you mean "timed_out"?',
    ])
    expect(bad.stories).toEqual([])
  })

  test('is compared with the mapping where that is known', () => {
    const text = 'available: { crm: [Ready], telephony: [Ready] }\nmapped: [{ crm: Ready, telephony: Ready }]\n'
    const rules = loadMapping(text, { file: 'm.yaml' }).mapping?.rules
    const steps = '{ crm: Raedy }, { crm: Readi }, { crm: Elsewhere }, { rumour: { side: crm, status: ready } }'
    const story = `stories: [{ name: n, profile: p, steps: [${steps}] }]`
    const { findings: told } = loadStories(story, { file: 's.yaml', rules })
    expect(told.map(({ code, hint }) => `${code} ${hint ?? ''}`)).toEqual([
      'unknown-profile ',
      'story-status-unknown did you mean "Ready"?',
      'story-status-unknown did you mean "Ready"?',
    ])
  })
})

describe('a step about others than the agent is told what is wrong with it', () => {
  const SIDES = 'Expected crm or telephony, got '
  const cases: readonly (readonly [string, string, string])[] = [
    // what is written, where the caret stands, what is said
    ['{ stranger: { side: crn, status: Busy } }', 'crn', `${SIDES}"crn". did you mean "crm"?`],
    ['{ rumour: { side: phone, status: Busy } }', 'phone', `${SIDES}"phone".`],
    ['{ stranger: { side: crm, state: Busy } }', 'state', 'There is no key "state" here. did you mean "status"?'],
    [
      '{ rumour: { side: crm, status: Busy, of: all } }',
      'of',
      'There is no key "of" here. known here: side, status, about',
    ],
    [
      '{ rumour: { side: crm, status: Busy, about: everyone } }',
      'everyone',
      'Expected agent or everybody, got "everyone". did you mean "everybody"?',
    ],
    ['{ rumor: { side: crm, status: Busy } }', 'rumor', 'There is no key "rumor" here. did you mean "rumour"?'],
    ['{ stranger: Busy }', 'Busy', 'Expected a mapping such as { side: telephony, status: Offline }, got "Busy".'],
    [
      '{ colleagues: { side: crm, status: Busy } }',
      '{ side: crm, status: Busy }',
      'This story has no colleagues. add colleagues: 9 beside steps',
    ],
    [
      '{ together: [{ colleagues: { side: crm, status: Busy } }] }',
      '{ side: crm, status: Busy }',
      'This story has no colleagues. add colleagues: 9 beside steps',
    ],
    ['{ colleagues: 9 }', '9', 'Expected a mapping such as { side: telephony, status: Offline }, got 9.'],
    [
      '{ stranger: { side: crm, status: Busy }, by: agent }',
      'agent',
      'Only a change of a status has someone who made it. remove by',
    ],
    [
      '{ stranger: { side: crm, status: Busy }, rumour: { side: crm, status: Busy } }',
      '{ stranger: { side: crm, status: Busy }, rumour: { side: crm, status: Busy } }',
      'A step does one thing, this one does several: stranger, rumour. make it several steps, or use together',
    ],
    [
      '{ write_result: { side: crm, next: refused, after: -1 } }',
      '-1',
      'Expected a whole number from 0 to 100, got -1.',
    ],
    ['{ restart: afresh }', 'afresh', 'Expected true or fresh, got "afresh". did you mean "fresh"?'],
    ['{ restart: false }', 'false', 'Expected true or fresh, got false.'],
  ]

  test.each(cases)('%s', (step, marked, said) => {
    const { findings, stories } = loadStories(`stories: [{ name: n, steps: [${step}] }]`, { file: 's.yaml' })
    const words = findings.map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`))
    expect(words.join('|')).toBe(said)
    const [first] = findings
    expect(first?.source.slice(first.column - 1, first.column - 1 + first.length)).toBe(marked)
    expect(stories).toEqual([])
  })

  test.each(['51', '-1', '1.5', 'many'])('a story with %s colleagues', (count) => {
    const { findings } = loadStories(`stories: [{ name: n, colleagues: ${count}, steps: [] }]`, { file: 's.yaml' })
    expect(findings.map(({ message }) => message)).toEqual([
      `Expected a whole number from 0 to 50, got ${count === 'many' ? '"many"' : count}.`,
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
})
