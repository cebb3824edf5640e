// Every limit of the outbox, each with its why.

/** Writes under way per side at once: enough for thousands a second at a platform that answers in ten milliseconds. */
export const CONCURRENCY_DEFAULT = 64
/** Of these, the part that releases and the rest may use up; what is left is for blocks. */
export const SHARE_BEHIND_BLOCKS = 0.75
/** Agents with a write waiting, per side; past it the outbox is fed by something that is not a contact centre. */
export const WAITING_AGENTS_MAX = 100_000
/** One attempt without an answer, ms: longer than any platform's own time-out for such a small request. */
export const ATTEMPT_TIMEOUT_MS = 15_000
/** A write that could not be made for so long, ms, is worth less than a new look at the agent. */
export const WRITE_AGE_MAX_MS = 600_000
/** First ceiling of the pause between attempts, ms; it doubles with every failed one. */
export const BACKOFF_FIRST_MS = 250
/** Last ceiling of the pause between attempts, ms. */
export const BACKOFF_MAX_MS = 8_000
/** A platform that says "not now" without a useful time is left alone for so long, ms. */
export const RATE_PAUSE_MIN_MS = 100
/** No platform is believed when it asks for more silence than this, ms. */
export const RATE_PAUSE_MAX_MS = 600_000
/** What `stop` leaves the writes under way to finish, ms. */
export const STOP_GRACE_MS = 3_000
