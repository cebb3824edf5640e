import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createVirtualClock } from '../support/virtual-clock.ts'

const delays = fc.array(fc.record({ ms: fc.nat(20), off: fc.boolean() }), { maxLength: 40 })

test('alarms go off in the order of their times, of one time in the order in which they were set, and never when called off', async () => {
  await fc.assert(
    fc.asyncProperty(delays, async (plan) => {
      const clock = createVirtualClock(0)
      const heard: string[] = []
      const cancels = plan.map(({ ms }, n) => clock.after(ms, () => heard.push(`${clock.now()} ${n}`)))
      for (const [n, { off }] of plan.entries()) if (off) cancels[n]?.()
      const kept = plan.flatMap(({ ms, off }, n) => (off ? [] : [{ ms, n }]))
      expect(clock.timers()).toBe(kept.length)
      await clock.advance(20)
      expect(heard).toEqual(kept.toSorted((a, b) => a.ms - b.ms || a.n - b.n).map(({ ms, n }) => `${ms} ${n}`))
      expect(clock.timers()).toBe(0)
    }),
    { numRuns: 100 },
  )
})

test('of very many alarms that are called off the others stay', async () => {
  const clock = createVirtualClock(0)
  let heard = 0
  const cancels = Array.from({ length: 5_000 }, (_, n) => clock.after(5_000 - n, () => (heard += 1)))
  for (const [n, cancel] of cancels.entries()) if (n % 10 > 0) cancel()
  for (const cancel of cancels.slice(1, 10)) cancel()
  expect(clock.timers()).toBe(500)
  await clock.advance(5_000)
  expect(heard).toBe(500)
})
