// Troubles: each cause has words and, where something can be done, what; the moment that is asked about decides what comes first.

import { describe, expect, test } from '@jest/globals'
import type { ServiceEvent } from '../../src/domain/history.ts'
import type { JournalEntry } from '../../src/domain/journal.ts'
import { EXPOSURE_CAUSES, type ExposureCause, type LogRecord, type WriteRecord } from '../../src/domain/record.ts'
import { SIDES } from '../../src/domain/side.ts'
import { causeWords, remedyFor } from '../../src/history/cause-words.ts'
import { chronicleOf } from '../../src/history/timeline.ts'
import type { Trouble } from '../../src/history/trouble.ts'
import { troublesOf } from '../../src/history/troubles.ts'
import { agentId, at, entry } from '../journal/records.ts'
import { readerFor } from './memory-reader.ts'

describe('every cause', () => {
  test.each(SIDES)('of the side %s has words and a remedy of its own', (side) => {
    const words = EXPOSURE_CAUSES.map((cause) => causeWords(cause, side))
    expect(new Set(words).size).toBe(EXPOSURE_CAUSES.length)
    for (const cause of EXPOSURE_CAUSES)
      expect(remedyFor(cause, { side, rule: 'mappings.yaml:9' })).toMatch(/^[A-Z].*\.$/)
  })
})

const JANE = agentId('jane')
const MINUTE = 60_000

function withRecord(seq: number, ms: number, more: Partial<LogRecord>): JournalEntry {
  const { record } = entry(seq, 'jane', { ms })
  return { seq, record: { ...record, ...more } }
}

function told(
  entries: readonly JournalEntry[],
  more: { minute?: number; past?: boolean; service?: readonly ServiceEvent[] } = {},
): readonly Trouble[] {
  const { minute = 10, past = false, service = [] } = more
  const reader = readerFor({ entries, service })
  const span = { from: at(0), to: at(60 * MINUTE), now: at(60 * MINUTE) }
  const found = chronicleOf(reader, { agent: JANE, name: 'Jane', ...span })
  const aroundMs = past ? { before: 5 * MINUTE, after: 5 * MINUTE } : { before: 60 * MINUTE, after: 0 }
  return troublesOf({ ...found, at: at(minute * MINUTE), aroundMs, clock: (iso) => iso.slice(11, 19) })
}

const write = (more: Partial<WriteRecord>): Partial<LogRecord> => ({
  writes: [{ side: 'crm', status: 'Busy', outcome: 'waiting', ...more }],
})

test.each([
  [{ outcome: 'shadow' }, 'shadow', /would have been written.*shadow mode/],
  [{ outcome: 'refused', ms: 5, words: 'not granted' }, 'write', /^The CRM refused Busy \(not granted\)/],
  [{ outcome: 'failed', ms: 5, words: 'no answer' }, 'write', /given up \(no answer\)/],
  [{ outcome: 'ignored', ms: 5 }, 'write', /took Busy and did not set it/],
  [{ waited: 'the console is closed' }, 'write', /waits to be written to the CRM.*\(the console is closed\)/],
] as const)('a write that is %o is told, with what to do', (more, kind, words) => {
  const [first] = told([withRecord(1, MINUTE, write(more))])
  expect(first).toMatchObject({ kind, words: expect.stringMatching(words), remedy: expect.stringMatching(/./) })
})

test('a write that was confirmed, or that was overtaken, is no trouble', () => {
  const confirmed = withRecord(1, MINUTE, write({ outcome: 'confirmed', ms: 90 }))
  expect(told([confirmed])).toEqual([])
  const chosen = withRecord(2, 2 * MINUTE, {
    event: { side: 'crm', kind: 'status', from: 'Online', to: 'Lunch', by: 'agent', at: at(2 * MINUTE) },
    decisions: [{ side: 'telephony', reason: 'already', from: 'Meal', to: 'Meal' }],
    writes: [],
  })
  expect(told([withRecord(1, MINUTE, write({})), chosen])).toEqual([])
})

test('who is paused is told with who asked for it and how to end it', () => {
  const what = 'paused by maria (training)'
  const [first] = told([
    withRecord(1, MINUTE, { event: { kind: 'admin', what, at: at(MINUTE) }, decisions: [], writes: [] }),
  ])
  expect(first).toMatchObject({ kind: 'paused', words: `Nothing is written for them: ${what}.` })
  expect(first?.remedy).toContain('presence-bridge resume --agent jane')
})

function reached(cause: ExposureCause): readonly JournalEntry[] {
  const call = {
    side: 'telephony',
    kind: 'work',
    item: 'call-1',
    channel: 'call',
    state: 'accepted',
    at: at(MINUTE),
  } as const
  const chat = {
    side: 'crm',
    kind: 'work',
    item: 'chat-1',
    channel: 'chat',
    state: 'offered',
    at: at(2 * MINUTE),
  } as const
  const exposed = [{ side: 'crm', cause }] as const
  return [
    withRecord(1, MINUTE, { event: call, exposed, writes: [] }),
    withRecord(2, 2 * MINUTE, {
      event: chat,
      exposed,
      writes: [],
      decisions: [{ side: 'crm', reason: 'overlap', from: 'Online', to: 'Busy' }],
    }),
    withRecord(3, 3 * MINUTE, {
      event: { ...chat, state: 'closed' },
      exposed: [],
      writes: [],
      decisions: [{ side: 'crm', reason: 'already', from: 'Busy', to: 'Busy' }],
    }),
  ]
}

test.each(EXPOSURE_CAUSES)(
  'work that came while %s is told first of what happened then, with both pieces of work',
  (cause) => {
    const [first] = told(reached(cause), { minute: 2, past: true })
    expect(first?.kind).toBe('reached')
    expect(first?.words).toMatch(/^Chat chat-1 reached Jane in the CRM during call call-1 in telephony, because /)
    expect(first?.words).toContain(causeWords(cause, 'crm'))
  },
)

test('what has nothing to do with the moment is not told', () => {
  expect(told(reached('refused'), { minute: 30, past: true }).map(({ kind }) => kind)).not.toContain('reached')
})

test('a link that was down while a write waited is named as the reason, with its times', () => {
  const service: readonly ServiceEvent[] = [
    { time: at(0.5 * MINUTE), kind: 'link_down', side: 'crm', words: 'the socket was closed' },
    { time: at(4 * MINUTE), kind: 'link_up', side: 'crm', words: 'connected' },
  ]
  const [first] = told(reached('under_way'), { minute: 2, past: true, service })
  expect(first?.words).toContain(
    'the CRM was not reachable from 10:00:30 to 10:04:00 (the socket was closed), the write waited',
  )
})
