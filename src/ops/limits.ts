// Every limit of the ops room, each with its why.

/** Connections at once: a page, a scraper, probes and a few curious people; the rest is a mistake. */
export const CONNECTIONS_MAX = 200
/** Pages that follow the log at once. */
export const FOLLOWERS_MAX = 32
/** Entries that one slow follower may be behind before it is cut off; it comes back and reads what it missed. */
export const FOLLOWER_BACKLOG_MAX = 1_000
/** How often a silent follower hears that the line stands, ms: below the usual 60 s of proxies. */
export const FOLLOWER_HEARTBEAT_MS = 15_000
/** The largest body of an order, bytes. */
export const BODY_MAX_BYTES = 16 * 1024
/** Time for a request to arrive, ms. */
export const REQUEST_TIMEOUT_MS = 10_000
/** How often the server looks for requests that take longer, ms. */
export const REQUEST_CHECK_MS = 2_000
/** Records in one answer. */
export const LOG_ROWS_MAX = 10_000
export const LOG_ROWS_DEFAULT = 100
/** Pages that watch the board at once. */
export const BOARD_WATCHERS_MAX = 32
/** Rows in one event of the board: some 100 kB and a millisecond or two of the bridge's time. */
export const BOARD_CHUNK = 500
/** How long changes of the board are gathered, ms: a person cannot read faster, and a busy agent is sent once. */
export const BOARD_GATHER_MS = 300
/** How often a watcher hears that nothing changed, ms; it takes a line that is silent for twice as long for lost. */
export const BOARD_BEAT_MS = 10_000
/** How long a watcher may take nothing before it is cut off, ms. */
export const BOARD_STALL_MS = 30_000
/** The longest part of history that is drawn or charted at once, ms: a month. */
export const HISTORY_SPAN_MAX_MS = 31 * 86_400_000
/** Bytes that stdout may be behind before log lines are dropped (and counted): a reader that stalls must not take the bridge along. */
export const STDOUT_BACKLOG_MAX_BYTES = 64 * 1024 * 1024
