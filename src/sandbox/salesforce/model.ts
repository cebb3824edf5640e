// A small Salesforce org in memory: people, presence statuses, their presence as spells, channels and work.
//
// NOT imitated: sharing and field permissions, presence configurations per profile (all have the same but capacity), shares of capacity other than all of it, skills,
// supervisors' queues, after-conversation work, several orgs, idle time figures, and the seconds that real Omni-Channel takes for all this.

import type { Clock } from '../../domain/clock.ts'
import { forgetOld, type NewUser, type PresenceBy, type PresenceOutcome, reasonOf, userRow } from './people.ts'
import { createRecordIds, type SObjectName } from './record-ids.ts'
import { createRouting, type Routing } from './routing.ts'
import { createSetup, type Setup } from './setup.ts'
import { createSetupTables } from './setup-tables.ts'
import type {
  Change,
  ChannelRow,
  ChannelStatusRow,
  FieldValue,
  Happening,
  PresenceRow,
  Row,
  StatusReason,
  StatusRow,
  UserRow,
  WorkRow,
} from './tables.ts'

/** Salesforce's own presence configuration, the same for everybody here. */
type PresenceConfiguration = {
  statusOnDecline: string | null
  statusOnPushTimeout: string | null
  /** 0: pushed work waits for ever. */
  pushTimeoutMs: number
}

export type SalesforceModel = {
  readonly organization: string
  readonly configuration: PresenceConfiguration
  readonly work: Routing
  readonly setup: Setup
  addChannel(developerName: string): string
  /** The id of a new record of a custom object. */
  newRecordId(): string
  /** `channels` by developer name: where it is empty, the status takes no work ("busy"). */
  addStatus(status: { apiName: string; label: string; channels: readonly string[] }): string
  addUser(user: NewUser): string
  /** 'Offline' logs out. */
  setPresence(change: { user: string; apiName: string; by: PresenceBy; reason?: StatusReason }): PresenceOutcome
  /** The API name of the status, 'Offline' for nobody there. */
  presence(user: string): string
  status(apiName: string): StatusRow | undefined
  channel(idOrName: string): ChannelRow | undefined
  userIds(): readonly string[]
  /** Whether the user may not choose any status from now on (false: what was granted before). */
  refuse(user: string, refused: boolean): void
  rows(object: string): readonly Row[] | undefined
  tell(change: Change): void
  on(listener: (happening: Happening) => void): () => void
}

export function createSalesforceModel(deps: { clock: Clock; random: () => number }): SalesforceModel {
  const { clock, random } = deps
  const newId = createRecordIds()
  const organization = newId('Organization')
  const setup = createSetup(newId)
  const users = new Map<string, UserRow>()
  const people = new Map<string, { readonly capacity: number; readonly granted: ReadonlySet<string> | null }>()
  const refused = new Set<string>()
  const statuses = new Map<string, StatusRow>()
  const channels = new Map<string, ChannelRow>()
  const channelStatuses = new Map<string, ChannelStatusRow>()
  const presences = new Map<string, PresenceRow>()
  const current = new Map<string, PresenceRow>()
  const works = new Map<string, WorkRow>()
  const listeners = new Set<(happening: Happening) => void>()
  const configuration: PresenceConfiguration = { statusOnDecline: null, statusOnPushTimeout: null, pushTimeoutMs: 0 }

  const tell = (happening: Happening) => {
    for (const listener of [...listeners]) listener(happening)
  }
  const status = (apiName: string) => [...statuses.values()].find((row) => row.DeveloperName === apiName)
  const channel = (key: string) => channels.get(key) ?? [...channels.values()].find((row) => row.DeveloperName === key)

  function presence(user: string): string {
    const spell = current.get(user)
    return spell ? (statuses.get(spell.ServicePresenceStatusId)?.DeveloperName ?? 'Offline') : 'Offline'
  }

  function takesWork(user: string, channelId: string): boolean {
    const spell = current.get(user)
    return [...channelStatuses.values()].some(
      (row) => row.ServiceChannelId === channelId && row.ServicePresenceStatusId === spell?.ServicePresenceStatusId,
    )
  }

  const work = createRouting({
    clock,
    work: works,
    newId,
    takers: (channelId) => [...users.keys()].filter((user) => takesWork(user, channelId)),
    capacity: (user) => people.get(user)?.capacity ?? 0,
    tell,
    pushTimeoutMs: () => configuration.pushTimeoutMs,
    pick: (count) => Math.floor(random() * count),
    afterRefusal(user, how) {
      const apiName = how === 'declined' ? configuration.statusOnDecline : configuration.statusOnPushTimeout
      const reason = how === 'declined' ? 'OmniDeclineWork' : 'OmniPushTimeout'
      if (apiName !== null) setPresence({ user, apiName, by: 'system', reason })
    },
  })

  function presenceChange(changeType: 'CREATE' | 'UPDATE', id: string, fields: Record<string, FieldValue>, by: string) {
    const change: Change = {
      entity: 'UserServicePresence',
      changeType,
      recordIds: [id],
      fields,
      commitUser: by,
      at: clock.now(),
    }
    tell({ kind: 'change', change })
  }

  function endSpell(spell: PresenceRow): void {
    const at = clock.now()
    const changed = {
      IsCurrentState: false,
      StatusEndDate: at,
      StatusDuration: Math.round((at - spell.StatusStartDate) / 1000),
      LastModifiedDate: at,
    }
    presences.set(spell.Id, { ...spell, ...changed })
    current.delete(spell.UserId)
    presenceChange('UPDATE', spell.Id, changed, spell.UserId)
  }

  function beginSpell(user: string, statusId: string): void {
    const at = clock.now()
    const row: PresenceRow = {
      Id: newId('UserServicePresence'),
      UserId: user,
      ServicePresenceStatusId: statusId,
      IsCurrentState: true,
      IsAway: ![...channelStatuses.values()].some((entry) => entry.ServicePresenceStatusId === statusId),
      ConfiguredCapacity: people.get(user)?.capacity ?? 0,
      StatusStartDate: at,
      StatusEndDate: null,
      StatusDuration: null,
      LastModifiedDate: at,
    }
    presences.set(row.Id, row)
    current.set(user, row)
    const { Id: _id, ...fields } = row
    presenceChange('CREATE', row.Id, fields, user)
    forgetOld(presences, (old) => !old.IsCurrentState)
  }

  function mayChoose(user: string, apiName: string): boolean {
    if (refused.has(user)) return false
    const granted = people.get(user)?.granted ?? null
    return granted === null || granted.has(apiName)
  }

  function setPresence(change: {
    user: string
    apiName: string
    by: PresenceBy
    reason?: StatusReason
  }): PresenceOutcome {
    const { user, apiName, by } = change
    if (!users.has(user)) return 'unknown_user'
    const target = apiName === 'Offline' ? null : status(apiName)
    if (target === undefined) return 'unknown_status'
    if (target && by !== 'system' && !mayChoose(user, apiName)) return 'not_granted'
    const spell = current.get(user)
    if ((spell?.ServicePresenceStatusId ?? null) === (target?.Id ?? null)) return 'ok'
    if (spell) endSpell(spell)
    if (target) beginSpell(user, target.Id)
    tell({ kind: 'presence', user, apiName, reason: change.reason ?? reasonOf(by, spell === undefined) })
    if (!target) work.wentOffline(user)
    work.push()
    forgetOld(works, (old) => old.Status !== 'Assigned' && old.Status !== 'Opened')
    return 'ok'
  }

  function add<T extends { readonly Id: string }>(table: Map<string, T>, row: T): string {
    table.set(row.Id, row)
    return row.Id
  }

  const tables: ReadonlyMap<string, ReadonlyMap<string, Row>> = new Map<SObjectName, ReadonlyMap<string, Row>>([
    ['User', users],
    ['ServicePresenceStatus', statuses],
    ['ServiceChannel', channels],
    ['ServiceChannelStatus', channelStatuses],
    ['UserServicePresence', presences],
    ['AgentWork', works],
  ])

  const person = (user: string) => people.get(user)
  const setupTables = createSetupTables({ setup, newId, users, statuses, channels, person, configuration })

  return {
    organization,
    configuration,
    work,
    setup,
    newRecordId: () => newId('CustomObject'),
    addChannel: (name) =>
      add(channels, {
        Id: newId('ServiceChannel'),
        DeveloperName: name,
        MasterLabel: name,
        CapacityModel: 'TabBased',
      }),
    addStatus({ apiName, label, channels: names }) {
      const row = { Id: newId('ServicePresenceStatus'), DeveloperName: apiName, MasterLabel: label, IsDeleted: false }
      for (const name of names) {
        const ServiceChannelId = channel(name)?.Id
        if (ServiceChannelId === undefined) throw new Error(`There is no service channel "${name}".`)
        add(channelStatuses, { Id: newId('ServiceChannelStatus'), ServiceChannelId, ServicePresenceStatusId: row.Id })
      }
      return add(statuses, row)
    },
    addUser(user) {
      const id = add(users, userRow(newId('User'), user))
      people.set(id, { capacity: user.capacity ?? 5, granted: user.granted ? new Set(user.granted) : null })
      return id
    },
    setPresence,
    presence,
    status,
    channel,
    userIds: () => [...users.keys()],
    refuse: (user, on) => void (on ? refused.add(user) : refused.delete(user)),
    rows: (object) => {
      const table = tables.get(object)
      return table ? [...table.values()] : setupTables(object)
    },
    tell: (change) => tell({ kind: 'change', change }),
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
