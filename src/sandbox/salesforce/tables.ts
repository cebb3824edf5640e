// The rows of the org that the bridge can see, with Salesforce's own field names; times are ms since 1970 until they go out.

export type FieldValue = string | number | boolean | null
export type Row = { readonly Id: string; readonly [field: string]: FieldValue }

export type UserRow = {
  readonly Id: string
  readonly Username: string
  readonly Email: string
  readonly Name: string
  readonly EmployeeNumber: string | null
  readonly Department: string | null
  readonly Division: string | null
  readonly IsActive: boolean
}

export type StatusRow = {
  readonly Id: string
  readonly DeveloperName: string
  readonly MasterLabel: string
  readonly IsDeleted: boolean
}

export type ChannelRow = {
  readonly Id: string
  readonly DeveloperName: string
  readonly MasterLabel: string
  /** Of all channels here: closing the tab gives capacity back. */
  readonly CapacityModel: 'TabBased'
}

export type ChannelStatusRow = {
  readonly Id: string
  readonly ServiceChannelId: string
  readonly ServicePresenceStatusId: string
}

/** One spell of one status: a change closes the row and opens a new one. */
export type PresenceRow = {
  readonly Id: string
  readonly UserId: string
  readonly ServicePresenceStatusId: string
  readonly IsCurrentState: boolean
  readonly IsAway: boolean
  readonly ConfiguredCapacity: number
  readonly StatusStartDate: number
  readonly StatusEndDate: number | null
  readonly StatusDuration: number | null
  readonly LastModifiedDate: number
}

export type WorkStatus =
  | 'Assigned'
  | 'Opened'
  | 'Closed'
  | 'Canceled'
  | 'Declined'
  | 'DeclinedOnPushTimeout'
  | 'Transferred'
  | 'Unavailable'

export type WorkRow = {
  readonly Id: string
  readonly UserId: string
  readonly Status: WorkStatus
  readonly WorkItemId: string
  readonly ServiceChannelId: string
  readonly CapacityWeight: number | null
  readonly CapacityPercentage: number | null
  readonly AssignedDateTime: number
  readonly AcceptDateTime: number | null
  readonly CloseDateTime: number | null
  readonly DeclineDateTime: number | null
  readonly DeclineReason: string | null
  readonly LastModifiedDate: number
}

/** What Salesforce tells subscribers of change data capture about one commit. */
export type Change = {
  readonly entity: 'UserServicePresence' | 'AgentWork'
  readonly changeType: 'CREATE' | 'UPDATE' | 'DELETE' | 'GAP_UPDATE' | 'GAP_OVERFLOW'
  readonly recordIds: readonly string[]
  readonly fields: Readonly<Record<string, FieldValue>>
  readonly commitUser: string
  readonly at: number
  /** Where several changes are one transaction; each is one of its own where left out. */
  readonly transaction?: { readonly key: string; readonly sequence: number }
}

/** The `reason` of the toolkit's lightning:omniChannelStatusChanged event. */
export type StatusReason =
  | 'OmniManualStatusChange'
  | 'OmniSupervisorStatusChange'
  | 'OmniToolkitStatusChange'
  | 'OmniLoginStatusChange'
  | 'OmniPushTimeout'
  | 'OmniDeclineWork'

/** What happens in the org, as its two kinds of witnesses see it: the event bus, and the agent's own console. */
export type Happening =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'presence'; readonly user: string; readonly apiName: string; readonly reason: StatusReason }
  | {
      readonly kind: 'work'
      readonly user: string
      readonly work: WorkRow
      readonly state: 'assigned' | 'accepted' | 'declined' | 'closed'
    }

/** Fields that hold times: shown as text in answers and events. */
export const TIME_FIELDS: ReadonlySet<string> = new Set([
  'StatusStartDate',
  'StatusEndDate',
  'AssignedDateTime',
  'AcceptDateTime',
  'CloseDateTime',
  'DeclineDateTime',
  'LastModifiedDate',
])

/** "2026-11-21T10:32:07.000+0000", as REST answers write times. Salesforce keeps audit times to the second only. */
export function restTime(at: number): string {
  return `${new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19)}.000+0000`
}
