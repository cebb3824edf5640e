// R24: who is next on one side. Three classes in the order of their urgency; inside a class whoever came first.

import { URGENCIES, type Urgency } from '../domain/outbox.ts'
import type { Job } from './job.ts'
import { Line } from './line.ts'

export class Queue {
  readonly #lines: Record<Urgency, Line<Job>> = { block: new Line(), release: new Line(), comfort: new Line() }
  #tickets = 0

  /** At the end of its class. */
  add(job: Job): void {
    this.#tickets += 1
    job.ticket = this.#tickets
    job.inLine = this.#line(job).push(job)
  }

  /** In the place of another, which leaves; at the end of its own class where that is another one. */
  replace(old: Job, job: Job): void {
    if (old.inLine === null || old.write.urgency !== job.write.urgency) this.add(job)
    else {
      job.ticket = old.ticket
      job.inLine = this.#line(job).insertBefore(old.inLine, job)
    }
    this.remove(old)
  }

  /** Where it was before it was taken. Only those that were taken too and put back can be before it: few. */
  putBack(job: Job): void {
    const line = this.#line(job)
    let place = line.first
    while (place !== null && place.value.ticket < job.ticket) place = place.after
    job.inLine = place === null ? line.push(job) : line.insertBefore(place, job)
  }

  remove(job: Job): void {
    if (job.inLine !== null) this.#line(job).remove(job.inLine)
    job.inLine = null
  }

  /** The next one of those urgencies that may go; stays in line. */
  next(mayGo: (urgency: Urgency) => boolean): Job | null {
    for (const urgency of URGENCIES) {
      const job = mayGo(urgency) ? this.#lines[urgency].first?.value : undefined
      if (job !== undefined) return job
    }
    return null
  }

  #line(job: Job): Line<Job> {
    return this.#lines[job.write.urgency]
  }
}
