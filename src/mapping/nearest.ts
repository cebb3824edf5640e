// The nearest name to one that is not known, for "did you mean".

import { distance } from 'fastest-levenshtein'

/** Undefined where nothing is near enough to be what was meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = loosely(word)
  let best: { readonly name: string; readonly far: number } | undefined
  for (const name of candidates) {
    const far = distance(wanted, loosely(name))
    if (far <= Math.ceil(Math.max(word.length, name.length) / 3) && (!best || far < best.far)) {
      best = { name, far }
    }
  }
  return best?.name
}

/** The hint that goes with it. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const name = nearest(word, candidates)
  return name === undefined ? undefined : `did you mean "${name}"?`
}

/** "On_Queue", "on queue" and "OnQueue" are the same to a person in a hurry. */
export function loosely(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '')
}
