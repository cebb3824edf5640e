// Limits of the exploration, each with its why.

/** Writes a side that one event may cause (invariant 1): one more and the bridge chases itself. */
export const WRITES_MAX = 2
/** Decisions until one event has come to rest: ten times what the engine needs. */
export const DECISIONS_MAX = 50
/** Situations played on the engine for one set of rules: some seconds' worth. Richer rules are not proved. */
export const PLAYS_MAX = 600_000
/** Rests of one set of rules: keeps memory below 100 MB. */
export const STATES_MAX = 1_000_000
/** Changes looked at, those that lead on the engine to what is known already included: some seconds' worth. */
export const LOOKUPS_MAX = 40_000_000
/** Stories told about one set of rules: more would be variations. */
export const FAULTS_MAX = 5
/** Ways of the same length to the same kind of fault that are kept to choose from: most of them end alike. */
export const VARIATIONS_MAX = 100

export const TOO_MANY = 'there are too many states'

/** Thrown where rules cannot be proved, with the reason as half a sentence. */
export class NotProved extends Error {
  override readonly name = 'NotProved'
}
