// A small org with people, the stand-in server and an adapter before it; everything is taken down after each test.

import { afterEach } from '@jest/globals'
import type { Clock } from '../../../src/domain/clock.ts'
import { SILENT } from '../../../src/domain/log.ts'
import type { PlatformSink } from '../../../src/domain/platform.ts'
import type { Report } from '../../../src/domain/report.ts'
import type { PlatformUserId, StatusId } from '../../../src/domain/side.ts'
import {
  createSalesforce,
  type SalesforceAdapter,
  type SalesforceDeps,
} from '../../../src/platforms/salesforce/adapter.ts'
import type { SalesforceSettings, StreamSettings } from '../../../src/platforms/salesforce/settings.ts'
import { createOrgCertificate } from '../../../src/sandbox/salesforce/certificate.ts'
import { type CompanionClient, createCompanionClient } from '../../../src/sandbox/salesforce/companion-client.ts'
import { createSalesforceModel } from '../../../src/sandbox/salesforce/model.ts'
import { type SalesforceServerOptions, serveSalesforce } from '../../../src/sandbox/salesforce/server.ts'

export const ORIGIN = 'https://acme.lightning.force.com'
export const AUDIENCE = 'acme'
const certificate = createOrgCertificate()
export const { sign, publicKeyPem } = certificate

/** `speed`: how many times faster than the real time this clock runs. */
export function realClock(speed = 1): Clock {
  const startedAt = Date.now()
  return {
    now: () => startedAt + (Date.now() - startedAt) * speed,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs / speed)
      return () => clearTimeout(timer)
    },
    soon: (callback) => void setImmediate(callback),
  }
}

const cleanups: (() => unknown)[] = []
export function cleanup(task: () => unknown): void {
  cleanups.push(task)
}
afterEach(async () => {
  for (const task of cleanups.splice(0).reverse()) await task()
})

/** Waits until `check` gives something; fails after 6 s with what was waited for. */
export async function until<T>(what: string, check: () => T | undefined | null | false): Promise<T> {
  const deadline = Date.now() + 6_000
  for (;;) {
    const value = check()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export type Told = { readonly user: PlatformUserId; readonly report: Report }

export function recorder() {
  const told: Told[] = []
  const links: boolean[] = []
  const gaps: { readonly why: string; readonly users: readonly PlatformUserId[] | undefined }[] = []
  const reachable: PlatformUserId[] = []
  const calls: { readonly operation: string; readonly ok: boolean }[] = []
  const sink: PlatformSink = {
    report: (user, report) => void told.push({ user, report }),
    link: ({ up }) => void links.push(up),
    gap: (why, users) => void gaps.push({ why, users }),
    reachable: (user) => void reachable.push(user),
    call: (what) => void calls.push(what),
  }
  return { sink, told, links, gaps, reachable, calls }
}

export type World = Awaited<ReturnType<typeof createWorld>>

export async function createWorld(
  options: {
    readonly server?: Partial<SalesforceServerOptions>
    readonly settings?: Partial<SalesforceSettings>
    readonly adapter?: Partial<SalesforceDeps>
    readonly marks?: Map<string, string>
    /** CometD where left out. */
    readonly transport?: StreamSettings['transport']
    /** How many times faster than the real time the clock of everybody runs. */
    readonly speed?: number
  } = {},
) {
  const clock = realClock(options.speed)
  const model = createSalesforceModel({ clock, random: () => 0 })
  model.addChannel('chat')
  model.addChannel('case')
  const online = model.addStatus({ apiName: 'Online', label: 'On Queue', channels: ['chat', 'case'] }) as StatusId
  const busy = model.addStatus({ apiName: 'Busy', label: 'Busy!', channels: [] }) as StatusId
  const jane = model.addUser({
    username: 'jane@acme.example',
    employeeNumber: '7',
    department: 'Support',
  }) as PlatformUserId
  const lee = model.addUser({ username: 'lee@acme.example', granted: ['Online'] }) as PlatformUserId
  const credentials = { clientId: 'client', clientSecret: 'secret' }
  const server = await serveSalesforce(model, { clock, port: 0, pollTimeoutMs: 400, ...credentials, ...options.server })
  cleanup(server.close)
  const marks = options.marks ?? new Map<string, string>()
  const companion = {
    listen: { host: '127.0.0.1', port: 0 },
    path: '/companion',
    origins: [ORIGIN],
    publicKeyPem,
    audience: AUDIENCE,
    tls: null,
  }
  const settings: SalesforceSettings = {
    loginUrl: server.url,
    apiVersion: '67.0',
    auth: { flow: 'client_credentials', ...credentials },
    stream: {
      transport: options.transport ?? 'cometd',
      channel: '/data/PresenceBridge__chn',
      endpoint: server.endpoint,
    },
    callsPerMinute: 600,
    writer: 'companion',
    capacity: null,
    companion,
    ...options.settings,
  }
  const adapter = createSalesforce({
    settings,
    clock,
    log: SILENT,
    marks: { get: (key) => marks.get(key), set: (key, value) => void marks.set(key, value) },
    random: () => 0,
    holdMs: 150,
    ...options.adapter,
  })
  cleanup(adapter.stop)
  const heard = recorder()
  return { clock, model, server, adapter, marks, settings, credentials, online, busy, jane, lee, ...heard }
}

export async function startedWorld(options: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld(options)
  await world.adapter.start([world.jane, world.lee], world.sink)
  return world
}

export function companionUrl(adapter: SalesforceAdapter): string {
  return `ws://127.0.0.1:${adapter.companionPort()}/companion`
}

/** An agent's console tab, connected and welcomed. */
export async function openConsole(world: World, userId: PlatformUserId, tab = 'tab-1'): Promise<CompanionClient> {
  const { model, clock } = world
  const client = createCompanionClient({
    url: companionUrl(world.adapter),
    origin: ORIGIN,
    signToken: () => sign(userId, AUDIENCE),
    userId,
    tab,
    model,
    clock,
  })
  cleanup(client.close)
  await until('the console is welcome', () => client.state().connected)
  return client
}

export function statuses(told: readonly Told[], user: PlatformUserId): string[] {
  return told.flatMap((entry) => (entry.user === user && entry.report.kind === 'status' ? [entry.report.status] : []))
}

export function works(told: readonly Told[], user: PlatformUserId): string[] {
  return told.flatMap(({ user: whose, report }) =>
    whose === user && report.kind === 'work' ? [`${report.item} ${report.channel} ${report.state}`] : [],
  )
}

export function writeOptions(expect: StatusId | null = null, deadlineMs = 5_000) {
  return {
    expect,
    deadline: Date.now() + deadlineMs,
    sentence: 'Jane takes a call.',
    signal: new AbortController().signal,
  }
}
