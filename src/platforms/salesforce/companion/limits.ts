// Every limit of the public companion endpoint, each with its why. The endpoint is open to the internet: until a token was checked, whoever
// is at the other end counts as a stranger.

/** Frames of a companion, bytes; more closes with 4413. */
export const FRAME_MAX = 65_536
/** Pieces in which one message may come: browsers do not cut such small frames at all. */
export const FRAGMENTS_MAX = 64
/** Frames of one companion in FRAME_WINDOW_MS, control frames too; a busy agent makes a few (4429). */
export const FRAMES_MAX = 50
export const FRAME_WINDOW_MS = 10_000
/** Frames that wait while a token is checked: a console may send a few right behind its hello. */
export const FRAMES_EARLY_MAX = 10

/** For a request's head, and for the TLS handshake before it: there are those who send them byte by byte. */
export const REQUEST_TIMEOUT_MS = 10_000
/** How often the server looks for such. */
export const REQUEST_CHECK_MS = 2_000
export const HELLO_TIMEOUT_MS = 5_000
/**
 * Connections that have not said who they are, all together and of one address. Past it the one that has waited longest is cut: a console
 * says hello within a round trip, so it is those who only hold a place that lose it. Generous for one address, because an ingress or an
 * office is one.
 */
export const STRANGERS_MAX = 2_000
export const STRANGERS_PER_ADDRESS_MAX = 1_000
/** Connections at once, all people together. */
export const COMPANIONS_MAX = 20_000
/** Consoles of one person; more are turned away with 1013. */
export const TABS_MAX = 20
/** Hellos of one person: each of TABS_MAX consoles may come back a few times a minute. More are refused with 4429. */
export const HELLOS_PER_MINUTE = 60
/** Work items of one person that only their console knows of and that are asked for in the org; an agent gets a few a minute. */
export const CLAIMS_PER_MINUTE = 30
/** Readings that one person's unreadable frames may cause. */
export const GAPS_PER_MINUTE = 2
/** People for whom is counted how often they did something lately. */
export const COUNTED_MAX = 20_000
/** How long claims are gathered, so that a storm of log-ins asks for many items at once. */
export const CLAIMS_GATHER_MS = 100

/** How often all connections are looked at: one timer instead of one for each. */
export const SWEEP_MS = 1_000
/** Companions ping every 20 s: three missed ones mean that nobody is there. */
export const COMPANION_SILENCE_MS = 60_000
/** A connection longer than any shift proves itself anew: the user may have left the company. */
export const COMPANION_AGE_MAX_MS = 12 * 3_600_000
/** Between our close frame and the end: who does not answer it is cut. */
export const CLOSE_TIMEOUT_MS = 2_000
/** Bytes waiting to be sent to one companion: it reads nothing any more. */
export const SEND_BUFFER_MAX = 65_536
/** Refusals of one kind that are logged one by one in a minute; the others are counted. */
export const REFUSALS_LOGGED_PER_MINUTE = 20

/** Token ids remembered until they expire; past it tokens are refused, so that none can be used twice. */
export const TOKEN_IDS_MAX = 100_000
/** Longest life of a token, s, and how far its clock may differ from ours. */
export const TOKEN_LIFE_S = 120
export const TOKEN_SKEW_S = 30
/**
 * How much older than the endpoint a token may be, s. Which tokens were used before a restart is not remembered, so those that could have
 * been are refused; a console asks for a fresh one with each try. Not nothing, because tokens count in whole seconds.
 */
export const TOKEN_BEFORE_START_S = 2
/** How long a console may take to carry out a command. */
export const COMMAND_TIMEOUT_MS = 10_000

/** An end of our own certificate that is nearer than this is warned of, once a day. */
export const CERTIFICATE_WARNING_MS = 30 * 24 * 3_600_000
export const CERTIFICATE_CHECK_MS = 24 * 3_600_000
