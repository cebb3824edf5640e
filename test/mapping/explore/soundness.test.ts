// The short cuts of the proof are sound: with them and without them the verdict on any rules is the same.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Ruleset } from '../../../src/domain/rules.ts'
import { OFFLINE } from '../../../src/domain/side.ts'
import { explore } from '../../../src/mapping/explore/explore.ts'
import { id, type Row, ruleset, type Sketch } from '../../support/rules.ts'
import { naively } from './naive.ts'

const RUNS = Number(process.env.FC_RUNS ?? 0)
const partly = <T>(value: fc.Arbitrary<T>) => fc.record({ crm: value, telephony: value }, { requiredKeys: [] })

/** Rules without errors about these statuses, of which only the first two may be available; the strangers stand in no rule and are all alike. */
function rulesAbout(names: readonly string[], strangers: readonly string[], blocking: Sketch['blocking'] | 'any') {
  const [quiet, taking] = [names.slice(2), names.slice(0, 2)]
  const available = fc.record({ crm: fc.subarray(taking), telephony: fc.subarray(taking) })
  const some = fc.subarray([...names, OFFLINE], { minLength: 1, maxLength: 3 })
  const row: fc.Arbitrary<Row> = fc.record({
    crm: some,
    telephony: some,
    direction: fc.constantFrom('both' as const, 'to_crm' as const, 'to_telephony' as const),
  })
  const status = fc.constantFrom(...quiet)
  const transition = fc.oneof(
    fc.record({ status }),
    fc.record({ status, forMs: fc.constantFrom(3_000, 30_000), end: fc.constantFrom(...names) }),
  )
  const block = fc.record({
    status,
    from: fc.constantFrom('offered' as const, 'accepted' as const),
    minItems: fc.constantFrom(1, 1, 2),
    wrapUp: fc.boolean(),
    releaseAfterMs: fc.constantFrom(0, 5_000, 30_000),
    onOverride: fc.constantFrom('reassert' as const, 'allow' as const),
  })
  const blocked =
    blocking === 'any'
      ? fc.oneof(fc.record({ crm: block }), fc.record({ telephony: block }))
      : fc.constant(blocking ?? {})
  const sketch: fc.Arbitrary<Sketch> = fc.record({
    available,
    rows: fc.array(row, { maxLength: 4 }),
    transition: partly(transition),
    unmapped: partly(status),
    noSync: partly(fc.subarray([...names], { maxLength: 1 })),
    login: fc.constantFrom('follow' as const, 'lead' as const),
    prefer: fc.constantFrom('latest' as const, 'crm' as const, 'telephony' as const, 'less_available' as const),
    blocking: blocked,
  })
  const startup = fc.constantFrom('adopt' as const, 'crm' as const, 'telephony' as const)
  const statuses = [...names, ...strangers].map(id)
  return fc
    .record({ sketch, exclusive: fc.boolean(), startup })
    .map((given): { rules: Ruleset; statuses: { crm: typeof statuses; telephony: typeof statuses } } => ({
      rules: { ...ruleset(given.sketch), exclusive: given.exclusive, startup: given.startup },
      statuses: { crm: statuses, telephony: statuses },
    }))
}

function agrees({ rules, statuses }: { rules: Ruleset; statuses: Parameters<typeof naively>[1] }): void {
  const proof = explore(rules, { statuses })
  const { verdict, states } = naively(rules, statuses)
  const found = new Map<string, number>()
  for (const { kind, events } of proof.faults) found.set(kind, Math.min(events, found.get(kind) ?? events))
  const expected = new Map([...verdict].map(([kind, price]): [string, number] => [kind, price % 100]))
  expect(proof.unproved).toBeNull()
  expect(found).toEqual(expected)
  expect(proof.states).toBe(states)
}

describe('the proof says the same as looking at every state one by one', () => {
  test('for any rows, transitions, defaults, log-ins and conflicts', () => {
    fc.assert(fc.property(rulesAbout(['Q', 'R', 'B', 'L'], ['X', 'Y', 'Z'], {}), agrees), { numRuns: RUNS || 40 })
  })

  test('for any work, blocks, releases and overrides', () => {
    fc.assert(fc.property(rulesAbout(['Q', 'R', 'T'], ['X'], 'any'), agrees), { numRuns: RUNS || 15 })
  })
})
