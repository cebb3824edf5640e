// Records as the bridge writes them, for the journal's tests.

import type { JournalBatch, JournalEntry } from '../../src/domain/journal.ts'
import type { Reason } from '../../src/domain/reason.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import type { AgentId } from '../../src/domain/side.ts'

const START = Date.parse('2026-11-21T10:00:00.000Z')

export function agentId(name: string): AgentId {
  return name as AgentId
}

/** The time of a record made so many ms after ten o'clock. */
export function at(ms: number): string {
  return new Date(START + ms).toISOString()
}

function record(name: string, ms: number, reason: Reason = 'mapped'): LogRecord {
  return {
    time: at(ms),
    agent: agentId(name),
    event: {
      side: 'telephony',
      kind: 'status',
      from: 'Available',
      to: 'On Queue',
      by: 'agent',
      at: at(ms),
      id: `e${ms}`,
    },
    decisions: [{ side: 'crm', reason, from: 'Online', to: 'Busy', rule: 'mappings.yaml:7' }],
    writes: [{ side: 'crm', status: 'Busy', outcome: 'waiting' }],
    mapping: 'sha256:1f0c',
    sentence: `${name} went On Queue in telephony, so the CRM was set from Online to Busy (mappings.yaml line 7).`,
  }
}

export function entry(seq: number, name = 'jane', more: { ms?: number; reason?: Reason } = {}): JournalEntry {
  return { seq, record: record(name, more.ms ?? seq * 1_000, more.reason) }
}

export function batch(more: Partial<JournalBatch>): JournalBatch {
  return { entries: [], states: new Map(), outcomes: [], marks: new Map(), ...more }
}
