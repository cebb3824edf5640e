// One budget of calls a minute that all calls to a platform share. Writes go ahead of reads, and a share of the budget is
// kept for them, so that a long reading never delays the write that takes an agent out of the queue (R24).

import type { Cancel, Clock } from '../../domain/clock.ts'

export type CallClass = 'write' | 'read'

/** Calls waiting for their turn; past it the newest is turned away, as the platform would do. */
const CALLS_WAITING_MAX = 10_000
/** The part of each minute that reads may use. */
const READ_SHARE = 0.8
const WINDOW_MS = 60_000

/** There is no turn before `untilMs` (ms since 1970), and the caller does not want to wait that long. */
export class RateLimited extends Error {
  override readonly name = 'RateLimited'
  readonly untilMs: number
  constructor(untilMs: number) {
    super('the rate limit leaves no room for this call now')
    this.untilMs = untilMs
  }
}

export type RateLimiter = {
  /**
   * Resolves when the call may go out. Rejects with RateLimited if that is known not to be before `waitAtMostMs` have passed
   * (default: waits), or with the signal's reason.
   */
  take(kind: CallClass, options?: { readonly waitAtMostMs?: number; readonly signal?: AbortSignal }): Promise<void>
  /** When a call of this kind could go out, in ms since 1970; now or earlier: at once. */
  freeAt(kind: CallClass): number
  /** The platform allows so many; the budget only ever shrinks. */
  learn(callsPerMinute: number): void
  /** The platform wants no call before this instant. */
  pauseUntil(untilMs: number): void
  callsInLastMinute(): number
  /** Everyone who waits is turned away; no timer remains. */
  stop(): void
}

type Waiter = { readonly giveUpAt: number; go(): void; fail(error: unknown): void }

export function createRateLimiter(deps: { readonly clock: Clock; readonly callsPerMinute: number }): RateLimiter {
  const { clock } = deps
  let budget = Math.max(1, Math.floor(deps.callsPerMinute))
  let pausedUntil = 0
  let cancel: Cancel | undefined
  const all = createCallLog()
  const reads = createCallLog()
  const waiting: Record<CallClass, Waiter[]> = { write: [], read: [] }

  function forget(): void {
    const since = clock.now() - WINDOW_MS
    all.forget(since)
    reads.forget(since)
  }

  function freeAt(kind: CallClass): number {
    forget()
    const readBudget = Math.max(1, Math.floor(budget * READ_SHARE))
    const byAll = roomAt(all, budget)
    const byReads = kind === 'read' ? roomAt(reads, readBudget) : 0
    return Math.max(pausedUntil, byAll, byReads)
  }

  function use(kind: CallClass): void {
    all.add(clock.now())
    if (kind === 'read') reads.add(clock.now())
  }

  function serve(): void {
    cancel?.()
    cancel = undefined
    for (const kind of ['write', 'read'] as const) {
      while (waiting[kind].length > 0 && freeAt(kind) <= clock.now()) {
        use(kind)
        waiting[kind].shift()?.go()
      }
    }
    const next = (['write', 'read'] as const).filter((kind) => waiting[kind].length > 0).map(freeAt)
    if (next.length > 0) cancel = clock.after(Math.max(1, Math.min(...next) - clock.now()), serve)
  }

  function queue(kind: CallClass, giveUpAt: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        const at = waiting[kind].indexOf(waiter)
        if (at >= 0) waiting[kind].splice(at, 1)
        reject(signal?.reason)
      }
      const settle = (then: () => void) => {
        signal?.removeEventListener('abort', leave)
        then()
      }
      const waiter: Waiter = { giveUpAt, go: () => settle(resolve), fail: (error) => settle(() => reject(error)) }
      signal?.addEventListener('abort', leave, { once: true })
      waiting[kind].push(waiter)
      serve()
    })
  }

  return {
    async take(kind, options = {}) {
      options.signal?.throwIfAborted()
      const untilMs = freeAt(kind)
      const waitMs = untilMs - clock.now()
      const patienceMs = options.waitAtMostMs ?? Number.POSITIVE_INFINITY
      if (waitMs > patienceMs) throw new RateLimited(untilMs)
      if (waiting[kind].length >= CALLS_WAITING_MAX) throw new RateLimited(Math.max(untilMs, clock.now() + 1_000))
      await queue(kind, clock.now() + patienceMs, options.signal)
    },
    freeAt,
    learn(callsPerMinute) {
      if (callsPerMinute >= 1) budget = Math.min(budget, Math.floor(callsPerMinute))
    },
    pauseUntil(untilMs) {
      pausedUntil = Math.max(pausedUntil, untilMs)
      for (const kind of ['write', 'read'] as const) {
        const impatient = waiting[kind].filter(({ giveUpAt }) => giveUpAt < pausedUntil)
        waiting[kind] = waiting[kind].filter(({ giveUpAt }) => giveUpAt >= pausedUntil)
        for (const waiter of impatient) waiter.fail(new RateLimited(pausedUntil))
      }
    },
    callsInLastMinute() {
      forget()
      return all.count()
    },
    stop() {
      cancel?.()
      cancel = undefined
      for (const waiter of [...waiting.write.splice(0), ...waiting.read.splice(0)]) waiter.fail(new Error('stopped'))
    },
  }
}

/** When a further call fits: at once (0), or when the call that fills the budget is a minute old. */
function roomAt(calls: CallLog, budget: number): number {
  const blocking = calls.fromLast(budget)
  return blocking === undefined ? 0 : blocking + WINDOW_MS
}

/** Instants of the calls of the last minute, oldest first; at most the budget of them. */
type CallLog = {
  add(at: number): void
  /** Calls up to this instant do not count any more. */
  forget(upTo: number): void
  count(): number
  /** The instant of the last call but so many; 1 is the last one. */
  fromLast(place: number): number | undefined
}

/** Forgotten instants are cut off only when they are most of the list: every call costs the same, however large the budget is. */
function createCallLog(): CallLog {
  let instants: number[] = []
  let first = 0
  return {
    add: (at) => void instants.push(at),
    forget(upTo) {
      for (let at = instants[first]; at !== undefined && at <= upTo; at = instants[first]) first += 1
      if (first * 2 <= instants.length) return
      instants = instants.slice(first)
      first = 0
    },
    count: () => instants.length - first,
    fromLast(place) {
      const at = instants.length - place
      return at < first ? undefined : instants[at]
    },
  }
}
