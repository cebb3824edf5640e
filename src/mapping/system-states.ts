// System states by name, for files that are checked without a live platform.

import { loosely } from './nearest.ts'

/**
 * Routing states that a telephony platform sets itself while someone is on queue; nobody can choose them.
 * Source: Genesys Cloud, "routingStatus" of a user (NOT_RESPONDING, INTERACTING, COMMUNICATING).
 */
const TELEPHONY_SYSTEM_STATES: ReadonlySet<string> = new Set(
  ['Not Responding', 'Interacting', 'Communicating'].map(loosely),
)

export function isSystemState(name: string): boolean {
  return TELEPHONY_SYSTEM_STATES.has(loosely(name))
}
