// What holds for every mapping file, whatever is in it.

import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { otherSide, SIDES } from '../../src/domain/side.ts'
import { loadMapping } from '../../src/mapping/compile.ts'

const name = fc.constantFrom('Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo', 'Foxtrot')
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 3 })
const row = fc.record({ crm: names, telephony: names, direction: fc.constantFrom('both', 'to_crm', 'to_telephony') })
const rows = fc.array(row, { minLength: 1, maxLength: 6 })

function asYaml(mapped: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ available: { crm: [], telephony: [] }, mapped, ...more })
}

describe('any compiled rules', () => {
  test('have only partners that are related, each once, and the first of the first row that leads is the primary', () => {
    fc.assert(
      fc.property(rows, (mapped) => {
        const { mapping } = loadMapping(asYaml(mapped), { file: 'm.yaml' })
        if (!mapping) return // the same row twice
        const { partners, related } = mapping.rules.top
        for (const side of SIDES) {
          for (const [status, list] of partners[side]) {
            expect(new Set(list.map((partner) => partner.status)).size).toBe(list.length)
            for (const partner of list) {
              const both = { [side]: status, [otherSide(side)]: partner.status } as {
                crm: typeof status
                telephony: typeof status
              }
              expect(related(both.crm, both.telephony)).toBe(true)
            }
            const way = side === 'crm' ? 'to_crm' : 'to_telephony'
            const first = mapped.find((one) => one.direction !== way && one[side].some((known) => known === status))
            expect(list[0]?.status).toBe(first?.[otherSide(side)][0])
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  test('are the same for a profile that changes nothing as for the top level', () => {
    fc.assert(
      fc.property(rows, (mapped) => {
        const more = { profiles: [{ name: 'p', agents: ['a'] }] }
        const { mapping } = loadMapping(asYaml(mapped, more), { file: 'm.yaml' })
        if (!mapping) return
        const { related: _mine, profile: _name, ...own } = mapping.rules.profiles.get('p') ?? mapping.rules.top
        const { related: _theirs, profile: _none, ...top } = mapping.rules.top
        expect(mapping.rules.profiles.size).toBe(1)
        expect(own).toEqual(top)
      }),
      { numRuns: 50 },
    )
  })
})

describe('any text', () => {
  const scrap = fc.constantFrom(
    'available',
    'mapped',
    'crm',
    ': ',
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    'On Queue',
    '"',
    '*a',
    '&a ',
    '<<',
    '1',
    '#',
    '\t',
    '|',
  )

  test('gives findings inside the file, or a mapping, and never throws', () => {
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 40 }), (scraps) => {
        const text = scraps.join('')
        const lines = text.split('\n')
        const { findings, mapping } = loadMapping(text, { file: 'm.yaml' })
        expect(mapping === null).toBe(findings.some(({ severity }) => severity === 'error'))
        for (const finding of findings) {
          expect(finding.line).toBeLessThanOrEqual(lines.length)
          expect(finding.source).toBe(lines[finding.line - 1])
          expect(finding.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('that is a damaged good file says so without throwing', () => {
    const good = asYaml([{ crm: 'A', telephony: 'B' }], { login: 'follow', blocking: { crm: { status: 'C' } } })
    fc.assert(
      fc.property(fc.nat({ max: good.length }), fc.nat({ max: 6 }), scrap, (start, length, instead) => {
        const text = good.slice(0, start) + instead + good.slice(start + length)
        const { findings, mapping } = loadMapping(text, { file: 'm.yaml' })
        expect(mapping === null).toBe(findings.some(({ severity }) => severity === 'error'))
      }),
      { numRuns: 300 },
    )
  })
})
