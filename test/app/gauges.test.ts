// How all agents stand, as the metrics show it.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { AgentEntry } from '../../src/app/agents.ts'
import { agentFigures, DRIFT_AFTER_MS } from '../../src/app/gauges.ts'
import { STUCK_BLOCK_MS } from '../../src/domain/limits.ts'
import { SIDES } from '../../src/domain/side.ts'
import { history, live } from '../engine/histories.ts'
import type { World } from '../engine/world.ts'
import { id, ruleset } from '../support/rules.ts'
import { entriesOf } from './entries.ts'

const LIVE = { now: 1_000_000, shadow: false }

function entryOf(world: World, name: string): AgentEntry {
  const [entry] = entriesOf(name)
  if (entry === undefined) throw new Error(name)
  return Object.assign(entry, { state: world.state, rules: world.rules, started: true, decidedAt: world.now })
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((a, b) => a + b, 0)
}

test('every agent is counted once by where they are logged in, and at most once a side as drifting or exposed', () => {
  fc.assert(
    fc.property(fc.array(history, { maxLength: 4 }), fc.boolean(), (histories, shadow) => {
      const worlds = histories.map(live)
      const entries = worlds.map((world, index) => entryOf(world, `a${index}`))
      const now = Math.max(0, ...worlds.map((world) => world.now)) + DRIFT_AFTER_MS
      const figures = agentFigures(entries, { now, shadow })
      expect(figures.agents).toBe(entries.length)
      expect(sum(figures.loggedIn)).toBe(entries.length)
      expect(figures.held.shadow).toBe(shadow ? entries.length : 0)
      for (const side of SIDES) {
        const { drifting, exposed, available, blocked, stuck, oldestBlock } = figures.sides[side]
        expect(sum(drifting)).toBeLessThanOrEqual(entries.length)
        expect(sum(exposed)).toBeLessThanOrEqual(available)
        expect(stuck).toBeLessThanOrEqual(blocked)
        expect(oldestBlock === null).toBe(blocked === 0)
      }
    }),
  )
})

test('figures of two teams together are the sum of each', () => {
  fc.assert(
    fc.property(history, history, (a, b) => {
      const [one, two] = [entryOf(live(a), 'a'), entryOf(live(b), 'b')]
      const at = { now: 10_000_000, shadow: false }
      const [first, second, both] = [[one], [two], [one, two]].map((entries) => agentFigures(entries, at))
      for (const side of SIDES) {
        const of = (figures: typeof first) => figures?.sides[side]
        expect(both && sum(both.sides[side].drifting)).toBe(
          sum(of(first)?.drifting ?? {}) + sum(of(second)?.drifting ?? {}),
        )
        expect(of(both)?.working).toBe((of(first)?.working ?? 0) + (of(second)?.working ?? 0))
        expect(of(both)?.available).toBe((of(first)?.available ?? 0) + (of(second)?.available ?? 0))
      }
    }),
  )
})

test('at rest, where the platforms did what they were told, nobody drifts', () => {
  fc.assert(
    fc.property(history, (given) => {
      const world = live(given)
      world.rest()
      const entry = entryOf(world, 'ada')
      const { sides } = agentFigures([entry], { now: world.now + 10 * DRIFT_AFTER_MS, shadow: false })
      for (const side of SIDES) expect(sum(sides[side].drifting) - sides[side].drifting.frozen).toBe(0)
    }),
  )
})

describe('an agent on queue in the CRM who shall be at Lunch there', () => {
  const rules = ruleset({ available: { crm: ['Q'], telephony: ['Q'] }, rows: [] })

  function drifting(own: object, over: Partial<AgentEntry> = {}, now = LIVE.now) {
    const [entry] = entriesOf('ada')
    if (entry === undefined) throw new Error('nobody')
    const crm = { ...entry.state.crm, observed: id('Q'), base: id('Lunch'), ...own }
    Object.assign(entry, { state: { ...entry.state, crm }, rules, started: true, decidedAt: now - 20_000, ...over })
    const { drifting } = agentFigures([entry], { now, shadow: false }).sides.crm
    return Object.entries(drifting).flatMap(([cause, count]) => (count > 0 ? [cause] : []))
  }
  const write = { seq: 1, status: id('Lunch'), at: LIVE.now - 16_000, superseded: false, seen: { at: 0 } }
  const stuck = { status: id('Lunch'), words: 'no' }

  test.each([
    ['the write waits for a console', { own: [{ ...write, phase: 'turned_away', taken: false }] }, {}, 'not_taken'],
    ['the write is not reported back', { own: [{ ...write, phase: 'sent', taken: true }] }, {}, 'not_confirmed'],
    ['the platform refused', { stuck: { ...stuck, kind: 'refused' } }, {}, 'refused'],
    ['the write was given up', { stuck: { ...stuck, kind: 'failed' } }, {}, 'failed'],
    ['the platform ignores it', { stuck: { ...stuck, kind: 'unconfirmed' } }, {}, 'ignored'],
    ['it is paused', {}, { paused: 'paused by eve' }, 'paused'],
    ['the bridge paused it', {}, { paused: 'by itself', faulty: true }, 'paused'],
    ['the profile is in shadow mode', {}, { rules: { ...rules, mode: 'shadow' } }, 'shadow'],
    ['nothing is in the way', {}, {}, 'unexplained'],
  ] as const)('drifts, and why: %s', (_what, own, over, cause) => {
    expect(drifting(own, over)).toEqual([cause])
  })

  test('does not drift while the write is young, before both sides were read, or logged out', () => {
    const young = { ...write, at: LIVE.now - 4_000, phase: 'sent', taken: true }
    expect(drifting({ own: [young] }, { decidedAt: LIVE.now - 5_000 })).toEqual([])
    expect(drifting({}, { started: false })).toEqual([])
    expect(drifting({ observed: id('Offline') })).toEqual([])
  })
})

test('a block is counted with its age, a long one as stuck, and one that gave way not at all', () => {
  const [ada, ben, cleo] = entriesOf('ada', 'ben', 'cleo')
  const now = 100_000_000
  const block = (since: number, phase = 'standing') => ({ phase, status: id('T'), rule: 'r', since, reasserts: 0 })
  const blocks = [block(now - STUCK_BLOCK_MS), block(now - 60_000), block(0, 'gave_way')]
  for (const [index, entry] of [ada, ben, cleo].entries()) {
    if (entry === undefined) throw new Error('nobody')
    const telephony = { ...entry.state.telephony, block: blocks[index] }
    Object.assign(entry, { state: { ...entry.state, telephony } })
  }
  const entries = [ada, ben, cleo].flatMap((entry) => entry ?? [])
  expect(agentFigures(entries, { now, shadow: false }).sides.telephony).toMatchObject({
    blocked: 2,
    stuck: 1,
    oldestBlock: now - STUCK_BLOCK_MS,
  })
})
