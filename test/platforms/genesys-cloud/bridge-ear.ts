// What the adapter's tests listen with: an adapter on a stand-in organisation, and everything that it tells.

import type { LogContext } from '../../../src/domain/log.ts'
import type { PlatformAdapter, PlatformSink, WriteOptions } from '../../../src/domain/platform.ts'
import type { Report, StatusReport, WorkReport } from '../../../src/domain/report.ts'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../../src/domain/side.ts'
import { createGenesysCloud } from '../../../src/platforms/genesys-cloud/adapter.ts'
import type { Marks } from '../../../src/platforms/genesys-cloud/channel-marks.ts'
import type { GenesysCloudSettings, Timing } from '../../../src/platforms/genesys-cloud/settings.ts'
import type { GenesysServerOptions } from '../../../src/sandbox/genesys-cloud/server.ts'
import {
  CLIENT,
  eventually,
  type Organisation,
  openOrganisation,
  realClock,
} from '../../sandbox/genesys-cloud/support.ts'

export type Ear = {
  readonly organisation: Organisation
  readonly adapter: PlatformAdapter
  readonly heard: { readonly user: PlatformUserId; readonly report: Report }[]
  readonly links: { readonly up: boolean; readonly why: string }[]
  readonly gaps: { readonly why: string; readonly users: readonly PlatformUserId[] }[]
  readonly reachable: readonly PlatformUserId[]
  readonly calls: { readonly operation: string; readonly ok: boolean }[]
  readonly logged: LogContext[]
  readonly jane: PlatformUserId
  readonly lee: PlatformUserId
  /** Listens to Jane and Lee. */
  start(users?: readonly PlatformUserId[]): Promise<void>
  statuses(user: PlatformUserId): readonly StatusReport[]
  work(user: PlatformUserId): readonly WorkReport[]
  /** Waits until the last reported status of the user has this label. */
  untilStatus(user: PlatformUserId, label: string): Promise<StatusReport>
  untilWork(user: PlatformUserId, state: WorkReport['state']): Promise<WorkReport>
  id(label: string): StatusId
  close(): Promise<void>
}

export type EarOptions = Partial<GenesysServerOptions> & {
  readonly requestingOffQueue?: boolean
  readonly timing?: Partial<Timing>
  readonly marks?: Marks
  /** Listens to the same organisation. */
  readonly beside?: Ear
  readonly settings?: Partial<GenesysCloudSettings>
}

export async function openEar(options: EarOptions = {}): Promise<Ear> {
  const { timing, settings, marks, beside, ...server } = options
  const organisation = beside?.organisation ?? (await openOrganisation(server))
  const { model } = organisation
  const jane = model.addUser({ name: 'Jane Doe', email: 'jane@acme.example' }).id as PlatformUserId
  const lee = model.addUser({ name: 'Lee', email: 'lee@acme.example', department: 'Sales' }).id as PlatformUserId
  const heard: Ear['heard'] = []
  const links: Ear['links'] = []
  const gaps: Ear['gaps'] = []
  const reachable: PlatformUserId[] = []
  const calls: Ear['calls'] = []
  const logged: LogContext[] = []
  const note = (context: LogContext) => {
    logged.push(context)
  }
  const adapter = createGenesysCloud({
    settings: {
      apiUrl: organisation.server.url,
      loginUrl: organisation.server.url,
      callsPerMinute: 300,
      ...CLIENT,
      ...settings,
    },
    clock: realClock,
    log: { debug: note, info: note, warn: note, error: note },
    ...(marks && { marks }),
    timing: { backoff: { baseMs: 5, capMs: 20 }, ...timing },
  })
  const sink: PlatformSink = {
    report: (user, report) => heard.push({ user, report }),
    link: (state) => links.push(state),
    gap: (why, users = [jane, lee]) => gaps.push({ why, users }),
    reachable: (user) => reachable.push(user),
    call: (what) => calls.push(what),
  }

  const reportsOf = (user: PlatformUserId) => heard.filter((one) => one.user === user).map(({ report }) => report)
  const statuses = (user: PlatformUserId) =>
    reportsOf(user).flatMap((report) => (report.kind === 'status' ? [report] : []))
  const work = (user: PlatformUserId) => reportsOf(user).flatMap((report) => (report.kind === 'work' ? [report] : []))

  function id(label: string): StatusId {
    if (label === 'Offline') return OFFLINE
    if (label === 'Not Responding') return 'NOT_RESPONDING' as StatusId
    const definition = model.definition(label)
    if (!definition) throw new Error(`no status ${label}`)
    return definition.id as StatusId
  }

  return {
    organisation,
    adapter,
    heard,
    links,
    gaps,
    reachable,
    calls,
    logged,
    jane,
    lee,
    start: (users = [jane, lee]) => adapter.start(users, sink),
    statuses,
    work,
    untilStatus: (user, label) =>
      eventually(`${label} to be reported`, () => statuses(user).findLast(({ status }) => status === id(label))),
    untilWork: (user, state) =>
      eventually(`work ${state}`, () => {
        const last = work(user).at(-1)
        return last?.state === state ? last : undefined
      }),
    id,
    async close() {
      await adapter.stop()
      await organisation.close()
    },
  }
}

export function writeOptions(): WriteOptions {
  const signal = new AbortController().signal
  return { expect: null, deadline: Date.now() + 5_000, sentence: 'a test', signal }
}
