// A replay against what was recorded: what cannot be played as it was does not stand in the way of the rest, and is counted.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { rulesetOf } from '../../src/app/agents.ts'
import type { JournalEntry } from '../../src/domain/journal.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import type { AgentId } from '../../src/domain/side.ts'
import { compareCourses, type Difference, newComparison } from '../../src/replay/compare.ts'
import { createLeftOut } from '../../src/replay/left-out.ts'
import { createNames } from '../../src/replay/names.ts'
import { pastOf } from '../../src/replay/past.ts'
import { play } from '../../src/replay/player.ts'
import { type Replay, replay } from '../../src/replay/replay.ts'
import type { ReplayAsk } from '../../src/replay/stage.ts'
import type { Schedule } from '../sim/acts.ts'
import { buildRules } from '../sim/plan.ts'
import { play as simulate } from '../sim/run.ts'
import { randomSchedule } from '../sim/schedule.ts'
import { type Day, live, MORNING, type Order, onDisk, type Recorded, rulesOf } from './day.ts'
import { OLD, plausibleDay } from './plausible-day.ts'
import { days, mappingOf, sketches } from './random-day.ts'

const ASKED: ReplayAsk = { mappings: null, was: null, from: null, to: null, person: null, profile: null }
const PATIENCE_MS = 120_000

function leftOutOf(found: Replay): Readonly<Record<string, number>> {
  return Object.fromEntries(found.leftOut.map(({ kind, count }) => [kind, count]))
}

async function recordedOf(day: Day): Promise<Recorded> {
  const rules = rulesOf(OLD)
  if (rules === null) throw new Error('The rules have errors')
  return await live(day, rules)
}

const SIMULATED = 8
/** What the simulated platforms take at most for a write and its report while nothing goes wrong. */
const SIMULATED_MS = 20

/** Without a journal's file, and under rules that never were one. */
function playSimulated(schedule: Schedule, records: readonly LogRecord[]) {
  const plans = [schedule.plan, ...schedule.acts.flatMap((act) => (act.kind === 'reload' ? [act.plan] : []))]
  const rules = new Map(plans.map(buildRules).map((one) => [one.hash, one]))
  const totals = newComparison()
  const differences: Difference[] = []
  for (const [index, profile] of schedule.agents.entries()) {
    const agent = `agent${index}` as AgentId
    const own = records.filter((record) => record.agent === agent)
    const rulesAt = (hash: string) => rulesetOf(rules.get(hash) ?? buildRules(schedule.plan), profile)
    const leftOut = createLeftOut()
    const isShadow = (hash: string) => rulesAt(hash).mode === 'shadow'
    const { causes, recorded } = pastOf(own, { isShadow, switchAt: null, countFrom: 0, leftOut })
    const to = Date.parse(own.at(-1)?.time ?? '') + 1
    const now = play(causes, {
      rulesAt: ({ mapping }) => rulesAt(mapping),
      available: rulesAt('').available,
      names: createNames(),
      latencyMs: { crm: SIMULATED_MS, telephony: SIMULATED_MS },
      until: to,
      chasing: () => leftOut.count('chasing'),
    })
    compareCourses(
      { before: recorded, now },
      { agent, causes, from: 0, to, known: 'shown', differs: (found) => differences.push(found), ended() {} },
      totals,
    )
  }
  return { compared: totals.compared, differences }
}

async function simulated(schedule: Schedule): Promise<readonly LogRecord[]> {
  const { lines } = await simulate(schedule)
  return lines.flatMap(({ what }) => ('record' in what ? [what.record] : []))
}

const playRecorded = (recorded: Recorded, day: Day, asked = ASKED) =>
  onDisk(recorded, day, [OLD], (reader) => replay(reader, asked))

test(
  'pauses, shadow mode and released blocks are played as they were',
  async () => {
    let held = 0
    const orders = (day: Day) =>
      fc.array(
        fc
          .record<Order>({
            at: fc.nat(day.endsMs - 60_000),
            agent: fc.nat(day.names.length - 1),
            kind: fc.constantFrom('pause', 'resume', 'release'),
          })
          // Beside what people do, which happens at whole tenths of a second or a thousandth before.
          .map((order) => ({ ...order, at: Math.floor(order.at / 1_000) * 1_000 + 437 })),
        { maxLength: 12 },
      )
    const busy = days.chain((day) => fc.tuple(fc.constant({ ...day, latencyMs: 0 }), orders(day), fc.boolean()))
    await fc.assert(
      fc.asyncProperty(busy, sketches, async ([day, given, shadow], sketch) => {
        const mapping = mappingOf(sketch, 'old.yaml')
        const rules = rulesOf(mapping)
        fc.pre(rules !== null)
        if (rules === null) return
        const whole = { ...day, orders: given, shadow }
        const recorded = await live(whole, rules)
        const found = await onDisk(recorded, whole, [mapping], (reader) => replay(reader, ASKED))
        expect(found.differences).toEqual([])
        expect(found.totals.compared).toBeGreaterThan(0)
        const { shadow: inShadow = 0, paused = 0 } = leftOutOf(found)
        const outcomes = recorded.entries.flatMap(({ record }) => record.writes.map(({ outcome }) => outcome))
        expect(inShadow).toBe(outcomes.filter((outcome) => outcome === 'shadow').length)
        expect(paused).toBe(outcomes.filter((outcome) => outcome === 'paused').length)
        held += inShadow + paused
      }),
      { numRuns: 12 },
    )
    expect(held).toBeGreaterThan(0)
  },
  PATIENCE_MS,
)

test(
  'a simulated run without faults comes out as recorded, with restarts, reloads, pauses and released blocks in it',
  async () => {
    let runs = 0
    for (let seed = 1; runs < SIMULATED; seed += 1) {
      const schedule = randomSchedule({ seed, agents: 4, events: 250 })
      if (!schedule.calm) continue
      runs += 1
      const { compared, differences } = playSimulated(schedule, await simulated(schedule))
      expect({ seed, differences }).toEqual({ seed, differences: [] })
      expect(compared).toBeGreaterThan(100)
    }
  },
  PATIENCE_MS,
)

test('platforms whose clocks are behind make nothing late', async () => {
  const day = plausibleDay(5, 3)
  const whole = await recordedOf(day)
  const entries = whole.entries.map(({ seq, record }): JournalEntry => {
    const { event } = record
    const at = new Date(Date.parse(event.at) - 90_000).toISOString()
    return { seq, record: event.side === undefined ? record : { ...record, event: { ...event, at } } }
  })
  const found = await playRecorded({ ...whole, entries }, day)
  expect(found.differences).toEqual([])
  expect(found.totals.compared).toBeGreaterThan(300)
})

test('records that begin in the middle are played from where the first ones show people', async () => {
  const day = plausibleDay(3, 4)
  const whole = await recordedOf(day)
  const noon = MORNING + 4 * 3_600_000
  const entries = whole.entries.filter(({ record }) => Date.parse(record.time) >= noon)
  const found = await playRecorded({ ...whole, entries }, day)
  expect(leftOutOf(found)).toEqual({ in_the_middle: 4 })
  const { compared, differing } = found.totals
  expect(compared).toBeGreaterThan(300)
  expect(differing).toBe(0)
})

test('what the platforms did not do is counted', async () => {
  const day = plausibleDay(3, 2)
  const whole = await recordedOf(day)
  const outcomes = whole.outcomes.map((one, index) => {
    if (index === 3) return { ...one, outcome: 'refused' as const, words: 'not granted' }
    if (index === 5 || index === 7) return { ...one, outcome: 'ignored' as const }
    return one
  })
  expect(leftOutOf(await playRecorded({ ...whole, outcomes }, day))).toEqual({ refused: 1, ignored: 2 })
})

test('only what is asked for is played', async () => {
  const day: Day = { ...plausibleDay(3, 3), profiles: [null, 'night', null] }
  const recorded = await recordedOf(day)
  await onDisk(recorded, day, [OLD], (reader) => {
    const of = (agent: string) => recorded.entries.filter(({ record }) => record.agent === agent)
    const everybody = replay(reader, ASKED)
    const one = replay(reader, { ...ASKED, person: reader.person('chloe') })
    const night = replay(reader, { ...ASKED, profile: 'night' })
    expect([everybody.agents, one.agents, night.agents]).toEqual([3, 1, 1])
    expect(one.totals.compared).toBeGreaterThan(0)
    expect(one.totals.compared).toBeLessThan(of('chloe@acme.example').length)
    expect(night.totals.compared).not.toBe(one.totals.compared)
    const [from, to] = [MORNING + 2 * 3_600_000, MORNING + 3 * 3_600_000]
    const hour = replay(reader, { ...ASKED, from, to })
    const rest = [replay(reader, { ...ASKED, to: from }), replay(reader, { ...ASKED, from: to })]
    expect(rest.reduce((sum, { totals }) => sum + totals.compared, hour.totals.compared)).toBe(
      everybody.totals.compared,
    )
    expect(hour.totals.compared).toBeGreaterThan(0)
  })
})
