// Who is touched by new rules: those from whose place something leads elsewhere.

import { expect, test } from '@jest/globals'
import { isTouched } from '../../../src/mapping/diff/touched.ts'
import { id, ruleset, type Sketch } from '../../support/rules.ts'

const SKETCH: Sketch = {
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [
    { crm: ['Q'], telephony: ['Q'] },
    { crm: ['L'], telephony: ['M'] },
  ],
  transition: { crm: { status: 'T' }, telephony: { status: 'T' } },
  blocking: { telephony: { status: 'T', channels: ['chat'] } },
}
const before = ruleset(SKETCH)
const statuses = { crm: new Set(['Q', 'L', 'T'].map(id)), telephony: new Set(['Q', 'M', 'T'].map(id)) }
const chat = { item: '1', channel: 'chat', state: 'accepted', stamp: { at: 1 } } as const

function standing(crm: string, telephony: string, work: (typeof chat)[] = []) {
  return { crm: { status: id(crm), work }, telephony: { status: id(telephony), work: [] } }
}

test('nobody, where the rules say the same', () => {
  const now = ruleset({ ...SKETCH })
  for (const crm of ['Q', 'L', 'T', 'Offline'])
    for (const telephony of ['Q', 'M', 'T', 'Offline'])
      expect(isTouched({ before, now }, standing(crm, telephony, [chat]), statuses)).toBe(false)
})

test('whoever may go to the status of a row that is new, but not who is logged out on the other side', () => {
  const now = ruleset({
    ...SKETCH,
    rows: [...SKETCH.rows, { crm: ['T'], telephony: ['M'], direction: 'to_telephony' }],
  })
  expect(isTouched({ before, now }, standing('Q', 'Q'), statuses)).toBe(true)
  expect(isTouched({ before, now }, standing('Offline', 'Offline'), statuses)).toBe(false)
})

test('whose chat blocks no more', () => {
  const now = ruleset({ ...SKETCH, blocking: {} })
  expect(isTouched({ before, now }, standing('Q', 'Q', [chat]), statuses)).toBe(true)
  expect(isTouched({ before, now }, standing('Q', 'Q'), statuses)).toBe(false)
})
