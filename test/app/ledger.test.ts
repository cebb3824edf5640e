// Outcomes of writes are told with the decision that asked for them.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createLedger } from '../../src/app/ledger.ts'
import type { Clock } from '../../src/domain/clock.ts'
import type { DecisionSeq, LogRecord } from '../../src/domain/record.ts'
import type { AgentId, Side } from '../../src/domain/side.ts'

/** Time stands still, so nothing is forgotten because of it. */
const STILL: Clock = { now: () => 0, after: () => () => {}, soon: () => {} }

function decided(reason: 'mapped' | 'blocked'): LogRecord {
  const time = new Date(0).toISOString()
  return {
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
  }
}

/** Gives the reason with which an outcome is told; null: it is not told. */
function createTold() {
  let reason: string | null = null
  const ledger = createLedger({
    clock: STILL,
    finished: () => {},
    waiting: () => {},
    settled: ({ side }, { decisions }) => {
      reason = decisions.find((decision) => decision.side === side)?.reason ?? null
    },
  })
  return {
    open: (seq: DecisionSeq, record: LogRecord) => ledger.open(seq, record, 0),
    of({ seq, side, outcome }: { seq: DecisionSeq; side: Side; outcome: 'sent' | 'confirmed' }): string | null {
      reason = null
      ledger.outcome(seq, side, outcome)
      return reason
    },
  }
}

test('each outcome has the reason of its decision, until the last one', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('mapped' as const, 'blocked' as const), { maxLength: 30 }), (reasons) => {
      const known = createTold()
      for (const [at, reason] of reasons.entries()) known.open(at, decided(reason))
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
  const known = createTold()
  const record = decided('mapped')
  for (let seq = 1; seq <= 200_010; seq += 1) known.open(seq, record)
  expect(known.of({ seq: 10, side: 'crm', outcome: 'sent' })).toBeNull()
  expect(known.of({ seq: 11, side: 'crm', outcome: 'sent' })).toBe('mapped')
  expect(known.of({ seq: 200_010, side: 'crm', outcome: 'sent' })).toBe('mapped')
})
