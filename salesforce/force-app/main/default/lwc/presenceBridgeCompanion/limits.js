// Every limit that the companion keeps, each with its why.

/** Full jitter: a wait is drawn between next to nothing and the base, doubled after each failure up to the cap. */
export const BACKOFF_MIN_MS = 100
export const BACKOFF_BASE_MS = 500
export const BACKOFF_CAP_MS = 30_000
/** After "no room" or "too much" another try soon would only repeat it: between 30 and 60 s. */
export const LONG_BACKOFF_MS = 60_000
/** A welcome must stand this long before the backoff begins anew, or a bridge that falls over at once is dialled without rest. */
export const STABLE_MS = 10_000
/** From the request for a token to the welcome. Less than what people wait for, more than a slow Apex start. */
export const DIAL_TIMEOUT_MS = 20_000
/** Between the error and the close of a connection that fails, which come together. */
export const BLOCKED_MS = 500
/** After this the next connection asks for endpoint and statuses again; what is refused asks at once. */
export const SETTINGS_AGE_MS = 300_000
/** Coming back to the page dials at once, but people who switch tabs to and fro do not make a storm. */
export const WAKE_INTERVAL_MS = 1_000

export const PING_MS = 20_000
/** A ping without any frame after it, for this long: the other end is gone. With PING_MS that makes 45 s of silence. */
export const ANSWER_MS = 25_000

/** Bytes that wait to be sent: nobody reads them. */
export const SEND_BUFFER_MAX = 262_144
/**
 * What happens before the welcome waits for it; past this the connection starts over and reads everything afresh. It is sent all at once and
 * must stay well below what the bridge allows.
 */
export const HELD_MAX = 30
/** The bridge allows 50 frames in 10 s and closes (4429). Workload only informs: it gives way first. */
export const FRAME_WINDOW_MS = 10_000
export const WORKLOAD_FRAMES_MAX = 25

/** Commands that wait for the one before; each lives for seconds. */
export const COMMANDS_WAITING_MAX = 50
/** Answers that are remembered, so that a command that comes twice is carried out once. */
export const ANSWERS_MAX = 500

/** The bridge waits 10 s for an answer: one command reads the status and sets it. */
export const TOOLKIT_TIMEOUT_MS = 4_000
/** For the first frame, which must come within 5 s. */
export const READ_TIMEOUT_MS = 2_000
/** A toolkit that refuses may not be loaded yet: it is asked this often before the agent counts as not logged in. */
export const READY_TRIES = 3
export const READY_INTERVAL_MS = 1_000
/** Questions to the toolkit that are open at once. */
export const CALLS_MAX = 100

/** As the bridge takes them. */
export const WORKS_MAX = 200
export const MESSAGE_MAX = 1_000
export const LABEL_MAX = 255
export const NAME_MAX = 64
