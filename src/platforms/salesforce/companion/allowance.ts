// How often each person may do what costs something. Counted by person and not by connection: who connects anew begins nothing anew.

import type { Clock } from '../../../domain/clock.ts'
import { createBoundedMap } from '../bounded-map.ts'
import { COUNTED_MAX } from './limits.ts'

const WINDOW_MS = 60_000

export type Allowance = {
  /** Whether it may be done once more now; counts it if so. */
  take(key: string): boolean
}

export function createAllowance(deps: { readonly clock: Clock; readonly perMinute: number }): Allowance {
  const { clock, perMinute } = deps
  const counted = createBoundedMap<string, { since: number; count: number }>(COUNTED_MAX)
  return {
    take(key) {
      const now = clock.now()
      const known = counted.get(key)
      const current = known && now - known.since < WINDOW_MS ? known : { since: now, count: 0 }
      if (current.count >= perMinute) return false
      current.count += 1
      counted.set(key, current)
      return true
    },
  }
}
