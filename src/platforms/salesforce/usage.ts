// What the org allows in 24 hours and how much of it is used: API calls, as every answer tells, and delivered events, counted here.

import { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'
import type { Budget } from '../../domain/platform.ts'
import { DAY_MS, forecast } from './budget-forecast.ts'
import type { Marks } from './settings.ts'

const HOUR_MS = 3_600_000
const MARK = 'salesforce:deliveries'
/** Event deliveries in 24 hours without an add-on, in the largest editions (old Platform Events guides; today's figures are not verified). */
const DAILY_EVENTS = 50_000

type ApiUsage = { readonly used: number; readonly limit: number }

export type Usage = {
  /** The header Sforce-Limit-Info as it was last seen; null: not yet. Counts the whole org, not only the bridge. */
  calls(usage: ApiUsage | null): void
  /** One event came. */
  delivered(): void
  budgets(): readonly Budget[]
}

/**
 * `dailyEvents`: what the org may be sent in 24 hours; DAILY_EVENTS where left out. No header tells; the bridge counts what it was sent itself, and
 * other subscribers of the org count too (Platform Events guide, "Allocations": per subscribed client).
 */
export function createUsage(deps: {
  readonly clock: Clock
  readonly dailyEvents?: number | undefined
  /** Remembers the count of deliveries over a restart: the org goes on counting. */
  readonly marks: Marks
}): Usage {
  const { clock, dailyEvents = DAILY_EVENTS, marks } = deps
  /** The first of each hour, oldest first; at most those of a day. */
  let samples: { readonly at: number; readonly used: number }[] = []
  let api: ApiUsage | null = null
  const { since, hours } = remembered(marks.get(MARK)) ?? { since: clock.now(), hours: new Map<number, number>() }

  function calls(usage: ApiUsage | null): void {
    if (usage === null) return
    const at = clock.now()
    api = usage
    samples = samples.filter((sample) => sample.at > at - DAY_MS)
    const last = samples.at(-1)
    if (last === undefined || at - last.at >= HOUR_MS) samples.push({ at, used: usage.used })
  }

  function apiCalls(): readonly Budget[] {
    const [oldest] = samples
    if (api === null || oldest === undefined) return []
    const seen = { used: api.used, grown: api.used - oldest.used, watchedMs: clock.now() - oldest.at }
    return [{ name: 'api_calls', ...api, forecast: forecast(seen) }]
  }

  function thisHour(): number {
    return Math.floor(clock.now() / HOUR_MS)
  }

  function forgetOld(): void {
    const oldest = thisHour() - 23
    for (const hour of hours.keys()) if (hour < oldest) hours.delete(hour)
  }

  function deliveries(): Budget {
    forgetOld()
    const used = [...hours.values()].reduce((sum, count) => sum + count, 0)
    const watchedMs = Math.min(DAY_MS, clock.now() - since)
    return { name: 'event_deliveries', used, limit: dailyEvents, forecast: forecast({ used, grown: used, watchedMs }) }
  }

  return {
    calls,
    delivered() {
      const hour = thisHour()
      if (!hours.has(hour)) forgetOld()
      hours.set(hour, (hours.get(hour) ?? 0) + 1)
      marks.set(MARK, JSON.stringify({ since, hours: [...hours] }))
    },
    budgets: () => [...apiCalls(), deliveries()],
  }
}

/** Events by hour since 1970, at most those of a day, and since when they are counted. */
const counted = z.object({ since: z.number(), hours: z.array(z.tuple([z.int(), z.int()])).max(24) })

/** Null where nothing usable was remembered: the count begins anew. */
function remembered(text: string | undefined): { readonly since: number; readonly hours: Map<number, number> } | null {
  if (text === undefined) return null
  try {
    const { since, hours } = counted.parse(JSON.parse(text))
    return { since, hours: new Map(hours) }
  } catch {
    return null
  }
}
