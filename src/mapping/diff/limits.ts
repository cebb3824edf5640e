// Limits of the comparison of two mapping files, each with its why.

/** Changes looked at under both files, those that lead on the engine to what is known already included: some seconds' worth. Past it the comparison says that it is not complete. */
export const LOOKUPS_MAX = 20_000_000
/** Situations of one kind of difference that are kept to tell it by: the first one nearly always can be told. */
export const CANDIDATES_MAX = 24
/** Kinds of difference that are told: nobody reads more; the rest are counted. */
export const GROUPS_MAX = 200
/** Events or people that are named in one line; the others are counted. */
export const NAMED_MAX = 6
