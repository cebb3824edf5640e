// What the org allows in a day: counted, foretold, and kept to when it is used up.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { budgetWords, createBudgetWatch, paceOf } from '../../../src/app/budgets.ts'
import { readPeriodically } from '../../../src/app/periodic.ts'
import { type Log, SILENT } from '../../../src/domain/log.ts'
import type { Budget } from '../../../src/domain/platform.ts'
import type { Side } from '../../../src/domain/side.ts'
import { createMetrics } from '../../../src/ops/metrics.ts'
import { DAY_MS, forecast } from '../../../src/platforms/salesforce/budget-forecast.ts'
import { createBudgetPause, Paused } from '../../../src/platforms/salesforce/budget-pause.ts'
import type { Marks } from '../../../src/platforms/salesforce/settings.ts'
import { createUsage } from '../../../src/platforms/salesforce/usage.ts'
import { createVirtualClock } from '../../../src/stories/virtual-clock.ts'
import { openOrg } from './setup-kit.ts'

const HOUR_MS = 3_600_000
const START = Date.parse('2026-11-22T08:00:00Z')

function notebook() {
  const lines: string[] = []
  const write = (_: unknown, message: string) => void lines.push(message)
  return { lines, log: { debug: write, info: write, warn: write, error: write } satisfies Log }
}

function memory(): Marks {
  const kept = new Map<string, string>()
  return { get: (key) => kept.get(key), set: (key, value) => void kept.set(key, value) }
}

const budget = (used: number, limit = 100, name = 'api_calls'): Budget => ({ name, used, limit, forecast: null })

describe('the forecast', () => {
  const count = fc.integer({ min: 0, max: 1_000_000 })

  test('of a steady rate is that rate for a day, however long it was watched', () => {
    const perHour = fc.integer({ min: 0, max: 50_000 })
    fc.assert(
      fc.property(perHour, fc.integer({ min: 600_000, max: DAY_MS }), count, (rate, watchedMs, before) => {
        const grown = (rate * watchedMs) / HOUR_MS
        const told = forecast({ used: before + grown, grown, watchedMs }) ?? Number.NaN
        expect(Math.abs(told - (before + rate * 24))).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('is never below what is used, and not told before ten minutes were seen', () => {
    fc.assert(
      fc.property(count, count, fc.integer({ min: 0, max: 3 * DAY_MS }), (used, grown, watchedMs) => {
        const told = forecast({ used, grown, watchedMs })
        if (watchedMs < 600_000) expect(told).toBeNull()
        else expect(told).toBeGreaterThanOrEqual(used)
      }),
    )
  })
})

describe('what is counted', () => {
  test('deliveries are those of the last 24 hours to the hour, whatever the pattern', async () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 5 * HOUR_MS }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(gaps, async (pattern) => {
        const clock = createVirtualClock(START)
        const usage = createUsage({ clock, dailyEvents: 1_000, marks: memory() })
        const at: number[] = []
        for (const gap of pattern) {
          await clock.advanceTo(clock.now() + gap)
          usage.delivered()
          at.push(clock.now())
        }
        const used = usage.budgets().find(({ name }) => name === 'event_deliveries')?.used ?? Number.NaN
        const within = (ms: number) => at.filter((instant) => instant > clock.now() - ms).length
        expect(used).toBeGreaterThanOrEqual(within(23 * HOUR_MS))
        expect(used).toBeLessThanOrEqual(within(24 * HOUR_MS))
      }),
    )
  })

  test('deliveries are remembered over a restart at any moment, and what cannot be read is forgotten', async () => {
    const pattern = fc.array(fc.integer({ min: 0, max: 5 * HOUR_MS }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(pattern, fc.nat(40), async (gaps, restartAt) => {
        const clock = createVirtualClock(START)
        const marks = memory()
        const whole = createUsage({ clock, marks: memory() })
        let restarted = createUsage({ clock, marks })
        for (const [index, gap] of gaps.entries()) {
          if (index === restartAt) restarted = createUsage({ clock, marks })
          await clock.advanceTo(clock.now() + gap)
          whole.delivered()
          restarted.delivered()
        }
        const used = (usage: typeof whole) => usage.budgets().map((one) => one.used)
        expect(used(restarted)).toEqual(used(whole))
      }),
    )
    for (const text of ['', '{', '[]', '{"since":1,"hours":[["x",1]]}']) {
      const usage = createUsage({ clock: createVirtualClock(START), marks: { get: () => text, set() {} } })
      expect(usage.budgets()).toEqual([{ name: 'event_deliveries', used: 0, limit: 50_000, forecast: null }])
    }
  })

  test('API calls are what the last answer said, with what a day comes to at that rate', async () => {
    const clock = createVirtualClock(START)
    const usage = createUsage({ clock, marks: memory() })
    const calls = () => usage.budgets().find(({ name }) => name === 'api_calls')
    expect(calls()).toBeUndefined()
    usage.calls({ used: 1_000, limit: 100_000 })
    expect(calls()).toEqual({ name: 'api_calls', used: 1_000, limit: 100_000, forecast: null })
    await clock.advanceTo(START + HOUR_MS)
    usage.calls({ used: 1_500, limit: 100_000 })
    usage.calls(null)
    expect(calls()).toEqual({ name: 'api_calls', used: 1_500, limit: 100_000, forecast: 1_500 + 23 * 500 })
  })
})

describe('periodic readings', () => {
  test.each([
    [0, 1],
    [79, 1],
    [80, 2],
    [89, 2],
    [90, 4],
    [94, 4],
    [95, 12],
    [250, 12],
  ])('at %d %% of the daily calls every %d-th is made', (used, every) => {
    expect(paceOf([budget(used), budget(99, 100, 'event_deliveries')])).toBe(every)
  })

  test('are made at the pace of their own side, and the change is said once each way', async () => {
    const clock = createVirtualClock(START)
    const { lines, log } = notebook()
    let used = 0
    const read: Record<Side, number> = { crm: 0, telephony: 0 }
    const health = () => ({ link: { up: true, since: 0, why: '' }, details: {}, budgets: [budget(used)] })
    const quiet = () => ({ link: { up: true, since: 0, why: '' }, details: {} })
    const adapters = { crm: { health }, telephony: { health: quiet } }
    const note = (side: Side) => {
      read[side] += 1
    }
    const stop = readPeriodically({ clock, log, everyMs: 1_000, adapters, read: note })
    const made = async (share: number) => {
      const before = read.crm
      used = share
      await clock.advanceTo(clock.now() + 8_000)
      return read.crm - before
    }
    expect([await made(10), await made(85), await made(92), await made(97), await made(10)]).toEqual([8, 4, 2, 0, 8])
    expect(read.telephony).toBe(40)
    const paces = lines.filter((line) => /[Pp]eriodic/.test(line))
    expect(paces).toEqual([
      expect.stringContaining('less often'),
      expect.stringContaining('less often'),
      expect.stringContaining('less often'),
      expect.stringContaining('usual interval'),
    ])
    stop()
    await clock.advanceTo(clock.now() + 8_000)
    expect(read.telephony).toBe(40)
  })

  test('the operator is told once of each step, also where the figure hovers at the mark', () => {
    const { lines, log } = notebook()
    const watch = createBudgetWatch({ log })
    const deliveries = (used: number, expected: number) =>
      watch.look('crm', [{ name: 'event_deliveries', used, limit: 100, forecast: expected }])
    for (const [used, expected] of [
      [10, 50],
      [20, 130],
      [25, 97],
      [80, 140],
      [77, 140],
      [90, 150],
      [10, 20],
      [11, 20],
    ] as const)
      expect(deliveries(used, expected)).toBe(1)
    expect(lines).toEqual([
      expect.stringContaining('will not do'),
      expect.stringContaining('Most of'),
      expect.stringContaining('enough again'),
    ])
  })
})

describe('when the calls are used up', () => {
  test('whatever is asked for meanwhile, the pauses grow, and no more than one call goes out after each', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 20, maxLength: 200 }),
        fc.constantFrom('daily' as const, 'concurrent' as const),
        async (gaps, limit) => {
          const clock = createVirtualClock(START)
          const pause = createBudgetPause({ clock, log: SILENT, random: () => 0 })
          const sent: number[] = []
          for (const gap of gaps) {
            await clock.advanceTo(clock.now() + gap)
            try {
              pause.enter()
              sent.push(clock.now())
              pause.refused(limit)
            } catch (error) {
              expect(error).toBeInstanceOf(Paused)
            }
          }
          const first = (limit === 'daily' ? 60_000 : 2_000) * 0.75
          const longest = (limit === 'daily' ? 1_800_000 : 60_000) * 0.75
          for (const [index, at] of sent.entries()) {
            const before = sent[index - 1]
            if (before !== undefined)
              expect(at - before).toBeGreaterThanOrEqual(Math.min(longest, first * 2 ** (index - 1)))
          }
        },
      ),
    )
  })

  test('calls that were under way together make the pause no longer', () => {
    const clock = createVirtualClock(START)
    const pause = createBudgetPause({ clock, log: SILENT, random: () => 0 })
    for (let call = 0; call < 5; call++) pause.enter()
    for (let call = 0; call < 5; call++) pause.refused('daily')
    expect(pause.until()).toBe(START + 45_000)
  })

  test('one call finds out whether there is room again, and then all go out', async () => {
    const clock = createVirtualClock(START)
    const pause = createBudgetPause({ clock, log: SILENT, random: () => 0 })
    pause.enter()
    pause.refused('concurrent')
    await clock.advanceTo(START + 1_500)
    pause.enter()
    expect(() => pause.enter()).toThrow(Paused)
    pause.answered()
    expect(() => pause.enter()).not.toThrow()
  })
})

test('what is allowed and used stands in the metrics, by side', async () => {
  const metrics = createMetrics({ process: false })
  metrics.onScrape(() => metrics.budgets('crm', [budget(1_234, 100_000), budget(5, 50_000, 'event_deliveries')]))
  const text = await metrics.text()
  expect(text).toContain('presence_bridge_budget_used{side="crm",budget="api_calls"} 1234\n')
  expect(text).toContain('presence_bridge_budget_limit{side="crm",budget="api_calls"} 100000\n')
  expect(text).toContain('presence_bridge_budget_limit{side="crm",budget="event_deliveries"} 50000\n')
})

test('a budget in words has its figures and what is expected', () => {
  const words = budgetWords({ name: 'api_calls', used: 12_345, limit: 100_000, forecast: 20_000 })
  expect(words).toBe('12,345 of 100,000 API calls in 24 h, 20,000 expected')
  expect(budgetWords(budget(1, 50_000, 'event_deliveries'))).toBe('1 of 50,000 event deliveries in 24 h')
})

describe('an org that answers 403', () => {
  test('is left alone until the pause is over, and then answers again', async () => {
    const clock = createVirtualClock(START)
    const { server, client } = await openOrg({ clock })
    const ask = () => client.query('users', 'SELECT Id FROM User', z.unknown())
    server.faults.failNext(2, 403)
    await expect(ask()).rejects.toThrow(/REQUEST_LIMIT_EXCEEDED/)
    for (let call = 0; call < 50; call++) await expect(ask()).rejects.toThrow(Paused)
    expect(server.faults.calls.rest).toBe(1)
    await clock.advanceTo(START + 45_000)
    await expect(ask()).rejects.toThrow(/REQUEST_LIMIT_EXCEEDED/)
    await clock.advanceTo(START + 45_000 + 89_000)
    await expect(ask()).rejects.toThrow(/nothing is asked before 2026-11-22T08:02:15/)
    await clock.advanceTo(START + 45_000 + 90_000)
    expect(await ask()).toEqual([])
    expect(server.faults.calls.rest).toBe(3)
    expect(client.usage()).toEqual({ used: 3, limit: 100_000 })
  })
})
