// The moment before each scrape: everything that is a state, and not an event, is found out and set.

import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../domain/clock.ts'
import type { JournalReader } from '../domain/journal.ts'
import type { PlatformAdapter } from '../domain/platform.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import type { JournalFigures, Metrics } from '../ops/metrics.ts'
import { agentFigures } from './gauges.ts'
import type { Health } from './health.ts'
import type { Runtime } from './runtime.ts'
import type { Settings } from './settings.ts'
import type { StreamWatch } from './stream-watch.ts'

/** The oldest decision changes when the journal is pruned, which is looked at every hour. */
const OLDEST_EVERY_MS = 600_000

export type ScrapeDeps = {
  readonly metrics: Metrics
  readonly clock: Pick<Clock, 'now'>
  readonly health: Health
  readonly streams: StreamWatch
  readonly settings: Pick<Settings, 'shadow' | 'journal'>
  /** Null until there is one; so are the next two. */
  readonly runtime: () => Runtime | null
  readonly adapters: () => BySide<PlatformAdapter> | null
  readonly journal: () => JournalReader | null
}

export function createScrape(deps: ScrapeDeps): () => void {
  const { metrics, clock, settings } = deps
  metrics.shadow(settings.shadow)
  const sampleJournal = journalSampler(deps)
  return () => {
    metrics.checks(deps.health.checks())
    deps.streams.sample()
    const adapters = deps.adapters()
    if (adapters !== null) for (const side of SIDES) samplePlatform(metrics, side, adapters[side])
    sampleJournal()
    const runtime = deps.runtime()
    if (runtime === null) return
    runtime.bridge.tellExposures()
    metrics.standing(agentFigures(runtime.agents.all, { now: clock.now(), shadow: settings.shadow }), clock.now())
    metrics.outboxDepth(runtime.outbox.depth())
    for (const side of SIDES) metrics.oldestWrite(side, runtime.waitingFor(side))
    metrics.inboxDepth(runtime.bridge.depth())
    metrics.journalUp(runtime.bridge.journalOk())
  }
}

function samplePlatform(metrics: Metrics, side: Side, adapter: PlatformAdapter): void {
  const { budgets = [], rate, details } = adapter.health()
  metrics.budgets(side, budgets)
  if (rate) metrics.rate(side, rate)
  const { writer, companions } = details
  if (writer === 'companion' && typeof companions === 'number') metrics.consoles(side, companions)
}

function journalSampler({ metrics, clock, settings, journal }: ScrapeDeps): () => void {
  const { path, maxBytes } = settings.journal
  let oldest: { readonly seq: number; readonly at: number } | null = null
  let lookedAt = Number.NEGATIVE_INFINITY

  function countsOf(reader: JournalReader): Pick<JournalFigures, 'decisions' | 'reachesBackSeconds'> {
    const now = clock.now()
    if (oldest === null || now - lookedAt >= OLDEST_EVERY_MS) {
      const [first] = reader.walk({})
      oldest = first === undefined ? null : { seq: first.seq, at: Date.parse(first.record.time) }
      lookedAt = now
    }
    if (oldest === null) return { decisions: 0, reachesBackSeconds: 0 }
    return { decisions: reader.lastSeq() - oldest.seq + 1, reachesBackSeconds: Math.max(0, now - oldest.at) / 1000 }
  }

  return () => {
    const reader = journal()
    if (reader === null) return
    const counts = unlessBroken(() => countsOf(reader)) ?? { decisions: null, reachesBackSeconds: null }
    metrics.journal({
      bytes: unlessBroken(() => bytesOf(path)),
      maxBytes,
      freeBytes: unlessBroken(() => freeBytesOf(path)),
      ...counts,
    })
  }
}

/** A scrape must not fail because a disk or a file does: that is when its figures are wanted most. Others tell what is broken. */
function unlessBroken<T>(look: () => T): T | null {
  try {
    return look()
  } catch {
    return null
  }
}

/** With the log beside it. */
function bytesOf(path: string): number | null {
  const size = (file: string) => statSync(file, { throwIfNoEntry: false })?.size
  const main = size(path)
  return main === undefined ? null : main + (size(`${path}-wal`) ?? 0)
}

/** What an ordinary user may still write. */
function freeBytesOf(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path))
  return bavail * bsize
}
