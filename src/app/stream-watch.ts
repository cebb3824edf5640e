// How late reports are heard, and for how long nothing was: what tells a stream that is deaf from one on which nothing happens.

import type { Clock } from '../domain/clock.ts'
import type { Report } from '../domain/report.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import type { Metrics } from '../ops/metrics.ts'

export type StreamWatch = {
  heard(side: Side, report: Report): void
  /** Tells for how long nothing was heard. */
  sample(): void
}

export function createStreamWatch(deps: {
  readonly clock: Pick<Clock, 'now'>
  readonly metrics: Pick<Metrics, 'heard' | 'quiet'>
}): StreamWatch {
  const { clock, metrics } = deps
  const lastAt: { [S in Side]: BySide<number>[S] } = { crm: clock.now(), telephony: clock.now() }
  return {
    heard(side, { stamp }) {
      const now = clock.now()
      lastAt[side] = now
      // A platform's clock that is ahead, or that tells nonsense, says nothing about lateness.
      if (Number.isFinite(stamp.at)) metrics.heard(side, Math.max(0, now - stamp.at) / 1000)
    },
    sample() {
      for (const side of SIDES) metrics.quiet(side, (clock.now() - lastAt[side]) / 1000)
    },
  }
}
