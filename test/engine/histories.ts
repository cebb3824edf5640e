// Random rules and random histories of one agent between two platforms.

import fc from 'fast-check'
import { OFFLINE, type Side } from '../../src/domain/side.ts'
import { type Row, ruleset, type Sketch } from '../support/rules.ts'
import { type Act, World } from './world.ts'

export const NAMES = ['Q', 'R', 'B', 'L', 'T', 'M']
export const AVAILABLE = ['Q', 'R']
const BUSY = ['B', 'L', 'T', 'M']
const CHANNELS = ['call', 'chat']

export const side = fc.constantFrom<Side>('crm', 'telephony')
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
export const sketch: fc.Arbitrary<Sketch> = fc.record({
  available: fc.constant({ crm: AVAILABLE, telephony: AVAILABLE }),
  rows: fc.array(row, { maxLength: 6 }),
  transition: partly(transition),
  unmapped: partly(fc.constantFrom(...BUSY)),
  login: fc.constantFrom('follow' as const, 'lead' as const),
  prefer: fc.constantFrom('latest' as const, 'crm' as const, 'telephony' as const, 'less_available' as const),
  blocking: partly(blocking),
})
export const act: fc.Arbitrary<Act> = fc.oneof(
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
export const history = fc.record({ sketch, acts: fc.array(act, { maxLength: 60, size: 'max' }) })

export function live(given: { sketch: Sketch; acts: Act[] }): World {
  const world = new World(ruleset(given.sketch))
  for (const a of given.acts) world.act(a)
  return world
}

export const RUNS = { numRuns: Number(process.env.FC_RUNS ?? 1_000) }
