// Notices that a file has changed, whatever way it was replaced: edited in place, renamed over, or behind a link that was turned to another folder
// (which is how Kubernetes updates a ConfigMap). Looks at it every now and then, because notices of file systems miss some of these.

import { statSync } from 'node:fs'
import type { Clock } from '../domain/clock.ts'

const EVERY_MS = 2_000

/** `changed` is called once the file looks the same in two looks: whoever writes it may not be done. */
export function watchFile(deps: {
  readonly path: string
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly changed: () => void
}): void {
  const { path, clock, signal, changed } = deps
  let known = lookOf(path)
  let last = known

  function look(): void {
    const now = lookOf(path)
    const isSettled = now === last
    last = now
    if (isSettled && now !== known && now !== null) {
      known = now
      changed()
    }
    plan()
  }

  function plan(): void {
    if (signal.aborted) return
    const cancel = clock.after(EVERY_MS, () => {
      signal.removeEventListener('abort', cancel)
      look()
    })
    signal.addEventListener('abort', cancel, { once: true })
  }

  plan()
}

/** Null where there is no such file now. */
function lookOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  return found === undefined ? null : `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs}`
}
