// What the adapter needs to know, and every limit of it with its why.

/** As the environment variables of these names say it; HTTP_PROXY counts for plain http, which is for this machine itself. */
export type Proxies = { readonly HTTPS_PROXY?: string; readonly HTTP_PROXY?: string; readonly NO_PROXY?: string }

export type GenesysCloudSettings = {
  /** "https://api.mypurecloud.com" */
  readonly apiUrl: string
  /** "https://login.mypurecloud.com" */
  readonly loginUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** The platform allows 300 for a client-credentials token; less leaves room for others who use the same client. */
  readonly callsPerMinute: number
  /** What Offline comes to when it is written; left out: `presence`. */
  readonly logOut?: LogOut
  /** Left out: everything is dialled directly. */
  readonly proxies?: Proxies
}

/** `presence`: the person shows as Offline and stays logged in. `tokens`: the person's tokens are deleted as well. */
type LogOut = 'presence' | 'tokens'

/** Times that tests shorten; in service these hold. */
export type Timing = {
  /** One HTTP call, ms. The platform's own clients wait 30 s; a presence that late helps nobody. */
  readonly callMs: number
  /** Opening a WebSocket, ms. */
  readonly dialMs: number
  /** After so much silence the stream is asked whether it lives, ms: half of the heartbeat's 30 s. */
  readonly pingAfterMs: number
  /** After so much silence it is dead, ms: the heartbeat comes every 30 s (the same limit as in Genesys's own clients). */
  readonly silenceMs: number
  /** How long a channel and the one that takes its place are both heard, ms: events of the older one may still be on their way. */
  readonly overlapMs: number
  /** People of a channel that is down, while others stand, are read so often, ms: ten calls a minute for a thousand of them. */
  readonly unheardReadMs: number
  /** The dial loop's first and longest delay, ms. */
  readonly backoff: { readonly baseMs: number; readonly capMs: number }
  /** How long a write waits for its turn before the outbox is told to come back, ms: the outbox orders writes, not this queue. */
  readonly writeTurnMs: number
  /** How long a read waits for its turn, ms: longer than the budget's minute, much shorter than a daily cap. */
  readonly readTurnMs: number
}

export const TIMING: Timing = {
  callMs: 10_000,
  dialMs: 10_000,
  pingAfterMs: 15_000,
  silenceMs: 35_000,
  overlapMs: 5_000,
  unheardReadMs: 60_000,
  backoff: { baseMs: 1_000, capMs: 60_000 },
  writeTurnMs: 500,
  readTurnMs: 120_000,
}

/** Topics a channel; the platform's limit. */
export const TOPICS_PER_CHANNEL = 1_000
/** Characters of one topic; the platform's limit for combined topics. */
export const TOPIC_LENGTH_MAX = 200
/** Channels of one OAuth client; the platform silently evicts the least recently used one past it. */
export const CHANNELS_MAX = 20
/** People in one GET /users?id=…; the platform's limit. */
export const USERS_PER_READ = 100
/** People in one bulk read of presences; the platform's limit. */
export const PRESENCES_PER_READ = 50
/** People in one bulk write of presences. Its limit is not documented; that of the bulk read is known. */
export const PRESENCES_PER_WRITE = 50
/**
 * While so much of a minute's calls is left, presences are written one by one: blocks, and the rest. What is left then lasts a minute of
 * rush: two calls a second for blocks, one every two seconds for each of the others.
 */
export const PLENTY_FOR_BLOCKS = 0.6
export const PLENTY_FOR_THE_REST = 0.75
/** Below that, a write waits for company so long after the one before it, ms. One that comes alone does not wait. */
export const GATHER_BLOCKS_MS = 500
export const GATHER_MS = 2_000
/** Where fewer calls are left than that takes in a minute, it waits longer, up to so many times: rather that than a minute without a call. */
export const GATHER_STRETCH_MAX = 4
/** Bulk writes refused as a whole in a row, after which none is tried for so long, ms: a right or a version that is missing stays missing. */
export const BULK_FAILURES_MAX = 3
export const BULK_OFF_MS = 600_000
/** People in one page of the directory; the platform's limit. */
export const ROSTER_PAGE = 500
/** Pages of the directory: 100,000 people, more than any organisation that one bridge serves. */
export const ROSTER_PAGES_MAX = 200
/** Pages of presence definitions on the older endpoint; an organisation has some tens of definitions. */
export const DEFINITION_PAGES_MAX = 20
/** Looks of one snapshot at people whose work ends while it is read: one that ends is seen by the second, and nobody's ends thrice. */
export const LOOKS_MAX = 3
/** Conversations that one snapshot re-reads for one person: nobody handles more at once. */
export const REREADS_PER_USER_MAX = 20
/**
 * Open work that was heard of, and that the counts agree with, is believed for so long before its conversation is read again, ms: calls
 * are shorter, so hardly any is read, and a wrong belief ends with the next count in any case.
 */
export const BELIEVED_MS = 1_800_000
/** People in one analytics query: keeps the filter small. */
export const ANALYTICS_USERS_MAX = 50
/** Conversations in one page of an analytics answer, and pages; 100 is the platform's limit of a page. */
export const ANALYTICS_PAGE = 100
export const ANALYTICS_PAGES_MAX = 10
/** How far back open work is looked for: e-mails stay open for days; the synchronous query allows a month. */
export const ANALYTICS_BACK_MS = 7 * 24 * 3_600_000
/** Pages of one snapshot that are asked for once more before the whole reading counts as failed. */
export const PAGES_AGAIN_MAX = 20
/** From so many people on a reading tells how far it has come, so often, ms. */
export const PROGRESS_FROM = 1_000
export const PROGRESS_EVERY_MS = 2_000
/** How long an organisation is taken to let people at work only ask to leave the queue, ms: its admins may change that. */
export const OFF_QUEUE_KNOWN_MS = 3_600_000
/** Reads of one snapshot under way at once: the budget is the real limit, this one bounds sockets. */
export const READS_AT_ONCE = 4
/** After-call work is taken for over so long after its time-out, ms: clocks differ, and the platform's own word comes first. */
export const ACW_GRACE_MS = 60_000
/** A token is renewed so long before its end, ms. */
export const TOKEN_EARLY_MS = 60_000
/** A channel's life where the platform does not say, ms. */
export const CHANNEL_LIFE_MS = 24 * 3_600_000
/** Attempts to extend a channel before another one takes its place. */
export const RENEWALS_MAX = 3
/** A channel that could not be extended is replaced when this part of its life is left: an hour of a day. */
export const REPLACE_WITH_LEFT = 1 / 24
/** Events heard of while two channels overlap; past it twins reach the engine, which knows them too. */
export const TWINS_MAX = 10_000
/** How long the number of the client's channels is taken for known, ms: many channels are opened at once. */
export const CHANNELS_COUNTED_MS = 60_000
/** Of the people who should be heard, so many may be unheard before the whole stream counts as lost. */
export const UNHEARD_SHARE_MAX = 0.5
/** HTTP connections at once; more calls wait for one: the outbox has 64 writes under way, readings a few. */
export const CONNECTIONS_MAX = 128
/** A connection that nobody uses is closed after so long, ms: before the platform does, so that no call goes out on a closed one. */
export const IDLE_CONNECTION_MS = 4_000
/** An answer or frame longer than this is not read, bytes: 500 users with everything expanded are about 2 MB. */
export const ANSWER_BYTES_MAX = 16 * 1024 * 1024
/** Kinds of surprises (unknown enum values) remembered so that each is logged once. */
export const SURPRISES_MAX = 200
