// Outcomes of writes are counted by the reason why they were wanted.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createWriteReasons } from '../../src/app/write-reasons.ts'
import type { JournalEntry } from '../../src/domain/journal.ts'
import type { AgentId } from '../../src/domain/side.ts'

function decided(seq: number, reason: 'mapped' | 'blocked'): JournalEntry {
  const time = new Date(0).toISOString()
  return {
    seq,
    record: {
      time,
      agent: 'ada' as AgentId,
      event: { kind: 'status', at: time },
      decisions: [
        { side: 'telephony', reason: 'echo', from: 'Q', to: 'Q' },
        { side: 'crm', reason, from: 'Q', to: 'T' },
      ],
      writes: [{ side: 'crm', status: 'T', outcome: 'waiting' }],
      mapping: 'sha256:0',
      sentence: '',
    },
  }
}

test('each outcome has the reason of its decision, until the last one', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('mapped' as const, 'blocked' as const), { maxLength: 30 }), (reasons) => {
      const known = createWriteReasons()
      for (const [at, reason] of reasons.entries()) known.decided(decided(at, reason))
      for (const [seq, reason] of reasons.entries()) {
        expect(known.of({ seq, side: 'crm', outcome: 'sent' })).toBe(reason)
        expect(known.of({ seq, side: 'telephony', outcome: 'sent' })).toBeNull()
        expect(known.of({ seq, side: 'crm', outcome: 'confirmed' })).toBe(reason)
        expect(known.of({ seq, side: 'crm', outcome: 'confirmed' })).toBeNull()
      }
    }),
  )
})

test('of a flood of writes that never end, the newest are known', () => {
  const known = createWriteReasons()
  for (let seq = 1; seq <= 20_010; seq += 1) known.decided(decided(seq, 'mapped'))
  expect(known.of({ seq: 10, side: 'crm', outcome: 'sent' })).toBeNull()
  expect(known.of({ seq: 11, side: 'crm', outcome: 'sent' })).toBe('mapped')
  expect(known.of({ seq: 20_010, side: 'crm', outcome: 'sent' })).toBe('mapped')
})
