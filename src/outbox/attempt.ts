// One attempt of one write: an answer within the time, whatever the adapter does.

import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { Write } from '../domain/outbox.ts'
import type { PlatformAdapter, WriteResult } from '../domain/platform.ts'
import type { StatusId } from '../domain/side.ts'
import { ATTEMPT_TIMEOUT_MS, BACKOFF_FIRST_MS, BACKOFF_MAX_MS } from './limits.ts'

export type StatusSetter = Pick<PlatformAdapter, 'setStatus'>

export type AttemptDeps = { readonly adapter: StatusSetter; readonly clock: Clock; readonly log: Log }

/** Never rejects. An adapter that ignores the abort is not waited for. */
export function attempt(
  { adapter, clock, log }: AttemptDeps,
  { write, expect, abort }: { write: Write; expect: StatusId | null; abort: AbortController },
): Promise<WriteResult> {
  const deadline = clock.now() + ATTEMPT_TIMEOUT_MS
  return new Promise((resolve) => {
    const giveUp = (words: string) => resolve({ kind: 'transient', words })
    const cancel = clock.after(ATTEMPT_TIMEOUT_MS, () => abort.abort())
    abort.signal.addEventListener('abort', () => giveUp(`no answer within ${ATTEMPT_TIMEOUT_MS / 1000} s`))
    const { sentence, urgency } = write
    call(adapter, write, { expect, deadline, sentence, urgency, signal: abort.signal })
      .then(resolve, (error: unknown) => {
        if (abort.signal.aborted) return
        log.error(
          { code: 'adapter_threw', side: write.side, agent: write.agent, why: String(error) },
          'An adapter threw instead of answering; the write is tried again.',
        )
        giveUp(String(error))
      })
      .finally(cancel)
  })
}

/** Full jitter: spreads the retries of many writes that failed together (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). */
export function backoffMs(failures: number, random: () => number): number {
  return random() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (failures - 1))
}

/** Turns what an adapter throws at once into a rejection. */
async function call(
  adapter: StatusSetter,
  write: Write,
  options: Parameters<StatusSetter['setStatus']>[2],
): Promise<WriteResult> {
  return await adapter.setStatus(write.user, write.status, options)
}
