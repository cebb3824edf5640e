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
/** Places that are shown besides the one that a finding is about: more are not looked at. */
export const RELATED_MAX = 3
/** Statuses of one side up to which each is compared with each for slips of the pen: more than any platform has. */
export const SLIPS_MAX = 500
/** People named in one finding; the others are counted. */
export const NAMED_MAX = 3
/** Names that nobody has for which the nearest one is looked up: each is compared with everybody. */
export const NEAREST_PEOPLE_MAX = 20
/** Places in which a text is not YAML that are told: each may have a hundred others behind it that are its doing. */
export const SYNTAX_MAX = 20
