// Salesforce behind the platform port: presence and work are read by queries and change events; statuses are written by the agents' own
// consoles, because no server API sets them (UserServicePresence can neither be created nor updated).

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import type {
  Catalogue,
  CatalogueStatus,
  LinkState,
  Person,
  PlatformAdapter,
  PlatformSink,
  WorkAction,
  WriteOptions,
  WriteResult,
} from '../../domain/platform.ts'
import type { PlatformUserId, StatusId } from '../../domain/side.ts'
import { createRateLimiter } from '../shared/rate-limit.ts'
import { createCapacityCalls } from './capacity/calls.ts'
import { type CapacityWriter, createCapacityWriter } from './capacity/writer.ts'
import { createClient } from './client.ts'
import { createCompanionOffice } from './companion/office.ts'
import { createCatchUp } from './events/catch-up.ts'
import { createChanges } from './events/changes.ts'
import { createSelfTest, witnessed } from './events/self-test.ts'
import { createTransport, type StreamLimits } from './events/transports.ts'
import { createMemory } from './memory.ts'
import { createReadings } from './readings.ts'
import type { CapacitySettings, Marks, SalesforceSettings } from './settings.ts'
import { findRights } from './setup/rights.ts'
import { readSetup } from './setup/setup.ts'
import { createStream } from './stream.ts'
import { createUsage } from './usage.ts'

export type SalesforceDeps = {
  readonly settings: SalesforceSettings
  readonly clock: Clock
  readonly log: Log
  readonly marks: Marks
  readonly random?: () => number
  /** How long the event stream may be silent, over either transport; as in transport-limits.ts where left out. */
  readonly livenessMs?: number
  readonly limits?: StreamLimits
  /** How long the end of a status is held back for the beginning of the next; default 2 s. */
  readonly holdMs?: number
  /** How long one call may take; default 20 s. */
  readonly callMs?: number
}

export type SalesforceAdapter = PlatformAdapter & {
  /** Console tabs that are connected now. */
  companions(): number
  /** Where companions connect, once started; 0 without an endpoint. */
  companionPort(): number
}

export function createSalesforce(deps: SalesforceDeps): SalesforceAdapter {
  const { settings, clock, log } = deps
  const memory = createMemory()
  const limiter = createRateLimiter({ clock, callsPerMinute: settings.callsPerMinute })
  let callSink: PlatformSink | null = null
  const call: PlatformSink['call'] = (what) => callSink?.call(what)
  const client = createClient({ ...deps, limiter, call })
  const usage = createUsage({ clock, dailyEvents: settings.stream.dailyEvents, marks: deps.marks })
  const readings = createReadings({ client, clock, log, memory })
  const { channel } = settings.stream
  const onGap = (why: string) => memory.gap(why)
  const selfTest = createSelfTest({ clock, log, channel, onGap, limits: deps.limits?.selfTest ?? {} })
  const statuses = new Map<string, CatalogueStatus>()
  const usernames = new Map<PlatformUserId, string>()
  const channels = new Map<string, string>()
  const consoles = createCompanionOffice({
    settings: settings.companion,
    clock,
    log,
    memory: witnessed(memory, selfTest),
    readings,
    status: (key) => statuses.get(key),
    username: (user) => usernames.get(user),
  })
  const changes = createChanges({
    clock,
    log,
    memory,
    readings,
    channelName: (id) => channels.get(id),
    ...(deps.holdMs === undefined ? {} : { holdMs: deps.holdMs }),
  })
  const capacity = settings.writer === 'capacity' ? writerByCapacity(settings.capacity) : null
  let link: LinkState = { up: false, since: clock.now(), why: 'not started' }
  let started = false
  let over = false
  const catchUp = createCatchUp({ clock, take: changes.take })
  const stream = createStream({
    ...deps,
    transport: createTransport(deps),
    channel,
    client,
    random: deps.random ?? Math.random,
    onEvent(event) {
      usage.delivered()
      selfTest.event(event, memory)
      catchUp.event(event)
    },
    onGap,
    onLink(up, why) {
      link = { up, since: clock.now(), why }
      selfTest.link(up)
      catchUp.link(up)
      memory.link(up, why)
    },
  })

  function writerByCapacity(stand: CapacitySettings | null): CapacityWriter {
    if (stand === null)
      throw new Error('crm.writer: capacity needs crm.capacity: which channel and object stand for a call.')
    return createCapacityWriter({
      ...deps,
      capacity: stand,
      calls: createCapacityCalls({ settings, capacity: stand, client }),
      client,
      status: (id) => statuses.get(id),
      channelId: () => [...channels].find(([, name]) => name === stand.channel)?.[0],
    })
  }

  async function catalogue(): Promise<Catalogue> {
    const { statuses: read, channels: names } = await readings.catalogue()
    statuses.clear()
    channels.clear()
    // An API name never looks like an id, so one table serves both.
    for (const status of read) statuses.set(status.id, status).set(status.apiName, status)
    for (const [id, name] of names) channels.set(id, name)
    return { statuses: read, channels: [...names.values()] }
  }

  async function roster(): Promise<readonly Person[]> {
    const people = await readings.roster()
    usernames.clear()
    for (const person of people) usernames.set(person.user, person.username)
    return people
  }

  async function start(users: readonly PlatformUserId[], sink: PlatformSink): Promise<void> {
    callSink = sink
    memory.watch(users, capacity?.through(sink) ?? sink)
    if (started) return
    // Read just before as a rule; and a stream that does not open costs no calls of the API at each attempt.
    if (statuses.size === 0) await catalogue()
    if (over) throw new Error('stopped')
    await consoles.start()
    try {
      await stream.start()
    } catch (error) {
      await consoles.stop()
      throw error
    }
    started = true
  }

  async function snapshot(users: readonly PlatformUserId[]): ReturnType<PlatformAdapter['snapshot']> {
    const begunAt = clock.now()
    return await catchUp.during(async (asOf) => {
      const found = await readings.snapshot(users)
      selfTest.read(found, begunAt)
      for (const [user, reading] of found) memory.wasRead(user, reading, asOf)
      return capacity?.readings(found, begunAt) ?? found
    })
  }

  async function setStatus(user: PlatformUserId, status: StatusId, options: WriteOptions): Promise<WriteResult> {
    if (settings.writer === 'dry_run') return { kind: 'refused', words: 'dry run: nothing is written to Salesforce' }
    if (!started) return { kind: 'unreachable', words: 'Salesforce has not been read yet' }
    if (capacity) return await capacity.setStatus(user, status, options)
    return await consoles.setStatus(user, status, options)
  }

  async function work(
    user: PlatformUserId,
    item: string,
    action: WorkAction,
    { deadline, signal }: Pick<WriteOptions, 'deadline' | 'signal'>,
  ): Promise<WriteResult> {
    if (settings.writer === 'dry_run') return { kind: 'refused', words: 'dry run: nothing is done in Salesforce' }
    if (!started) return { kind: 'unreachable', words: 'Salesforce has not been read yet' }
    return await consoles.work(user, item, { action, deadline, signal })
  }

  async function stop(): Promise<void> {
    over = true
    memory.close()
    callSink = null
    changes.stop()
    selfTest.stop()
    catchUp.stop()
    capacity?.stop()
    client.stop()
    limiter.stop()
    await Promise.all([stream.stop(), consoles.stop()])
    link = { up: false, since: clock.now(), why: 'stopped' }
  }

  function health(): ReturnType<PlatformAdapter['health']> {
    usage.calls(client.usage())
    const { events, duplicates, replayId } = stream.details()
    const { transport } = settings.stream
    const heard = { transport, events, duplicates, replay_id: replayId, ...selfTest.details() }
    const details = { writer: settings.writer, ...heard, ...consoles.details(), ...capacity?.details() }
    return { link, details, notes: selfTest.notes(), budgets: usage.budgets(), rate: limiter.rate() }
  }

  return {
    side: 'crm',
    title: 'Salesforce',
    catalogue,
    roster,
    start,
    snapshot,
    setStatus,
    work,
    setup: () => readSetup({ client }),
    rights: () => findRights({ client, settings }),
    health,
    stop,
    companions: consoles.count,
    companionPort: consoles.port,
  }
}
