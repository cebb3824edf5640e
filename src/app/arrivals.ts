// The order in which things reached the bridge: ms since 1970, and within one ms a little more each time, so that of two things it is always known
// which one came first.

import type { Clock } from '../domain/clock.ts'

/** Of a ms: a double still tells such steps apart in our century. */
const STEP_MS = 1 / 1024

export type Arrivals = { next(): number }

export function createArrivals(clock: Pick<Clock, 'now'>): Arrivals {
  let last = Number.NEGATIVE_INFINITY
  return {
    next() {
      last = Math.max(clock.now(), last + STEP_MS)
      return last
    },
  }
}
