// Records of the org's set-up as JSON: the only place that knows their field names, besides the queries.

import { z } from 'zod'
import { longId } from './record-id.ts'

export const id = z.string().min(15).max(18).transform(longId)
const optionalText = z.string().nullish()

export const namedRow = z.object({ Id: id, DeveloperName: optionalText })
export const anyRow = z.object({ Id: z.string() })

export const systemPermissionsRow = z.object({
  PermissionsViewAllData: z.boolean(),
  PermissionsViewSetup: z.boolean(),
  PermissionsApiEnabled: z.boolean(),
})

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
