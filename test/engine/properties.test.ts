import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { OFFLINE, otherSide, SIDES, type Side } from '../../src/domain/side.ts'
import type { AgentState } from '../../src/engine/state.ts'
import { isBlocked, liveWrite } from '../../src/engine/turn.ts'
import { type Row, ruleset, type Sketch } from '../support/rules.ts'
import { type Act, World } from './world.ts'

const NAMES = ['Q', 'R', 'B', 'L', 'T', 'M']
const AVAILABLE = ['Q', 'R']
const BUSY = ['B', 'L', 'T', 'M']
const CHANNELS = ['call', 'chat']

const side = fc.constantFrom<Side>('crm', 'telephony')
const names = (from: string[]) => fc.subarray(from, { minLength: 1, maxLength: 2 })
const row: fc.Arbitrary<Row> = fc.record({
  crm: names([...NAMES, OFFLINE]),
  telephony: names([...NAMES, OFFLINE]),
  direction: fc.constantFrom('both' as const, 'to_crm' as const, 'to_telephony' as const),
})
const blocking = fc.record({
  status: fc.constantFrom(...BUSY),
  channels: fc.constantFrom(['call'], ['chat'], CHANNELS),
  from: fc.constantFrom('offered' as const, 'accepted' as const),
  minItems: fc.constantFrom(1, 2),
  wrapUp: fc.boolean(),
  releaseAfterMs: fc.constantFrom(0, 5_000),
  onOverride: fc.constantFrom('reassert' as const, 'allow' as const),
})
const transition = fc.oneof(
  fc.record({ status: fc.constantFrom(...BUSY) }),
  fc.record({ status: fc.constantFrom(...BUSY), forMs: fc.constant(3_000), end: fc.constantFrom(...NAMES) }),
)
const partly = <T>(value: fc.Arbitrary<T>) => fc.record({ crm: value, telephony: value }, { requiredKeys: [] })
const sketch: fc.Arbitrary<Sketch> = fc.record({
  available: fc.constant({ crm: AVAILABLE, telephony: AVAILABLE }),
  rows: fc.array(row, { maxLength: 6 }),
  transition: partly(transition),
  unmapped: partly(fc.constantFrom(...BUSY)),
  login: fc.constantFrom('follow' as const, 'lead' as const),
  prefer: fc.constantFrom('latest' as const, 'crm' as const, 'telephony' as const, 'less_available' as const),
  blocking: partly(blocking),
})
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('set' as const), side, status: fc.constantFrom(...NAMES, OFFLINE) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('work' as const),
      side,
      item: fc.constantFrom('1', '2', '3'),
      channel: fc.constantFrom(...CHANNELS),
      state: fc.constantFrom(
        'offered' as const,
        'accepted' as const,
        'wrap_up' as const,
        'closed' as const,
        'declined' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(10, 1_000, 6_000, 20_000) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), side, pick: fc.nat(5), twice: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('apply' as const), side }) },
)
const history = fc.record({ sketch, acts: fc.array(act, { maxLength: 60, size: 'max' }) })

function live(given: { sketch: Sketch; acts: Act[] }): World {
  const world = new World(ruleset(given.sketch))
  for (const a of given.acts) world.act(a)
  return world
}

const RUNS = { numRuns: Number(process.env.FC_RUNS ?? 1_000) }

describe('whatever happens', () => {
  test('the bridge comes to rest, and then shows what it wants to show', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        for (const s of SIDES) {
          const { observed, base, block } = world.state[s]
          expect(observed).toBe(world.platform[s])
          expect(liveWrite(world.state[s])).toBeNull()
          const blocked = isBlocked(world.state[s]) && world.rules.available[s].has(base)
          if (observed !== OFFLINE) expect(observed).toBe(blocked ? block?.status : base)
        }
      }),
      RUNS,
    )
  })

  test('with no new events it stops within two writes a side (invariant 1)', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        // What people did is reported first; only then is nothing new under way.
        for (const s of SIDES) while (world.underWay[s].length > 0) world.deliver(s, 0, false)
        const timers = SIDES.filter((s) => world.state[s].block?.release || world.state[s].transition).length
        const writes = world.rest()
        for (const s of SIDES) expect(writes[s]).toBeLessThanOrEqual(2 + timers)
      }),
      RUNS,
    )
  })

  test('at rest an unrelated pair has a reason in the record (invariant 2)', () => {
    const reasons = [
      'unrelated',
      'unmapped',
      'transition',
      'transition_over',
      'default',
      'no_sync',
      'logout',
      'logged_out',
      'conflict',
      'adopted',
    ]
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        const { crm, telephony } = world.state
        if (world.rules.related(crm.base, telephony.base)) return
        expect([crm.cause.reason, telephony.cause.reason].some((r) => reasons.includes(r))).toBe(true)
      }),
      RUNS,
    )
  })

  test('at rest a side with a block in force is not available (invariant 3)', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        for (const s of SIDES) {
          if (isBlocked(world.state[s])) expect(AVAILABLE).not.toContain(world.platform[s])
        }
      }),
      RUNS,
    )
  })

  test('a side is blocked exactly when enough open items count (invariant 4)', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        for (const s of SIDES) {
          const rule = given.sketch.blocking?.[s]
          const counted = world.openItems(otherSide(s)).filter((w) => {
            if (rule?.channels !== undefined && !rule.channels.includes(w.channel)) return false
            if (w.state === 'offered') return rule?.from !== 'accepted'
            return w.state === 'accepted' || rule?.wrapUp !== false
          }).length
          const enough = rule !== undefined && counted >= (rule.minItems ?? 1)
          expect(world.state[s].block !== null).toBe(enough)
        }
      }),
      RUNS,
    )
  })

  test('delivering history again changes nothing and writes nothing (invariant 5)', () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(), { maxLength: 20 }), (given, again) => {
        const world = live(given)
        world.rest()
        const before = outcome(world.state)
        const writes = world.writes
        const past = [...world.delivered]
        for (const pick of again) {
          const event = past[pick % Math.max(1, past.length)]
          if (event === undefined) continue
          const { orders } = world.decide({ kind: 'report', side: event.side, report: event.report, begunAt: null })
          expect(orders).toEqual([])
        }
        expect(outcome(world.state)).toEqual(before)
        expect(world.writes).toBe(writes)
      }),
      RUNS,
    )
  })

  test('each write has a decision, and each side at most one reason (invariant 7)', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        for (const { verdicts, orders } of world.steps) {
          expect(new Set(verdicts.map((v) => v.side)).size).toBe(verdicts.length)
          expect(verdicts.length).toBeGreaterThan(0)
          for (const order of orders) {
            if (order.kind !== 'write') continue
            expect(verdicts.find((v) => v.side === order.side)?.to).toBe(order.status)
          }
        }
      }),
      RUNS,
    )
  })

  test('nobody is made available who did not choose it, and nobody is logged in (invariant 8, R2)', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        for (const { orders, verdicts } of world.steps) {
          for (const order of orders) {
            if (order.kind !== 'write') continue
            expect(order.expect === OFFLINE && order.status !== OFFLINE).toBe(false)
            const reason = verdicts.find((v) => v.side === order.side)?.reason
            if (AVAILABLE.includes(order.status)) expect(reason).not.toBe('default')
          }
        }
      }),
      RUNS,
    )
  })
})

function outcome(state: AgentState) {
  const of = (s: Side) => ({ observed: state[s].observed, base: state[s].base, block: state[s].block?.phase ?? null })
  return { crm: of('crm'), telephony: of('telephony') }
}
