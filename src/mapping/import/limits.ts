// Limits of what is imported, each with its why.

/** Size of one source in characters: a map of presences is a few kilobytes, a call-centre definition some tens. */
export const SOURCE_CHARS_MAX = 1_000_000
/** Rows, rules or items of one source: ten times the largest set of statuses that anybody keeps. */
export const ENTRIES_MAX = 2_000
/** Characters of one comment in the file that is made: what is longer is cut. */
export const COMMENT_CHARS_MAX = 300
