// One write on its way through the outbox.

import type { Cancel } from '../domain/clock.ts'
import type { Settlement, Write } from '../domain/outbox.ts'
import type { StatusId } from '../domain/side.ts'
import type { Place } from './line.ts'

/**
 * `queued`: in line. `flight`: an attempt is under way. `backing_off`: between two attempts. `unreachable`: until someone is there to
 * carry it out. `behind`: until the agent's write under way is over. `over`: settled, replaced or cancelled; nothing follows.
 */
export type JobState = 'queued' | 'flight' | 'backing_off' | 'unreachable' | 'behind' | 'over'

export type Job = {
  readonly write: Write
  state: JobState
  /** As the write says, unless a write before it was carried out meanwhile. */
  expect: StatusId | null
  /** Attempts that failed for now. */
  failures: number
  /** The platform's words at the last failure. */
  words: string | null
  /** Cancelled while under way: not tried again. */
  unwanted: boolean
  /** The platform said "reachable" while an attempt was under way that may yet come back unreachable. */
  reachableAgain: boolean
  /** Order within its class; smaller goes first. */
  ticket: number
  inLine: Place<Job> | null
  inAge: Place<Job> | null
  /** Lets the retry loop go on: its turn, the end of its pause, or the end of everything. */
  wake: (() => void) | null
  pause: Cancel | null
  abort: AbortController | null
}

/** The writes of one agent on one side: one that moves, and the newest one behind it. */
export type Slot = { current: Job; next: Job | null }

/** What `why` tells about a write that is not settled. */
export type PendingWrite = {
  readonly write: Write
  readonly state: Exclude<JobState, 'over'>
  readonly failures: number
  readonly words: string | null
}

export function createJob(write: Write): Job {
  return {
    write,
    state: 'over',
    expect: write.expect,
    failures: 0,
    words: null,
    unwanted: false,
    reachableAgain: false,
    ticket: 0,
    inLine: null,
    inAge: null,
    wake: null,
    pause: null,
    abort: null,
  }
}

export function pendingOf(job: Job): PendingWrite | null {
  const { write, state, failures, words } = job
  return state === 'over' ? null : { write, state, failures, words }
}

/** Counted in the outbox's depth. */
export function waits(state: JobState): boolean {
  return state !== 'flight' && state !== 'over'
}

/** A write that was decided before the one ahead of it was over may not insist on the status from before that. */
export function expectAfter(
  write: Write,
  ahead: { readonly job: Job; readonly settlement: Settlement },
): StatusId | null {
  if (write.expect !== ahead.job.write.expect) return write.expect
  if (ahead.settlement.kind === 'sent') return ahead.job.write.status
  // An attempt without an answer to rely on may have been carried out or not.
  return ahead.job.failures > 0 ? null : write.expect
}
