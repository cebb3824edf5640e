// Every limit of the history room, each with its why.

/** Records of one timeline: the busiest day of one agent has some two thousand; past it the oldest are cut off, and that is said. */
export const TIMELINE_RECORDS_MAX = 4_000
/** Records before a timeline that are read to find what was so when it begins: what is not told in so many does not matter any more. */
export const LOOK_BACK_RECORDS_MAX = 120
/** Service events are looked for so long before a timeline, ms: a link that has been down for longer is no news. */
export const SERVICE_LOOK_BACK_MS = 7 * 24 * 3_600_000
/** And so long after it: a start says until when the bridge before it was alive. */
export const SERVICE_LOOK_AHEAD_MS = 24 * 3_600_000
/** Own writes of one side whose report may still come. */
export const ASKED_MAX = 16
/** Agents, items and other keys that a report counts one by one; past it they are counted together, and that is said. */
export const REPORT_KEYS_MAX = 50_000
/** Spells that an overlap report lists; past it only the totals go on. */
export const OVERLAP_ROWS_MAX = 10_000
/** A write that took longer did not just take its time, ms: something was in its way. */
export const PROMPT_MS = 3_000
/** Exposures are looked for so long before a period, ms: every decision about somebody who is exposed says so, and the hour before has one. */
export const EXPOSURE_LOOK_BACK_MS = 3_600_000
/** Of each agent so many exposures that are over are remembered, for the overlaps that came of them and last longer. */
export const RECENT_EXPOSURES_MAX = 16
/** A write that is not taken within this, ms, is worth a word. */
export const WAITING_MS = 1_000
/** A block that stands for longer may be one whose end was missed, ms. */
export const STUCK_MS = 4 * 3_600_000
