// The runtime without sockets: how long an event takes from the inbox to the outbox at a steady rate, its decision on the disk in between, and
// what an agent weighs of whom nothing is heard. Beside it stands the same runtime with a journal that keeps nothing: what the disk costs.

import { join } from 'node:path'
import type { Member } from '../src/app/agents.ts'
import { SILENT_OBSERVER } from '../src/app/observer.ts'
import { REAL_CLOCK } from '../src/app/real-clock.ts'
import { Runtime } from '../src/app/runtime.ts'
import { SILENT } from '../src/domain/log.ts'
import type { PlatformAdapter, PlatformSink } from '../src/domain/platform.ts'
import type { AgentId, BySide, PlatformUserId, Side, StatusId } from '../src/domain/side.ts'
import type { KeptJournal } from '../src/journal/kept-journal.ts'
import { openSqliteJournal } from '../src/journal/sqlite-journal.ts'
import { loadMapping } from '../src/mapping/compile.ts'
import { NOTHING_KEPT } from './nothing-kept.ts'
import { AGENTS_MANY, type Plan } from './plan.ts'
import { type Spread, spreadOf } from './stats.ts'
import { millis, type Table, whole, yesNo } from './table.ts'
import { MOVED_AMONG, mappingText, STATUSES } from './world.ts'

const GOAL_EVENTS = 10_000
const GOAL_P99_MS = 20
const GOAL_BYTES = 4_096
const AGENTS_IDLE = 20_000
const HOUR_MS = 3_600_000

export type RuntimeSpeed = {
  readonly journal: 'file' | 'none'
  /** Events a second that were decided: each change of a person and its echo on the other side. */
  readonly eventsPerS: number
  /** From the instant at which a change was due to the call that writes it. */
  readonly latency: Spread
  /** Changes that led to no write. */
  readonly lost: number
  readonly cpu: number
}

export type RuntimeFigures = { readonly speeds: readonly RuntimeSpeed[]; readonly idleBytes: number }

export async function benchRuntime(plan: Plan, folder: string): Promise<RuntimeFigures> {
  const speeds: RuntimeSpeed[] = []
  for (const journal of ['none', 'file'] as const) speeds.push(await measure(journal, plan, folder))
  return { speeds, idleBytes: await weighIdle(join(folder, 'idle.sqlite')) }
}

export function runtimeTables({ speeds, idleBytes }: RuntimeFigures): readonly Table[] {
  return [
    {
      title: `Runtime: ${whole(AGENTS_MANY)} agents, from the inbox to the outbox`,
      head: [
        'journal',
        'events/s',
        'p50',
        'p99',
        'max',
        'lost',
        'CPU',
        `goal ≥ ${whole(GOAL_EVENTS)}/s, p99 < ${GOAL_P99_MS} ms`,
      ],
      rows: speeds.map(({ journal, eventsPerS, latency, lost, cpu }) => [
        journal === 'file' ? 'on the disk' : 'keeps nothing',
        whole(eventsPerS),
        millis(latency.p50),
        millis(latency.p99),
        millis(latency.max),
        whole(lost),
        `${Math.round(cpu * 100)}%`,
        yesNo(eventsPerS >= GOAL_EVENTS * 0.99 && latency.p99 < GOAL_P99_MS && lost === 0),
      ]),
    },
    {
      title: `Memory: ${whole(AGENTS_IDLE)} agents of whom nothing is heard`,
      head: ['heap an agent', `goal < ${whole(GOAL_BYTES)} bytes`],
      rows: [[`${whole(idleBytes)} bytes`, yesNo(idleBytes < GOAL_BYTES)]],
    },
  ]
}

async function measure(kind: RuntimeSpeed['journal'], plan: Plan, folder: string): Promise<RuntimeSpeed> {
  const journal = kind === 'none' ? NOTHING_KEPT : await openOnDisk(join(folder, 'runtime.sqlite'))
  const floor = createFloor(AGENTS_MANY)
  const runtime = createRuntime(floor, journal)
  await runtime.start()
  await floor.run(GOAL_EVENTS / 2, plan.warmUpMs)
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const { latencies, changes } = await floor.run(GOAL_EVENTS / 2, plan.runtimeMs)
  const tookMs = performance.now() - begun
  const { user, system } = process.cpuUsage(cpu)
  await runtime.stop()
  await journal.close()
  return {
    journal: kind,
    eventsPerS: ((changes + latencies.length) / tookMs) * 1_000,
    latency: spreadOf(latencies),
    lost: changes - latencies.length,
    cpu: (user + system) / 1_000 / tookMs,
  }
}

async function weighIdle(path: string): Promise<number> {
  const journal = await openOnDisk(path)
  const before = heapInUse()
  const floor = createFloor(AGENTS_IDLE)
  const made = heapInUse()
  const runtime = createRuntime(floor, journal)
  await runtime.start()
  const bytes = (heapInUse() - made) / AGENTS_IDLE
  const members = (made - before) / AGENTS_IDLE
  await runtime.stop()
  await journal.close()
  return bytes + members
}

function heapInUse(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function openOnDisk(path: string): Promise<KeptJournal> {
  return openSqliteJournal({ path, log: SILENT })
}

function createRuntime(floor: Floor, journal: KeptJournal): Runtime {
  const { mapping } = loadMapping(mappingText(), { file: 'mappings.yaml' })
  if (mapping === null) throw new Error('The mapping of the benchmark has errors')
  return new Runtime({
    members: floor.members,
    rules: mapping.rules,
    adapters: floor.adapters,
    journal,
    clock: REAL_CLOCK,
    random: Math.random,
    log: SILENT,
    observer: SILENT_OBSERVER,
    shadow: false,
    resyncEveryMs: HOUR_MS,
  })
}

type Floor = {
  readonly members: readonly Member[]
  readonly adapters: BySide<PlatformAdapter>
  /** So many changes a second, for so long; resolves when their writes have come. */
  run(changesPerS: number, forMs: number): Promise<{ readonly latencies: readonly number[]; readonly changes: number }>
}

/** Platforms that do at once what they are told and report it in the next turn of the event loop. */
function createFloor(count: number): Floor {
  const members = Array.from({ length: count }, (_, index): Member => {
    const name = `agent${index}@bench.example`
    const users = { crm: `005${index}` as PlatformUserId, telephony: `b1f0-${index}` as PlatformUserId }
    return { agent: name as AgentId, name: `Agent ${index}`, aliases: [], users, profile: null }
  })
  const sinks: Partial<Record<Side, PlatformSink>> = {}
  const dueAt = new Float64Array(count)
  const indexOf = new Map(
    members.flatMap((m, index) => [[m.users.crm, index] as const, [m.users.telephony, index] as const]),
  )
  let latencies: number[] = []

  const adapter = (side: Side): PlatformAdapter => ({
    side,
    title: side,
    catalogue: async () => ({ statuses: [], channels: [] }),
    roster: async () => [],
    async start(_users, sink) {
      sinks[side] = sink
      sink.link({ up: true, why: 'connected' })
    },
    snapshot: async (users) => {
      const reading = { status: statusAt(0), stamp: { at: Date.now() - 1_000 }, work: [] }
      return new Map(users.map((user) => [user, reading]))
    },
    async setStatus(user, status) {
      const index = indexOf.get(user) ?? 0
      if (dueAt[index] !== 0) latencies.push(performance.now() - (dueAt[index] ?? 0))
      dueAt[index] = 0
      setImmediate(() =>
        sinks[side]?.report(user, { kind: 'status', status, stamp: { at: Date.now() }, by: 'unknown' }),
      )
      return { kind: 'accepted' }
    },
    health: () => ({ link: { up: true, since: 0, why: '' }, details: {} }),
    stop: async () => {},
  })

  let next = 0
  let shown = 0
  function change(due: number): void {
    if (next === 0) shown = (shown + 1) % MOVED_AMONG
    const side: Side = next % 2 === 0 ? 'crm' : 'telephony'
    const user = members[next]?.users[side]
    dueAt[next] = due
    next = (next + 1) % count
    if (user === undefined) return
    sinks[side]?.report(user, { kind: 'status', status: statusAt(shown), stamp: { at: Date.now() }, by: 'agent' })
  }

  return {
    members,
    adapters: { crm: adapter('crm'), telephony: adapter('telephony') },
    async run(changesPerS, forMs) {
      latencies = []
      const begun = performance.now()
      const changes = Math.round((changesPerS * forMs) / 1_000)
      let made = 0
      while (made < changes) {
        const due = Math.min(changes, Math.floor(((performance.now() - begun) * changesPerS) / 1_000))
        for (; made < due; made++) change(begun + (made * 1_000) / changesPerS)
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      const patience = performance.now() + 2_000
      while (latencies.length < changes && performance.now() < patience)
        await new Promise((resolve) => setTimeout(resolve, 1))
      return { latencies, changes }
    },
  }
}

function statusAt(index: number): StatusId {
  return (STATUSES[index]?.label ?? '') as StatusId
}
