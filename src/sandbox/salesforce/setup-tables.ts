// The set-up of the stand-in org as tables: who has which permissions, grants, presence configuration; queues and their routing.
// Made from what the model behaves by, so that both always say the same.
//
// NOT imitated: profiles' own grants and configurations, several routing configurations of one queue's kind, skills.

import type { SObjectName } from './record-ids.ts'
import type { Setup } from './setup.ts'
import type { ChannelRow, Row, StatusRow, UserRow } from './tables.ts'

export type SetupTablesDeps = {
  readonly setup: Setup
  readonly newId: (object: SObjectName) => string
  readonly users: ReadonlyMap<string, UserRow>
  readonly statuses: ReadonlyMap<string, StatusRow>
  readonly channels: ReadonlyMap<string, ChannelRow>
  /** Granted statuses by API name, null: all; and capacity. */
  readonly person: (
    user: string,
  ) => { readonly granted: ReadonlySet<string> | null; readonly capacity: number } | undefined
  /** Salesforce's own presence configuration: API names, and the time after which pushed work is taken back. */
  readonly configuration: {
    readonly statusOnDecline: string | null
    readonly statusOnPushTimeout: string | null
    readonly pushTimeoutMs: number
  }
}

export type SetupTables = (object: string) => readonly Row[] | undefined

const INTEGRATION_SET = 'PresenceBridgeIntegration'

export function createSetupTables(deps: SetupTablesDeps): SetupTables {
  const { setup, users, statuses, channels, configuration } = deps
  const ids = new Map<string, string>()

  /** The same thing has the same id whenever it is asked for. */
  function idOf(object: SObjectName, key = ''): string {
    const known = ids.get(`${object} ${key}`) ?? deps.newId(object)
    ids.set(`${object} ${key}`, known)
    return known
  }

  /** Users by what is granted to them: a permission set for each kind. */
  function grants(): ReadonlyMap<string, { readonly names: readonly string[]; readonly users: readonly string[] }> {
    const all = [...statuses.values()].map((row) => row.DeveloperName)
    const kinds = new Map<string, { names: readonly string[]; users: string[] }>()
    for (const user of users.keys()) {
      const granted = deps.person(user)?.granted
      const names = all.filter((name) => !granted || granted.has(name))
      const kind = kinds.get(names.join()) ?? { names, users: [] }
      kind.users.push(user)
      kinds.set(names.join(), kind)
    }
    return kinds
  }

  function permissionSets(): readonly Row[] {
    const { apiEnabled, viewSetup, viewAllData } = setup.rights
    const permissions = {
      PermissionsApiEnabled: apiEnabled,
      PermissionsViewSetup: viewSetup,
      PermissionsViewAllData: viewAllData,
    }
    const none = { PermissionsApiEnabled: false, PermissionsViewSetup: false, PermissionsViewAllData: false }
    const ours = {
      Id: idOf('PermissionSet', INTEGRATION_SET),
      Name: INTEGRATION_SET,
      Label: 'Presence Bridge Integration',
    }
    const agents = [...grants().keys()].map((key, index) => {
      return { Id: idOf('PermissionSet', key), Name: `Agents_${index + 1}`, Label: `Agents ${index + 1}`, ...none }
    })
    return [{ ...ours, ...permissions }, ...agents]
  }

  function assignments(): readonly Row[] {
    const assigned = [...grants()].flatMap(([key, kind]) => kind.users.map((user) => [user, key] as const))
    return [[setup.runAs.id, INTEGRATION_SET] as const, ...assigned].map(([user, key]) => ({
      Id: idOf('PermissionSetAssignment', user),
      AssigneeId: user,
      PermissionSetId: idOf('PermissionSet', key),
      PermissionSetGroupId: null,
    }))
  }

  function objectPermissions(): readonly Row[] {
    const { viewAll, unreadable, objectsListed } = setup.rights
    const objects = objectsListed ? ['UserServicePresence', 'AgentWork'] : []
    return objects.map((object) => ({
      Id: idOf('ObjectPermissions', object),
      ParentId: idOf('PermissionSet', INTEGRATION_SET),
      SobjectType: object,
      PermissionsRead: !unreadable.has(object),
      PermissionsViewAllRecords: viewAll.has(object),
    }))
  }

  function entityAccess(): readonly Row[] {
    const idByName = new Map([...statuses.values()].map((row) => [row.DeveloperName, row.Id]))
    return [...grants()].flatMap(([key, { names }]) =>
      names.map((name) => ({
        Id: idOf('SetupEntityAccess', `${key} ${name}`),
        ParentId: idOf('PermissionSet', key),
        SetupEntityId: idByName.get(name) ?? '',
        SetupEntityType: 'ServicePresenceStatus',
      })),
    )
  }

  function routing(): readonly Row[] {
    return [...channels.values()].map(({ Id, DeveloperName }) => ({
      Id: idOf('QueueRoutingConfig', Id),
      DeveloperName: `${DeveloperName}_routing`,
      MasterLabel: `${DeveloperName} routing`,
      RoutingModel: 'MostAvailable',
      RoutingPriority: 1,
      CapacityWeight: 1,
      CapacityPercentage: null,
      PushTimeout: Math.round(configuration.pushTimeoutMs / 1000),
    }))
  }

  function queues(): readonly Row[] {
    return [...channels.values()].map(({ Id, DeveloperName }) => ({
      Id: idOf('Group', Id),
      DeveloperName: `${DeveloperName}_queue`,
      Name: `${DeveloperName} queue`,
      Type: 'Queue',
      QueueRoutingConfigId: idOf('QueueRoutingConfig', Id),
    }))
  }

  function statusId(apiName: string | null): string | null {
    return [...statuses.values()].find((row) => row.DeveloperName === apiName)?.Id ?? null
  }

  /** One for each capacity that somebody has. */
  function configurations(): readonly Row[] {
    const capacities = new Set([...users.keys()].map((user) => deps.person(user)?.capacity ?? 0))
    return [...capacities].map((capacity) => ({
      Id: idOf('PresenceUserConfig', String(capacity)),
      DeveloperName: `Capacity_${capacity}`,
      MasterLabel: `Capacity ${capacity}`,
      Capacity: capacity,
      OptionsIsAutoAcceptEnabled: false,
      OptionsIsDeclineEnabled: true,
      PresenceStatusOnDeclineId: statusId(configuration.statusOnDecline),
      PresenceStatusOnPushTimeoutId: statusId(configuration.statusOnPushTimeout),
    }))
  }

  function configured(): readonly Row[] {
    return [...users.keys()].map((user) => ({
      Id: idOf('PresenceUserConfigUser', user),
      UserId: user,
      PresenceUserConfigId: idOf('PresenceUserConfig', String(deps.person(user)?.capacity ?? 0)),
    }))
  }

  function eventChannel(): readonly Row[] {
    const name = setup.eventChannel?.name
    if (name === undefined) return []
    return [{ Id: idOf('PlatformEventChannel', name), DeveloperName: name, ChannelType: 'data', MasterLabel: name }]
  }

  function channelMembers(): readonly Row[] {
    const { name = '', members = [] } = setup.eventChannel ?? {}
    return [...members].map((event) => ({
      Id: idOf('PlatformEventChannelMember', event),
      DeveloperName: `${name}_chn_${event}`,
      EventChannel: `${name}__chn`,
      SelectedEntity: event,
    }))
  }

  const tables: Readonly<Record<string, () => readonly Row[]>> = {
    PermissionSet: permissionSets,
    PermissionSetAssignment: assignments,
    PermissionSetGroupComponent: () => [],
    ObjectPermissions: objectPermissions,
    SetupEntityAccess: entityAccess,
    QueueRoutingConfig: routing,
    Group: queues,
    PresenceUserConfig: configurations,
    PresenceUserConfigUser: configured,
    PresenceUserConfigProfile: () => [],
    PendingServiceRouting: () => [],
    PlatformEventChannel: eventChannel,
    PlatformEventChannelMember: channelMembers,
  }
  return (object) => tables[object]?.()
}
