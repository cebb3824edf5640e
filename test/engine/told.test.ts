// What people are told of overlaps and of blocks that stand for long: in the record of a decision and by `why`.

import { expect, test } from '@jest/globals'
import { detailOf } from '../../src/app/agent-view.ts'
import { type AgentEntry, createAgents } from '../../src/app/agents.ts'
import { recordOf } from '../../src/app/record.ts'
import { STUCK_BLOCK_MS } from '../../src/domain/limits.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import type { Rules } from '../../src/domain/rules.ts'
import { type AgentId, type PlatformUserId, SIDES, type Side } from '../../src/domain/side.ts'
import type { WorkState } from '../../src/domain/work.ts'
import type { Input } from '../../src/engine/input.ts'
import { newAgent } from '../../src/engine/state.ts'
import { step } from '../../src/engine/step.ts'
import { id, ruleset } from '../support/rules.ts'

const START = Date.UTC(2026, 10, 21, 10)
const RULES: Rules = {
  hash: 'sha256:0',
  file: 'mappings.yaml',
  top: ruleset({
    available: { crm: ['On Queue'], telephony: ['On Queue'] },
    rows: [{ crm: ['On Queue'], telephony: ['On Queue'] }],
    blocking: { crm: { status: 'Busy' }, telephony: { status: 'Busy' } },
  }),
  profiles: new Map(),
  statuses: { crm: new Set(), telephony: new Set() },
  label: (_side, status) => status,
}

/** Jane, on queue on both sides; every step gives its record. */
class Told {
  now = START
  readonly entry: AgentEntry
  #seq = 0

  constructor() {
    const users = { crm: 'j' as PlatformUserId, telephony: 'j' as PlatformUserId }
    const agent = 'jane@acme.example' as AgentId
    const [entry] = createAgents([{ agent, name: 'Jane', aliases: [], users, profile: null }], RULES).all
    if (entry === undefined) throw new Error('nobody')
    this.entry = entry
    entry.state = newAgent()
    const reading = { status: id('On Queue'), stamp: { at: this.now }, work: [] }
    this.decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
  }

  decide(input: Input): LogRecord {
    this.#seq += 1
    const { entry, now } = this
    const result = step({ state: entry.state, input, rules: RULES.top, now, seq: this.#seq, writing: true })
    entry.state = result.state
    return recordOf({ entry, input, step: result, rules: RULES, now, before: null, what: null, exposed: undefined })
  }

  work(side: Side, item: string, channel: string, state: WorkState): LogRecord {
    this.now += 1_000
    const report = { kind: 'work', item, channel, state, stamp: { at: this.now } } as const
    return this.decide({ kind: 'report', side, report, begunAt: null })
  }

  shows(side: Side, status: string): LogRecord {
    const report = { kind: 'status', status: id(status), stamp: { at: this.now }, by: 'unknown' } as const
    return this.decide({ kind: 'report', side, report, begunAt: null })
  }

  why(): string {
    return detailOf(this.entry, { rules: RULES, pending: [], shadow: false }).sentence
  }
}

test('the record of the event that ends an overlap has its length, and says it', () => {
  const told = new Told()
  told.work('crm', 'c1', 'chat', 'accepted')
  expect(told.work('telephony', 't1', 'call', 'offered')).not.toHaveProperty('overlaps')
  told.now += 11_000
  const record = told.work('telephony', 't1', 'call', 'closed')
  expect(record.overlaps).toEqual([{ side: 'telephony', item: 't1', from: '2026-11-21T10:00:02.000Z', ms: 12_000 }])
  expect(record.sentence).toMatch(
    /^Jane's call in telephony ended \(closed\), .*, and this call was open beside work in the CRM: the two overlapped for 12 s\.$/,
  )
})

test.each([
  [200, '200 ms'],
  [59_800, '1 min'],
  [200_000, '3 min 20 s'],
  [4 * 3_600_000 + 5 * 60_000, '4 h 5 min'],
])('%d ms are said as %s', (ms, words) => {
  const told = new Told()
  told.work('crm', 'c1', 'chat', 'accepted')
  told.work('telephony', 't1', 'call', 'offered')
  told.now += ms - 1_000
  expect(told.work('crm', 'c1', 'chat', 'closed').sentence).toContain(
    `this chat was open beside work in telephony: the two overlapped for ${words}.`,
  )
})

test('a block that stands for long names its work and how to end it', () => {
  const told = new Told()
  told.work('crm', 'c1', 'chat', 'accepted')
  told.work('crm', 'c2', 'case', 'offered')
  told.now = (told.entry.state.telephony.block?.since ?? 0) + STUCK_BLOCK_MS
  const record = told.decide({ kind: 'timer' })
  expect(record.decisions).toMatchObject([{ side: 'telephony', reason: 'still_blocked', rule: 'blocking telephony' }])
  expect(record.sentence).toBe(
    'Jane has been blocked in telephony for 4 h by chat c1 and case c2 in the CRM (if that ended long ago: ' +
      'presence-bridge release jane@acme.example releases it), and telephony stays blocked (blocking telephony).',
  )
})

test('other timers are told as before', () => {
  const told = new Told()
  const frozen = { due: told.now, order: 1 }
  told.entry.state = { ...told.entry.state, frozen }
  expect(told.decide({ kind: 'timer' }).sentence).toMatch(/^A timer of Jane ran out, /)
})

test('why says which work holds a block', () => {
  const told = new Told()
  expect(told.why()).toBe('Jane is On Queue in the CRM and On Queue in telephony.')
  for (const n of [1, 2, 3, 4, 5]) told.work('crm', `c${n}`, 'chat', 'accepted')
  told.shows('telephony', 'Busy')
  told.entry.state = { ...told.entry.state, telephony: { ...told.entry.state.telephony, own: [] } }
  expect(told.why()).toBe(
    'Jane is On Queue in the CRM and Busy in telephony (blocked by chat c1, chat c2, chat c3 and 2 more in the CRM).',
  )
})

test('what an agent shall show is the same for the decision and for those who ask', () => {
  const told = new Told()
  const record = told.work('crm', 'c1', 'chat', 'accepted')
  const detail = detailOf(told.entry, { rules: RULES, pending: [], shadow: false })
  expect(detail.telephony.target).toBe(record.writes.find((w) => w.side === 'telephony')?.status)
  expect(SIDES.map((s) => detail[s].base)).toEqual(['On Queue', 'On Queue'])
})
