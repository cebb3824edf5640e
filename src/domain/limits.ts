// Every limit in one place, each with its why. Reaching one is counted and logged where it happens.

/** Reports waiting to be decided, all agents together: a minute of 10,000 a second; past it they are dropped and the side is read anew. */
export const INBOX_MAX = 600_000
/** Decisions in one commit: keeps one disk sync under about 20 ms. */
export const BATCH_MAX = 2_000
/** How long a decision without a write may wait for its commit, ms. */
export const LAZY_COMMIT_MS = 50
/** How long a commit is waited for before writes go out without it, ms: an agent must not stay in a wrong status because a disk hangs. */
export const COMMIT_PATIENCE_MS = 5_000
/** How often a journal that cannot be written is tried again, ms. */
export const COMMIT_RETRY_MS = 1_000
/** Decisions that are kept for a journal that cannot be written, and as many outcomes of writes: some tens of MB; past it the oldest are given up. */
export const BACKLOG_MAX = 20_000
/** People who are not matched and of whom the first event is recorded; past it they are only counted. */
export const STRANGERS_MAX = 10_000
/** Characters of a status, an item or a channel: real ones have less than a hundred. */
export const TEXT_MAX = 512
/** Own writes remembered per agent and side: superseded ones whose echo is still possible. */
export const OWN_WRITES_MAX = 16
/** Ended work items remembered per agent and side, so that late reports of them are known to be late. Of older ones only the time is kept: an agent with nothing open stays under 4 KB. */
export const ENDED_WORK_MAX = 5
/** Open work items per agent and side; no platform gives one person more. */
export const OPEN_WORK_MAX = 200
/** R14: overlaps under way that are remembered per agent and side; nobody handles more at once, and past it the oldest is never told. */
export const OVERLAPS_MAX = 8
/** R14: of so many items of the other side, the newest, it is remembered that an arrived item overlaps with them. */
export const OVERLAP_ITEMS_MAX = 8
/** How long a block may stand before it is told that something may have been missed, ms: longer than any chat, call or case in hand should last, shorter than a shift. */
export const STUCK_BLOCK_MS = 4 * 60 * 60_000
/** A report from further in the future than this, ms, is not believed about its time: clocks drift by seconds, hardly ever by minutes. */
export const FUTURE_MAX_MS = 5 * 60_000
/** R13: how often the block status is written again for one block before it gives way. */
export const REASSERTS_MAX = 3
/** R17: how long after each write that the platform ignored the next try goes out, ms; after the last one the side is `unconfirmed`. */
export const IGNORED_RETRIES_MS = [0, 2_000, 4_000] as const
/** R19: writes are counted over this long, ms. */
export const BREAKER_WINDOW_MS = 60_000
/** Attempts of one write at a platform that answers with transient failures. */
export const WRITE_ATTEMPTS_MAX = 6
/** How long the sync log line of a decision waits for its writes to settle, ms. */
export const LOG_LINE_WAIT_MS = 5_000
