// Every limit of the replay room, each with its why.

/** What happened so long before `--from` is played too, ms, to know where people stood: a shift and the night before it. */
export const WARM_UP_MS = 24 * 3_600_000
/** Decisions of the bridge itself between two things that people did: past it the rules chase each other, and time goes on without them. */
export const OWN_STEPS_MAX = 20_000
/** Confirmed writes of each side of which the usual time is taken. */
export const LATENCY_SAMPLE_MAX = 1_000
/** Records that are looked at for them. */
export const LATENCY_RECORDS_MAX = 20_000
/** Usual time where nothing was ever confirmed, ms. */
export const LATENCY_UNKNOWN_MS = 200
/** Differences that are listed; more are only counted, and that is said. */
export const DIFFERENCES_MAX = 100_000
/** Causes that are told apart; what is beyond is one. */
export const GROUPS_MAX = 2_000
/** Groups that a report for people tells; the others are in the JSON. */
export const GROUPS_TOLD_MAX = 40
/** Examples of a group, each of another agent. */
export const EXAMPLES_MAX = 3
/** Differences that a report about one agent lists. */
export const LISTED_MAX = 500
/** Names in a list for people; the rest is a number. */
export const NAMED_MAX = 5
/** Records of one agent that are played at once: years of a busy one. */
export const AGENT_RECORDS_MAX = 500_000
/** A recorded timer and a played one are the same where they are no further apart, ms. */
export const TIMER_SLACK_MS = 5_000
/** Who is met in the middle stood there for so long before, ms: what a block writes has landed by then. */
export const BEGUN_BEFORE_MS = 60_000
