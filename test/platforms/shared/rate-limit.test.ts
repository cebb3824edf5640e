import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { type CallClass, createRateLimiter, RateLimited } from '../../../src/platforms/shared/rate-limit.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

test('in no minute do more calls go out than the budget, whatever comes when', async () => {
  const arrival = fc.record({
    afterMs: fc.nat(20_000),
    kind: fc.constantFrom<CallClass>('read', 'write'),
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
      await clock.advance((asked + 2) * 60_000)
      expect(out).toHaveLength(asked)
      for (const { at } of out) {
        const minute = out.filter((call) => call.at >= at && call.at < at + 60_000)
        expect(minute.length).toBeLessThanOrEqual(10)
        expect(minute.filter(({ kind }) => kind === 'read').length).toBeLessThanOrEqual(8)
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
  await clock.advance(60_000)
  expect(order).toEqual(['write', 'read'])
})

test('who does not want to wait is told until when, also when the pause comes later', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 1 })
  await limiter.take('write')
  await expect(limiter.take('write', { waitAtMostMs: 500 })).rejects.toMatchObject({ untilMs: clock.now() + 60_000 })
  const patient = limiter.take('read', { waitAtMostMs: 100_000 }).catch((error: unknown) => error)
  limiter.pauseUntil(clock.now() + 3_600_000)
  expect(await patient).toBeInstanceOf(RateLimited)
})

test('a smaller allowance is learned, a larger one is not', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({ clock, callsPerMinute: 10 })
  limiter.learn(300)
  limiter.learn(2)
  await limiter.take('write')
  await limiter.take('write')
  expect(limiter.freeAt('write')).toBe(clock.now() + 60_000)
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
