// A deadline of our own around a promise of someone else's.

import type { Clock } from '../../domain/clock.ts'

export class TimedOut extends Error {
  override readonly name = 'TimedOut'
}

export type Limit = { readonly clock: Clock; readonly ms: number; readonly what: string; readonly signal: AbortSignal }

/** Rejects with TimedOut after `ms`, or with the signal's reason; what was asked may still go on, its end is of no interest any more. */
export function within<T>(promise: Promise<T>, { clock, ms, what, signal }: Limit): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new TimedOut(`${what} gave no answer within ${ms / 1000} s`)))
    const leave = () => {
      cancel()
      reject(signal.reason)
    }
    const settled = () => {
      cancel()
      signal.removeEventListener('abort', leave)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject)
    promise.then(settled, settled)
  })
}
