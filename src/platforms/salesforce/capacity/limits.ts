// Every limit of the capacity writer, each with its why.

/** How long an item outlives the agent's own choice of an available status: the bridge may want it again, which takes it milliseconds. */
export const END_GRACE_MS = 5_000
/** Reports that wait for the answer to a creation, of one person; they are a handful. */
export const STASHED_MAX = 20
/** Work told without its channel that may turn out to be a block item. */
export const LEAKED_MAX = 10_000
/** Forgotten items being ended at once; the next reading finds the others. */
export const ORPHANS_MAX = 100
/** People for whom a creation was not answered. */
export const DOUBTS_MAX = 10_000
