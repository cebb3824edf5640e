// Reading instead of listening: the catalogue, the people, and their present state, by SOQL.

import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { type CatalogueStatus, CredentialsRefused, type Person } from '../../domain/platform.ts'
import type { Reading, WorkReading } from '../../domain/report.ts'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../domain/side.ts'
import { isOpen } from '../../domain/work.ts'
import type { SalesforceClient } from './client.ts'
import { codeOf } from './failures.ts'
import type { Memory } from './memory.ts'
import { CLOCK_SKEW_MS, GRANTS_FRESH_MS } from './settings.ts'
import { type Grants, readGrants } from './setup/grants.ts'
import { NAMES_HIDDEN } from './setup/rights-words.ts'
import { CHANNEL_STATUSES, CHANNELS, openWorkQueries, presenceQueries, STATUSES, USERS, workQuery } from './soql.ts'
import {
  channelRow,
  channelStatusRow,
  presenceRow,
  statusRow,
  userRow,
  type WorkRow,
  workRow,
  workState,
} from './wire.ts'

export type StatusReading = Pick<Reading, 'status' | 'stamp'>

export type Readings = {
  /** Channels: names by id. */
  catalogue(): Promise<{
    readonly statuses: readonly CatalogueStatus[]
    readonly channels: ReadonlyMap<string, string>
  }>
  roster(): Promise<readonly Person[]>
  snapshot(users: readonly PlatformUserId[]): Promise<ReadonlyMap<PlatformUserId, Reading>>
  /** The current status of those who have one. */
  statuses(users: readonly PlatformUserId[]): Promise<ReadonlyMap<PlatformUserId, StatusReading>>
  works(ids: readonly string[]): Promise<readonly WorkRow[]>
}

type ReadingsDeps = {
  readonly client: SalesforceClient
  readonly clock: Clock
  readonly log: Log
  readonly memory: Memory
}

export function createReadings(deps: ReadingsDeps): Readings {
  const { client, clock, log, memory } = deps
  let known: ReadonlySet<PlatformUserId> | null = null
  let grants: { readonly readAt: number; readonly of: Grants | undefined } | null = null

  /** undefined where the run-as user may not read it: the bridge does without. */
  async function optional<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof CredentialsRefused)) throw error
      log.warn(
        { code: 'salesforce_not_readable', what, words: error.message },
        'Something in the org cannot be read; the bridge does without',
      )
      return undefined
    }
  }

  /** By their API names: without them no mapping can be resolved. */
  async function namedStatuses() {
    const rows = await client.query('statuses', STATUSES, statusRow).catch((error: unknown) => {
      const hidden = error instanceof CredentialsRefused && codeOf(error.cause) === 'INVALID_FIELD'
      throw hidden ? new CredentialsRefused(NAMES_HIDDEN.sentence, { cause: error.cause }) : error
    })
    return rows.map(({ DeveloperName, ...row }) => {
      if (!DeveloperName) throw new CredentialsRefused(NAMES_HIDDEN.sentence)
      return { ...row, DeveloperName }
    })
  }

  /** Many calls in a large org, asked for at each reload of the mapping, and they change rarely. */
  async function grantsFor(ids: readonly StatusId[]): Promise<Grants | undefined> {
    if (grants === null || clock.now() - grants.readAt >= GRANTS_FRESH_MS)
      grants = { readAt: clock.now(), of: await readGrants(client, ids) }
    return grants.of
  }

  async function catalogue(): ReturnType<Readings['catalogue']> {
    const statuses = await namedStatuses()
    const taking = await optional('ServiceChannelStatus', () =>
      client.query('channel_statuses', CHANNEL_STATUSES, channelStatusRow),
    )
    const channels = await optional('ServiceChannel', () => client.query('channels', CHANNELS, channelRow))
    const grants = await grantsFor(statuses.map((row) => row.Id))
    const available = taking && new Set<StatusId>(taking.map((row) => row.ServicePresenceStatusId))
    return {
      // A status takes work if it has a channel; nothing on the status itself tells (Object Reference, ServiceChannelStatus).
      statuses: statuses.map((row): CatalogueStatus => {
        const grantedTo = grants?.get(row.Id)
        return {
          id: row.Id,
          label: row.MasterLabel,
          apiName: row.DeveloperName,
          available: available?.has(row.Id),
          settable: true,
          ...(grantedTo === undefined ? {} : { grantedTo }),
        }
      }),
      channels: new Map((channels ?? []).map((row) => [row.Id, row.DeveloperName])),
    }
  }

  async function roster(): Promise<readonly Person[]> {
    const rows = await client.query('users', USERS, userRow)
    known = new Set(rows.map((row) => row.Id))
    return rows.map((row) => ({
      user: row.Id,
      username: row.Username,
      email: row.Email ?? null,
      employeeId: row.EmployeeNumber ?? null,
      name: row.Name,
      groups: {
        ...(row.Department ? { department: row.Department } : {}),
        ...(row.Division ? { division: row.Division } : {}),
      },
    }))
  }

  async function snapshot(users: readonly PlatformUserId[]): Promise<ReadonlyMap<PlatformUserId, Reading>> {
    const asked = users.filter((user) => known === null || known.has(user))
    const offlineAt = new Map(asked.map((user) => [user, offlineSince(user)]))
    const statuses = await presences(new Set(asked))
    const work = await optional('AgentWork', () => openWork(new Set(asked)))
    return new Map(
      asked.map((user): [PlatformUserId, Reading] => {
        const status = statuses.get(user) ?? { status: OFFLINE, stamp: { at: offlineAt.get(user) ?? 0 } }
        return [user, { ...status, work: work && (work.get(user) ?? []) }]
      }),
    )
  }

  /**
   * Nobody there has no time of its own: to be asked for before the reading, which says nothing of what is told during it. Dated back, so that a
   * log-in right after it is not taken for an old report if our clock runs ahead.
   */
  function offlineSince(user: PlatformUserId): number {
    return Math.max(clock.now() - CLOCK_SKEW_MS, memory.lastAt(user))
  }

  async function presences(asked: ReadonlySet<PlatformUserId>): Promise<ReadonlyMap<PlatformUserId, StatusReading>> {
    const found = new Map<PlatformUserId, StatusReading>()
    for (const soql of presenceQueries([...asked])) {
      for (const row of await client.query('presence', soql, presenceRow)) {
        memory.learnSpell(row.Id, row.UserId)
        // More than one current spell should not be, but is tolerated: the newest counts.
        const newer = row.StatusStartDate > (found.get(row.UserId)?.stamp.at ?? -1)
        if (asked.has(row.UserId) && newer) {
          found.set(row.UserId, { status: row.ServicePresenceStatusId, stamp: { at: row.StatusStartDate } })
        }
      }
    }
    return found
  }

  async function openWork(
    asked: ReadonlySet<PlatformUserId>,
  ): Promise<ReadonlyMap<PlatformUserId, readonly WorkReading[]>> {
    const found = new Map<PlatformUserId, WorkReading[]>()
    for (const soql of openWorkQueries([...asked])) {
      for (const row of await client.query('work', soql, workRow)) {
        const state = workState(row.Status)
        if (!state || !isOpen(state) || !asked.has(row.UserId)) continue
        const channel = row.ServiceChannel?.DeveloperName ?? null
        const at = row.LastModifiedDate
        memory.learnWork(row.Id, { user: row.UserId, channel, state, at })
        found.set(row.UserId, [...(found.get(row.UserId) ?? []), { item: row.Id, channel, state, stamp: { at } }])
      }
    }
    return found
  }

  async function works(ids: readonly string[]): Promise<readonly WorkRow[]> {
    const rows: WorkRow[] = []
    for (const soql of workQuery(ids)) rows.push(...(await client.query('work_by_id', soql, workRow)))
    return rows
  }

  return { catalogue, roster, snapshot, statuses: (users) => presences(new Set(users)), works }
}
