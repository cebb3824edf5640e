// The two systems that are kept in step, and the names that both sides share.

export type Side = 'crm' | 'telephony'

/** In the order in which reports and tables name them. */
export const SIDES = ['crm', 'telephony'] as const satisfies readonly Side[]

export function otherSide(side: Side): Side {
  return side === 'crm' ? 'telephony' : 'crm'
}

/** What a person reads: "the CRM", "telephony". */
export function sideName(side: Side): string {
  return side === 'crm' ? 'the CRM' : 'telephony'
}

/** A value for each side. */
export type BySide<T> = { readonly [S in Side]: T }

/**
 * The id by which one platform knows a status; ids are compared, labels only shown.
 * Before the live platforms were asked (stories, `check` without `--live`) it is the name as the mapping file writes it.
 */
export type StatusId = string & { readonly __brand: 'StatusId' }

/** "Not logged in", on either side. Adapters translate it to and from whatever their platform calls it. */
export const OFFLINE = 'Offline' as StatusId

/** An agent's name across the bridge: the crm user name, or the telephony e-mail of someone without one. */
export type AgentId = string & { readonly __brand: 'AgentId' }

/** The id by which one platform knows a person. */
export type PlatformUserId = string & { readonly __brand: 'PlatformUserId' }
