// The queries about the org's set-up: rights of the user that the bridge acts as, routing, presence configurations and grants.
// Objects and fields: Object Reference and Tooling API Reference v67; where one is not documented, it says so here.

import { isRecordId } from './record-id.ts'

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
  return `SELECT PermissionsViewAllData, PermissionsViewSetup, PermissionsApiEnabled FROM PermissionSet WHERE Id IN ${setsOf(user)}`
}

export function objectPermissions(user: string, objects: readonly string[]): string {
  const listed = objects.map((object) => `'${object}'`).join(',')
  const fields = 'SobjectType, PermissionsRead, PermissionsViewAllRecords'
  return `SELECT ${fields} FROM ObjectPermissions WHERE SobjectType IN (${listed}) AND ParentId IN ${setsOf(user)}`
}

/** Tooling API. */
export const EVENT_CHANNELS = 'SELECT Id, DeveloperName FROM PlatformEventChannel'
export const EVENT_CHANNEL_MEMBERS =
  'SELECT Id, DeveloperName, EventChannel, SelectedEntity FROM PlatformEventChannelMember'
