// What may start on one side: its link is up and read, and the platform does not ask for silence.

import type { Cancel, Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { URGENCIES, type Urgency } from '../domain/outbox.ts'
import type { Side } from '../domain/side.ts'
import { RATE_PAUSE_MAX_MS, RATE_PAUSE_MIN_MS } from './limits.ts'

export type ValveDeps = {
  readonly side: Side
  readonly clock: Clock
  readonly log: Log
  /** A pause is over. */
  readonly opened: () => void
}

export class Valve {
  readonly #deps: ValveDeps
  #up = true
  #held = false
  readonly #pausedUntil: Record<Urgency, number> = { block: -Infinity, release: -Infinity, comfort: -Infinity }
  #timer: Cancel | null = null

  constructor(deps: ValveDeps) {
    this.#deps = deps
  }

  isOpen(urgency: Urgency): boolean {
    return !this.#held && this.#deps.clock.now() >= this.#pausedUntil[urgency]
  }

  link(up: boolean): void {
    this.#up = up
    if (!up) this.#held = true
  }

  /** After a reading. False where the link is down again: then a later reading resumes. */
  resume(): boolean {
    if (this.#up) this.#held = false
    return this.#up
  }

  /**
   * R24: there is no room for a write of this urgency, so there is none for less urgent ones; a more urgent one may have a reserve. The
   * longest of the pauses asked for counts; a useless time (past, or far off) is bent to the limits.
   */
  pauseUntil(urgency: Urgency, { untilMs, words }: { readonly untilMs: number; readonly words: string }): void {
    const { clock, log, side } = this.#deps
    const now = clock.now()
    const until = Math.min(Math.max(untilMs, now + RATE_PAUSE_MIN_MS), now + RATE_PAUSE_MAX_MS)
    if (until <= this.#pausedUntil[urgency]) return
    if (now >= this.#pausedUntil[urgency]) {
      const context = { code: 'rate_limited', side, urgency, pauseMs: until - now, words }
      log.warn(context, 'The platform asks for a pause in writes.')
    }
    for (const one of URGENCIES.slice(URGENCIES.indexOf(urgency)))
      this.#pausedUntil[one] = Math.max(this.#pausedUntil[one], until)
    this.#plan()
  }

  stop(): void {
    this.#timer?.()
    this.#timer = null
  }

  #plan(): void {
    const now = this.#deps.clock.now()
    this.#timer?.()
    this.#timer = null
    const next = Math.min(...Object.values(this.#pausedUntil).filter((until) => until > now))
    if (next === Infinity) return
    this.#timer = this.#deps.clock.after(next - now, () => {
      this.#plan()
      this.#deps.opened()
    })
  }
}
