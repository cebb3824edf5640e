// One budget of calls a minute that all calls to a platform share. The most urgent class goes first, and the less urgent ones leave it
// a reserve (R24). What the platform says about its own count is believed over ours; after its "too many" calls begin one by one.

import type { Cancel, Clock } from '../../domain/clock.ts'
import type { CallRate } from '../../domain/platform.ts'
import { createAllowance, type Said } from './allowance.ts'
import { CALL_CLASSES, type CallClass, SHARES } from './call-classes.ts'
import { type CallLog, createCallLog } from './call-log.ts'
import { createSlowStart } from './slow-start.ts'

/** Calls waiting for their turn in one class; past it the newest is turned away, as the platform would do. */
const CALLS_WAITING_MAX = 10_000
const MINUTE_MS = 60_000
/** A call counts when it arrives, so each is counted for longer than a minute by what its way may have taken, ms. */
const WAY_MS = 500
const WINDOW_MS = MINUTE_MS + WAY_MS
/** Calls are remembered for longer than they count, ms: the platform's own minute may have begun a little earlier. */
const REMEMBER_MS = MINUTE_MS + 2_000

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
  /** How many calls of this kind could go out now. */
  room(kind: CallClass): number
  /** A call was answered, with what the platform said about its limits; not with "too many". */
  answered(said?: Said): void
  /** The platform said "too many", and wants no call before this instant. */
  refused(untilMs: number): void
  /** The platform wants no call before this instant. */
  pauseUntil(untilMs: number): void
  callsInLastMinute(): number
  rate(): CallRate
  /** Everyone who waits is turned away; no timer remains. */
  stop(): void
}

type Waiter = { readonly giveUpAt: number; go(): void; fail(error: unknown): void }
type Class = {
  readonly kind: CallClass
  /** Of this class and all after it. */
  readonly calls: CallLog
  waiting: Waiter[]
}

export function createRateLimiter(deps: { readonly clock: Clock; readonly callsPerMinute: number }): RateLimiter {
  const { clock } = deps
  const allowance = createAllowance(deps)
  const slow = createSlowStart(clock)
  const classes: readonly Class[] = CALL_CLASSES.map((kind) => ({ kind, calls: createCallLog(), waiting: [] }))
  const [first] = classes
  let pausedUntil = 0
  let cancel: Cancel | undefined

  /** The class and all before it: a call of it must fit into what each of them may use. */
  function upTo(kind: CallClass): readonly Class[] {
    return classes.slice(0, CALL_CLASSES.indexOf(kind) + 1)
  }

  function limitOf(kind: CallClass): number {
    return Math.max(1, Math.floor(allowance.now() * SHARES[kind]))
  }

  function freeAt(kind: CallClass): number {
    for (const { calls } of classes) calls.forget(clock.now() - REMEMBER_MS)
    let at = Math.max(pausedUntil, slow.freeAt())
    for (const { calls, kind: before } of upTo(kind)) {
      const filling = calls.fromLast(limitOf(before))
      if (filling !== undefined) at = Math.max(at, filling + WINDOW_MS)
    }
    return at
  }

  function room(kind: CallClass): number {
    if (clock.now() < pausedUntil) return 0
    const since = clock.now() - WINDOW_MS
    const left = upTo(kind).map(({ calls, kind: before }) => limitOf(before) - calls.countSince(since))
    return Math.max(0, Math.min(slow.room(), ...left))
  }

  function use(kind: CallClass): void {
    for (const { calls } of upTo(kind)) calls.add(clock.now())
    slow.used()
  }

  function serve(): void {
    cancel?.()
    cancel = undefined
    for (const one of classes) {
      while (one.waiting.length > 0 && freeAt(one.kind) <= clock.now()) {
        use(one.kind)
        one.waiting.shift()?.go()
      }
    }
    const next = classes.filter(({ waiting }) => waiting.length > 0).map(({ kind }) => freeAt(kind))
    if (next.length > 0) cancel = clock.after(Math.max(1, Math.min(...next) - clock.now()), serve)
  }

  function queue(one: Class, giveUpAt: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        const at = one.waiting.indexOf(waiter)
        if (at >= 0) one.waiting.splice(at, 1)
        reject(signal?.reason)
      }
      const settle = (then: () => void) => {
        signal?.removeEventListener('abort', leave)
        then()
      }
      const waiter: Waiter = { giveUpAt, go: () => settle(resolve), fail: (error) => settle(() => reject(error)) }
      signal?.addEventListener('abort', leave, { once: true })
      one.waiting.push(waiter)
      serve()
    })
  }

  function pauseUntil(untilMs: number): void {
    pausedUntil = Math.max(pausedUntil, untilMs)
    for (const one of classes) {
      const impatient = one.waiting.filter(({ giveUpAt }) => giveUpAt < pausedUntil)
      one.waiting = one.waiting.filter(({ giveUpAt }) => giveUpAt >= pausedUntil)
      for (const waiter of impatient) waiter.fail(new RateLimited(pausedUntil))
    }
  }

  return {
    async take(kind, options = {}) {
      options.signal?.throwIfAborted()
      const one = classes[CALL_CLASSES.indexOf(kind)]
      if (!one) throw new Error(`no class ${kind}`)
      const untilMs = freeAt(kind)
      const waitMs = untilMs - clock.now()
      const patienceMs = options.waitAtMostMs ?? Number.POSITIVE_INFINITY
      if (waitMs > patienceMs) throw new RateLimited(untilMs)
      if (one.waiting.length >= CALLS_WAITING_MAX) throw new RateLimited(Math.max(untilMs, clock.now() + 1_000))
      await queue(one, clock.now() + patienceMs, options.signal)
    },
    freeAt,
    room,
    answered(said) {
      const noneUntil = said && allowance.heard(said, (instant) => first?.calls.countSince(instant) ?? 0)
      if (noneUntil !== undefined) pauseUntil(noneUntil)
      if (clock.now() < pausedUntil) return
      slow.answered()
      serve()
    },
    refused(untilMs) {
      pauseUntil(untilMs)
      slow.begin()
    },
    pauseUntil,
    callsInLastMinute: () => first?.calls.countSince(clock.now() - MINUTE_MS) ?? 0,
    rate() {
      const waiting = { block: 0, write: 0, stream: 0, release: 0, comfort: 0, read: 0 }
      for (const one of classes) waiting[one.kind] = one.waiting.length
      return { perMinute: allowance.now(), left: room('block'), waiting }
    },
    stop() {
      cancel?.()
      cancel = undefined
      for (const { waiting } of classes) for (const waiter of waiting.splice(0)) waiter.fail(new Error('stopped'))
    },
  }
}
