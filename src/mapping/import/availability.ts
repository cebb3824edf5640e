// In which statuses a side pushes work: what the person says, else what the names suggest. A guess is always told as one, and nothing is
// better than a wrong guess: a status that is wrongly listed makes the bridge keep agents out of it.

import { loosely } from '../nearest.ts'

export type Availability = {
  readonly names: readonly string[]
  /** `product`: it is so for all who use it; `platform`: it was asked; `unknown`: nobody said, and no name suggests it. */
  readonly how: 'given' | 'product' | 'platform' | 'guessed' | 'unknown'
}

/** Where there is a queue to be on, nothing else takes work from it. */
const ON_QUEUE: ReadonlySet<string> = new Set(['onqueue', 'queue', 'inqueue'])
const TAKES_WORK = /^(?:available|online|ready|accepting)/
const TAKES_NONE = /not|un|soon/

/** `given` by the person; `product`: what is known of the product that the names come from. */
export function availability(
  names: readonly string[],
  { given, product }: { readonly given: readonly string[]; readonly product: readonly string[] | undefined },
): Availability {
  if (given.length > 0) return { names: given, how: 'given' }
  if (product !== undefined) return { names: product, how: 'product' }
  const guessed = guessAvailable(names)
  return guessed.length > 0 ? { names: guessed, how: 'guessed' } : { names: [], how: 'unknown' }
}

export function guessAvailable(names: readonly string[]): readonly string[] {
  const distinct = [...new Set(names)]
  const queued = distinct.filter((name) => ON_QUEUE.has(loosely(name)))
  if (queued.length > 0) return queued
  return distinct.filter((name) => TAKES_WORK.test(loosely(name)) && !TAKES_NONE.test(loosely(name)))
}
