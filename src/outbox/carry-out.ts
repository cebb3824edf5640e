// The retry loop of one write: attempts until the platform took it, refused it, or failed too often.

import pRetry, { AbortError } from 'p-retry'
import { WRITE_ATTEMPTS_MAX } from '../domain/limits.ts'
import type { Settlement } from '../domain/outbox.ts'
import type { WriteResult } from '../domain/platform.ts'
import type { Job } from './job.ts'
import { WRITE_AGE_MAX_MS } from './limits.ts'

/** What the lane does for the loop. */
export type Hands = {
  attempt(job: Job): Promise<WriteResult>
  /** Not now, and not counted: puts the job where it waits; its state is no longer `flight`. */
  wait(job: Job, result: Extract<WriteResult, { kind: 'rate_limited' | 'unreachable' }>): void
  /** Resolves when the next attempt may be asked for. */
  backOff(job: Job): Promise<void>
  /** Why no attempt may follow a failed one; null: one may. */
  lostInterest(job: Job): 'superseded' | 'too old' | null
}

/** null: the job was ended from outside meanwhile. Begins with an attempt, without waiting for a turn. Never rejects. */
export async function carryOut(job: Job, hands: Hands): Promise<Settlement | null> {
  try {
    await pRetry(() => untilCounted(job, hands), {
      retries: WRITE_ATTEMPTS_MAX - 1,
      // The pauses are the lane's: on the clock that was passed in.
      minTimeout: 0,
      onFailedAttempt: async ({ retriesLeft }) => {
        if (retriesLeft > 0 && hands.lostInterest(job) === null) await hands.backOff(job)
      },
      shouldRetry: () => !isOver(job) && hands.lostInterest(job) === null,
    })
    return isOver(job) ? null : { kind: 'sent' }
  } catch (error) {
    if (isOver(job)) return null
    const words = error instanceof Error ? error.message : String(error)
    if (error instanceof Refused) return { kind: 'refused', words }
    return { kind: 'failed', words: failedWords(hands.lostInterest(job), words) }
  }
}

export function failedWords(why: ReturnType<Hands['lostInterest']>, words: string | null): string {
  const tail = words === null ? '' : `: ${words}`
  if (why === 'too old') return `given up after ${WRITE_AGE_MAX_MS / 60_000} minutes${tail}`
  if (why === 'superseded') return `superseded before it was taken${tail}`
  return words ?? 'no answer'
}

/** Resolves when the platform took it, rejects when an attempt counts as failed. Limits and absences do not count. */
async function untilCounted(job: Job, hands: Hands): Promise<void> {
  for (;;) {
    if (job.state !== 'flight') await turn(job)
    if (isOver(job)) throw new AbortError('over')
    const result = await hands.attempt(job)
    if (isOver(job)) throw new AbortError('over')
    if (result.kind === 'accepted') return
    job.words = result.words
    if (result.kind === 'transient') job.failures += 1
    if (result.kind === 'refused') throw new AbortError(new Refused(result.words))
    if (hands.lostInterest(job) !== null) throw new AbortError(result.words)
    if (result.kind === 'transient') throw new Error(result.words)
    hands.wait(job, result)
  }
}

function turn(job: Job): Promise<void> {
  return new Promise((resolve) => {
    job.wake = resolve
  })
}

function isOver(job: Job): boolean {
  return job.state === 'over'
}

class Refused extends Error {}
