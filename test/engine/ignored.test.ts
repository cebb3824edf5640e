// R17: a platform that took a write and did nothing is told from one that was not reached yet.

import { expect, test } from '@jest/globals'
import type { Input } from '../../src/engine/input.ts'
import { type AgentState, markSent, markTaken, newAgent } from '../../src/engine/state.ts'
import { type Step, step } from '../../src/engine/step.ts'
import { liveWrite } from '../../src/engine/turn.ts'
import { id, ruleset } from '../support/rules.ts'

const RULES = ruleset({ available: { crm: ['Q'], telephony: ['Q'] }, rows: [{ crm: ['L'], telephony: ['M'] }] })
const MINUTE_MS = 60_000

/** Somebody who went to lunch in telephony; the write to the CRM has left the outbox. */
function written(): { state: AgentState; decide: (input: Input) => Step; seq: number; pass: (ms: number) => void } {
  let now = 1_000_000
  let seq = 0
  const world = { state: newAgent(), decide, seq: 0, pass: (ms: number) => (now += ms) }
  function decide(input: Input): Step {
    seq += 1
    const result = step({ state: world.state, input, rules: RULES, now, seq, writing: true })
    world.state = result.state
    for (const order of result.orders)
      if (order.kind === 'write') world.state = markSent(world.state, { side: order.side, seq, now })
    return result
  }
  const reading = { status: id('Q'), stamp: { at: now }, work: [] }
  decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
  pass(1_000)
  const report = { kind: 'status', status: id('M'), stamp: { at: now }, by: 'agent' } as const
  decide({ kind: 'report', side: 'telephony', report, begunAt: null })
  world.seq = seq
  return world
  function pass(ms: number): void {
    now += ms
  }
}

/** A periodic reading found nothing new, and whatever was written more than `confirm_within` ago should have shown. */
function lookAgain(world: ReturnType<typeof written>): Step {
  world.pass(5 * MINUTE_MS)
  return world.decide({ kind: 'compare', side: 'crm', sentBefore: Number.MAX_SAFE_INTEGER, taken: 'ignored' })
}

test('a write that still waits for a closed console is not given up, however often the side is read meanwhile', () => {
  const world = written()
  for (let times = 0; times < 10; times += 1) {
    const result = lookAgain(world)
    expect(result.ignored).toEqual([])
    expect(result.orders).toEqual([])
  }
  expect(liveWrite(world.state.crm)?.seq).toBe(world.seq)
  expect(world.state.crm.stuck).toBeNull()
})

test('a write that was taken and does not show is told to be ignored, and tried again', () => {
  const world = written()
  world.state = markTaken(world.state, { side: 'crm', seq: world.seq })
  const result = lookAgain(world)
  expect(result.ignored).toEqual([{ side: 'crm', seq: world.seq }])
  expect(result.orders).toMatchObject([{ kind: 'write', side: 'crm', status: 'L' }])
})
