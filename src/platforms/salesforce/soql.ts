// The queries that the bridge asks. Ids are checked before they stand in one: nothing from outside gets into a query as it is.

import { isRecordId } from './record-id.ts'
import { IDS_LISTED_MAX, IDS_PER_QUERY } from './settings.ts'

export const STATUSES = 'SELECT Id, DeveloperName, MasterLabel FROM ServicePresenceStatus'
export const CHANNELS = 'SELECT Id, DeveloperName FROM ServiceChannel'
export const CHANNEL_STATUSES = 'SELECT ServicePresenceStatusId FROM ServiceChannelStatus'
export const USERS =
  'SELECT Id, Username, Email, EmployeeNumber, Name, Department, Division FROM User WHERE IsActive = true'

/** Current spells, the newest first: there should be one for each person, but more are tolerated. */
export function presenceQueries(users: readonly string[]): readonly string[] {
  const select = 'SELECT Id, UserId, ServicePresenceStatusId, StatusStartDate FROM UserServicePresence'
  return inLists(users).map(
    (list) =>
      `${select} WHERE IsCurrentState = true${list === null ? '' : ` AND UserId IN (${list})`} ORDER BY StatusStartDate DESC`,
  )
}

const WORK = 'SELECT Id, UserId, Status, ServiceChannel.DeveloperName, LastModifiedDate FROM AgentWork'

export function openWorkQueries(users: readonly string[]): readonly string[] {
  const open = `WHERE Status IN ('Assigned', 'Opened')`
  return inLists(users).map((list) => `${WORK} ${open}${list === null ? '' : ` AND UserId IN (${list})`}`)
}

export function workQuery(ids: readonly string[]): readonly string[] {
  return chunks(ids.filter(isRecordId)).map((chunk) => `${WORK} WHERE Id IN (${quoted(chunk)})`)
}

/** Ids as they stand in an IN list, so many to a query as its URL carries. */
export function idLists(ids: readonly string[]): readonly string[] {
  return chunks(ids.filter(isRecordId)).map(quoted)
}

/** One null instead of lists where there are so many that reading everybody is cheaper. */
function inLists(ids: readonly string[]): readonly (string | null)[] {
  if (ids.length > IDS_LISTED_MAX) return [null]
  return idLists(ids)
}

function chunks(ids: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(ids.length / IDS_PER_QUERY)
  return Array.from({ length: count }, (_, index) => ids.slice(index * IDS_PER_QUERY, (index + 1) * IDS_PER_QUERY))
}

function quoted(ids: readonly string[]): string {
  return ids.map((id) => `'${id}'`).join(',')
}
