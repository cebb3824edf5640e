// The file that is made is read again: whatever a status is called, it is called so in the mapping, and no comment breaks out of its line.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import type { FoundEntry } from '../../../src/mapping/import/found.ts'
import { nameOf } from '../../../src/mapping/import/found.ts'
import { linesToFillIn, renderStarter, type Starter } from '../../../src/mapping/import/starter.ts'

const word = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(':', '#', ' ', '-', '"', "'", ',', '[', '}', '&', '*', '!', '|', '%', '\\', 'a'),
    maxLength: 6,
  }),
  fc.constantFrom('true', 'null', '1', '1e3', '~', 'off', '0x1f', '2026-01-01', '...', '---', '? a', 'FILL IN: x'),
)
const name = word.map(nameOf).filter((text) => text !== '')
const names = fc.array(name, { minLength: 1, maxLength: 3 })

function starter(more: Partial<Starter>): Starter {
  const nothing = { names: [], how: 'unknown' } as const
  return {
    head: [],
    available: { crm: nothing, telephony: nothing },
    entries: [],
    noSync: { crm: [], telephony: [] },
    blocks: [],
    suggested: { transition: { crm: null, telephony: null }, channels: { crm: [], telephony: [] } },
    severalFiles: false,
    ...more,
  }
}

test('every name comes back from the file', () => {
  fc.assert(
    fc.property(names, names, name, (crm, telephony, status) => {
      const origins = [{ file: 'f', line: 1 }]
      const text = renderStarter(
        starter({
          available: { crm: { names: crm, how: 'given' }, telephony: { names: telephony, how: 'guessed' } },
          entries: [{ kind: 'row', crm, telephony, direction: 'to_crm', origins }],
          noSync: { crm: [], telephony },
          blocks: [{ side: 'crm', on: true, status, channels: telephony, from: 'accepted', origins }],
          suggested: { transition: { crm: status, telephony: status }, channels: { crm, telephony } },
        }),
      )
      const one = (all: readonly string[]) => (all.length === 1 ? all[0] : all)
      expect(parse(text)).toEqual({
        version: 1,
        available: { crm, telephony },
        mapped: [{ crm: one(crm), telephony: one(telephony), direction: 'to_crm' }],
        no_sync: { telephony },
        blocking: { crm: { status, channels: telephony, from: 'accepted' } },
      })
    }),
  )
})

test('no words of a source become anything but a comment', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (words) => {
      const origin = { file: words, line: 1 }
      const entries: readonly FoundEntry[] = [
        { kind: 'left_out', origin, words },
        { kind: 'note', origin: null, words },
      ]
      const text = renderStarter(starter({ head: [words], entries, severalFiles: true }))
      expect(parse(text)).toEqual({ version: 1, available: { crm: [], telephony: [] }, mapped: [] })
    }),
  )
})

test('the lines to fill in are those that say so', () => {
  const text = renderStarter(starter({}))
  const lines = text.split('\n')
  const said = linesToFillIn(text).map((line) => lines[line - 1])
  expect(said).toHaveLength(3)
  for (const line of said) expect(line).toMatch(/^ *# FILL IN: /)
})
