// A deadline of our own around a promise of someone else's.

import type { Clock } from '../../domain/clock.ts'

export class TimedOut extends Error {
  override readonly name = 'TimedOut'
}

/** Rejects with TimedOut after `ms`; what was asked may still go on, its end is of no interest any more. */
export function within<T>(promise: Promise<T>, limit: { clock: Clock; ms: number; what: string }): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = limit.clock.after(limit.ms, () => {
      reject(new TimedOut(`${limit.what} gave no answer within ${limit.ms / 1000} s`))
    })
    promise.then(resolve, reject).finally(cancel)
  })
}
