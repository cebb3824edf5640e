// What the user that the bridge acts as gets to see of the org's tables.
//
// NOT imitated: sharing, field permissions, the minutes that a change of rights takes.

import type { Setup } from './setup.ts'
import type { Row } from './tables.ts'

/** Rows of an object; undefined where there is no such object for this user. */
export type Tables = (object: string) => readonly Row[] | undefined

const OMNI_CHANNEL: ReadonlySet<string> = new Set([
  'AgentWork',
  'PendingServiceRouting',
  'PresenceUserConfig',
  'PresenceUserConfigProfile',
  'PresenceUserConfigUser',
  'QueueRoutingConfig',
  'ServiceChannel',
  'ServiceChannelStatus',
  'ServicePresenceStatus',
  'UserServicePresence',
])
/** Readable with View Setup and Configuration only. */
const SETUP: ReadonlySet<string> = new Set([
  'ObjectPermissions',
  'PermissionSet',
  'PermissionSetAssignment',
  'PlatformEventChannel',
  'PlatformEventChannelMember',
  'SetupEntityAccess',
])
const TOOLING: ReadonlySet<string> = new Set(['PlatformEventChannel', 'PlatformEventChannelMember'])
const OF_EVERYBODY: ReadonlySet<string> = new Set(['UserServicePresence', 'AgentWork'])

export function seen(at: { readonly setup: Setup; readonly rows: Tables; readonly api: 'data' | 'tooling' }): Tables {
  const { setup, rows, api } = at
  const { rights, runAs } = setup
  return (object) => {
    if (TOOLING.has(object) !== (api === 'tooling') || rights.unreadable.has(object)) return undefined
    if (OMNI_CHANNEL.has(object) && !setup.omniChannelEnabled) return undefined
    if (SETUP.has(object) && !rights.viewSetup) return undefined
    const all = rows(object)
    if (OF_EVERYBODY.has(object) && !rights.viewAllData && !rights.viewAll.has(object)) {
      return all?.filter((row) => row.UserId === runAs.id)
    }
    const isNamed = rights.viewSetup || rights.viewDeveloperName
    return object === 'ServicePresenceStatus' && !isNamed ? all?.map(unnamed) : all
  }
}

function unnamed(row: Row): Row {
  const { DeveloperName: _hidden, ...rest } = row
  return rest
}
