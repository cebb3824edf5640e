// Records of the org's set-up as JSON: the only place that knows their field names, besides the queries.

import { z } from 'zod'
import { longId } from '../record-id.ts'

const id = z.string().min(15).max(18).transform(longId)
const optionalText = z.string().nullish()

export const namedRow = z.object({ Id: id, DeveloperName: optionalText })
export const anyRow = z.object({ Id: z.string() })

export const systemPermissionsRow = z.object({ PermissionsViewAllData: z.boolean() })

export const objectPermissionsRow = z.object({
  SobjectType: z.string(),
  PermissionsRead: z.boolean(),
  PermissionsViewAllRecords: z.boolean(),
})

/** `EventChannel` is a name in some answers and an id in others; so is `SelectedEntity`. */
export const channelMemberRow = z.object({
  Id: z.string(),
  DeveloperName: optionalText,
  EventChannel: optionalText,
  SelectedEntity: optionalText,
})

export const grantRow = z.object({ ParentId: id, SetupEntityId: id })
export const groupRow = z.object({ PermissionSetId: id, PermissionSetGroupId: id })
export const setAssigneeRow = z.object({ AssigneeId: id, PermissionSetId: id })
export const groupAssigneeRow = z.object({ AssigneeId: id, PermissionSetGroupId: id })

export const labelRow = z.object({ Id: id, MasterLabel: z.string() })
export const serviceChannelRow = z.object({ Id: id, DeveloperName: z.string(), CapacityModel: optionalText })
export const channelStatusPairRow = z.object({ ServiceChannelId: id, ServicePresenceStatusId: id })
export const routingRow = z.object({
  Id: id,
  MasterLabel: z.string(),
  RoutingModel: optionalText,
  RoutingPriority: z.number().nullish(),
  CapacityWeight: z.number().nullish(),
  CapacityPercentage: z.number().nullish(),
  /** Seconds; 0 or nothing: none. */
  PushTimeout: z.number().nullish(),
})
export const queueRow = z.object({ Name: z.string(), QueueRoutingConfigId: id })
export const presenceConfigRow = z.object({
  Id: id,
  MasterLabel: z.string(),
  Capacity: z.number().nullish(),
  OptionsIsAutoAcceptEnabled: z.boolean().nullish(),
  OptionsIsDeclineEnabled: z.boolean().nullish(),
  PresenceStatusOnDeclineId: id.nullish(),
  PresenceStatusOnPushTimeoutId: id.nullish(),
})
export const configuredRow = z.object({ PresenceUserConfigId: id })
