// What holds for the comparison of any two mapping files.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import type { Ruleset } from '../../../src/domain/rules.ts'
import { SIDES, type Side, type StatusId } from '../../../src/domain/side.ts'
import { END_STATES, OPEN_STATES, type WorkState } from '../../../src/domain/work.ts'
import { newAgent } from '../../../src/engine/state.ts'
import { isBlocked } from '../../../src/engine/turn.ts'
import { loadMapping } from '../../../src/mapping/compile.ts'
import { compareMappings, isDifferent, type MappingsDiff } from '../../../src/mapping/diff/compare.ts'
import { compareRules } from '../../../src/mapping/diff/groups.ts'
import { reportOf } from '../../../src/mapping/diff/report.ts'
import { storyOf } from '../../../src/mapping/diff/story.ts'
import { NOW } from '../../../src/mapping/explore/move.ts'
import { beginRun, hear, pass, type Run, settle, unbroken } from '../../../src/mapping/explore/run.ts'
import { id } from '../../support/rules.ts'
import { mutated } from './mutation.ts'
import { missesIn, rulesWith } from './play.ts'

const RUNS = Number(process.env.FC_RUNS ?? 0)
const CALL_CENTRE = readFileSync('test/mapping/diff/call-centre.before.yaml', 'utf8')
/** The same with the rows that nothing here is about left out. */
const SHORT = CALL_CENTRE.replaceAll(/^ {2}- \{ crm: (?:Back|Team|E-L|Follow|Esc|Fire|Gone|Missed).*\n/gm, '')
const label = (_side: Side, status: StatusId) => status

function compareTexts(before: string, now: string, patience?: number): MappingsDiff {
  const load = (text: string) => {
    const { mapping, findings } = loadMapping(text, { file: 'm.yaml', patience: 0 }) // whether they are proved is not asked here
    if (mapping === null) throw new Error(JSON.stringify(findings))
    return mapping
  }
  return compareMappings({ before: load(before), now: load(now) }, { profile: null, patience })
}

describe('stories', () => {
  const any = mutated({ names: ['Q', 'R', 'T'], strangers: ['X', 'Y'], blocks: true })

  test('are true under the rules that they are told of, and not under the others', async () => {
    let told = 0
    await fc.assert(
      fc.asyncProperty(any, async ({ before, now, statuses }) => {
        const labels = { before: label, now: label }
        for (const group of compareRules({ before, now }, { statuses }).groups) {
          if (group.told === null || !group.told.playable) continue
          const input = { told: group.told, name: 'n', profile: null, labels }
          const [was, is] = [storyOf(input, 'before'), storyOf(input, 'now')]
          expect([await missesIn(rulesWith(before), was), was]).toEqual([[], was])
          expect([await missesIn(rulesWith(now), is), is]).toEqual([[], is])
          if (group.told.visible && was !== is) expect(await missesIn(rulesWith(now), was)).not.toEqual([])
          told += 1
        }
      }),
      { numRuns: RUNS || 8 },
    )
    expect(told).toBeGreaterThan(0)
  })
})

type Event = { readonly side: Side } & (
  | { readonly kind: 'status'; readonly status: StatusId }
  | { readonly kind: 'work'; readonly item: string; readonly channel: string | null; readonly state: WorkState }
)

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('status' as const),
    side: fc.constantFrom(...SIDES),
    status: fc.constantFrom(...['Q', 'R', 'T', 'X', 'Offline'].map(id)),
  }),
  fc.record({
    kind: fc.constant('work' as const),
    side: fc.constantFrom(...SIDES),
    item: fc.constantFrom('1', '2', '3'),
    channel: fc.constantFrom('chat', 'call', 'fax', null),
    state: fc.constantFrom<WorkState>(...OPEN_STATES, ...END_STATES),
  }),
)

function live(run: Run, { side, ...happens }: Event): void {
  pass(run, 40_000) // longer than every timer of these rules
  const stamp = { at: run.now }
  if (happens.kind === 'status') hear(run, side, { kind: 'status', status: happens.status, stamp, by: 'agent' })
  else hear(run, side, { ...happens, stamp })
  settle(run)
}

function seen({ state }: Run): unknown {
  return SIDES.map((side) => [state[side].observed, state[side].base, isBlocked(state[side])])
}

describe('two sets of rules that are told to be the same', () => {
  const any = mutated({ names: ['Q', 'R', 'T'], strangers: ['X'], blocks: true })

  test('do the same in any life of an agent, whatever work comes', () => {
    const figures = { same: 0, different: 0 }
    const lives = fc.array(fc.array(event, { minLength: 5, maxLength: 25 }), { minLength: 12, maxLength: 12 })
    fc.assert(
      fc.property(any, lives, ({ before, now, statuses }, events) => {
        const differs = events.some((life) => partsWays({ before, now }, life))
        figures[differs ? 'different' : 'same'] += 1
        if (differs) expect(compareRules({ before, now }, { statuses }).groups).not.toEqual([])
      }),
      { numRuns: RUNS || 12 },
    )
    expect(Math.min(figures.same, figures.different)).toBeGreaterThan(1)
  })
})

function partsWays(rules: { before: Ruleset; now: Ruleset }, life: readonly Event[]): boolean {
  const [a, b] = [beginRun(unbroken(rules.before), newAgent(), NOW), beginRun(unbroken(rules.now), newAgent(), NOW)]
  return life.some((one) => {
    live(a, one)
    live(b, one)
    return JSON.stringify(seen(a)) !== JSON.stringify(seen(b))
  })
}

describe('a file against itself', () => {
  const keys = Object.keys(parse(CALL_CENTRE))

  test('has no difference, however it is laid out and in whatever order its keys stand', () => {
    const order = fc.shuffledSubarray(keys, { minLength: keys.length })
    const comments = fc.array(fc.constantFrom('', '# old', '# new: { crm: Lunch }'), { maxLength: 3 })
    fc.assert(
      fc.property(order, comments, fc.constantFrom(0, 1, 4), (names, lines, indent) => {
        const all = parse(CALL_CENTRE)
        const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, all[name]])), null, indent)
        const found = compareTexts(CALL_CENTRE, [...lines, text, ...lines].join('\n'))
        expect(isDifferent(found)).toBe(false)
        const { sections, verdict } = reportOf(found)
        expect(sections.flatMap(({ entries, settings }) => [...entries, ...settings])).toEqual([])
        expect(verdict).toMatch(/^No difference: [\d,]{6,} situations with what may happen next were compared\.$/)
      }),
      { numRuns: 4 },
    )
  })
})

describe('what no exploration shows', () => {
  test.each([
    ['release_after: 5s', 'release_after: 9s', 'blocking.telephony: release_after: 5s → 9s'],
    ['for: 5m', 'for: 6m', 'transition.telephony: for: 5m → 6m'],
    ['window: 2s', 'window: 4s', 'conflict.window: 2s → 4s'],
    ['version: 1', 'version: 1\nconfirm_within: 20s', 'confirm_within: 10s → 20s'],
    ['version: 1', 'version: 1\nlimits: { mass_logout: 40% }', 'limits.mass_logout: 30% → 40%'],
    ['version: 1', 'version: 1\nmode: shadow', 'mode: live → shadow'],
  ])('%s to %s is told although every outcome is the same', (old, next, told) => {
    const found = compareTexts(SHORT, SHORT.replace(old, next))
    expect(isDifferent(found)).toBe(true)
    expect(reportOf(found).sections.flatMap(({ entries }) => entries)).toEqual([])
    expect(reportOf(found).sections.flatMap(({ settings }) => settings)).toEqual([told])
  })

  test.each([
    ['match_by: email', 'match_by: username', ['people are matched by username, before by email']],
    [
      'exclude: [admin@',
      'exclude: [root@',
      ['now excluded: root@acme.example', 'no longer excluded: admin@acme.example'],
    ],
    ['team: Chat', 'team: Cases', ['profile chat-only is for team Cases, before for team Chat']],
    [
      '[lee@',
      '[kim@',
      [
        'now listed in profile night-shift: kim@acme.example',
        'no longer listed in profile night-shift: lee@acme.example',
      ],
    ],
    [
      'jane.doe@',
      'jane.roe@',
      [
        'now paired: jane@acme.example with jane.roe@acme.example',
        'no longer paired: jane@acme.example with jane.doe@acme.example',
      ],
    ],
    ['exclude: [admin@acme.example]', 'exclude: [Admin@ACME.example]', []],
  ])('%s to %s is told of the people', (old, next, told) => {
    expect(reportOf(compareTexts(SHORT, SHORT.replace(old, next))).people).toEqual(told)
  })
})

test('a change of the top level is told once, and not again for every profile that has it too', () => {
  const found = compareTexts(
    CALL_CENTRE,
    CALL_CENTRE.replace('{ crm: Lunch, telephony: Meal }', '{ crm: Lunch, telephony: Idle Meal }'),
  )
  const [top, ...profiles] = found.parts
  expect(top?.own.length).toBeGreaterThan(0)
  expect(profiles.find(({ profile }) => profile === 'chat-only')).toMatchObject({ own: [], shared: top?.own.length })
})

test('what becomes too much is said not to be complete', () => {
  const { parts } = compareTexts(CALL_CENTRE, CALL_CENTRE, 20_000)
  expect(parts.map(({ diff }) => diff.incomplete)).toContain('there are too many states')
})

/** Forty statuses a side and sixty rows. */
function large(rows: (all: readonly object[]) => readonly object[], more = ''): string {
  const status = (side: string, index: number) => (index === 0 ? 'On Queue' : `${side} ${index % 38}`)
  const both = Array.from({ length: 38 }, (_none, i) => ({ crm: status('c', i), telephony: status('t', i) }))
  const oneWay = Array.from({ length: 22 }, (_none, i) => ({
    crm: status('c', i + 2),
    telephony: status('t', 5 * i + 1),
    direction: i % 2 === 0 ? 'to_crm' : 'to_telephony',
  }))
  const mapped = `mapped: ${JSON.stringify(rows([...both, ...oneWay]))}`
  const text = readFileSync('test/stories/scenario-b.mappings.yaml', 'utf8')
  return `${text.replace(/mapped:\n.*\n/, `${mapped}\n`)}${more}`
}

test('forty statuses a side and sixty rows are compared completely', () => {
  const found = compareTexts(
    large((all) => all),
    large((all) => all.toSpliced(5, 1), 'conflict: { prefer: crm }'),
  )
  expect(found.parts.map(({ diff }) => diff.incomplete)).toEqual([null])
  expect(found.parts[0]?.diff.groups.length).toBeGreaterThan(3)
})

test('what a block does differently is told besides what a row does differently, also of the same status', () => {
  const text = readFileSync('test/stories/scenario-b.mappings.yaml', 'utf8')
  const next = text
    .replace('telephony: On Queue }', 'telephony: [On Queue, Ready] }')
    .replace('telephony: on', 'telephony: { on_override: allow }')
  const sentences = reportOf(compareTexts(text, next)).sections.flatMap(({ entries }) =>
    entries.map((one) => one.sentence),
  )
  expect(sentences.filter((one) => /reasserted.*overridden/.test(one))).toHaveLength(1)
  expect(sentences.filter((one) => /going to "Ready": the CRM .* now it is left at "On Queue"/.test(one))).toHaveLength(
    1,
  )
})
