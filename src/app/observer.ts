// From what the runtime tells to figures, health and logs.

import type { JournalEntry } from '../domain/journal.ts'
import type { Log } from '../domain/log.ts'
import type { LogRecord, WriteOutcome } from '../domain/record.ts'
import type { AgentId, Side } from '../domain/side.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { Figures } from './figures.ts'
import type { Health } from './health.ts'
import type { RuntimeObserver } from './runtime.ts'
import type { StreamWatch } from './stream-watch.ts'

/** Hears everything and does nothing; to be overridden where something is of interest. */
export const SILENT_OBSERVER: RuntimeObserver = {
  decided() {},
  outcome() {},
  finished() {},
  committed() {},
  exposed() {},
  touched() {},
  faulty() {},
  link() {},
  read() {},
  call() {},
  began() {},
  heard() {},
  unknownUser() {},
}

export function observe(deps: {
  readonly metrics: Metrics
  readonly figures: Figures
  readonly health: Health
  readonly streams: StreamWatch
  readonly finished: (entry: JournalEntry) => void
  /** The stream of a side came up or went down. */
  readonly link: (side: Side, up: boolean, why: string) => void
  /** Null: everybody. */
  readonly touched: (agent: AgentId | null) => void
  readonly log: Log
}): RuntimeObserver {
  const { metrics, figures, health, streams, log } = deps
  return {
    decided({ record }) {
      figures.decided()
      metrics.event(record.event.side ?? null, record.event.kind)
      for (const { side, reason } of record.decisions) {
        metrics.decision(reason)
        if (reason === 'overlap') metrics.overlap(side)
      }
      for (const { side, outcome } of record.writes) countWrite(record, side, outcome)
      for (const { side, ms } of record.overlaps ?? []) metrics.overlapEnded(side, ms / 1000)
    },
    outcome({ side, outcome, ms }, record) {
      figures.outcome({ side, outcome, ms })
      countWrite(record, side, outcome)
      if (outcome === 'sent' || outcome === 'confirmed') metrics.writeTook(side, ms / 1000)
      if (outcome === 'confirmed') metrics.converged(side, ms / 1000)
    },
    finished: (entry) => deps.finished(entry),
    exposed(exposure) {
      figures.exposed(exposure)
      metrics.exposed(exposure, exposure.ms / 1000)
    },
    committed: (seconds) => metrics.journalCommitted(seconds),
    touched: (agent) => deps.touched(agent),
    faulty: () => metrics.promiseBroken(),
    link(side, up, why) {
      metrics.linkUp(side, up)
      health.link(side, up, why)
      deps.link(side, up, why)
      if (up) log.info({ code: 'link_up', side, why }, 'The event stream is open')
      else log.warn({ code: 'link_down', side, why }, 'The event stream is lost; it is dialled again')
    },
    read: (side, why) => health.read(side, why),
    call: (side, { operation, ok }) => metrics.call(side, operation, ok),
    began() {
      health.began()
      deps.touched(null)
    },
    heard: (side, report) => streams.heard(side, report),
    unknownUser(side) {
      metrics.unknownUser(side)
      log.debug({ code: 'unknown_user', side }, 'A report about somebody who is not kept in step')
    },
  }

  /** R0: a side that is written has one reason. */
  function countWrite({ decisions }: LogRecord, side: Side, outcome: WriteOutcome): void {
    const reason = decisions.find((decision) => decision.side === side)?.reason
    if (reason !== undefined) metrics.write(side, outcome, reason)
  }
}
