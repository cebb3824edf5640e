// What was decided reaches the disk once and in order, whatever the disk does, and nobody waits for a disk for long.

import { beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Committer, createCommitter } from '../../src/app/committer.ts'
import { BACKLOG_MAX, BATCH_MAX, COMMIT_PATIENCE_MS, COMMIT_RETRY_MS, LAZY_COMMIT_MS } from '../../src/domain/limits.ts'
import { type Log, type LogContext, SILENT } from '../../src/domain/log.ts'
import { entry as decision } from '../journal/records.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'
import { entriesOf, shows } from './entries.ts'
import { createHeldJournal, type Disk, type HeldJournal } from './held-journal.ts'

let clock: VirtualClock
let held: HeldJournal
let committer: Committer
let said: LogContext[]
let commits: number

beforeEach(begin)

function begin(): void {
  clock = createVirtualClock()
  held = createHeldJournal()
  said = []
  commits = 0
  const log: Log = { ...SILENT, warn: (context) => said.push(context), error: (context) => said.push(context) }
  committer = createCommitter({ journal: held.journal, clock, log, committed: () => (commits += 1) })
}

/** Decisions from one number to another one, inclusive. */
function decide(from: number, to = from): void {
  for (let seq = from; seq <= to; seq++) committer.decided(decision(seq))
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/** Whether it has resolved, asked as often as wanted. */
function watch(promise: Promise<void>): () => boolean {
  let over = false
  void promise.then(() => {
    over = true
  })
  return () => over
}

async function durable(everything = false): Promise<void> {
  const over = watch(committer.durable(everything))
  await clock.settle()
  expect(over()).toBe(true)
}

const codes = () => said.map(({ code }) => code)

type Act =
  | { readonly kind: 'decide'; readonly agent: number; readonly writes: boolean }
  | { readonly kind: 'outcome'; readonly ago: number; readonly outcome: 'sent' | 'confirmed' }
  | { readonly kind: 'mark'; readonly value: string }
  | { readonly kind: 'durable'; readonly everything: boolean }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'disk'; readonly disk: Disk }

const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('decide' as const), agent: fc.nat(2), writes: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('outcome' as const),
      ago: fc.nat(3),
      outcome: fc.constantFrom('sent' as const, 'confirmed' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mark' as const), value: fc.string({ maxLength: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('durable' as const), everything: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 1, LAZY_COMMIT_MS, COMMIT_RETRY_MS, COMMIT_PATIENCE_MS - 1, COMMIT_PATIENCE_MS, 20_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('disk' as const),
      disk: fc.constantFrom<Disk>('works', 'works', 'hangs', 'full'),
    }),
  },
)

describe('whatever the disk does', () => {
  test('every decision is kept once and in order, states, outcomes and marks are the newest, and one append is under way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { maxLength: 60 }), async (history) => {
        begin()
        const agents = entriesOf('ada', 'ben', 'chloe')
        const states = new Map<string, string>()
        const outcomes = new Map<string, string>()
        let seq = 0
        let mark: string | undefined
        for (const act of history) {
          if (act.kind === 'decide') {
            seq += 1
            decide(seq)
            const entry = agents[act.agent]
            if (entry === undefined) continue
            shows(entry, 'crm', `status ${seq}`)
            committer.changed(entry, act.writes)
            states.set(entry.member.agent, JSON.stringify(entry.state))
          } else if (act.kind === 'outcome' && seq > act.ago) {
            const { outcome } = act
            committer.outcome({ seq: seq - act.ago, side: 'crm', outcome, ms: 1 })
            outcomes.set(`${seq - act.ago} crm`, outcome)
          } else if (act.kind === 'mark') {
            mark = act.value
            committer.mark('position', act.value)
          } else if (act.kind === 'durable') void committer.durable(act.everything)
          else if (act.kind === 'wait') await clock.advance(act.ms)
          else if (act.kind === 'disk') held.turn(act.disk)
        }
        held.turn('works')
        await clock.advance(COMMIT_PATIENCE_MS + 2 * COMMIT_RETRY_MS)
        expect(held.seqs()).toEqual(numbers(1, seq))
        expect(held.states()).toEqual(states)
        expect([...held.outcomes()].sort()).toEqual([...outcomes].map(([of, outcome]) => `${of} ${outcome}`).sort())
        expect(held.mark('position')).toBe(mark)
        expect(held.atOnce()).toBeLessThanOrEqual(1)
        expect(committer.ok()).toBe(true)
        expect(clock.timers()).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  test('nobody waits for longer than two commits, and while all is well nobody goes on before the disk has it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { maxLength: 60 }), async (history) => {
        begin()
        const waiting = new Set<{ readonly since: number; readonly seq: number }>()
        const wrong: unknown[] = []
        let seq = 0
        for (const act of history) {
          if (act.kind === 'decide') decide(++seq)
          else if (act.kind === 'durable') {
            const wait = { since: clock.now(), seq }
            waiting.add(wait)
            void committer.durable(act.everything).then(() => {
              waiting.delete(wait)
              const early = committer.ok() && held.journal.lastSeq() < wait.seq
              const late = clock.now() - wait.since > 2 * COMMIT_PATIENCE_MS
              if (early || late) wrong.push({ ...wait, now: clock.now() })
            })
          } else if (act.kind === 'wait') await clock.advance(act.ms)
          else if (act.kind === 'disk') held.turn(act.disk)
        }
        await clock.advance(2 * COMMIT_PATIENCE_MS)
        expect(waiting.size).toBe(0)
        expect(wrong).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})

describe('when the disk works', () => {
  test('what is collected without haste is on the disk after a moment, in one commit', async () => {
    decide(1)
    await clock.advance(LAZY_COMMIT_MS / 2)
    decide(2)
    expect(held.asked()).toHaveLength(0)
    await clock.advance(LAZY_COMMIT_MS / 2)
    expect(held.seqs()).toEqual([1, 2])
    expect(commits).toBe(1)
  })

  test('what is decided during a commit goes with the next one, for everybody who waits', async () => {
    held.turn('hangs')
    decide(1)
    const first = watch(committer.durable(false))
    await clock.settle()
    decide(2)
    const second = watch(committer.durable(false))
    decide(3)
    const third = watch(committer.durable(false))
    await clock.advance(1_000)
    expect([first(), second(), third()]).toEqual([false, false, false])
    held.turn('works')
    await clock.settle()
    expect([first(), second(), third()]).toEqual([true, true, true])
    expect(held.asked().map(({ entries }) => entries.map(({ seq }) => seq))).toEqual([[1], [2, 3]])
  })

  test('states without a write wait with other company, unless everything is asked for', async () => {
    const [ada, ben] = entriesOf('ada', 'ben')
    if (ada === undefined || ben === undefined) throw new Error('Nobody is there.')
    committer.changed(ada, true)
    committer.changed(ben, false)
    await durable(false)
    expect([...held.states().keys()]).toEqual(['ada'])
    await durable(true)
    expect([...held.states().keys()]).toEqual(['ada', 'ben'])
  })

  test('who asks for everything during a commit gets everything with the next one, whoever asked before', async () => {
    const [ada] = entriesOf('ada')
    if (ada === undefined) throw new Error('Nobody is there.')
    held.turn('hangs')
    decide(1)
    void committer.durable(false)
    committer.changed(ada, false)
    decide(2)
    void committer.durable(false)
    const all = watch(committer.durable(true))
    held.turn('works')
    await clock.settle()
    expect(all()).toBe(true)
    expect([...held.states().keys()]).toEqual(['ada'])
  })

  test('with nothing to keep nothing is appended', async () => {
    await durable(true)
    expect(held.asked()).toEqual([])
  })

  test('it asks for a commit before more is decided than one commit may hold', async () => {
    decide(1, BATCH_MAX - 1)
    expect(committer.full()).toBe(false)
    decide(BATCH_MAX)
    expect(committer.full()).toBe(true)
    await durable()
    expect(committer.full()).toBe(false)
  })
})

describe('when the disk hangs', () => {
  beforeEach(async () => {
    held.turn('hangs')
    decide(1)
  })

  test('what waits goes on after the patience and not before, it is said once, and from then on nobody waits', async () => {
    const waits = watch(committer.durable(false))
    await clock.advance(COMMIT_PATIENCE_MS - 1)
    expect([waits(), committer.ok()]).toEqual([false, true])
    await clock.advance(1)
    expect([waits(), committer.ok()]).toEqual([true, false])
    decide(2)
    await durable()
    await clock.advance(60_000)
    expect(codes()).toEqual(['journal_failed'])
    expect(held.asked()).toHaveLength(1)
  })

  test('when it answers again everything is there once, and it is said', async () => {
    void committer.durable(false)
    await clock.advance(COMMIT_PATIENCE_MS)
    decide(2, 500)
    await clock.advance(60_000)
    held.turn('works')
    await clock.advance(COMMIT_RETRY_MS)
    expect(held.seqs()).toEqual(numbers(1, 500))
    expect(said).toMatchObject([{ code: 'journal_failed' }, { code: 'journal_back', lost: 0 }])
    expect(committer.ok()).toBe(true)
    decide(501)
    await durable()
    expect(held.seqs()).toEqual(numbers(1, 501))
  })

  test('when it turns out to be full, what was under way is kept for later, before or behind what came since', async () => {
    committer.mark('position', 'old')
    committer.outcome({ seq: 1, side: 'crm', outcome: 'sent', ms: 1 })
    void committer.durable(false)
    await clock.advance(COMMIT_PATIENCE_MS)
    decide(2, 10)
    committer.mark('position', 'new')
    committer.outcome({ seq: 1, side: 'crm', outcome: 'confirmed', ms: 2 })
    held.turn('full')
    await clock.advance(COMMIT_RETRY_MS)
    expect(codes()).toEqual(['journal_failed'])
    held.turn('works')
    await clock.advance(COMMIT_RETRY_MS)
    expect(held.seqs()).toEqual(numbers(1, 10))
    expect(held.mark('position')).toBe('new')
    expect(held.outcomes()).toEqual(['1 crm confirmed'])
  })
})

describe('when the disk is full', () => {
  beforeEach(async () => {
    held.turn('full')
    decide(1)
    await durable()
  })

  test('what waits goes on at once, it is said once with why, and tried again every second', async () => {
    expect(committer.ok()).toBe(false)
    decide(2)
    await durable()
    await clock.advance(10 * COMMIT_RETRY_MS)
    expect(said).toMatchObject([{ code: 'journal_failed', why: expect.stringContaining('disk is full') }])
    expect(held.asked()).toHaveLength(11)
    expect(held.seqs()).toEqual([])
  })

  test('inside the bound nothing is lost; past it the oldest decisions are given up and counted', async () => {
    decide(2, BACKLOG_MAX)
    await clock.advance(COMMIT_RETRY_MS)
    decide(BACKLOG_MAX + 1, BACKLOG_MAX + 700)
    await clock.advance(COMMIT_RETRY_MS)
    held.turn('works')
    await clock.advance(COMMIT_RETRY_MS)
    expect(held.seqs()).toEqual(numbers(701, BACKLOG_MAX + 700))
    expect(said.at(-1)).toMatchObject({ code: 'journal_back', lost: 700 })
    decide(BACKLOG_MAX + 701)
    await durable()
    held.turn('full')
    decide(BACKLOG_MAX + 702)
    await durable()
    held.turn('works')
    await clock.advance(COMMIT_RETRY_MS)
    expect(said.at(-1)).toMatchObject({ code: 'journal_back', lost: 0 })
  })

  test('what is decided between two tries is bounded as well', async () => {
    decide(2, 2 * BACKLOG_MAX)
    held.turn('works')
    await clock.advance(COMMIT_RETRY_MS)
    const kept = held.seqs()
    expect(kept.length).toBeGreaterThanOrEqual(BACKLOG_MAX)
    expect(kept.length).toBeLessThan(BACKLOG_MAX + BATCH_MAX)
    expect(kept.at(-1)).toBe(2 * BACKLOG_MAX)
    expect(said.at(-1)).toMatchObject({ lost: 2 * BACKLOG_MAX - kept.length })
  })

  test('outcomes are bounded too, also those that come while the disk thinks about it, and the newest are kept', async () => {
    const end = 3 * BACKLOG_MAX
    for (let seq = 1; seq <= end; seq++) {
      if (seq === BACKLOG_MAX) {
        held.turn('hangs')
        await clock.advance(COMMIT_RETRY_MS)
      }
      committer.outcome({ seq, side: 'crm', outcome: 'sent', ms: 1 })
    }
    held.turn('full')
    await clock.advance(2 * COMMIT_RETRY_MS)
    const last = held.asked().at(-1)?.outcomes ?? []
    expect(last.map(({ seq }) => seq)).toEqual(numbers(end - BACKLOG_MAX + 1, end))
  })

  test('nobody is stopped from deciding because a batch is full', () => {
    decide(2, 2 * BATCH_MAX)
    expect(committer.full()).toBe(false)
  })
})

describe('at the end', () => {
  test('closing waits for the commit under way and keeps everything that is left', async () => {
    const [ada] = entriesOf('ada')
    if (ada === undefined) throw new Error('Nobody is there.')
    held.turn('hangs')
    decide(1)
    void committer.durable(false)
    await clock.settle()
    decide(2)
    void committer.durable(false)
    decide(3)
    committer.changed(ada, false)
    const closed = watch(committer.close())
    await clock.settle()
    expect(closed()).toBe(false)
    held.turn('works')
    await clock.settle()
    expect(closed()).toBe(true)
    expect(held.seqs()).toEqual([1, 2, 3])
    expect([...held.states().keys()]).toEqual(['ada'])
    expect(clock.timers()).toBe(0)
  })

  test('closing tries once more where the journal could not be written lately', async () => {
    held.turn('full')
    decide(1)
    await durable()
    held.turn('works')
    decide(2)
    const closed = watch(committer.close())
    await clock.settle()
    expect(closed()).toBe(true)
    expect(held.seqs()).toEqual([1, 2])
  })

  test.each<Disk>(['full', 'hangs'])('with a disk that is %s closing ends, and no timer is left', async (disk) => {
    held.turn(disk)
    decide(1)
    const closed = watch(committer.close())
    await clock.advance(COMMIT_PATIENCE_MS)
    expect(closed()).toBe(true)
    expect(clock.timers()).toBe(0)
  })

  test('what is abandoned is not kept, and nobody waits for it', async () => {
    decide(1)
    committer.abandon()
    await durable(true)
    await clock.advance(60_000)
    expect(held.asked()).toEqual([])
    expect(clock.timers()).toBe(0)
  })
})
