// Time is passed in, so that stories and the simulator can own it.

export type Cancel = () => void

export type Clock = {
  /** ms since 1970. */
  now(): number
  /** Calls back once, not before `now() + delayMs`. */
  after(delayMs: number, callback: () => void): Cancel
  /** Calls back at the same instant, after everything that is under way now. */
  soon(callback: () => void): void
}
