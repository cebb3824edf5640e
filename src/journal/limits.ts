// Every limit of the journal, each with its why.

/**
 * Pages in the write-ahead log before SQLite moves them into the main file, in the middle of a commit: 4 MB keep that commit at some ms,
 * 16 MB made it wait for 40 to 250 ms every few seconds.
 */
export const CHECKPOINT_PAGES = 1_000
/** The write-ahead log is cut back to this after a checkpoint, bytes. */
export const LOG_FILE_KEEP_BYTES = 64 * 1024 * 1024
/** Records in one answer: more than a page shows or a person reads, little enough for one answer in memory. */
export const QUERY_ROWS_MAX = 100_000
/** Rows that one slice of `prune` removes at most: keeps the pause of the hot path at some tens of ms. */
export const PRUNE_ROWS_MAX = 5_000
/** How long a reader waits for a moment in which the file is not being opened or checkpointed, ms. */
export const READER_BUSY_MS = 2_000
/** Records that a walk holds at once: it reads piece after piece, so that a long one does not keep the log of the file from being cut back. */
export const WALK_ROWS = 2_000
/**
 * Decisions of one person that one slice of forgetting removes at most: each stands in pages of its own, so these write as much as some
 * hundred new ones, and the bridge's own commits wait for some ms.
 */
export const FORGET_ROWS_MAX = 25
/** How long other work comes first between two slices of forgetting, ms. */
export const FORGET_PAUSE_MS = 10
/** How often it is tried to empty the journal's log after forgetting, while somebody reads the file. */
export const EMPTY_LOG_TRIES = 20
/** The time between two tries, ms. */
export const EMPTY_LOG_PAUSE_MS = 250
