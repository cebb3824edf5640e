// One story a behaviour of the outbox.

import { describe, expect, test } from '@jest/globals'
import { WRITE_ATTEMPTS_MAX } from '../../src/domain/limits.ts'
import type { WriteResult } from '../../src/domain/platform.ts'
import { ATTEMPT_TIMEOUT_MS, STOP_GRACE_MS, WRITE_AGE_MAX_MS } from '../../src/outbox/limits.ts'
import { ACCEPTED, agentId, BUSY, createBench, NOBODY, NOT_GRANTED } from './bench.ts'
import type { Asked } from './scripted-platform.ts'

const NONE = { block: 0, release: 0, comfort: 0 }

/** Answers each attempt with the next of these, then accepts. */
function inTurn(...results: WriteResult[]): () => WriteResult {
  return () => results.shift() ?? ACCEPTED
}

describe('a write', () => {
  test('goes out after the turn in which it was put, and is settled as sent', async () => {
    const b = createBench()
    b.put('jane', 'Busy')
    expect(b.crm.asked).toHaveLength(0)
    await b.clock.settle()
    expect(b.crm.shows.get(b.crm.asked[0]?.user ?? b.write('x', 'x').user)).toBe('Busy')
    expect(b.settled.map(({ settlement }) => settlement)).toEqual([{ kind: 'sent' }])
    expect(b.outbox.waiting(agentId('jane'))).toEqual([])
    expect(b.clock.timers()).toBe(0)
  })

  test('takes the place of an older one that has not started', async () => {
    const b = createBench()
    b.put('jane', 'Busy')
    expect(b.put('jane', 'Lunch')?.status).toBe('Busy')
    await b.clock.settle()
    expect(b.crm.asked.map(({ status }) => status)).toEqual(['Lunch'])
    expect(b.settled).toHaveLength(1)
  })

  test('waits behind one that is under way, and only the newest of those goes next', async () => {
    const b = createBench(() => undefined)
    b.put('jane', 'Busy')
    await b.clock.settle()
    expect(b.put('jane', 'Lunch')).toBeUndefined()
    expect(b.put('jane', 'Break')?.status).toBe('Lunch')
    await b.clock.settle()
    expect(b.crm.asked).toHaveLength(1)
    b.crm.asked[0]?.answer(ACCEPTED)
    await b.clock.settle()
    expect(b.crm.asked.map(({ status }) => status)).toEqual(['Busy', 'Break'])
  })

  test('behind one that was carried out expects what that one set', async () => {
    const b = createBench(() => undefined)
    b.put('jane', 'Busy', { expect: 'Online' })
    await b.clock.settle()
    b.put('jane', 'Break', { expect: 'Online' })
    b.crm.asked[0]?.answer(ACCEPTED)
    await b.clock.settle()
    expect(b.crm.asked[1]?.options.expect).toBe('Busy')
  })

  test('is not sent once it was cancelled, and what is under way is not tried again', async () => {
    const b = createBench(() => undefined)
    b.put('jane', 'Busy')
    expect(b.outbox.cancel(agentId('jane'), 'crm')?.status).toBe('Busy')
    await b.clock.settle()
    expect(b.crm.asked).toHaveLength(0)
    b.put('jane', 'Lunch')
    await b.clock.settle()
    expect(b.outbox.cancel(agentId('jane'), 'crm')).toBeUndefined()
    b.crm.asked[0]?.answer(BUSY)
    await b.clock.advance(60_000)
    expect(b.crm.asked).toHaveLength(1)
    expect(b.settled.map(({ settlement }) => settlement.kind)).toEqual(['failed'])
  })
})

describe('the order (R24)', () => {
  test('blocks go before releases, releases before the rest, whoever came first', async () => {
    const b = createBench(undefined, { concurrency: 1 })
    b.put('ann', 'Online', { urgency: 'comfort' })
    b.put('bob', 'Online', { urgency: 'release' })
    b.put('cem', 'Busy', { urgency: 'block' })
    b.put('dee', 'Busy', { urgency: 'block' })
    await b.clock.settle()
    expect(b.crm.asked.map(({ user }) => user)).toEqual(['cem', 'dee', 'bob', 'ann'])
  })

  test('an agent who changes often keeps the place in line and does not lose it', async () => {
    const b = createBench(undefined, { concurrency: 1 })
    b.put('ann', 'Busy')
    b.put('bob', 'Busy')
    b.put('ann', 'Lunch')
    await b.clock.settle()
    expect(b.crm.asked.map(({ user, status }) => [user, status])).toEqual([
      ['ann', 'Lunch'],
      ['bob', 'Busy'],
    ])
  })

  test('a rate limit stops the whole side until its time, keeps the order and is no failed attempt', async () => {
    let left = 2 * (WRITE_ATTEMPTS_MAX + 2)
    const b = createBench(
      ({ options }) => {
        left -= 1
        const now = options.deadline - ATTEMPT_TIMEOUT_MS
        return left < 0 ? ACCEPTED : { kind: 'rate_limited', untilMs: now + 5_000, words: '429' }
      },
      { concurrency: 2 },
    )
    for (const agent of ['ann', 'bob', 'cem']) b.put(agent, 'Busy')
    await b.clock.settle()
    expect(b.crm.asked.map(({ user }) => user)).toEqual(['ann', 'bob'])
    await b.clock.advance(4_999)
    expect(b.crm.asked).toHaveLength(2)
    expect(b.outbox.idle()).toBe(true)
    await b.clock.advance(60_000)
    expect(left).toBeLessThan(0)
    expect(b.crm.asked.slice(-3).map(({ user }) => user)).toEqual(['ann', 'bob', 'cem'])
    expect(b.settled.map(({ settlement }) => settlement.kind)).toEqual(['sent', 'sent', 'sent'])
  })
})

describe('room for blocks (R24)', () => {
  const LIMITED = (asked: Asked): WriteResult => ({
    kind: 'rate_limited',
    untilMs: asked.options.deadline - ATTEMPT_TIMEOUT_MS + 60_000,
    words: 'no room now',
  })

  test('a write for which the budget has no room is in nobody’s way who is more urgent', async () => {
    const b = createBench((asked) => (asked.options.urgency === 'comfort' ? LIMITED(asked) : ACCEPTED))
    b.put('ann', 'Online')
    await b.clock.settle()
    b.put('bob', 'Online', { urgency: 'release' })
    b.put('cem', 'Busy', { urgency: 'block' })
    b.put('dee', 'Lunch')
    await b.clock.settle()
    expect(b.settled.map(({ write }) => write.agent)).toEqual(['cem', 'bob'])
    expect(b.crm.asked.map(({ user }) => user)).toEqual(['ann', 'cem', 'bob'])
    expect(b.outbox.depth().crm).toEqual({ block: 0, release: 0, comfort: 2 })
  })

  test('where there is none for a block there is none for the rest, until its time', async () => {
    const b = createBench((asked) => (b.clock.now() < until ? LIMITED(asked) : ACCEPTED))
    const until = b.clock.now() + 60_000
    b.put('cem', 'Busy', { urgency: 'block' })
    await b.clock.settle()
    b.put('ann', 'Online')
    await b.clock.advance(59_999)
    expect(b.crm.asked.map(({ user }) => user)).toEqual(['cem'])
    await b.clock.advance(1)
    expect(b.crm.asked.map(({ user }) => user)).toEqual(['cem', 'cem', 'ann'])
  })

  test('writes under way that are not answered leave room for a block', async () => {
    const b = createBench(() => undefined, { concurrency: 4 })
    for (let at = 0; at < 10; at++) b.put(`agent${at}`, 'Online')
    await b.clock.settle()
    b.put('cem', 'Busy', { urgency: 'block' })
    await b.clock.settle()
    expect(b.crm.asked.map(({ user }) => user)).toEqual(['agent0', 'agent1', 'agent2', 'cem'])
  })

  test('it is known since when the oldest block waits', async () => {
    const b = createBench(() => undefined)
    const from = b.clock.now()
    expect(b.outbox.oldest('block').crm).toBeNull()
    b.put('ann', 'Online')
    await b.clock.advance(1_000)
    b.put('cem', 'Busy', { urgency: 'block' })
    await b.clock.advance(1_000)
    b.put('dee', 'Busy', { urgency: 'block' })
    expect(b.outbox.oldest('block').crm).toBe(from + 1_000)
    expect(b.outbox.oldest('comfort').crm).toBe(from)
    b.crm.asked.find(({ user }) => user === 'cem')?.answer(ACCEPTED)
    await b.clock.settle()
    expect(b.outbox.oldest('block').crm).toBe(from + 2_000)
  })
})

describe('failures', () => {
  test('that may pass are retried with growing pauses, then the write is given up', async () => {
    const b = createBench(() => BUSY)
    b.put('jane', 'Busy')
    await b.clock.advance(20_000)
    const at = b.crm.asked.map(({ options }) => options.deadline - ATTEMPT_TIMEOUT_MS)
    // Half of 250, 500, 1000, 2000, 4000 after each failure.
    expect(at.map((ms) => ms - (at[0] ?? 0))).toEqual([0, 125, 375, 875, 1875, 3875])
    expect(b.settled.map(({ settlement }) => settlement)).toEqual([{ kind: 'failed', words: 'try later' }])
    expect(b.outbox.depth().crm).toEqual(NONE)
  })

  test('in the pause between two attempts another agent goes on', async () => {
    const b = createBench(({ user }) => (user === 'jane' ? BUSY : ACCEPTED), { concurrency: 1 })
    b.put('jane', 'Busy')
    b.put('bob', 'Busy')
    await b.clock.settle()
    expect(b.settled.map(({ write }) => write.agent)).toEqual(['bob'])
    expect(b.outbox.waiting(agentId('jane'))).toMatchObject([{ state: 'backing_off', failures: 1, words: 'try later' }])
  })

  test('end at once for a write that is replaced in its pause', async () => {
    const b = createBench(inTurn(BUSY))
    b.put('jane', 'Busy')
    await b.clock.settle()
    expect(b.put('jane', 'Lunch')?.status).toBe('Busy')
    await b.clock.advance(60_000)
    expect(b.crm.asked.map(({ status }) => status)).toEqual(['Busy', 'Lunch'])
    expect(b.settled.map(({ write }) => write.status)).toEqual(['Lunch'])
  })

  test('of a write that a newer one waits behind are not retried', async () => {
    const b = createBench(() => undefined)
    b.put('jane', 'Busy')
    await b.clock.settle()
    b.put('jane', 'Lunch')
    b.crm.asked[0]?.answer(BUSY)
    await b.clock.settle()
    expect(b.crm.asked.map(({ status }) => status)).toEqual(['Busy', 'Lunch'])
    expect(b.crm.asked[1]?.options.expect).toBeNull()
    expect(b.settled).toMatchObject([
      { settlement: { kind: 'failed', words: 'superseded before it was taken: try later' } },
    ])
  })

  test('for good are not retried (R23)', async () => {
    const b = createBench(() => NOT_GRANTED)
    b.put('jane', 'Busy')
    await b.clock.advance(60_000)
    expect(b.crm.asked).toHaveLength(1)
    expect(b.settled.map(({ settlement }) => settlement)).toEqual([{ kind: 'refused', words: 'status not granted' }])
  })

  test('without an answer are aborted after their time and tried again', async () => {
    const b = createBench((asked) => (b.crm.asked.length > 1 ? ACCEPTED : void asked))
    b.put('jane', 'Busy')
    await b.clock.advance(ATTEMPT_TIMEOUT_MS - 1)
    expect(b.crm.asked[0]?.options.signal.aborted).toBe(false)
    await b.clock.advance(1)
    expect(b.crm.asked[0]?.options.signal.aborted).toBe(true)
    await b.clock.advance(1_000)
    expect(b.crm.asked).toHaveLength(2)
    expect(b.settled.map(({ settlement }) => settlement.kind)).toEqual(['sent'])
  })

  test('of an adapter that throws count as failures that may pass', async () => {
    let times = 0
    const b = createBench(() => {
      times += 1
      if (times === 1) throw new TypeError('x is not a function')
      return ACCEPTED
    })
    b.put('jane', 'Busy')
    await b.clock.advance(1_000)
    expect(b.settled.map(({ settlement }) => settlement.kind)).toEqual(['sent'])
  })
})

describe('nobody there', () => {
  test('the write waits, tells so, and goes when someone is there', async () => {
    const b = createBench(inTurn(NOBODY))
    b.put('jane', 'Busy')
    await b.clock.advance(60_000)
    expect(b.waiting.map(({ words }) => words)).toEqual(['no console is open'])
    expect(b.outbox.depth().crm).toEqual({ ...NONE, comfort: 1 })
    expect(b.outbox.waiting(agentId('jane'))).toMatchObject([{ state: 'unreachable', words: 'no console is open' }])
    b.outbox.reachable(agentId('jane'), 'crm')
    await b.clock.settle()
    expect(b.crm.shows.size).toBe(1)
    expect(b.outbox.depth().crm).toEqual(NONE)
  })

  test('a console that opens while the attempt is under way is not missed', async () => {
    const b = createBench(() => undefined)
    b.put('jane', 'Busy')
    await b.clock.settle()
    b.outbox.reachable(agentId('jane'), 'crm')
    b.crm.asked[0]?.answer(NOBODY)
    await b.clock.settle()
    expect(b.crm.asked).toHaveLength(2)
  })

  test('a reading of the side tries everybody anew', async () => {
    const b = createBench(inTurn(NOBODY, NOBODY))
    b.put('jane', 'Busy')
    b.put('bob', 'Busy')
    await b.clock.settle()
    b.outbox.resume('crm')
    await b.clock.settle()
    expect(b.settled).toHaveLength(2)
  })

  test('a write that could not be made for ten minutes is given up', async () => {
    const b = createBench(() => NOBODY)
    b.put('jane', 'Busy')
    await b.clock.advance(1_000)
    b.put('bob', 'Busy')
    await b.clock.advance(WRITE_AGE_MAX_MS - 1_000)
    expect(b.settled).toMatchObject([
      {
        write: { agent: 'jane' },
        settlement: { kind: 'failed', words: 'given up after 10 minutes: no console is open' },
      },
    ])
    await b.clock.advance(1_000)
    expect(b.settled).toHaveLength(2)
    expect(b.clock.timers()).toBe(0)
  })
})

describe('a link that is down (R22)', () => {
  test('starts nothing, keeps the newest, and goes on only after the reading', async () => {
    const b = createBench()
    b.outbox.link('crm', false)
    b.put('jane', 'Busy')
    b.put('jane', 'Lunch')
    b.put('jane', 'Busy', { side: 'telephony' })
    await b.clock.advance(60_000)
    expect(b.crm.asked).toHaveLength(0)
    expect(b.settled.map(({ write }) => write.side)).toEqual(['telephony'])
    b.outbox.resume('crm')
    b.outbox.link('crm', true)
    await b.clock.advance(1_000)
    expect(b.crm.asked).toHaveLength(0)
    b.outbox.resume('crm')
    await b.clock.settle()
    expect(b.crm.asked.map(({ status }) => status)).toEqual(['Lunch'])
  })
})

describe('stopping', () => {
  test('starts nothing more, lets what is under way finish, and hands back the rest', async () => {
    const b = createBench(({ user }) => (user === 'cem' ? NOBODY : undefined), { concurrency: 2 })
    b.put('cem', 'Busy')
    await b.clock.settle()
    b.put('ann', 'Busy')
    b.put('bob', 'Busy')
    await b.clock.settle()
    b.put('ann', 'Lunch')
    b.put('dee', 'Busy')
    const stopped = b.outbox.stop()
    b.crm.asked.find(({ user }) => user === 'ann')?.answer(ACCEPTED)
    await b.clock.advance(STOP_GRACE_MS)
    const left = (await stopped).map(({ agent, status }) => [agent, status])
    expect(left.sort()).toEqual([
      ['ann', 'Lunch'],
      ['bob', 'Busy'],
      ['cem', 'Busy'],
      ['dee', 'Busy'],
    ])
    expect(b.settled.map(({ write }) => [write.agent, write.status])).toEqual([['ann', 'Busy']])
    b.crm.asked.find(({ user }) => user === 'bob')?.answer(ACCEPTED)
    await b.clock.advance(60_000)
    expect(b.settled).toHaveLength(1)
    expect(b.crm.asked).toHaveLength(3)
    expect(b.clock.timers()).toBe(0)
  })

  test('does not wait where nothing is under way, and hands back what is in its pause', async () => {
    const b = createBench(() => BUSY)
    b.put('jane', 'Busy')
    await b.clock.settle()
    expect(await b.outbox.stop()).toMatchObject([{ agent: 'jane' }])
    await b.clock.advance(60_000)
    expect(b.crm.asked).toHaveLength(1)
    expect(b.settled).toEqual([])
  })
})
