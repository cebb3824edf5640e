// The way down has an end, whatever hangs.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isOverWithin } from '../../src/app/drain.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

describe('what is waited for', () => {
  test('is over in time exactly where it ends before the time is up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 1_000 }), async (takes, ms) => {
        fc.pre(takes !== ms)
        const clock = createVirtualClock()
        const end = new Promise<void>((resolve) => void clock.after(takes, resolve))
        const over = isOverWithin(end, { clock, ms })
        await clock.advance(2_000)
        expect(await over).toBe(takes < ms)
        expect(clock.timers()).toBe(0)
      }),
    )
  })

  test('that fails is no success', async () => {
    const clock = createVirtualClock()
    await expect(isOverWithin(Promise.reject(new Error('no')), { clock, ms: 10 })).rejects.toThrow('no')
    expect(clock.timers()).toBe(0)
  })
})
