// A channel that stands, until its socket is lost: at half of its life its topics are put anew, which makes it live longer; where it
// does not, another channel is opened beside it, and only when that is heard the older one is closed. So nothing is missed.

import type { Cancel, Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import type { Connection } from '../shared/backoff.ts'
import type { Made } from './channel-marks.ts'
import { describeFailure } from './http.ts'
import { RENEWALS_MAX, REPLACE_WITH_LEFT, type Timing } from './settings.ts'
import type { Twins } from './twins.ts'

/** A channel with its socket, subscribed. */
export type Line = { readonly made: Made; readonly socket: Connection }

export type StandingDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly timing: Timing
  readonly twins: Twins
  /** Puts the topics anew; gives the channel with its new end, or undefined where the platform does not tell that it lives longer. */
  readonly renew: (line: Line, signal: AbortSignal) => Promise<Made | undefined>
  /** Another channel with the same topics. */
  readonly openBeside: (signal: AbortSignal) => Promise<Line>
  readonly retire: (made: Made) => void
}

/** Of the time to half of a life, how much may be taken off, so that channels that were made together are not renewed together. */
const SPREAD = 0.1

export function stand(first: Line, deps: StandingDeps): Connection {
  const { clock, log, timing, twins } = deps
  const ended = Promise.withResolvers<string>()
  const over = new AbortController()
  let line = first
  let older: Line | undefined
  let failures = 0
  let cancel: Cancel = () => {}
  let cancelOverlap: Cancel = () => {}

  function follow(next: Line): void {
    line = next
    failures = 0
    cancel = clock.after((leftMs() / 2) * (1 - SPREAD * deps.random()), renew)
    void next.socket.ended.then((why) => {
      if (line.socket === next.socket) end(why)
    })
  }

  function leftMs(): number {
    return Math.max(0, line.made.expiresAt - clock.now())
  }

  function end(why: string): void {
    cancel()
    over.abort(new Error('the socket is closed'))
    endOverlap()
    ended.resolve(why)
  }

  async function renew(): Promise<void> {
    const renewed = await deps.renew(line, over.signal).then(
      (made) => ({ made }),
      () => undefined,
    )
    if (over.signal.aborted) return
    if (renewed) return renewed.made ? follow({ ...line, made: renewed.made }) : planReplacement()
    failures += 1
    if (failures >= RENEWALS_MAX) return replace()
    cancel = clock.after(line.made.lifeMs / 10, renew)
  }

  // How long a channel lives after its topics were put anew is not documented: what the platform does not tell is not relied on.
  function planReplacement(): void {
    cancel = clock.after(Math.max(0, leftMs() - line.made.lifeMs * REPLACE_WITH_LEFT), replace)
  }

  async function replace(): Promise<void> {
    twins.begin()
    try {
      const next = await deps.openBeside(over.signal)
      if (over.signal.aborted) return next.socket.close()
      older = line
      follow(next)
      log.debug({ code: 'genesys.channel_replaced' }, 'A channel near its end was replaced')
      cancelOverlap = clock.after(timing.overlapMs, endOverlap)
    } catch (error) {
      twins.end()
      if (!over.signal.aborted) tryLater(error)
    }
  }

  function tryLater(error: unknown): void {
    const why = describeFailure(error).message
    log.warn({ code: 'genesys.channel_not_replaced', why }, 'A channel near its end could not be replaced yet')
    // Past its end nobody promises that it is heard: then the dial loop makes a new one, and its people are read.
    if (leftMs() === 0) line.socket.close()
    else cancel = clock.after(Math.min(leftMs(), (line.made.lifeMs * REPLACE_WITH_LEFT) / 4), replace)
  }

  function endOverlap(): void {
    cancelOverlap()
    twins.end()
    if (!older) return
    older.socket.close()
    deps.retire(older.made)
    older = undefined
  }

  follow(first)
  return { ended: ended.promise, close: () => line.socket.close() }
}
