// Salesforce's JSON and the bridge's words: the only place that knows field names and picklist values.
// Field names: Object Reference v67; change events: Change Data Capture Developer Guide, "Change Event Message Structure".

import { z } from 'zod'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../domain/side.ts'
import type { WorkState } from '../../domain/work.ts'
import { longId } from './record-id.ts'

const recordId = z.string().min(15).max(18).transform(longId)
const userId = recordId.transform((id) => id as PlatformUserId)
const statusId = recordId.transform((id) => id as StatusId)
/** "2026-11-21T10:32:07.000+0000"; the colon is missing in REST answers. */
const time = z.string().transform((text, context) => {
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  if (Number.isNaN(at)) context.addIssue({ code: 'custom', message: 'not a time' })
  return at
})
const optionalText = z.string().nullish()

export const queryPage = z.object({
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(z.unknown()),
})

export const statusRow = z.object({ Id: statusId, DeveloperName: optionalText, MasterLabel: z.string() })
export const channelRow = z.object({ Id: recordId, DeveloperName: z.string() })
export const channelStatusRow = z.object({ ServicePresenceStatusId: statusId })
export const userRow = z.object({
  Id: userId,
  Username: z.string(),
  Email: optionalText,
  EmployeeNumber: optionalText,
  Name: z.string(),
  Department: optionalText,
  Division: optionalText,
})
export const presenceRow = z.object({
  Id: recordId,
  UserId: userId,
  ServicePresenceStatusId: statusId,
  StatusStartDate: time,
})
export const workRow = z.object({
  Id: recordId,
  UserId: userId,
  Status: z.union([z.string(), z.number()]),
  ServiceChannel: z.object({ DeveloperName: z.string() }).nullish(),
  LastModifiedDate: time,
})

export type WorkRow = z.infer<typeof workRow>

/**
 * What a change event says, over either transport; only what is used. In an UPDATE the fields that did not change are missing (CometD) or
 * null (Pub/Sub API), or, where the channel enriches its events, there all the same: what changed is told by the header alone.
 */
export const changePayload = z.object({
  ChangeEventHeader: z.object({
    entityName: z.string(),
    recordIds: z.array(z.string().transform(longId)),
    changeType: z.string(),
    transactionKey: z.string().optional(),
    /** Counts the changes of one transaction. */
    sequenceNumber: z.number().optional(),
    commitTimestamp: z.number(),
    changedFields: z.array(z.string()).nullish(),
  }),
  UserId: userId.nullish(),
  ServicePresenceStatusId: statusId.nullish(),
  IsCurrentState: z.boolean().nullish(),
  Status: z.union([z.string(), z.number()]).nullish(),
  ServiceChannelId: recordId.nullish(),
})

export type ChangeEvent = {
  readonly payload: z.infer<typeof changePayload>
  /** The same however often the event is delivered; for the record. */
  readonly id: string
}

/** A CometD message of a change event. The place of EventUuid is from memory (unverified); without one the replay id has to do. */
export const cometdEvent = z.object({
  payload: z.unknown(),
  event: z.object({ replayId: z.number(), EventUuid: z.string().optional() }),
})

/** Whether the event says that this field changed; a header without a list of fields says so of all. */
export function isChanged({ payload }: ChangeEvent, field: string): boolean {
  const { changeType, changedFields } = payload.ChangeEventHeader
  if (changeType !== 'UPDATE' || !changedFields || changedFields.length === 0) return true
  return changedFields.includes(field)
}

/** AgentWork.Status, a restricted picklist. 'Unavailable': the agent went offline with the work still unaccepted. */
const WORK_STATES: Readonly<Record<string, WorkState>> = {
  Assigned: 'offered',
  Opened: 'accepted',
  Closed: 'closed',
  Canceled: 'cancelled',
  Declined: 'declined',
  DeclinedOnPushTimeout: 'timed_out',
  Transferred: 'transferred',
  Unavailable: 'cancelled',
}

/** PushTopic events have the database's numbers instead (old External Routing guide); accepted here should change events ever do so. */
const WORK_STATUS_NUMBERS = [
  'Assigned',
  'Unavailable',
  'Declined',
  'Opened',
  'Closed',
  'DeclinedOnPushTimeout',
  'Canceled',
  'Transferred',
] as const

/** undefined for a value that is not documented. */
export function workState(status: string | number): WorkState | undefined {
  const name = typeof status === 'number' ? WORK_STATUS_NUMBERS[status] : status
  return name === undefined ? undefined : WORK_STATES[name]
}

/** What the console's toolkit calls a status: "0", no id or the name Offline mean "not logged in". */
export function isOfflineName(apiName: string): boolean {
  return apiName.toLowerCase() === OFFLINE.toLowerCase()
}

/** A status id that came from outside and is not in the catalogue. */
export function asStatusId(id: string): StatusId {
  return longId(id) as StatusId
}

export function asUserId(id: string): PlatformUserId {
  return longId(id) as PlatformUserId
}
