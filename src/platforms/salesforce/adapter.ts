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
  WriteOptions,
  WriteResult,
} from '../../domain/platform.ts'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../domain/side.ts'
import { createRateLimiter } from '../shared/rate-limit.ts'
import { createChanges } from './changes.ts'
import { createClient } from './client.ts'
import { createDesk } from './companion-desk.ts'
import { createCompanionReports } from './companion-reports.ts'
import { createCompanionServer } from './companion-server.ts'
import type { CompanionSession, SessionEvents } from './companion-session.ts'
import { CLOSE } from './companion-wire.ts'
import { createMemory } from './memory.ts'
import { createReadings } from './readings.ts'
import { LIVENESS_MS, type Marks, type SalesforceSettings } from './settings.ts'
import { createStream } from './stream.ts'
import { createUsage } from './usage.ts'

export type SalesforceDeps = {
  readonly settings: SalesforceSettings
  readonly clock: Clock
  readonly log: Log
  readonly marks: Marks
  readonly random?: () => number
  /** How long the event stream may be silent; default 130 s. */
  readonly livenessMs?: number
  /** How long the end of a status is held back for the beginning of the next; default 2 s. */
  readonly holdMs?: number
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
  const client = createClient({ settings, clock, log, limiter, call: (what) => callSink?.call(what) })
  const usage = createUsage({ clock, dailyEvents: settings.stream.dailyEvents })
  const readings = createReadings({ client, clock, log, memory })
  const statuses = new Map<string, CatalogueStatus>()
  const usernames = new Map<PlatformUserId, string>()
  const channels = new Map<string, string>()
  const desk = createDesk({ clock })
  const reports = createCompanionReports({ clock, log, memory, readings, status: (key) => statuses.get(key) })
  const changes = createChanges({
    clock,
    log,
    memory,
    readings,
    channelName: (id) => channels.get(id),
    ...(deps.holdMs === undefined ? {} : { holdMs: deps.holdMs }),
  })
  let link: LinkState = { up: false, since: clock.now(), why: 'not started' }
  let started = false
  let over = false
  const stream = createStream({
    ...deps,
    client,
    livenessMs: deps.livenessMs ?? LIVENESS_MS,
    random: deps.random ?? Math.random,
    onEvent(event) {
      usage.delivered()
      changes.take(event)
    },
    onGap: (why) => memory.gap(why),
    onLink(up, why) {
      link = { up, since: clock.now(), why }
      memory.link(up, why)
    },
  })
  const server =
    settings.companion && createCompanionServer({ settings: settings.companion, clock, log, events: companionEvents() })

  function companionEvents(): SessionEvents {
    return {
      knows: memory.watches,
      joined(session, hello) {
        const place = desk.join(session)
        if (place === null) {
          session.close(CLOSE.tryLater, 'too many tabs')
          return
        }
        session.send({ type: 'welcome', lead: place === 'leads', agent: usernames.get(session.user) ?? session.user })
        reports.hello(session, hello)
        if (place === 'leads') memory.reachable(session.user)
      },
      frame(session, frame) {
        if (frame.type === 'result') desk.answer(session, frame)
        else reports.frame(session.user, frame)
      },
      unreadable: (session) => memory.gap('a console companion sent something that could not be read', [session.user]),
      gone: (session) => promote(desk.leave(session)),
    }
  }

  function promote(next: CompanionSession | null): void {
    if (!next) return
    next.send({ type: 'lead' })
    memory.reachable(next.user)
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
    memory.watch(users, sink)
    if (started) return
    await catalogue()
    if (over) throw new Error('stopped')
    await server?.start()
    try {
      await stream.start()
    } catch (error) {
      await server?.stop()
      throw error
    }
    started = true
  }

  async function setStatus(user: PlatformUserId, status: StatusId, options: WriteOptions): Promise<WriteResult> {
    if (settings.writer !== 'companion') return { kind: 'refused', words: 'dry run: nothing is written to Salesforce' }
    if (!started) return { kind: 'unreachable', words: 'Salesforce has not been read yet' }
    const apiName = status === OFFLINE ? OFFLINE : statuses.get(status)?.apiName
    if (apiName === undefined)
      return { kind: 'refused', words: `this org has no presence status with the id ${status}` }
    const expect = options.expect === OFFLINE ? OFFLINE : (statuses.get(options.expect ?? '')?.apiName ?? null)
    const { deadline, sentence, signal } = options
    return await desk.command(user, { apiName, expect, deadline, sentence, signal })
  }

  async function stop(): Promise<void> {
    over = true
    memory.close()
    callSink = null
    changes.stop()
    client.stop()
    limiter.stop()
    await Promise.all([stream.stop(), server?.stop()])
    link = { up: false, since: clock.now(), why: 'stopped' }
  }

  function health(): ReturnType<PlatformAdapter['health']> {
    usage.calls(client.usage())
    const { events, replayId } = stream.details()
    const details = { writer: settings.writer, companions: desk.sessions().length, events, replay_id: replayId }
    return { link, details, budgets: usage.budgets() }
  }

  return {
    side: 'crm',
    title: 'Salesforce',
    catalogue,
    roster,
    start,
    snapshot: readings.snapshot,
    setStatus,
    health,
    stop,
    companions: () => desk.sessions().length,
    companionPort: () => server?.port() ?? 0,
  }
}
