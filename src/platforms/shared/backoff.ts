// Keeps one connection open: dials, waits for its end, waits with jitter, dials again. Never two dials at a time.
// The delay is remembered after a success and only fades with the time that the connection stood, so that a connection
// which opens and breaks at once does not hammer the platform (the same guard as in Genesys's own streaming client).

import type { Cancel, Clock } from '../../domain/clock.ts'

export type BackoffSettings = {
  /** The first delay's ceiling, ms. */
  readonly baseMs: number
  /** No ceiling above this, ms. */
  readonly capMs: number
}

const BACKOFF: BackoffSettings = { baseMs: 1_000, capMs: 60_000 }
/** The ceiling halves each time the connection stood this many times as long as the ceiling. */
const FADE_FACTOR = 5

export type Backoff = {
  /** The delay before the next dial, ms; the ceiling doubles for the one after it. */
  next(): number
  /** A connection stood for so long, ms. */
  stood(upMs: number): void
}

/** Full jitter: anything between zero and the ceiling. `random` yields [0, 1). */
export function createBackoff(settings: BackoffSettings, random: () => number): Backoff {
  let ceilingMs = settings.baseMs
  return {
    next() {
      const delayMs = Math.round(random() * ceilingMs)
      ceilingMs = Math.min(settings.capMs, ceilingMs * 2)
      return delayMs
    },
    stood(upMs) {
      let leftMs = upMs
      while (ceilingMs > settings.baseMs && leftMs >= FADE_FACTOR * ceilingMs) {
        leftMs -= FADE_FACTOR * ceilingMs
        ceilingMs = Math.max(settings.baseMs, ceilingMs / 2)
      }
    },
  }
}

export type Connection = {
  /** Resolves, never rejects, with the reason when the connection is over. */
  readonly ended: Promise<string>
  /** Ends it; `ended` resolves soon after. */
  close(): void
}

export type DialLoopDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly backoff?: BackoffSettings
  /** One attempt. Resolves when the connection is fully open; rejects when that failed or the signal was aborted. */
  readonly dial: (signal: AbortSignal) => Promise<Connection>
  readonly onUp: () => void
  readonly onDown: (why: string) => void
  /** A later dial failed; the loop goes on after `delayMs`. */
  readonly onFailure?: (error: unknown, delayMs: number) => void
}

export type DialLoop = {
  /** The first dial; rejects with its error, and then the loop is over. Afterwards the loop mends the connection by itself. */
  start(): Promise<void>
  /** Ends the connection and the loop; resolves when nothing is under way. No callback follows. */
  stop(): Promise<void>
}

export function createDialLoop(deps: DialLoopDeps): DialLoop {
  const { clock, dial } = deps
  const backoff = createBackoff(deps.backoff ?? BACKOFF, deps.random)
  const over = new AbortController()
  let connection: Connection | undefined
  let running: Promise<void> = Promise.resolve()

  async function open(): Promise<Connection> {
    const opened = await dial(over.signal)
    if (over.signal.aborted) {
      opened.close()
      await opened.ended
      throw new Error('stopped while dialling')
    }
    connection = opened
    return opened
  }

  async function mend(first: Connection): Promise<void> {
    let current: Connection | undefined = first
    while (!over.signal.aborted) {
      if (current) await standUntilEnded(current)
      if (over.signal.aborted) return
      current = await redial()
    }
  }

  async function standUntilEnded(current: Connection): Promise<void> {
    const upSince = clock.now()
    const why = await current.ended
    connection = undefined
    backoff.stood(clock.now() - upSince)
    if (!over.signal.aborted) deps.onDown(why)
    await pause(backoff.next())
  }

  async function redial(): Promise<Connection | undefined> {
    try {
      const opened = await open()
      deps.onUp()
      return opened
    } catch (error) {
      if (over.signal.aborted) return undefined
      const delayMs = backoff.next()
      deps.onFailure?.(error, delayMs)
      await pause(delayMs)
      return undefined
    }
  }

  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (over.signal.aborted) return resolve()
      let cancel: Cancel = () => {}
      const wake = () => {
        cancel()
        over.signal.removeEventListener('abort', wake)
        resolve()
      }
      cancel = clock.after(delayMs, wake)
      over.signal.addEventListener('abort', wake)
    })
  }

  return {
    async start() {
      const first = open()
      running = first.then(
        () => {},
        () => {},
      )
      const opened = await first
      deps.onUp()
      running = mend(opened)
    },
    async stop() {
      over.abort()
      connection?.close()
      await running
    },
  }
}
