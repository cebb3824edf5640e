// How late reports are heard, and how long nothing was.

import { expect, test } from '@jest/globals'
import { createStreamWatch } from '../../src/app/stream-watch.ts'
import type { Side } from '../../src/domain/side.ts'
import { id } from '../support/rules.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

test('a report is as late as its time by the platform is past; one from the future is not late at all', async () => {
  const clock = createVirtualClock()
  const lags: [Side, number][] = []
  const quiet: Partial<Record<Side, number>> = {}
  const watch = createStreamWatch({
    clock,
    metrics: {
      heard: (side, seconds) => lags.push([side, seconds]),
      quiet: (side, seconds) => {
        quiet[side] = seconds
      },
    },
  })
  const report = (at: number) => ({ kind: 'status', status: id('Q'), by: 'agent', stamp: { at } }) as const
  await clock.advance(30_000)
  watch.heard('crm', report(clock.now() - 1_500))
  watch.heard('crm', report(clock.now() + 60_000))
  watch.heard('crm', report(Number.NaN))
  expect(lags).toEqual([
    ['crm', 1.5],
    ['crm', 0],
  ])
  await clock.advance(10_000)
  watch.sample()
  expect(quiet).toEqual({ crm: 10, telephony: 40 })
})
