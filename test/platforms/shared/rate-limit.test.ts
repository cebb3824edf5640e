import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { CALL_CLASSES, type CallClass, SHARES } from '../../../src/platforms/shared/call-classes.ts'
import { createRateLimiter, RateLimited } from '../../../src/platforms/shared/rate-limit.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

test('in no minute do more calls go out than the budget, whatever comes when', async () => {
  const arrival = fc.record({
    afterMs: fc.nat(20_000),
    kind: fc.constantFrom<CallClass>(...CALL_CLASSES),
    count: fc.nat(12),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { maxLength: 20 }), async (arrivals) => {
      const clock = createVirtualClock()
      const limiter = createRateLimiter({ clock, callsPerMinute: 10 })
      const out: { at: number; kind: CallClass }[] = []
      let asked = 0
      for (const { afterMs, kind, count } of arrivals) {
        await clock.advance(afterMs)
        for (let n = 0; n < count; n++) void limiter.take(kind).then(() => out.push({ at: clock.now(), kind }))
        asked += count
      }
      await clock.advance((asked + 2) * 61_000)
      expect(out).toHaveLength(asked)
      for (const { at } of out) {
        const minute = out.filter((call) => call.at >= at && call.at < at + 60_000)
        for (const [rank, kind] of CALL_CLASSES.entries()) {
          const behind = minute.filter((call) => CALL_CLASSES.indexOf(call.kind) >= rank)
          expect(behind.length).toBeLessThanOrEqual(10 * SHARES[kind])
        }
      }
    }),
    { numRuns: 40 },
  )
})

test('writes go ahead of reads that wait longer', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 5 })
  const order: string[] = []
  for (let at = 0; at < 5; at++) await limiter.take('write')
  void limiter.take('read').then(() => order.push('read'))
  void limiter.take('write').then(() => order.push('write'))
  await clock.advance(60_500)
  expect(order).toEqual(['write', 'read'])
})

test('who does not want to wait is told until when, also when the pause comes later', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 1 })
  await limiter.take('write')
  await expect(limiter.take('write', { waitAtMostMs: 500 })).rejects.toMatchObject({ untilMs: clock.now() + 60_500 })
  const patient = limiter.take('read', { waitAtMostMs: 100_000 }).catch((error: unknown) => error)
  limiter.pauseUntil(clock.now() + 3_600_000)
  expect(await patient).toBeInstanceOf(RateLimited)
})

test('a smaller allowance is learned at once, a larger one than configured never', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 10 })
  limiter.answered({ allowed: 300 })
  limiter.answered({ allowed: 2 })
  await limiter.take('write')
  await limiter.take('write')
  expect(limiter.freeAt('write')).toBe(clock.now() + 60_500)
})

test('leaving the queue and stopping it free everyone, and no timer remains', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 1 })
  await limiter.take('write')
  const leaving = new AbortController()
  const left = limiter.take('read', { signal: leaving.signal }).catch((error: unknown) => String(error))
  const stopped = limiter.take('read').catch((error: unknown) => String(error))
  leaving.abort('gone')
  limiter.stop()
  expect(await left).toBe('gone')
  expect(await stopped).toContain('stopped')
  expect(clock.timers()).toBe(0)
})

test('a smaller allowance is forgotten only when the platform has said more for a minute', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 10 })
  limiter.answered({ allowed: 2 })
  await clock.advance(59_000)
  limiter.answered({ allowed: 8 })
  expect(limiter.rate().perMinute).toBe(2)
  await clock.advance(1_000)
  limiter.answered({ allowed: 8 })
  expect(limiter.rate().perMinute).toBe(2)
  await clock.advance(60_000)
  limiter.answered({ allowed: 8 })
  expect(limiter.rate().perMinute).toBe(8)
})

test('what others use of the allowance is left to them until the platform’s minute is over', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 10 })
  await limiter.take('block')
  await limiter.take('block')
  limiter.answered({ allowed: 10, count: 7, resetMs: 20_000 })
  expect(limiter.room('block')).toBe(3)
  await clock.advance(20_000)
  expect(limiter.room('block')).toBe(8)
})

test('nothing goes while the platform’s count is at its limit', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 10 })
  limiter.answered({ allowed: 10, count: 10, resetMs: 20_000 })
  expect(limiter.freeAt('block')).toBe(clock.now() + 20_000)
  expect(limiter.room('block')).toBe(0)
})

test('the most urgent class goes first, and a less urgent one never takes the reserve of those before it', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 20 })
  const order: CallClass[] = []
  limiter.pauseUntil(clock.now() + 1_000)
  for (const kind of CALL_CLASSES.toReversed()) {
    for (let at = 0; at < 20; at++) void limiter.take(kind).then(() => order.push(kind))
  }
  await clock.advance(10 * 61_000)
  const ranks = order.map((kind) => CALL_CLASSES.indexOf(kind))
  expect(order).toHaveLength(6 * 20)
  expect(ranks).toEqual([...ranks].sort())
})

test('after "too many" calls begin one by one, the most urgent first, and twice as many with each good answer', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 300 })
  limiter.refused(clock.now() + 5_000)
  const order: CallClass[] = []
  for (const kind of ['read', 'comfort', 'block', 'block'] as const) {
    for (let at = 0; at < 2; at++) void limiter.take(kind).then(() => order.push(kind))
  }
  await clock.advance(5_000)
  expect(order).toEqual(['block'])
  limiter.answered()
  await clock.advance(0)
  expect(order).toEqual(['block', 'block', 'block'])
  limiter.answered()
  limiter.answered()
  await clock.advance(0)
  expect(order).toEqual(['block', 'block', 'block', 'block', 'comfort', 'comfort', 'read'])
})

test('where no answer comes after "too many", calls go on one by one', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 300 })
  limiter.refused(clock.now() + 1_000)
  const went: number[] = []
  for (let at = 0; at < 4; at++) void limiter.take('write').then(() => went.push(clock.now()))
  const from = clock.now() + 1_000
  await clock.advance(10_000)
  expect(went.map((at) => at - from)).toEqual([0, 250, 500, 750])
})
