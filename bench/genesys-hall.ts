// A large contact centre on the stand-in of Genesys Cloud, which enforces its limit of calls, with the bridge between it and a CRM that costs
// nothing; on a clock that runs faster than the machine's. All in one process, on real sockets.

import type { Member } from '../src/app/agents.ts'
import { SILENT_OBSERVER } from '../src/app/observer.ts'
import { Runtime } from '../src/app/runtime.ts'
import type { Clock } from '../src/domain/clock.ts'
import { type Log, type LogContext, SILENT } from '../src/domain/log.ts'
import type { PlatformAdapter, PlatformSink } from '../src/domain/platform.ts'
import type { AgentId, PlatformUserId, StatusId } from '../src/domain/side.ts'
import { loadMapping } from '../src/mapping/compile.ts'
import { createGenesysCloud } from '../src/platforms/genesys-cloud/adapter.ts'
import { createGenesysModel, type GenesysModel } from '../src/sandbox/genesys-cloud/model.ts'
import { type GenesysServer, serveGenesys } from '../src/sandbox/genesys-cloud/server.ts'
import { NOTHING_KEPT } from './nothing-kept.ts'
import { CREDENTIALS } from './world.ts'

const CALLS_PER_MINUTE = 300
const RESYNC_MS = 5 * 60_000

const LABELS = ['On Queue', 'Available', 'Break', 'Meal', 'Meeting', 'Training', 'Busy', 'Away'] as const
export type Label = (typeof LABELS)[number]

export type Hall = {
  readonly clock: Clock & { speed(factor: number): void }
  readonly model: GenesysModel
  readonly server: GenesysServer
  readonly members: readonly Member[]
  readonly adapter: PlatformAdapter
  /** Calls of the API so far, by operation; those answered with "no" as well. */
  readonly calls: Map<string, number>
  refused(): number
  /** What the log told of readings. */
  readonly progress: readonly string[]
  readonly links: readonly boolean[]
  crm(agent: number): string
  telephony(agent: number): string
  /** The agent chooses in the CRM. */
  choose(agent: number, label: Label): void
  /** How often and when a presence of theirs came to stand. */
  onStood(listener: (agent: number, label: string) => void): void
  start(): Promise<void>
  close(): Promise<void>
}

export async function openHall(agents: number): Promise<Hall> {
  const clock = createFastClock()
  const model = createGenesysModel({ clock, random: seeded(1) })
  const server = await serveGenesys(model, { port: 0, ...CREDENTIALS, callsPerMinute: CALLS_PER_MINUTE })
  const members = Array.from({ length: agents }, (_, at) => memberOf(model, at))
  const indexOf = new Map(
    members.flatMap(({ users }, at) => [[users.crm, at] as const, [users.telephony, at] as const]),
  )
  for (const { users } of members) model.setPresence(users.telephony, 'On Queue')
  const progress: string[] = []
  const links: boolean[] = []
  const calls = new Map<string, number>()
  let refused = 0
  const log: Log = {
    ...SILENT,
    info: (context: LogContext) => context.code === 'genesys.progress' && progress.push(String(context.words)),
  }
  const adapter = createGenesysCloud({
    settings: { apiUrl: server.url, loginUrl: server.url, callsPerMinute: CALLS_PER_MINUTE, ...CREDENTIALS },
    clock,
    log,
    random: seeded(2),
  })
  const desk = createDesk(members, clock)
  const observer = {
    ...SILENT_OBSERVER,
    call(_: unknown, { operation, ok }: { readonly operation: string; readonly ok: boolean }) {
      calls.set(operation, (calls.get(operation) ?? 0) + 1)
      if (!ok) refused += 1
    },
    link(side: string, up: boolean) {
      if (side === 'telephony') links.push(up)
    },
  }
  const catalogue = { crm: await desk.adapter.catalogue(), telephony: await adapter.catalogue() }
  const { mapping, findings } = loadMapping(mappingText(), { file: 'mappings.yaml', catalogue, patience: 0 })
  if (mapping === null) throw new Error(`The mapping has errors: ${findings.map(({ message }) => message).join('; ')}`)
  const runtime = new Runtime({
    members,
    rules: mapping.rules,
    adapters: { crm: desk.adapter, telephony: adapter },
    journal: NOTHING_KEPT,
    clock,
    random: seeded(3),
    log: SILENT,
    observer,
    shadow: false,
    resyncEveryMs: RESYNC_MS,
  })
  return {
    clock,
    model,
    server,
    members,
    adapter,
    calls,
    refused: () => refused,
    progress,
    links,
    crm: (agent) => desk.shown(agent),
    telephony: (agent) => model.user(members[agent]?.users.telephony ?? '')?.presence.label ?? '',
    choose: (agent, label) => desk.choose(agent, label),
    onStood(listener) {
      model.onChange((change) => {
        const agent = change.kind === 'presence' ? indexOf.get(change.user.id as PlatformUserId) : undefined
        if (agent !== undefined && change.kind === 'presence') listener(agent, change.user.presence.label)
      })
    },
    start: () => runtime.start(),
    async close() {
      await runtime.stop()
      await adapter.stop()
      model.stop()
      await server.close()
    },
  }
}

function memberOf(model: GenesysModel, at: number): Member {
  const name = `agent${at}@bench.example`
  const { id } = model.addUser({ name: `Agent ${at}`, email: name })
  const users = { crm: `005${at}` as PlatformUserId, telephony: id as PlatformUserId }
  return { agent: name as AgentId, name: `Agent ${at}`, aliases: [], users, profile: null }
}

/** The CRM: does at once what it is told, and reports it. */
function createDesk(members: readonly Member[], clock: Clock) {
  const shown = members.map(() => 'On Queue')
  const indexOf = new Map(members.map(({ users }, at) => [users.crm, at]))
  let sink: PlatformSink | undefined
  const report = (agent: number, by: 'agent' | 'unknown') => {
    const [user, status] = [members[agent]?.users.crm, shown[agent]]
    if (user && status) {
      sink?.report(user, { kind: 'status', status: status as StatusId, stamp: { at: clock.now() }, by })
    }
  }
  const adapter: PlatformAdapter = {
    side: 'crm',
    title: 'the CRM',
    async catalogue() {
      const status = (label: string) => ({
        id: label as StatusId,
        label,
        apiName: label,
        available: undefined,
        settable: true,
      })
      return { statuses: LABELS.map(status), channels: [] }
    },
    roster: async () => [],
    async start(_users, listener) {
      sink = listener
      listener.link({ up: true, why: 'connected' })
    },
    async snapshot(users) {
      const at = clock.now() - 1_000
      const reading = (user: PlatformUserId) => ({
        status: (shown[indexOf.get(user) ?? -1] ?? '') as StatusId,
        stamp: { at },
        work: [],
      })
      return new Map(users.map((user) => [user, reading(user)]))
    },
    async setStatus(user, status) {
      const agent = indexOf.get(user) ?? -1
      shown[agent] = status
      clock.soon(() => report(agent, 'unknown'))
      return { kind: 'accepted' }
    },
    health: () => ({ link: { up: true, since: 0, why: '' }, details: {} }),
    stop: async () => {},
  }
  return {
    adapter,
    shown: (agent: number) => shown[agent] ?? '',
    choose(agent: number, label: string) {
      shown[agent] = label
      report(agent, 'agent')
    },
  }
}

function mappingText(): string {
  return [
    'version: 1',
    'available: { crm: [On Queue], telephony: [On Queue] }',
    'mapped:',
    ...LABELS.map((label) => `  - { crm: ${label}, telephony: ${label} }`),
    '',
  ].join('\n')
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

type Timer = { readonly at: number; readonly fire: () => void }

/** Its speed may change while timers wait. */
function createFastClock(): Hall['clock'] {
  const timers = new Set<Timer>()
  let factor = 1
  let base = { at: Date.now(), real: performance.now() }
  let next: NodeJS.Timeout | undefined
  const now = () => base.at + (performance.now() - base.real) * factor

  function arm(): void {
    clearTimeout(next)
    let first = Number.POSITIVE_INFINITY
    for (const { at } of timers) first = Math.min(first, at)
    if (first < Number.POSITIVE_INFINITY) next = setTimeout(fireDue, Math.max(0, (first - now()) / factor))
  }

  function fireDue(): void {
    const due = [...timers].filter(({ at }) => at <= now() + 0.5).sort((one, other) => one.at - other.at)
    for (const timer of due) if (timers.delete(timer)) timer.fire()
    arm()
  }

  return {
    now,
    after(delayMs, fire) {
      const timer = { at: now() + Math.max(0, delayMs), fire }
      timers.add(timer)
      arm()
      return () => {
        timers.delete(timer)
      }
    },
    soon: (callback) => setImmediate(callback),
    speed(wanted) {
      base = { at: now(), real: performance.now() }
      factor = wanted
      arm()
    },
  }
}
