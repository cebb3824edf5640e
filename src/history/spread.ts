// How durations spread: count, mean and maximum exactly, percentiles exactly of a few thousand, to one in fifty of more; in little memory however many
// there are.

/** Each bucket is so much wider than the one before. */
const GROWTH = 1.02
const BUCKETS_MAX = 2_000
/** Up to so many are kept as they are. */
const EXACT_MAX = 2_000

/** ms. */
export type SpreadFigures = {
  readonly count: number
  readonly mean: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export type Spread = {
  add(ms: number): void
  /** Null: there was nothing. */
  figures(): SpreadFigures | null
}

export function createSpread(): Spread {
  const buckets = new Map<number, number>()
  const exact: number[] = []
  let [count, sum, max] = [0, 0, 0]

  /** The one of this rank, or the upper end of the bucket in which it is. */
  function percentile(share: number): number {
    const rank = Math.ceil(count * share)
    if (count <= EXACT_MAX) return exact.sort((a, b) => a - b)[rank - 1] ?? max
    let passed = 0
    for (const bucket of [...buckets.keys()].sort((a, b) => a - b)) {
      passed += buckets.get(bucket) ?? 0
      if (passed >= rank) return Math.min(max, bucket === 0 ? 0 : Math.round(GROWTH ** bucket))
    }
    return max
  }

  return {
    add(ms) {
      const value = Math.max(0, ms)
      count += 1
      sum += value
      max = Math.max(max, value)
      if (count <= EXACT_MAX) exact.push(value)
      const bucket =
        value <= 1 ? Math.round(value) : Math.min(BUCKETS_MAX, Math.ceil(Math.log(value) / Math.log(GROWTH)))
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1)
    },
    figures() {
      if (count === 0) return null
      return {
        count,
        mean: Math.round(sum / count),
        p50: percentile(0.5),
        p95: percentile(0.95),
        p99: percentile(0.99),
        max,
      }
    },
  }
}
