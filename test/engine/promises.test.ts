// The promises that are checked in production: no history breaks one, and each of them is heard when it is broken.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { OWN_WRITES_MAX } from '../../src/domain/limits.ts'
import { type BySide, otherSide, SIDES, type Side } from '../../src/domain/side.ts'
import { brokenPromise } from '../../src/engine/promises.ts'
import type { AgentState, SideState } from '../../src/engine/state.ts'
import { type Step, step } from '../../src/engine/step.ts'
import { id, ruleset, type Sketch } from '../support/rules.ts'
import { act, live, NAMES, RUNS, side, sketch } from './histories.ts'
import { type Act, World } from './world.ts'

const listed = fc.subarray(NAMES, { minLength: 1 })

/** The same rules with other statuses available, as far as a mapping file may say so: nothing goes to an available one by itself. */
function allowed(s: Sketch, available: BySide<string[]>): Sketch {
  const fits = (on: Side, status: string | undefined) => status !== undefined && !available[on].includes(status)
  const only = <T>(of: Partial<BySide<T>> | undefined, keep: (value: T, on: Side) => boolean) =>
    Object.fromEntries(
      SIDES.flatMap((on) => {
        const value = of?.[on]
        return value !== undefined && keep(value, on) ? [[on, value]] : []
      }),
    )
  return {
    ...s,
    available,
    transition: only(s.transition, ({ status }, on) => fits(on, status)),
    blocking: only(s.blocking, ({ status }, on) => fits(on, status)),
    unmapped: only(s.unmapped, (status, on) => fits(otherSide(on), status)),
  }
}

const rudeAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: act },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      side,
      outcome: fc.constantFrom('refused' as const, 'failed' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      side,
      taken: fc.constantFrom('lost' as const, 'ignored' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Act>({ kind: 'release' }) },
  { weight: 1, arbitrary: fc.constant<Act>({ kind: 'pause' }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('reload' as const, 'restart' as const), sketch, listed, listed)
      .map(([kind, s, crm, telephony]): Act => ({ kind, rules: ruleset(allowed(s, { crm, telephony })) })),
  },
)

test('no history breaks a promise, whatever fails, is read, released, paused, reloaded or started again', () => {
  fc.assert(
    fc.property(
      fc.record({ sketch, acts: fc.array(rudeAct, { maxLength: 80, size: 'max' }) }),
      (given) => void live(given), // the world looks at every step and throws
    ),
    RUNS,
  )
})

const RULES = ruleset({
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [
    { crm: ['Q'], telephony: ['Q'] },
    { crm: ['L'], telephony: ['L'] },
  ],
  transition: { telephony: { status: 'T' } },
  blocking: { telephony: { status: 'T' } },
})

type Case = { before: AgentState; result: Step; seq: number }

/** Both sides at lunch; then the crm goes on queue, so that telephony is ordered there. */
function ordered(): Case {
  const world = new World(RULES)
  for (const s of ['crm', 'telephony'] as const) world.platform[s] = id('L')
  const reading = { status: id('L'), stamp: { at: world.now }, work: [] }
  world.decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
  const before = world.state
  const report = { kind: 'status', status: id('Q'), stamp: { at: world.now + 1 }, by: 'agent' } as const
  const input = { kind: 'report', side: 'crm', report, begunAt: null } as const
  const result = step({ state: before, input, rules: RULES, now: world.now + 1, seq: 9, writing: true })
  return { before, result, seq: 9 }
}

function spoilSide(given: Case, s: Side, spoil: (state: SideState) => Partial<SideState>): Case {
  const { result } = given
  const state = { ...result.state, [s]: { ...result.state[s], ...spoil(result.state[s]) } }
  return { ...given, result: { ...result, state } }
}

function broken({ before, result, seq }: Case): string | null {
  return brokenPromise({ before, result, rules: RULES, seq })
}

const BLOCK = {
  phase: 'standing',
  status: id('T'),
  rule: 'r',
  since: 0,
  reasserts: 0,
  release: null,
  stuck: { due: 1, order: 1 },
} as const
const ITEM = { item: '1', channel: 'chat', state: 'accepted', stamp: { at: 1 }, heardAt: 1 } as const
const OWN = { seq: 1, status: id('T'), at: 1, phase: 'sent', taken: false, superseded: true, seen: { at: 1 } } as const

describe('a promise that is broken is named', () => {
  test('while none is, there is nothing to say', () => {
    const given = ordered()
    expect(given.result.orders).toHaveLength(1)
    expect(broken(given)).toBeNull()
  })

  test('two orders for one side', () => {
    const given = ordered()
    const orders = [...given.result.orders, ...given.result.orders]
    expect(broken({ ...given, result: { ...given.result, orders } })).toMatch(/more than one order/)
  })

  test('an order without a verdict, or with one that wants something else', () => {
    const given = ordered()
    expect(broken({ ...given, result: { ...given.result, verdicts: [] } })).toMatch(/no verdict/)
    const verdicts = given.result.verdicts.map((v) => ({ ...v, to: id('L') }))
    expect(broken({ ...given, result: { ...given.result, verdicts } })).toMatch(/no verdict/)
  })

  test('an order that logs somebody in', () => {
    expect(broken(spoilSide(ordered(), 'telephony', () => ({ observed: id('Offline') })))).toMatch(/logged out/)
  })

  test('an order of which no own write is remembered', () => {
    expect(broken(spoilSide(ordered(), 'telephony', () => ({ own: [] })))).toMatch(/not remembered/)
    expect(broken({ ...ordered(), seq: 10 })).toMatch(/not remembered/)
  })

  test('an order to an available status while a block is in force', () => {
    const given = spoilSide(ordered(), 'telephony', () => ({ block: BLOCK }))
    expect(broken(given)).toMatch(/invariant 3/)
  })

  test('an order to an available status that is not the base', () => {
    expect(broken(spoilSide(ordered(), 'telephony', () => ({ base: id('L') })))).toMatch(/not its base/)
  })

  test.each(['default', 'transition', 'unmapped'] as const)('an order to an available status by %s', (reason) => {
    const given = spoilSide(ordered(), 'telephony', () => ({ cause: { reason, rule: null } }))
    expect(broken(given)).toMatch(/nobody chose it/)
    const chosen = { at: 1, to: id('Q'), bases: { crm: id('Q'), telephony: id('Q') }, bothIn: true }
    expect(broken(spoilSide(given, 'telephony', () => ({ change: chosen })))).toBeNull()
  })

  test('a block without enough work, and enough work without a block', () => {
    expect(broken(spoilSide(quiet(), 'telephony', () => ({ block: BLOCK })))).toMatch(
      /is blocked \(standing\) although not enough/,
    )
    expect(broken(spoilSide(quiet(), 'crm', () => ({ work: [ITEM] })))).toMatch(/is not blocked although enough/)
    const holding = { ...BLOCK, phase: 'holding' as const }
    const held = spoilSide(quiet(), 'telephony', () => ({ block: holding }))
    expect(broken(held)).toBeNull()
    expect(broken(spoilSide(held, 'crm', () => ({ work: [ITEM] })))).toMatch(/\(holding\) although enough/)
  })

  test('an item that is remembered twice', () => {
    const given = spoilSide(quiet(), 'telephony', () => ({ work: [ITEM, ITEM] }))
    expect(broken(given)).toMatch(/remembered twice/)
  })

  test('own writes that are too many, or still wanted beside a newer one', () => {
    const many = Array.from({ length: OWN_WRITES_MAX + 1 }, () => OWN)
    expect(broken(spoilSide(quiet(), 'crm', () => ({ own: many })))).toMatch(/own writes/)
    const wanted = [{ ...OWN, superseded: false }, OWN]
    expect(broken(spoilSide(quiet(), 'crm', () => ({ own: wanted })))).toMatch(/own writes/)
  })
})

/** The same step without its orders, for what is promised of states. */
function quiet(): Case {
  const given = ordered()
  return { ...given, result: { ...given.result, orders: [] } }
}
