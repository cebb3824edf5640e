// Two sets of rules of which one is the other with some of its parts changed.

import fc from 'fast-check'
import type { Ruleset } from '../../../src/domain/rules.ts'
import { type BySide, OFFLINE, type StatusId } from '../../../src/domain/side.ts'
import { id, type Row, ruleset, type Sketch } from '../../support/rules.ts'

type Options = {
  /** Only the first two may be available. */
  readonly names: readonly string[]
  /** They stand in no rule and are all alike. */
  readonly strangers: readonly string[]
  readonly blocks?: boolean
}

type Given = { readonly before: Ruleset; readonly now: Ruleset; readonly statuses: BySide<readonly StatusId[]> }

const partly = <T>(value: fc.Arbitrary<T>) => fc.record({ crm: value, telephony: value }, { requiredKeys: [] })

export function mutated({ names, strangers, blocks = false }: Options): fc.Arbitrary<Given> {
  const sketch = sketchOf(names, blocks)
  const statuses = [...names, ...strangers].map(id)
  const key = fc.constantFrom<keyof Sketch>(
    'available',
    'rows',
    'rows',
    'rows',
    'transition',
    'unmapped',
    'noSync',
    'login',
    'prefer',
    ...(blocks ? (['blocking', 'blocking', 'blocking'] as const) : []),
  )
  return fc
    .record({
      old: sketch,
      other: sketch,
      row: fc.nat(3),
      change: fc.nat(3),
      keys: fc.uniqueArray(key, { maxLength: 2 }),
    })
    .map(({ old, other, row, change, keys }) => {
      const parts = Object.fromEntries(keys.map((one) => [one, other[one]]))
      const rows = keys.includes('rows') ? { rows: changeRow(old.rows, other.rows[0], row, change) } : {}
      return {
        before: ruleset(old),
        now: ruleset({ ...old, ...parts, ...rows }),
        statuses: { crm: statuses, telephony: statuses },
      }
    })
}

/** One row removed, added, replaced or put elsewhere. */
function changeRow(rows: Row[], other: Row | undefined, at: number, change: number): Row[] {
  const place = rows.length === 0 ? 0 : at % rows.length
  const row = rows[place]
  const added = other === undefined ? [] : [other]
  if (change === 0) return rows.toSpliced(place, 1)
  if (change === 1) return rows.toSpliced(place, 0, ...added)
  if (change === 2) return rows.toSpliced(place, 1, ...added)
  return row === undefined ? rows : [row, ...rows.toSpliced(place, 1)]
}

function sketchOf(names: readonly string[], blocks: boolean): fc.Arbitrary<Sketch> {
  const taking = fc.subarray(names.slice(0, 2))
  const some = fc.subarray([...names, OFFLINE], { minLength: 1, maxLength: 3 })
  const quiet = fc.constantFrom(...names.slice(2))
  const row: fc.Arbitrary<Row> = fc.record({
    crm: some,
    telephony: some,
    direction: fc.constantFrom('both' as const, 'to_crm' as const, 'to_telephony' as const),
  })
  const ending = { forMs: fc.constantFrom(3_000, 30_000), end: fc.constantFrom(...names) }
  return fc.record({
    available: fc.record({ crm: taking, telephony: taking }),
    rows: fc.array(row, { maxLength: 4 }),
    transition: partly(fc.oneof(fc.record({ status: quiet }), fc.record({ status: quiet, ...ending }))),
    unmapped: partly(quiet),
    noSync: partly(fc.subarray([...names], { maxLength: 1 })),
    login: fc.constantFrom('follow' as const, 'lead' as const),
    prefer: fc.constantFrom('latest' as const, 'crm' as const, 'telephony' as const, 'less_available' as const),
    blocking: blocks ? partly(blockOf(quiet)) : fc.constant({}),
  })
}

function blockOf(status: fc.Arbitrary<string>) {
  return fc.record({
    status,
    channels: fc.subarray(['chat', 'call']),
    from: fc.constantFrom('offered' as const, 'accepted' as const),
    minItems: fc.constantFrom(1, 1, 2),
    wrapUp: fc.boolean(),
    releaseAfterMs: fc.constantFrom(0, 5_000, 30_000),
    onOverride: fc.constantFrom('reassert' as const, 'allow' as const),
  })
}
