// The set-up of the stand-in org that is not its people and statuses: the user that the bridge acts as, and what that user may see.
//
// NOT imitated: permission set groups, licences, field permissions, the user itself in the list of users.

type RunAs = {
  readonly id: string
  readonly username: string
  active: boolean
  /** How the external client app stands to the user. */
  approved: 'by_admin' | 'not_by_admin' | 'by_nobody'
}

/** What the org lets that user do; everything that the bridge needs, unless somebody takes it away. */
type OrgRights = {
  apiEnabled: boolean
  /** View Setup and Configuration. */
  viewSetup: boolean
  viewDeveloperName: boolean
  viewAllData: boolean
  /** Objects of which everybody's records are seen. */
  readonly viewAll: Set<string>
  /** Objects that cannot be read at all. */
  readonly unreadable: Set<string>
  /** Whether presence and work stand among the object permissions: not known of real orgs. */
  objectsListed: boolean
}

export type Setup = {
  readonly runAs: RunAs
  readonly rights: OrgRights
  omniChannelEnabled: boolean
  /** The change-data channel; null: there is none. */
  eventChannel: { readonly name: string; readonly members: Set<string> } | null
}

const RUN_AS_USERNAME = 'integration@acme.example'

export function createSetup(newId: (object: 'User') => string): Setup {
  return {
    runAs: { id: newId('User'), username: RUN_AS_USERNAME, active: true, approved: 'by_admin' },
    rights: {
      apiEnabled: true,
      viewSetup: true,
      viewDeveloperName: false,
      viewAllData: false,
      viewAll: new Set(['UserServicePresence', 'AgentWork']),
      unreadable: new Set(),
      objectsListed: true,
    },
    omniChannelEnabled: true,
    eventChannel: {
      name: 'PresenceBridge',
      members: new Set(['UserServicePresenceChangeEvent', 'AgentWorkChangeEvent']),
    },
  }
}
