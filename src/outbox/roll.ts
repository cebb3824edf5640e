// Who is in which state on one side. The one place that changes a job's state, so that what is counted stays true.

import type { Urgency } from '../domain/outbox.ts'
import { type Job, type JobState, waits } from './job.ts'

export class Roll {
  readonly flights = new Set<Job>()
  readonly unreachable = new Set<Job>()
  readonly depth: Record<Urgency, number> = { block: 0, release: 0, comfort: 0 }
  readonly #landed: () => void

  /** `landed` is called when a job is not under way any more. */
  constructor(landed: () => void) {
    this.#landed = landed
  }

  move(job: Job, state: JobState): void {
    this.depth[job.write.urgency] += Number(waits(state)) - Number(waits(job.state))
    const landed = job.state === 'flight' && state !== 'flight'
    job.state = state
    enter(this.unreachable, job, state === 'unreachable')
    enter(this.flights, job, state === 'flight')
    if (landed) this.#landed()
  }
}

function enter(set: Set<Job>, job: Job, is: boolean): void {
  if (is) set.add(job)
  else set.delete(job)
}
