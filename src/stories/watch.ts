// Waits until one of some files has changed, whatever way it was replaced: edited in place, renamed over, or behind a link that was turned to
// another folder. Looks at them every now and then, because notices of file systems miss some of these.

import { statSync } from 'node:fs'
import type { Clock } from '../domain/clock.ts'

/** What a file looked like before it was read; null: it was not there. */
export type Looks = Map<string, string | null>

/** Quick enough for somebody who waits, and no load for a few files. */
const EVERY_MS = 250

export function lookAt(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  return found === undefined ? null : `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs}`
}

/** Resolves once a file differs and looks the same in two looks, as whoever writes it may not be done; or when it is over. */
export function untilChanged(deps: {
  readonly looks: ReadonlyMap<string, string | null>
  readonly clock: Clock
  readonly signal: AbortSignal
}): Promise<'changed' | 'over'> {
  const { looks, clock, signal } = deps
  const seen = () => [...looks.keys()].map(lookAt).join('\n')
  const known = [...looks.values()].join('\n')
  return new Promise((resolve) => {
    let last = seen()
    let cancel = () => {}
    const over = () => {
      cancel()
      resolve('over')
    }
    const plan = () => {
      cancel = clock.after(EVERY_MS, () => {
        const now = seen()
        if (now !== known && now === last) {
          signal.removeEventListener('abort', over)
          resolve('changed')
          return
        }
        last = now
        plan()
      })
    }
    if (signal.aborted) return over()
    signal.addEventListener('abort', over, { once: true })
    plan()
  })
}
