// The bridge's figures for Prometheus: what can be recorded. What there is stands in metrics-catalogue.ts.

import { collectDefaultMetrics, Registry } from 'prom-client'
import { z } from 'zod'
import { URGENCIES, type Urgency } from '../domain/outbox.ts'
import type { Budget, CallRate } from '../domain/platform.ts'
import type { Reason } from '../domain/reason.ts'
import type { EventKind, ExposureCause, ExposureRecord, WriteOutcome } from '../domain/record.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import {
  CHECKS,
  createCatalogue,
  DRIFT_CAUSES,
  type DriftCause,
  HELD_BY,
  type HeldBy,
  LOGGED_IN,
  type LoggedIn,
} from './metrics-catalogue.ts'
import { type MetricDescription, PREFIX } from './metrics-make.ts'

/** How all agents stand at one moment. */
export type AgentFigures = {
  readonly agents: number
  readonly loggedIn: Readonly<Record<LoggedIn, number>>
  readonly held: Readonly<Record<HeldBy, number>>
  readonly sides: BySide<{
    readonly available: number
    readonly working: number
    readonly blocked: number
    readonly stuck: number
    /** When the oldest block in force began, ms since 1970; null: there is none. */
    readonly oldestBlock: number | null
    readonly drifting: Readonly<Record<DriftCause, number>>
    readonly exposed: Readonly<Record<ExposureCause, number>>
  }>
}

export type BuildInfo = { readonly version: string; readonly revision: string; readonly node: string }

/** null: it cannot be found out. */
export type JournalFigures = {
  readonly bytes: number | null
  readonly maxBytes: number
  readonly freeBytes: number | null
  /** By the numbers of the oldest and the newest. */
  readonly decisions: number | null
  /** Since the oldest decision. */
  readonly reachesBackSeconds: number | null
}

export type Metrics = {
  build(info: BuildInfo): void
  /** An event was decided; without a side for timers of the bridge itself and reloads. */
  event(side: Side | null, kind: EventKind): void
  decision(reason: Reason): void
  write(side: Side, outcome: WriteOutcome, reason: Reason): void
  /** From the decision to the platform's answer. */
  writeTook(side: Side, seconds: number): void
  /** From the event to the confirmation on the other side. */
  converged(side: Side, seconds: number): void
  /** A report came from the stream, so long after what it tells had happened. */
  heard(side: Side, lagSeconds: number): void
  /** Nothing has come from the stream for so long. */
  quiet(side: Side, seconds: number): void
  call(side: Side, operation: string, ok: boolean): void
  linkUp(side: Side, up: boolean): void
  consoles(side: Side, connected: number): void
  outboxDepth(depth: BySide<Record<Urgency, number>>): void
  /** Since when the oldest write of each urgency waits, seconds; 0: none does. */
  oldestWrite(side: Side, seconds: Record<Urgency, number>): void
  /** What the platform allows in a minute. */
  rate(side: Side, rate: CallRate): void
  /** What the platform allows in 24 hours. */
  budgets(side: Side, budgets: readonly Budget[]): void
  /** `now`: ms since 1970. */
  standing(figures: AgentFigures, now: number): void
  /** For so much longer. */
  exposed(exposure: ExposureRecord, seconds: number): void
  /** R14: an overlap began. */
  overlap(side: Side): void
  /** R14: one that took so long ended. */
  overlapEnded(side: Side, seconds: number): void
  unknownUser(side: Side): void
  journalCommitted(seconds: number): void
  journalUp(up: boolean): void
  journal(figures: JournalFigures): void
  inboxDepth(count: number): void
  /** The mapping file was taken, or not. */
  reloaded(ok: boolean): void
  shadow(on: boolean): void
  /** The named checks of being ready. */
  checks(checks: readonly { readonly name: string; readonly ok: boolean }[]): void
  /** An agent was paused because a decision broke a promise of the engine. */
  promiseBroken(): void
  /** Before every scrape: the moment to set the gauges. One listener. */
  onScrape(listener: () => void): void
  /** The exposition text. */
  text(): Promise<string>
  readonly contentType: string
  /** For the reference page: the bridge's own, then those of the process. */
  list(): readonly MetricDescription[]
}

/** `process: false` leaves out the figures of the process (memory, event loop, garbage collection). */
export function createMetrics(options: { readonly process?: boolean } = {}): Metrics {
  const registry = new Registry()
  const made = createCatalogue(registry)
  made.mappingCurrent.set(1)
  if (options.process !== false) collectDefaultMetrics({ register: registry, prefix: PREFIX })
  let sample = () => {}
  return {
    build: (info) => made.build.set(info, 1),
    event: (side, kind) => made.events.inc({ side: side ?? 'none', kind }),
    decision: (reason) => made.decisions.inc({ reason }),
    write: (side, outcome, reason) => made.writes.inc({ side, outcome, reason }),
    writeTook: (side, seconds) => made.writeSeconds.observe({ side }, seconds),
    converged: (side, seconds) => made.convergence.observe({ side }, seconds),
    heard: (side, lagSeconds) => made.lag.observe({ side }, lagSeconds),
    quiet: (side, seconds) => made.quiet.set({ side }, seconds),
    call: (side, operation, ok) => made.calls.inc({ side, operation, ok: String(ok) }),
    linkUp: (side, up) => made.linkUp.set({ side }, Number(up)),
    consoles: (side, connected) => made.consoles.set({ side }, connected),
    outboxDepth(depth) {
      for (const side of SIDES)
        for (const urgency of URGENCIES) made.outbox.set({ side, urgency }, depth[side][urgency])
    },
    oldestWrite(side, seconds) {
      for (const urgency of URGENCIES) made.oldestWrite.set({ side, urgency }, seconds[urgency])
    },
    rate(side, { perMinute, left, waiting }) {
      made.callsAllowed.set({ side }, perMinute)
      made.callsLeft.set({ side }, left)
      for (const [kind, count] of Object.entries(waiting)) made.callsWaiting.set({ side, class: kind }, count)
    },
    budgets(side, budgets) {
      for (const { name, used, limit, forecast } of budgets) {
        made.budgetUsed.set({ side, budget: name }, used)
        made.budgetLimit.set({ side, budget: name }, limit)
        if (forecast !== null) made.budgetForecast.set({ side, budget: name }, forecast)
      }
    },
    standing: (figures, now) => setAgents(made, figures, now),
    exposed: ({ side, cause }, seconds) => made.exposure.inc({ side, cause }, seconds),
    overlap: (side) => made.overlaps.inc({ side }),
    overlapEnded: (side, seconds) => made.overlapSeconds.inc({ side }, seconds),
    unknownUser: (side) => made.strangers.inc({ side }),
    journalCommitted: (seconds) => made.commitSeconds.observe(seconds),
    journalUp: (up) => made.journalUp.set(Number(up)),
    journal({ bytes, maxBytes, freeBytes, decisions, reachesBackSeconds }) {
      made.journalBytes.set(bytes ?? Number.NaN)
      made.journalMax.set(maxBytes)
      made.journalFree.set(freeBytes ?? Number.NaN)
      made.journalDecisions.set(decisions ?? Number.NaN)
      made.journalReachesBack.set(reachesBackSeconds ?? Number.NaN)
    },
    inboxDepth: (count) => made.inbox.set(count),
    reloaded(ok) {
      made.reloads.inc({ result: ok ? 'taken' : 'refused' })
      made.mappingCurrent.set(Number(ok))
    },
    shadow: (on) => made.shadow.set(Number(on)),
    checks(checks) {
      const ok = (name: string) => checks.find((check) => check.name === name)?.ok ?? true
      for (const name of CHECKS) made.checks.set({ check: name }, Number(ok(name)))
      made.ready.set(Number(checks.every((check) => check.ok)))
    },
    promiseBroken: () => made.broken.inc(),
    onScrape(listener) {
      sample = listener
    },
    text() {
      sample()
      return registry.metrics()
    },
    contentType: registry.contentType,
    list: () => [...made.listed(), ...ofProcess(registry, made.listed())],
  }
}

function setAgents(made: ReturnType<typeof createCatalogue>, figures: AgentFigures, now: number): void {
  made.agents.set(figures.agents)
  for (const on of LOGGED_IN) made.loggedIn.set({ on }, figures.loggedIn[on])
  for (const by of HELD_BY) made.held.set({ by }, figures.held[by])
  for (const side of SIDES) {
    const { available, working, blocked, stuck, oldestBlock, drifting, exposed } = figures.sides[side]
    made.available.set({ side }, available)
    made.working.set({ side }, working)
    made.blocked.set({ side }, blocked)
    made.stuck.set({ side }, stuck)
    made.oldestBlock.set({ side }, oldestBlock === null ? 0 : Math.max(0, now - oldestBlock) / 1000)
    for (const cause of DRIFT_CAUSES) made.drifting.set({ side, cause }, drifting[cause])
    for (const [cause, count] of Object.entries(exposed)) made.exposed.set({ side, cause }, count)
  }
}

/** What the library measures of the process: it knows their names and words itself. */
function ofProcess(registry: Registry, own: readonly MetricDescription[]): readonly MetricDescription[] {
  const known = new Set(own.map(({ name }) => name))
  return registry.getMetricsAsArray().flatMap((metric) => {
    const { labelNames, ...described } = libraryMetric.parse(metric)
    return known.has(described.name)
      ? []
      : [{ ...described, labels: Object.fromEntries(labelNames.map((label) => [label, null])) }]
  })
}

const libraryMetric = z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram']),
  labelNames: z.array(z.string()),
})
