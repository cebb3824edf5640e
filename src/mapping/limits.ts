// Limits of what is read from a mapping or stories file, each with its why.

/** Size of one file in characters: 30 times the largest that a person would write; keeps checking to a few seconds. */
export const FILE_CHARS_MAX = 1_000_000
/** Values after aliases are expanded: stops files that double themselves with every alias. */
export const VALUES_MAX = 100_000
/** Nesting of values: the format needs 8; stops aliases that contain themselves. */
export const DEPTH_MAX = 24
/** Findings reported for one file: more than a person reads, so the rest are counted only. */
export const FINDINGS_MAX = 200
/** The longest duration: a week is longer than any shift. */
export const DURATION_MAX_MS = 7 * 24 * 3_600_000
/** Wrong values up to which the rest of a file is checked too: each costs one more pass over the file. */
export const PRUNES_MAX = 50
/** Characters of one line of a file that are shown with a finding: two lines of a terminal. */
export const EXCERPT_CHARS_MAX = 160
