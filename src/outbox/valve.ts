// Whether anything may start on one side: its link is up and read, and the platform does not ask for silence.

import type { Cancel, Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
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
  #pausedUntil = -Infinity
  #timer: Cancel | null = null

  constructor(deps: ValveDeps) {
    this.#deps = deps
  }

  isOpen(): boolean {
    return !this.#held && this.#deps.clock.now() >= this.#pausedUntil
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

  /** The longest of the pauses asked for counts; a useless time (past, or far off) is bent to the limits. */
  pauseUntil(untilMs: number, words: string): void {
    const { clock, log, side, opened } = this.#deps
    const now = clock.now()
    const until = Math.min(Math.max(untilMs, now + RATE_PAUSE_MIN_MS), now + RATE_PAUSE_MAX_MS)
    if (until <= this.#pausedUntil) return
    if (now >= this.#pausedUntil) {
      log.warn({ code: 'rate_limited', side, pauseMs: until - now, words }, 'The platform asks for a pause in writes.')
    }
    this.#pausedUntil = until
    this.#timer?.()
    this.#timer = clock.after(until - now, opened)
  }

  stop(): void {
    this.#timer?.()
    this.#timer = null
  }
}
