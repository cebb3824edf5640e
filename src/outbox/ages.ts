// Which writes have become too old. One timer for all of them: they come in about the order in which they were decided.

import type { Cancel, Clock } from '../domain/clock.ts'
import type { Urgency } from '../domain/outbox.ts'
import type { Job } from './job.ts'
import { WRITE_AGE_MAX_MS } from './limits.ts'
import { Line } from './line.ts'

export class Ages {
  readonly #clock: Clock
  readonly #expired: (job: Job) => void
  readonly #line = new Line<Job>()
  #timer: Cancel | null = null

  /** `expired` is called once for a job whose time is over; it may be under way. */
  constructor(clock: Clock, expired: (job: Job) => void) {
    this.#clock = clock
    this.#expired = expired
  }

  add(job: Job): void {
    job.inAge = this.#line.push(job)
    this.#arm()
  }

  remove(job: Job): void {
    if (job.inAge !== null) this.#line.remove(job.inAge)
    job.inAge = null
    if (this.#line.first === null) this.stop()
  }

  oldest(urgency: Urgency): Job | null {
    let place = this.#line.first
    while (place !== null && place.value.write.urgency !== urgency) place = place.after
    return place?.value ?? null
  }

  stop(): void {
    this.#timer?.()
    this.#timer = null
  }

  #arm(): void {
    const first = this.#line.first?.value
    if (this.#timer !== null || first === undefined) return
    const delayMs = first.write.decidedAt + WRITE_AGE_MAX_MS - this.#clock.now()
    this.#timer = this.#clock.after(Math.max(0, delayMs), () => {
      this.#timer = null
      this.#sweep()
      this.#arm()
    })
  }

  #sweep(): void {
    for (let first = this.#line.first; first !== null; first = this.#line.first) {
      const job = first.value
      if (!isTooOld(job, this.#clock)) return
      this.remove(job)
      this.#expired(job)
    }
  }
}

export function isTooOld(job: Job, clock: Clock): boolean {
  return clock.now() >= job.write.decidedAt + WRITE_AGE_MAX_MS
}
