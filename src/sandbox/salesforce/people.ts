// The people of the stand-in org: how they are made, and what Omni-Channel calls the causes of their changes.

import type { StatusReason, UserRow } from './tables.ts'

/** Ended spells and work items that are kept; the oldest go first. */
const HISTORY_MAX = 20_000

export type PresenceBy = 'agent' | 'supervisor' | 'toolkit' | 'system'
export type PresenceOutcome = 'ok' | 'not_granted' | 'unknown_status' | 'unknown_user'

export type NewUser = {
  readonly username: string
  readonly email?: string
  readonly name?: string
  readonly employeeNumber?: string
  readonly department?: string
  readonly division?: string
  readonly capacity?: number
  /** API names of the statuses that the user may choose; all, where left out. */
  readonly granted?: readonly string[]
}

export function userRow(id: string, user: NewUser): UserRow {
  return {
    Id: id,
    Username: user.username,
    Email: user.email ?? user.username,
    Name: user.name ?? user.username,
    EmployeeNumber: user.employeeNumber ?? null,
    Department: user.department ?? null,
    Division: user.division ?? null,
    IsActive: true,
  }
}

export function reasonOf(by: PresenceBy, login: boolean): StatusReason {
  if (by === 'supervisor') return 'OmniSupervisorStatusChange'
  if (by === 'toolkit') return 'OmniToolkitStatusChange'
  if (by === 'system') return 'OmniPushTimeout'
  return login ? 'OmniLoginStatusChange' : 'OmniManualStatusChange'
}

export function forgetOld<T extends { readonly Id: string }>(table: Map<string, T>, ended: (row: T) => boolean): void {
  for (const row of table.values()) {
    if (table.size <= HISTORY_MAX) return
    if (ended(row)) table.delete(row.Id)
  }
}
