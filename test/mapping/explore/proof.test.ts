// Good mappings are proved, and a mistake in one is refused with a shortest story that is true on the whole bridge.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Ruleset } from '../../../src/domain/rules.ts'
import { newAgent } from '../../../src/engine/state.ts'
import { loadMapping } from '../../../src/mapping/compile.ts'
import { explore } from '../../../src/mapping/explore/explore.ts'
import { faultAt } from '../../../src/mapping/explore/fault.ts'
import { WRITES_MAX } from '../../../src/mapping/explore/limits.ts'
import { NOW } from '../../../src/mapping/explore/move.ts'
import { beginRun, settle } from '../../../src/mapping/explore/run.ts'
import { id } from '../../support/rules.ts'
import { rulesAbout } from './arbitrary.ts'
import { missesOf } from './play.ts'

const read = (name: string) => readFileSync(name, 'utf8')
const A = read('test/stories/scenario-a.mappings.yaml')
const B = read('test/stories/scenario-b.mappings.yaml')

function errorsIn(text: string) {
  return loadMapping(text, { file: 'm.yaml' }).findings.filter(({ severity }) => severity === 'error')
}

/** Rules as the file says, whether or not they can be proved. */
function rulesOf(text: string): Ruleset {
  const { mapping } = loadMapping(text.replace('exclusive: true', 'exclusive: false'), { file: 'm.yaml' })
  if (mapping === null) throw new Error('There are other errors')
  return { ...mapping.rules.top, exclusive: text.includes('exclusive: true') }
}

const STRANGERS = { crm: [id('Elsewhere')], telephony: [id('Elsewhere')] }

describe('good mappings are proved', () => {
  const release = 'release_after: 5s, from: accepted, wrap_up: false, min_items: 2'
  test.each([
    ['scenario A', A],
    ...['crm', 'telephony', 'latest', 'less_available'].map((side) => [
      `scenario A, ${side} preferred`,
      `${A}\nconflict: { prefer: ${side} }`,
    ]),
    ['scenario A with blocks', `${A}\nblocking: { crm: { ${release} }, telephony: { on_override: allow } }`],
    ['scenario B', B],
    ['scenario B, each side led by the other at the start', `${B}\nstartup: crm`],
    ['scenario C', read('test/stories/scenario-c.mappings.yaml')],
    ['the example', read('mappings.example.yaml')],
  ])('%s', (_name, text) => {
    const { states } = loadMapping(text, { file: 'm.yaml' })
    expect(errorsIn(text)).toEqual([])
    expect(states).toBeGreaterThan(0)
  })

  test('forty statuses a side and sixty rows, with blocks on both sides', () => {
    const status = (side: string, index: number) => (index === 0 ? 'On Queue' : `${side} ${index % 38}`)
    const both = Array.from({ length: 38 }, (_none, i) => ({ crm: status('c', i), telephony: status('t', i) }))
    const more = Array.from({ length: 22 }, (_none, i) => ({
      crm: status('c', i + 2),
      telephony: status('t', 5 * i + 1),
      direction: i % 2 === 0 ? 'to_crm' : 'to_telephony',
    }))
    const text = B.replace(/mapped:\n.*\n/, `mapped: ${JSON.stringify([...both, ...more])}\n`)
    expect(errorsIn(text)).toEqual([])
  })
})

describe('a mistake is refused with the shortest story', () => {
  const cases = [
    {
      mistake: 'whoever logs in leads',
      text: `${A}login: lead\n`,
      marks: 'lead',
      story: ['telephony: On Queue', 'crm: Online'],
    },
    {
      mistake: 'the row points the wrong way',
      text: A.replace('On Queue }\n', 'On Queue, direction: to_telephony }\n'),
      marks: '{ crm: Busy, telephony: On Queue, direction: to_telephony }',
      story: ['crm: Online', 'telephony: On Queue'],
    },
    {
      mistake: 'the row names an available status',
      text: A.replace('crm: Busy', 'crm: Online'),
      marks: '{ crm: Online, telephony: On Queue }',
      story: ['crm: Online', 'telephony: On Queue'],
    },
    {
      mistake: 'nothing is said of leaving',
      text: A.replace(', telephony: Available }', ' }'),
      marks: 'Online',
      story: ['crm: Busy', 'telephony: On Queue', 'crm: Online'],
    },
    {
      mistake: 'the transition ends in an available status',
      text: A.replace('telephony: Available', 'telephony: { status: Available, for: 20s, then: On Queue }'),
      marks: '{ status: Available, for: 20s, then: On Queue }',
      story: ['crm: Busy', 'telephony: On Queue', 'crm: Online', 'wait: 20s'],
    },
  ]

  test.each(cases)('$mistake', async ({ text, marks, story }) => {
    const [finding, ...others] = errorsIn(text)
    expect(others).toEqual([])
    expect(finding?.code).toBe('proof-both-available')
    expect(finding?.source.slice(finding.column - 1, finding.column - 1 + finding.length)).toBe(marks)
    const steps = [...(finding?.hint ?? '').matchAll(/- \{ (.*), expect:/g)].map((match) => match[1])
    expect(steps).toEqual(story)
    const yaml = (finding?.hint ?? '').replace(/^.*\n/, '').replaceAll(/^ {2}/gm, '')
    expect(await missesOf(rulesOf(text), yaml)).toEqual([])
  })

  test('a block status that is available', async () => {
    const rules = rulesOf(B)
    const { telephony } = rules.blocking
    if (telephony === null) throw new Error('Scenario B blocks')
    const broken = { ...rules, blocking: { ...rules.blocking, telephony: { ...telephony, status: id('On Queue') } } }
    const { faults } = explore(broken, { statuses: STRANGERS })
    expect(faults.map(({ kind, sides, events }) => ({ kind, sides, events }))).toContainEqual({
      kind: 'blocked_but_available',
      sides: ['telephony'],
      events: 2,
    })
    for (const { story } of faults) expect(await missesOf(broken, story)).toEqual([])
  })

  test('a third write of one side because of one event', () => {
    const rules = rulesOf(B)
    const write = { seq: 1, status: id('On Queue') }
    // No rule of today makes the engine ask for it, so it is asked for behind its back.
    const queued = { crm: null, telephony: write }
    Object.defineProperty(queued, 'telephony', { get: () => write, set: () => undefined })
    const run = { ...beginRun(rules, newAgent(), NOW), queued }
    expect(settle(run)).toBe(false)
    expect(run.writes.telephony).toBe(WRITES_MAX + 1)
    expect(faultAt(rules, { state: run.state, chases: true })).toBe('chase')
  })

  test('a profile is proved by itself, and its finding names it', () => {
    const text = `${B}profiles: [{ name: one product, agents: [a], exclusive: true }]\n`
    const [finding, ...others] = errorsIn(text)
    expect(others).toEqual([])
    expect(finding?.message).toContain('(profile "one product")')
    expect(finding?.hint).toContain('profile: one product')
  })
})

test('every story that a proof tells of any rules is true on the whole bridge', async () => {
  await fc.assert(
    fc.asyncProperty(rulesAbout({ names: ['Q', 'R', 'B', 'L'], strangers: ['X'] }), async ({ rules, statuses }) => {
      const exclusive = { ...rules, exclusive: true }
      for (const { story, playable } of explore(exclusive, { statuses }).faults) {
        if (playable) expect(await missesOf(exclusive, story)).toEqual([])
      }
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 40) },
  )
})

test('rules that are too rich are not proved, and not waited for', () => {
  const { findings, mapping, states } = loadMapping(B, { file: 'm.yaml', patience: 100 })
  expect(findings.map(({ code }) => code)).toEqual(['not-proved'])
  expect(mapping).not.toBeNull()
  expect(states).toBeLessThan(loadMapping(B, { file: 'm.yaml' }).states)
})

test('what is found before the patience ends is told all the same', () => {
  const { findings } = loadMapping(`${A}login: lead\n`, { file: 'm.yaml', patience: 30 })
  expect(findings.map(({ code }) => code)).toContain('proof-both-available')
})
