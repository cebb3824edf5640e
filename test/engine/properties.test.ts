import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { OFFLINE, otherSide, SIDES, type Side } from '../../src/domain/side.ts'
import type { AgentState } from '../../src/engine/state.ts'
import { isBlocked, liveWrite } from '../../src/engine/turn.ts'
import { AVAILABLE, history, live, RUNS } from './histories.ts'

describe('whatever happens', () => {
  test('the bridge comes to rest, and then shows what it wants to show', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        for (const s of SIDES) {
          const { observed, base, block } = world.state[s]
          expect(observed).toBe(world.platform[s])
          expect(liveWrite(world.state[s])).toBeNull()
          const blocked = isBlocked(world.state[s]) && world.rules.available[s].has(base)
          if (observed !== OFFLINE) expect(observed).toBe(blocked ? block?.status : base)
        }
      }),
      RUNS,
    )
  })

  test('with no new events it stops within two writes a side (invariant 1)', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        // What people did is reported first; only then is nothing new under way.
        for (const s of SIDES) while (world.underWay[s].length > 0) world.deliver(s, 0, false)
        const timers = SIDES.filter((s) => world.state[s].block?.release || world.state[s].transition).length
        const writes = world.rest()
        for (const s of SIDES) expect(writes[s]).toBeLessThanOrEqual(2 + timers)
      }),
      RUNS,
    )
  })

  test('at rest an unrelated pair has a reason in the record (invariant 2)', () => {
    const reasons = [
      'unrelated',
      'unmapped',
      'transition',
      'transition_over',
      'default',
      'no_sync',
      'logout',
      'logged_out',
      'conflict',
      'adopted',
    ]
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        const { crm, telephony } = world.state
        if (world.rules.related(crm.base, telephony.base)) return
        expect([crm.cause.reason, telephony.cause.reason].some((r) => reasons.includes(r))).toBe(true)
      }),
      RUNS,
    )
  })

  test('at rest a side with a block in force is not available (invariant 3)', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        for (const s of SIDES) {
          if (isBlocked(world.state[s])) expect(AVAILABLE).not.toContain(world.platform[s])
        }
      }),
      RUNS,
    )
  })

  test('a side is blocked exactly when enough open items count (invariant 4)', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        for (const s of SIDES) {
          const rule = given.sketch.blocking?.[s]
          const counted = world.openItems(otherSide(s)).filter((w) => {
            if (rule?.channels !== undefined && !rule.channels.includes(w.channel)) return false
            if (w.state === 'offered') return rule?.from !== 'accepted'
            return w.state === 'accepted' || rule?.wrapUp !== false
          }).length
          const enough = rule !== undefined && counted >= (rule.minItems ?? 1)
          expect(world.state[s].block !== null).toBe(enough)
        }
      }),
      RUNS,
    )
  })

  test('delivering history again changes nothing and writes nothing (invariant 5)', () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(), { maxLength: 20 }), (given, again) => {
        const world = live(given)
        world.rest()
        const before = outcome(world.state)
        const writes = world.writes
        const past = [...world.delivered]
        for (const pick of again) {
          const event = past[pick % Math.max(1, past.length)]
          if (event === undefined) continue
          const { orders } = world.decide({ kind: 'report', side: event.side, report: event.report, begunAt: null })
          expect(orders).toEqual([])
        }
        expect(outcome(world.state)).toEqual(before)
        expect(world.writes).toBe(writes)
      }),
      RUNS,
    )
  })

  test('each write has a decision, and each side at most one reason (invariant 7)', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        for (const { verdicts, orders } of world.steps) {
          expect(new Set(verdicts.map((v) => v.side)).size).toBe(verdicts.length)
          expect(verdicts.length).toBeGreaterThan(0)
          for (const order of orders) {
            if (order.kind !== 'write') continue
            expect(verdicts.find((v) => v.side === order.side)?.to).toBe(order.status)
          }
        }
      }),
      RUNS,
    )
  })

  test('nobody is made available who did not choose it, and nobody is logged in (invariant 8, R2)', () => {
    fc.assert(
      fc.property(history, (given) => {
        const world = live(given)
        world.rest()
        for (const { orders, verdicts } of world.steps) {
          for (const order of orders) {
            if (order.kind !== 'write') continue
            expect(order.expect === OFFLINE && order.status !== OFFLINE).toBe(false)
            const reason = verdicts.find((v) => v.side === order.side)?.reason
            if (AVAILABLE.includes(order.status)) expect(reason).not.toBe('default')
          }
        }
      }),
      RUNS,
    )
  })
})

function outcome(state: AgentState) {
  const of = (s: Side) => ({ observed: state[s].observed, base: state[s].base, block: state[s].block?.phase ?? null })
  return { crm: of('crm'), telephony: of('telephony') }
}
