// The queries about the org's set-up: rights of the user that the bridge acts as, routing, presence configurations and grants.
// Objects and fields: Object Reference and Tooling API Reference v67; where one is not documented, it says so here.

import { isRecordId } from '../record-id.ts'

export const STATUS_NAMES = 'SELECT Id, DeveloperName FROM ServicePresenceStatus'

/** Whether an object can be read at all. */
export function anyOf(object: string): string {
  return `SELECT Id FROM ${object} LIMIT 1`
}

/** Permission sets of a user, that of the profile included. */
function setsOf(user: string): string {
  if (!isRecordId(user)) throw new Error('not a record id')
  return `(SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '${user}')`
}

export function systemPermissions(user: string): string {
  return `SELECT PermissionsViewAllData FROM PermissionSet WHERE Id IN ${setsOf(user)}`
}

export function objectPermissions(user: string, objects: readonly string[]): string {
  const listed = objects.map((object) => `'${object}'`).join(',')
  const fields = 'SobjectType, PermissionsRead, PermissionsViewAllRecords'
  return `SELECT ${fields} FROM ObjectPermissions WHERE SobjectType IN (${listed}) AND ParentId IN ${setsOf(user)}`
}

/**
 * Grants of presence statuses. Asked by id: whether "ServicePresenceStatus" is the name of the type (a restricted picklist, whose
 * documented values do not list it) is not verified.
 */
export function grantsOf(statusIds: string): string {
  return `SELECT ParentId, SetupEntityId FROM SetupEntityAccess WHERE SetupEntityId IN (${statusIds})`
}

export function groupsWith(sets: string): string {
  return `SELECT PermissionSetId, PermissionSetGroupId FROM PermissionSetGroupComponent WHERE PermissionSetId IN (${sets})`
}

export function assignees(field: 'PermissionSetId' | 'PermissionSetGroupId', ids: string): string {
  return `SELECT AssigneeId, ${field} FROM PermissionSetAssignment WHERE ${field} IN (${ids})`
}

export const STATUS_LABELS = 'SELECT Id, MasterLabel FROM ServicePresenceStatus'
export const SERVICE_CHANNELS = 'SELECT Id, DeveloperName, CapacityModel FROM ServiceChannel'
export const STATUSES_OF_CHANNELS = 'SELECT ServiceChannelId, ServicePresenceStatusId FROM ServiceChannelStatus'
export const ROUTING =
  'SELECT Id, MasterLabel, RoutingModel, RoutingPriority, CapacityWeight, CapacityPercentage, PushTimeout FROM QueueRoutingConfig'
/** The field of a queue that names its routing: seen in public deployment scripts, not in the reference of Group. */
export const QUEUES =
  "SELECT Id, Name, QueueRoutingConfigId FROM Group WHERE Type = 'Queue' AND QueueRoutingConfigId != null"
export const PRESENCE_CONFIGS =
  'SELECT Id, MasterLabel, Capacity, OptionsIsAutoAcceptEnabled, OptionsIsDeclineEnabled, PresenceStatusOnDeclineId, ' +
  'PresenceStatusOnPushTimeoutId FROM PresenceUserConfig'
export const CONFIGURED_USERS = 'SELECT PresenceUserConfigId FROM PresenceUserConfigUser'
export const CONFIGURED_PROFILES = 'SELECT PresenceUserConfigId FROM PresenceUserConfigProfile'

/** Tooling API. */
export const EVENT_CHANNELS = 'SELECT Id, DeveloperName FROM PlatformEventChannel'
export const EVENT_CHANNEL_MEMBERS =
  'SELECT Id, DeveloperName, EventChannel, SelectedEntity FROM PlatformEventChannelMember'
