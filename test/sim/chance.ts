// Chance with a seed: the same seed, the same run. What happens to one message hangs on that message alone, so that
// leaving out one act of a run changes nothing about the others.

export type Chance = {
  /** [0, 1) */
  next(): number
  /** Whether something of this probability happens. */
  hits(probability: number): boolean
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<T>(from: readonly T[]): T
  some<T>(from: readonly T[], most: number): T[]
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  /** mulberry32 */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  function pick<T>(from: readonly T[]): T {
    const found = from[between(0, from.length - 1)]
    if (found === undefined) throw new Error('Nothing to pick from')
    return found
  }
  return {
    next,
    hits: (probability) => next() < probability,
    between,
    pick,
    some: (from, most) => {
      const count = between(1, most)
      return [...new Set(Array.from({ length: count }, () => pick(from)))]
    },
  }
}

/** The chance of one thing: the same names, the same luck. */
export function chanceOf(...names: readonly (string | number)[]): Chance {
  return createChance(hash(names.join('\n')))
}

/** FNV-1a */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193)
  return (h ^ (h >>> 15)) >>> 0
}
