// The set-up of the stand-in org that is not its people and statuses: the user that the bridge acts as, and what that user may see.
//
// NOT imitated: profiles (permission sets only), permission set groups, licences, field permissions, the user itself in the list of users.

export type RunAs = {
  readonly id: string
  readonly username: string
  active: boolean
  /** How the external client app stands to the user. */
  approved: 'by_admin' | 'not_by_admin' | 'by_nobody'
}

export type Setup = { readonly runAs: RunAs }

export const RUN_AS_USERNAME = 'integration@acme.example'

export function createSetup(newId: (object: 'User') => string): Setup {
  return { runAs: { id: newId('User'), username: RUN_AS_USERNAME, active: true, approved: 'by_admin' } }
}
