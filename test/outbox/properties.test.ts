// What holds whatever is put, cancelled and answered, in whatever order.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { WRITE_ATTEMPTS_MAX } from '../../src/domain/limits.ts'
import { URGENCIES, type Urgency, type Write } from '../../src/domain/outbox.ts'
import type { WriteResult } from '../../src/domain/platform.ts'
import { ATTEMPT_TIMEOUT_MS } from '../../src/outbox/limits.ts'
import { ACCEPTED, agentId, type Bench, BUSY, createBench, NOBODY, NOT_GRANTED } from './bench.ts'

const AGENTS = ['ann', 'bob', 'cem', 'dee']
const CONCURRENCY = 2

type Step =
  | { readonly kind: 'put'; readonly agent: string; readonly urgency: Urgency }
  | { readonly kind: 'cancel' | 'reachable'; readonly agent: string }
  | {
      readonly kind: 'answer'
      readonly which: number
      readonly result: 'accepted' | 'busy' | 'nobody' | 'refused' | 'limited'
    }
  | { readonly kind: 'link'; readonly up: boolean }
  | { readonly kind: 'resume' }
  | { readonly kind: 'wait'; readonly ms: number }

const agent = fc.constantFrom(...AGENTS)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('put' as const), agent, urgency: fc.constantFrom(...URGENCIES) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('cancel' as const, 'reachable' as const), agent }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('answer' as const),
        which: fc.nat(CONCURRENCY - 1),
        result: fc.constantFrom('accepted', 'busy', 'nobody', 'refused', 'limited'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('link' as const), up: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('resume' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
    },
  ),
  { maxLength: 60 },
)

/** Follows each write from put to its one end. */
class Witness {
  readonly put: Write[] = []
  readonly ended = new Map<Write, string>()
  readonly newest = new Map<string, Write | null>()
  /** Under way when it was cancelled or a newer one was put: may succeed, may not be tried again. */
  readonly unwanted = new Set<Write>()
  readonly bench: Bench
  #settled = 0
  #sent = 0

  constructor(bench: Bench) {
    this.bench = bench
  }

  end(write: Write | undefined, how: string): void {
    if (write === undefined) return
    expect(this.ended.get(write)).toBeUndefined()
    this.ended.set(write, how)
  }

  /** Before a put or a cancel: what is under way for this agent may not be tried again. */
  wantNoMore(name: string): void {
    for (const { state, write } of this.bench.outbox.waiting(agentId(name))) {
      if (state === 'flight') this.unwanted.add(write)
    }
  }

  /** Takes note of what happened since the last look, and checks what must hold at any time. */
  look(): void {
    const { sending, settled, crm, outbox } = this.bench
    for (; this.#sent < sending.length; this.#sent += 1) {
      const write = sending[this.#sent]
      if (write === undefined) throw new Error('unreachable')
      expect(this.ended.get(write)).toBeUndefined()
      expect(this.unwanted.has(write)).toBe(false)
    }
    for (; this.#settled < settled.length; this.#settled += 1) {
      const entry = settled[this.#settled]
      this.end(entry?.write, entry?.settlement.kind ?? '')
    }
    const open = [...crm.open].filter(({ options }) => !options.signal.aborted).map(({ user }) => user)
    expect(new Set(open).size).toBe(open.length)
    expect(open.length).toBeLessThanOrEqual(CONCURRENCY)
    const waiting = AGENTS.flatMap((name) => outbox.waiting(agentId(name))).filter(({ state }) => state !== 'flight')
    const depth = outbox.depth().crm
    for (const urgency of URGENCIES) {
      expect(depth[urgency]).toBe(waiting.filter(({ write }) => write.urgency === urgency).length)
    }
  }
}

function resultOf(name: Extract<Step, { kind: 'answer' }>['result'], now: number): WriteResult {
  if (name === 'limited') return { kind: 'rate_limited', untilMs: now + 3_000, words: 'slow down' }
  return { accepted: ACCEPTED, busy: BUSY, nobody: NOBODY, refused: NOT_GRANTED }[name]
}

async function play(bench: Bench, witness: Witness, step: Step): Promise<void> {
  const { outbox, clock, crm } = bench
  switch (step.kind) {
    case 'put': {
      witness.wantNoMore(step.agent)
      const write = bench.write(step.agent, `status ${witness.put.length}`, { urgency: step.urgency })
      witness.put.push(write)
      witness.newest.set(step.agent, write)
      witness.end(outbox.put(write).superseded, 'replaced')
      return
    }
    case 'cancel':
      witness.wantNoMore(step.agent)
      witness.newest.set(step.agent, null)
      return witness.end(outbox.cancel(agentId(step.agent), 'crm'), 'cancelled')
    case 'reachable':
      return outbox.reachable(agentId(step.agent), 'crm')
    case 'answer':
      await clock.settle()
      return [...crm.open][step.which]?.answer(resultOf(step.result, clock.now()))
    case 'link':
      return outbox.link('crm', step.up)
    case 'resume':
      return outbox.resume('crm')
    case 'wait':
      return clock.advance(step.ms)
  }
}

/** The platform is well again and everybody is there. */
async function heal(bench: Bench, witness: Witness): Promise<void> {
  const { outbox, clock, crm } = bench
  outbox.link('crm', true)
  for (let round = 0; round < 100; round += 1) {
    outbox.resume('crm')
    await clock.advance(ATTEMPT_TIMEOUT_MS)
    for (const asked of [...crm.open]) asked.answer(ACCEPTED)
    await clock.settle()
    witness.look()
    if (witness.ended.size === witness.put.length) return
  }
}

test('every write ends exactly once, one at a time per agent, and the newest wanted one is what the platform is left with', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.double({ min: 0, max: 0.99, noNaN: true }), async (script, chance) => {
      const bench = createBench(() => undefined, { concurrency: CONCURRENCY, random: () => chance })
      const witness = new Witness(bench)
      for (const step of script) {
        await play(bench, witness, step)
        await bench.clock.settle()
        witness.look()
      }
      await heal(bench, witness)
      expect(witness.ended.size).toBe(witness.put.length)
      for (const [name, write] of witness.newest) {
        if (write === null) continue
        const how = witness.ended.get(write)
        expect(['sent', 'refused', 'failed']).toContain(how)
        if (how !== 'sent') continue
        const last = bench.crm.asked.filter(({ user }) => user === name).at(-1)
        expect(last?.status).toBe(write.status)
      }
      expect(bench.outbox.idle()).toBe(true)
      expect(bench.outbox.depth().crm).toEqual({ block: 0, release: 0, comfort: 0 })
      expect(await bench.outbox.stop()).toEqual([])
      expect(bench.clock.timers()).toBe(0)
    }),
    { numRuns: 300 },
  )
})

test('failures of one write are bounded, whatever else happens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('busy', 'limited', 'nobody', 'silent'), { maxLength: 40 }),
      async (answers) => {
        const left = [...answers]
        let counted = 0
        const bench = createBench(({ options }) => {
          const next = left.shift() ?? 'accepted'
          if (next === 'busy' || next === 'silent') counted += 1
          if (next === 'silent') return undefined
          return next === 'accepted' ? ACCEPTED : resultOf(next, options.deadline - ATTEMPT_TIMEOUT_MS)
        })
        bench.put('ann', 'Busy')
        for (let round = 0; round < 60 && bench.settled.length === 0; round += 1) {
          await bench.clock.advance(20_000)
          bench.outbox.reachable(agentId('ann'), 'crm')
          await bench.clock.settle()
        }
        expect(bench.settled).toHaveLength(1)
        expect(counted).toBeLessThanOrEqual(WRITE_ATTEMPTS_MAX)
        const asked = bench.crm.asked.length
        await bench.clock.advance(3_600_000)
        expect(bench.crm.asked).toHaveLength(asked)
      },
    ),
    { numRuns: 100 },
  )
})

test('whatever waits when the side may go on starts in the order of R24', async () => {
  const puts = fc.array(fc.record({ agent: fc.constantFrom(...'abcdefgh'), urgency: fc.constantFrom(...URGENCIES) }))
  await fc.assert(
    fc.asyncProperty(puts, async (list) => {
      const bench = createBench(undefined, { concurrency: 1 })
      bench.outbox.link('crm', false)
      const order = new Map<string, Urgency>()
      for (const { agent: name, urgency } of list) {
        bench.put(name, 'Busy', { urgency })
        if (order.get(name) !== urgency) order.delete(name)
        order.set(name, urgency)
      }
      bench.outbox.link('crm', true)
      bench.outbox.resume('crm')
      await bench.clock.settle()
      const expected = URGENCIES.flatMap((urgency) => [...order].filter(([, u]) => u === urgency).map(([name]) => name))
      expect(bench.crm.asked.map(({ user }) => user)).toEqual(expected)
    }),
    { numRuns: 100 },
  )
})
