// Rows that become one must still lead where they led.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { otherSide, SIDES, type Side } from '../../../src/domain/side.ts'
import { foldRows } from '../../../src/mapping/import/fold-rows.ts'
import type { Direction, FoundEntry, FoundRow } from '../../../src/mapping/import/found.ts'

function row(line: number, crm: string, telephony: string, direction: Direction = 'both'): FoundRow {
  return { kind: 'row', crm: [crm], telephony: [telephony], direction, origins: [{ file: 'f', line }] }
}

const rows = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.constantFrom('x', 'y', 'z'),
      fc.constantFrom<Direction>('both', 'to_crm', 'to_telephony'),
    ),
    { maxLength: 10 },
  )
  .map((all) => all.map(([crm, telephony, direction], index) => row(index + 1, crm, telephony, direction)))

/** Where each status leads, in the order of the rows: what the engine makes of them. */
function partners(entries: readonly FoundEntry[]): Record<string, readonly string[]> {
  const found: Record<string, string[]> = {}
  for (const entry of entries) {
    if (entry.kind !== 'row') continue
    for (const side of SIDES.filter((one) => leads(entry, one)))
      for (const from of entry[side])
        for (const to of entry[otherSide(side)]) {
          const known = found[`${side} ${from}`] ?? []
          found[`${side} ${from}`] = known.includes(to) ? known : [...known, to]
        }
  }
  return found
}

function leads({ direction }: FoundRow, side: Side): boolean {
  return direction === 'both' || direction === `to_${otherSide(side)}`
}

function linesOf(entries: readonly FoundEntry[]): readonly number[] {
  const origins = entries.flatMap((entry) => (entry.kind === 'row' ? entry.origins : (entry.origin ?? [])))
  return origins.map(({ line }) => line).sort((a, b) => a - b)
}

describe('folded rows', () => {
  test('lead to the same statuses in the same order, those apart that are told as left out', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const folded = foldRows(all)
        const out = new Set(linesOf(folded.filter(({ kind }) => kind === 'left_out')))
        const kept = all.filter(({ origins: [origin] }) => !out.has(origin?.line ?? 0))
        expect(partners(folded)).toEqual(partners(kept))
      }),
      { numRuns: 1_000 },
    )
  })

  test('leave nothing out that would ever be set', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const firsts = (entries: readonly FoundEntry[]) =>
          Object.fromEntries(Object.entries(partners(entries)).map(([from, [to]]) => [from, to]))
        expect(firsts(foldRows(all))).toEqual(firsts(all))
      }),
      { numRuns: 1_000 },
    )
  })

  test('account for every line once', () => {
    fc.assert(
      fc.property(rows, (all) => {
        expect(linesOf(foldRows(all))).toEqual(all.map((_, index) => index + 1))
      }),
    )
  })

  test('are folded once and for all', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const once = foldRows(all)
        expect(foldRows(once).filter(({ kind }) => kind === 'row')).toEqual(once.filter(({ kind }) => kind === 'row'))
      }),
    )
  })
})

describe('examples', () => {
  test('two ways become one row', () => {
    const folded = foldRows([row(1, 'Lunch', 'Meal', 'to_crm'), row(2, 'Lunch', 'Meal', 'to_telephony')])
    expect(folded).toMatchObject([
      { crm: ['Lunch'], telephony: ['Meal'], direction: 'both', origins: [{ line: 1 }, { line: 2 }] },
    ])
  })

  test('statuses of one partner become a list, the first one first', () => {
    const folded = foldRows([row(1, 'Break', 'Break'), row(2, 'Coaching', 'Break')])
    expect(folded).toMatchObject([{ crm: ['Break', 'Coaching'], telephony: ['Break'] }])
  })

  test('a one-way row that leads a status elsewhere is left out, with the line that wins', () => {
    const [, second] = foldRows([row(1, 'A', 'X', 'to_telephony'), row(2, 'A', 'Y', 'to_telephony')])
    expect(second).toMatchObject({
      kind: 'left_out',
      words: 'In the CRM "A" leads to "X" already (line 1), so "Y" would never be set.',
    })
  })

  test('what says the same again is a note', () => {
    expect(foldRows([row(1, 'A', 'X'), row(2, 'A', 'X', 'to_crm')])[1]).toMatchObject({ kind: 'note' })
  })
})
