// Doing something that may not work yet until it does: with backoff and jitter, and saying so once for each new reason.

import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { CannotListen, CredentialsRefused } from '../domain/platform.ts'

const FIRST_DELAY_MS = 1_000
const MAX_DELAY_MS = 30_000
/** Refused credentials are not tried more often: some platforms lock an account that fails too often. */
const REFUSED_DELAY_MS = 60_000

export type Patience = {
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly signal: AbortSignal
}

/** Rejects only when the signal is aborted, or where waiting does not help. `failed` hears of every failure, null when it worked. */
export async function untilItWorks<T>(
  deps: Patience,
  task: { readonly what: string; readonly run: () => Promise<T>; readonly failed: (why: string | null) => void },
): Promise<T> {
  let ceilingMs = FIRST_DELAY_MS
  let said = ''
  for (;;) {
    deps.signal.throwIfAborted()
    try {
      const result = await task.run()
      task.failed(null)
      return result
    } catch (error) {
      deps.signal.throwIfAborted()
      if (error instanceof CannotListen) throw error // waiting does not help
      const refused = error instanceof CredentialsRefused
      const why = error instanceof Error ? error.message : String(error)
      task.failed(why)
      const delayMs = refused ? REFUSED_DELAY_MS : Math.ceil(ceilingMs * (0.5 + deps.random() / 2))
      ceilingMs = Math.min(MAX_DELAY_MS, ceilingMs * 2)
      const context = { code: refused ? 'credentials_refused' : 'not_yet', what: task.what, why, retryInMs: delayMs }
      if (why !== said) deps.log.warn(context, 'Could not be done; it is tried again')
      else deps.log.debug(context, 'Still not; it is tried again')
      said = why
      await sleepUnlessAborted(deps, delayMs)
    }
  }
}

async function sleepUnlessAborted(deps: Patience, delayMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = deps.clock.after(delayMs, done)
    function done(): void {
      cancel()
      deps.signal.removeEventListener('abort', done)
      resolve()
    }
    deps.signal.addEventListener('abort', done)
  })
}
