// The bridge's figures for Prometheus: one recorder a metric, so that names and labels are written down once.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { URGENCIES, type Urgency } from '../domain/outbox.ts'
import type { Budget, CallRate } from '../domain/platform.ts'
import { REASONS, type Reason } from '../domain/reason.ts'
import { type EventKind, WRITE_OUTCOMES, type WriteOutcome } from '../domain/record.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'

const PREFIX = 'presence_bridge_'
const EVENT_KINDS = [
  'status',
  'work',
  'start',
  'reading',
  'timer',
  'write',
  'admin',
  'reload',
] as const satisfies readonly EventKind[]

/** From a write that is answered at once to one that waited for its retries, seconds. */
const WRITE_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** From the platform's event to the report that the other side stands, seconds. */
const CONVERGENCE_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300]
const COMMIT_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

type MetricDescription = {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
}

export type Metrics = {
  /** An event was decided; without a side for timers of the bridge itself and reloads. */
  event(side: Side | null, kind: EventKind): void
  decision(reason: Reason): void
  write(side: Side, outcome: WriteOutcome): void
  /** From the decision to the platform's answer. */
  writeTook(side: Side, seconds: number): void
  /** From the event to the confirmation on the other side. */
  converged(side: Side, seconds: number): void
  call(side: Side, operation: string, ok: boolean): void
  linkUp(side: Side, up: boolean): void
  outboxDepth(depth: BySide<Record<Urgency, number>>): void
  /** Since when the oldest write of each urgency waits, seconds; 0: none does. */
  oldestWrite(side: Side, seconds: Record<Urgency, number>): void
  /** What the platform allows in a minute. */
  rate(side: Side, rate: CallRate): void
  /** What the platform allows in 24 hours. */
  budgets(side: Side, budgets: readonly Budget[]): void
  agents(count: number): void
  agentsBlocked(side: Side, count: number): void
  /** With a block that stands for hours. */
  agentsStuck(side: Side, count: number): void
  journalCommitted(seconds: number): void
  journalUp(up: boolean): void
  inboxDepth(count: number): void
  /** The mapping file was taken, or not. */
  reloaded(ok: boolean): void
  /** An agent was paused because a decision broke a promise of the engine. */
  promiseBroken(): void
  /** Before every scrape: the moment to set the gauges. One listener. */
  onScrape(listener: () => void): void
  /** The exposition text. */
  text(): Promise<string>
  readonly contentType: string
  /** For the reference page. */
  list(): readonly MetricDescription[]
}

/** `process: false` leaves out the figures of the process (memory, event loop, garbage collection). */
export function createMetrics(options: { readonly process?: boolean } = {}): Metrics {
  const registry = new Registry()
  const listed: MetricDescription[] = []
  const made = createAll(registry, listed)
  startAtZero(made)
  if (options.process !== false) collectDefaultMetrics({ register: registry, prefix: PREFIX })
  let sample = () => {}
  return {
    event: (side, kind) => made.events.inc({ side: side ?? 'none', kind }),
    decision: (reason) => made.decisions.inc({ reason }),
    write: (side, outcome) => made.writes.inc({ side, outcome }),
    writeTook: (side, seconds) => made.writeSeconds.observe({ side }, seconds),
    converged: (side, seconds) => made.convergence.observe({ side }, seconds),
    call: (side, operation, ok) => made.calls.inc({ side, operation, ok: String(ok) }),
    linkUp: (side, up) => made.linkUp.set({ side }, Number(up)),
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
      for (const { name, used, limit } of budgets) {
        made.budgetUsed.set({ side, budget: name }, used)
        made.budgetLimit.set({ side, budget: name }, limit)
      }
    },
    agents: (count) => made.agents.set(count),
    agentsBlocked: (side, count) => made.blocked.set({ side }, count),
    agentsStuck: (side, count) => made.stuck.set({ side }, count),
    journalCommitted: (seconds) => made.commitSeconds.observe(seconds),
    journalUp: (up) => made.journalUp.set(Number(up)),
    inboxDepth: (count) => made.inbox.set(count),
    reloaded(ok) {
      made.reloads.inc({ result: ok ? 'taken' : 'refused' })
      made.mappingCurrent.set(Number(ok))
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
    list: () => listed,
  }
}

function createAll(register: Registry, listed: MetricDescription[]) {
  const registers = [register]
  function described<L extends string>(type: MetricDescription['type'], what: string, help: string, labelNames: L[]) {
    const name = PREFIX + what
    listed.push({ name, help, type, labels: labelNames })
    return { name, help, labelNames, registers }
  }
  const counter = <L extends string>(what: string, help: string, labels: L[]) =>
    new Counter(described('counter', what, help, labels))
  const gauge = <L extends string>(what: string, help: string, labels: L[]) =>
    new Gauge(described('gauge', what, help, labels))
  const histogram = <L extends string>(what: string, help: string, labels: L[], buckets: number[]) =>
    new Histogram({ ...described('histogram', what, help, labels), buckets })
  return {
    events: counter('events_total', 'Events that were decided.', ['side', 'kind']),
    decisions: counter('decisions_total', 'Decisions by reason code.', ['reason']),
    writes: counter('writes_total', 'Status writes by outcome.', ['side', 'outcome']),
    writeSeconds: histogram(
      'write_seconds',
      'From the decision to the answer of the platform.',
      ['side'],
      WRITE_BUCKETS,
    ),
    convergence: histogram(
      'convergence_seconds',
      'From the event on one side to the confirmation on the other (the labelled) one.',
      ['side'],
      CONVERGENCE_BUCKETS,
    ),
    calls: counter('api_calls_total', 'Calls of the platforms, by operation.', ['side', 'operation', 'ok']),
    linkUp: gauge('link_up', '1 while the stream of events of the side is whole.', ['side']),
    outbox: gauge('outbox_depth', 'Writes that wait, by urgency.', ['side', 'urgency']),
    oldestWrite: gauge('outbox_oldest_seconds', 'Age of the oldest write that waits, by urgency.', ['side', 'urgency']),
    callsAllowed: gauge('calls_allowed', "Calls of the platform's API that are allowed in a minute.", ['side']),
    callsLeft: gauge('calls_left', "Of a minute's calls, those that could go out at once.", ['side']),
    callsWaiting: gauge('calls_waiting', 'Calls that wait for their turn, by class.', ['side', 'class']),
    budgetUsed: gauge('budget_used', "Of a platform's allowance for 24 hours, what is used.", ['side', 'budget']),
    budgetLimit: gauge('budget_limit', "A platform's allowance for 24 hours.", ['side', 'budget']),
    agents: gauge('agents', 'Agents that are kept in step.', []),
    blocked: gauge('agents_blocked', 'Agents with a block in force on the side.', ['side']),
    stuck: gauge('agents_stuck', 'Agents with a block in force on the side for four hours or more.', ['side']),
    commitSeconds: histogram('journal_commit_seconds', 'Time of one commit of the journal.', [], COMMIT_BUCKETS),
    journalUp: gauge('journal_up', '1 while the journal can be written.', []),
    inbox: gauge('inbox_depth', 'Reports that wait to be decided.', []),
    reloads: counter('reloads_total', 'Changes of the mapping file that were taken or refused.', ['result']),
    mappingCurrent: gauge('mapping_current', '1 while the mapping file as it is now is in force.', []),
    broken: counter('promises_broken_total', 'Agents paused because a decision broke a promise of the bridge.', []),
  }
}

/** A series that appears only with its first event hides that event from rate(). */
function startAtZero(made: ReturnType<typeof createAll>): void {
  for (const kind of EVENT_KINDS) for (const side of [...SIDES, 'none']) made.events.inc({ side, kind }, 0)
  for (const reason of Object.keys(REASONS)) made.decisions.inc({ reason }, 0)
  for (const side of SIDES) {
    for (const outcome of WRITE_OUTCOMES) made.writes.inc({ side, outcome }, 0)
    for (const urgency of URGENCIES) made.outbox.set({ side, urgency }, 0)
    for (const urgency of URGENCIES) made.oldestWrite.set({ side, urgency }, 0)
    made.writeSeconds.zero({ side })
    made.convergence.zero({ side })
    made.linkUp.set({ side }, 0)
    made.blocked.set({ side }, 0)
    made.stuck.set({ side }, 0)
  }
  for (const result of ['taken', 'refused']) made.reloads.inc({ result }, 0)
  made.mappingCurrent.set(1)
  made.commitSeconds.zero({})
}
