// Any rules that the checks find no error in: no block, transition or default is available.

import fc from 'fast-check'
import type { Ruleset } from '../../../src/domain/rules.ts'
import { type BySide, OFFLINE, type StatusId } from '../../../src/domain/side.ts'
import { id, type Row, ruleset, type Sketch } from '../../support/rules.ts'

export type Given = { readonly rules: Ruleset; readonly statuses: BySide<readonly StatusId[]> }

type Options = {
  /** Only the first two may be available. */
  readonly names: readonly string[]
  /** They stand in no rule and are all alike. */
  readonly strangers: readonly string[]
  /** Which sides are blocked; left out: none. */
  readonly blocks?: 'one' | 'both'
}

const partly = <T>(value: fc.Arbitrary<T>) => fc.record({ crm: value, telephony: value }, { requiredKeys: [] })

export function rulesAbout({ names, strangers, blocks }: Options): fc.Arbitrary<Given> {
  const taking = fc.subarray(names.slice(0, 2))
  const some = fc.subarray([...names, OFFLINE], { minLength: 1, maxLength: 3 })
  const quiet = fc.constantFrom(...names.slice(2))
  const row: fc.Arbitrary<Row> = fc.record({
    crm: some,
    telephony: some,
    direction: fc.constantFrom('both' as const, 'to_crm' as const, 'to_telephony' as const),
  })
  const ending = { forMs: fc.constantFrom(3_000, 30_000), end: fc.constantFrom(...names) }
  const sketch: fc.Arbitrary<Sketch> = fc.record({
    available: fc.record({ crm: taking, telephony: taking }),
    rows: fc.array(row, { maxLength: 4 }),
    transition: partly(fc.oneof(fc.record({ status: quiet }), fc.record({ status: quiet, ...ending }))),
    unmapped: partly(quiet),
    noSync: partly(fc.subarray([...names], { maxLength: 1 })),
    login: fc.constantFrom('follow' as const, 'lead' as const),
    prefer: fc.constantFrom('latest' as const, 'crm' as const, 'telephony' as const, 'less_available' as const),
    blocking: blocking(block(quiet), blocks),
  })
  const startup = fc.constantFrom('adopt' as const, 'crm' as const, 'telephony' as const)
  const statuses = [...names, ...strangers].map(id)
  return fc.record({ sketch, exclusive: fc.boolean(), startup }).map((given) => ({
    rules: { ...ruleset(given.sketch), exclusive: given.exclusive, startup: given.startup },
    statuses: { crm: statuses, telephony: statuses },
  }))
}

function blocking(
  one: ReturnType<typeof block>,
  blocks: Options['blocks'],
): fc.Arbitrary<NonNullable<Sketch['blocking']>> {
  if (blocks === undefined) return fc.constant({})
  if (blocks === 'both') return fc.record({ crm: one, telephony: one })
  return fc.oneof(fc.record({ crm: one }), fc.record({ telephony: one }))
}

function block(status: fc.Arbitrary<string>) {
  return fc.record({
    status,
    from: fc.constantFrom('offered' as const, 'accepted' as const),
    minItems: fc.constantFrom(1, 1, 2),
    wrapUp: fc.boolean(),
    releaseAfterMs: fc.constantFrom(0, 5_000, 30_000),
    onOverride: fc.constantFrom('reassert' as const, 'allow' as const),
  })
}
