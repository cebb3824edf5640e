// A second, naive reading of R2–R8, R10–R13 straight from the rows of a mapping file, against the engine: one agent at rest, one change.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { OFFLINE, otherSide, type Side } from '../../src/domain/side.ts'
import { id, type Row, ruleset, type Sketch } from '../support/rules.ts'
import { World } from './world.ts'

const AVAILABLE = ['Q', 'R']
const BUSY = ['B', 'L', 'T', 'M']
const NAMES = [...AVAILABLE, ...BUSY, 'X', 'Y']

type Pair = { crm: string; telephony: string }
type Expected = { shows: Pair; reasons: string[] }

/** Where a status of one side leads to, by the rows alone. */
function leadsTo(sketch: Sketch, side: Side, status: string): string[] {
  const other = otherSide(side)
  if (sketch.noSync?.[side]?.includes(status)) return []
  const rows = sketch.rows.filter((row) => row[side].includes(status) && (row.direction ?? 'both') !== `to_${side}`)
  return [...new Set(rows.flatMap((row) => row[other]))]
}

function expectedOf(sketch: Sketch, before: Pair, side: Side, status: string, blocked: Side | null): Expected {
  const other = otherSide(side)
  const bases = { ...before, [side]: status }
  const reasons: string[] = []
  const loggingIn = before[side] === OFFLINE && status !== OFFLINE
  const waiting = leadsTo(sketch, other, before[other]).filter((s) => s !== OFFLINE)
  if (loggingIn && sketch.login !== 'lead' && before[other] !== OFFLINE && waiting.length > 0) {
    bases[side] = waiting.includes(status) ? status : (waiting[0] ?? status)
    reasons.push(waiting.includes(status) ? 'already' : 'login')
  } else {
    const [reason, base] = followed(sketch, before, side, status)
    bases[other] = base
    reasons.push(reason)
  }
  return withBlock(sketch, { before, bases, reasons, side, status, blocked })
}

function followed(sketch: Sketch, before: Pair, side: Side, status: string): [string, string] {
  const other = otherSide(side)
  const there = before[other]
  const to = leadsTo(sketch, side, status)
  const from = leadsTo(sketch, side, before[side])
  if (there === OFFLINE) return ['logged_out', there]
  if (sketch.noSync?.[side]?.includes(status)) return ['no_sync', there]
  if (to.length > 0) return to.includes(there) ? ['already', there] : ['mapped', to[0] ?? there]
  if (status === OFFLINE) return ['logout', there]
  if (from.length > 0) {
    if (!from.includes(there)) return ['unrelated', there]
    const transition = sketch.transition?.[other]?.status
    return transition === undefined ? ['unmapped', there] : ['transition', transition]
  }
  const fallback = sketch.unmapped?.[side]
  return fallback === undefined ? ['unmapped', there] : ['default', fallback]
}

/** What a block makes of it: `blocked` is the side that is blocked, if one is. */
function withBlock(
  sketch: Sketch,
  at: { before: Pair; bases: Pair; reasons: string[]; side: Side; status: string; blocked: Side | null },
): Expected {
  const { before, bases, reasons, side, status, blocked } = at
  const shows = { ...bases }
  const rule = blocked === null ? undefined : sketch.blocking?.[blocked]
  if (blocked === null || rule === undefined || bases[blocked] === OFFLINE) return { shows, reasons }
  if (!AVAILABLE.includes(bases[blocked])) return { shows, reasons }
  const showed = blocked === side ? status : AVAILABLE.includes(before[blocked]) ? rule.status : before[blocked]
  const chosen = blocked === side && bases[side] === status && AVAILABLE.includes(before[side])
  if (chosen && rule.onOverride === 'allow') return { shows, reasons: [...reasons, 'overridden'] }
  shows[blocked] = rule.status
  if (chosen) return { shows, reasons: [...reasons, 'reasserted'] }
  if (showed === rule.status) return { shows, reasons }
  return { shows, reasons: ['blocked'] } // the block is written: its reason takes the place of the base's
}

const names = fc.subarray([...AVAILABLE, ...BUSY], { minLength: 1, maxLength: 2 })
const row: fc.Arbitrary<Row> = fc.record({
  crm: names,
  telephony: names,
  direction: fc.constantFrom('both' as const, 'to_crm' as const, 'to_telephony' as const),
})
const partly = <T>(value: fc.Arbitrary<T>) => fc.record({ crm: value, telephony: value }, { requiredKeys: [] })
const sketches: fc.Arbitrary<Sketch> = fc.record({
  available: fc.constant({ crm: AVAILABLE, telephony: AVAILABLE }),
  rows: fc.array(row, { maxLength: 6 }),
  transition: partly(fc.record({ status: fc.constantFrom(...BUSY) })),
  unmapped: partly(fc.constantFrom(...BUSY)),
  noSync: fc.constant({ crm: ['X'], telephony: ['X'] }),
  login: fc.constantFrom('follow' as const, 'lead' as const),
  blocking: fc.record({
    crm: fc.record({
      status: fc.constantFrom(...BUSY),
      onOverride: fc.constantFrom('reassert' as const, 'allow' as const),
    }),
    telephony: fc.record({
      status: fc.constantFrom(...BUSY),
      onOverride: fc.constantFrom('reassert' as const, 'allow' as const),
    }),
  }),
})
const status = fc.constantFrom(...NAMES, OFFLINE)
const situation = fc.record({
  sketch: sketches,
  before: fc.record({ crm: status, telephony: status }),
  side: fc.constantFrom<Side>('crm', 'telephony'),
  to: status,
  blocked: fc.constantFrom<Side | null>(null, null, 'crm', 'telephony'),
})

test('one change at rest does what the rows say', () => {
  fc.assert(
    fc.property(situation, ({ sketch, before, side, to, blocked }) => {
      const world = new World(ruleset(sketch))
      for (const s of ['crm', 'telephony'] as const) world.platform[s] = id(before[s])
      const reading = (s: Side) => ({ status: id(before[s]), stamp: { at: world.now }, work: [] })
      world.decide({ kind: 'start', readings: { crm: reading('crm'), telephony: reading('telephony') } })
      if (blocked !== null)
        world.act({ kind: 'work', side: otherSide(blocked), item: '1', channel: 'call', state: 'accepted' })
      world.rest()
      if (to === world.state[side].observed) return // a repeat
      const steps = world.steps.length
      world.act({ kind: 'set', side, status: to })
      world.deliver(side, 0, false)
      const reasons = world.steps[steps]?.verdicts.map((v) => v.reason) ?? []
      world.rest()
      const expected = expectedOf(sketch, before, side, to, blocked)
      expect({ ...world.platform }).toEqual(expected.shows)
      if (blocked !== side) expect(reasons.toSorted()).toEqual(expected.reasons.toSorted())
    }),
    { numRuns: Number(process.env.FC_RUNS ?? 5_000) },
  )
})
