// The rests that were reached, each with the cheapest way there, and those that are still to be left, the cheapest first.

import { NotProved, STATES_MAX, TOO_MANY } from './limits.ts'

/** A number for a rest: `control.id * size + place`. */
export type RestId = number

type Page = { readonly cost: Int32Array; readonly from: Int32Array; readonly by: Int32Array }

type Step = {
  readonly to: RestId
  /** -1: a beginning. */
  readonly from: RestId
  /** Which move it was, in the caller's own numbers. */
  readonly by: number
  readonly cost: number
}

export type Frontier = {
  /** How many pairs of bases a control can have. */
  readonly size: number
  /** Forgotten where the rest is known at the same cost or less. */
  reach(step: Step): void
  /** The next rest to be left; null: all are. */
  next(): RestId | null
  /** -1: not reached. */
  cost(rest: RestId): number
  from(rest: RestId): RestId
  by(rest: RestId): number
  readonly count: () => number
  known(): Iterable<RestId>
}

const NONE = { rests: [], left: 0 }

export function createFrontier(size: number): Frontier {
  const pages: Page[] = []
  const buckets: { readonly rests: RestId[]; left: number }[] = []
  let count = 0
  let cheapest = 0

  const pageOf = (rest: RestId): Page => {
    const id = Math.floor(rest / size)
    const known = pages[id]
    if (known !== undefined) return known
    const page = { cost: new Int32Array(size).fill(-1), from: new Int32Array(size), by: new Int32Array(size) }
    pages[id] = page
    return page
  }
  const costOf = (rest: RestId): number => pages[Math.floor(rest / size)]?.cost[rest % size] ?? -1

  return {
    size,
    reach({ to, from, by, cost }) {
      const page = pageOf(to)
      const place = to % size
      const before = page.cost[place] ?? -1
      if (before >= 0 && before <= cost) return
      if (before < 0) count += 1
      if (count > STATES_MAX) throw new NotProved(TOO_MANY)
      page.cost[place] = cost
      page.from[place] = from
      page.by[place] = by
      buckets[cost] ??= { rests: [], left: 0 }
      buckets[cost].rests.push(to)
      cheapest = Math.min(cheapest, cost)
    },
    next() {
      for (; cheapest < buckets.length; cheapest += 1) {
        const bucket = buckets[cheapest] ?? NONE
        while (bucket.left < bucket.rests.length) {
          const rest = bucket.rests[bucket.left] ?? -1
          bucket.left += 1
          if (costOf(rest) === cheapest) return rest
        }
      }
      return null
    },
    cost: costOf,
    from: (rest) => pageOf(rest).from[rest % size] ?? -1,
    by: (rest) => pageOf(rest).by[rest % size] ?? -1,
    count: () => count,
    *known() {
      for (const [id, page] of pages.entries()) {
        for (let place = 0; place < size; place += 1) if ((page?.cost[place] ?? -1) >= 0) yield id * size + place
      }
    },
  }
}
