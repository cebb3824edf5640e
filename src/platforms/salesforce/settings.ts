// What the Salesforce room must be told, and every limit it keeps, each with its why.

export type CompanionSettings = {
  readonly listen: { readonly host: string; readonly port: number }
  readonly path: string
  /** Exact origins of the consoles, "https://acme.lightning.force.com". */
  readonly origins: readonly string[]
  /** The org's certificate, or its public key alone, as PEM text. */
  readonly publicKeyPem: string
  readonly audience: string
  /** PEM texts, where the endpoint speaks TLS itself; null: plain, behind something that does. */
  readonly tls: { readonly certificate: string; readonly key: string } | null
}

export type AuthSettings =
  | { readonly flow: 'client_credentials'; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly flow: 'jwt'
      readonly clientId: string
      readonly username: string
      readonly privateKeyPem: string
      /** Whom the assertion is made for: the log-in host of production or of sandboxes. */
      readonly audience: string
    }

export type StreamSettings = {
  readonly transport: 'pubsub' | 'cometd'
  /** "/data/PresenceBridge__chn" */
  readonly channel: string
  /** Events that the org may be sent in 24 hours, by its edition and add-ons. */
  readonly dailyEvents?: number
  /** Of the Pub/Sub API; `plain` without TLS, for this machine only. */
  readonly endpoint: { readonly host: string; readonly port: number; readonly plain: boolean }
}

/** How telephony work is shown to Omni-Channel as a work item that takes all of an agent's capacity. */
export type CapacitySettings = {
  /** Developer name of the service channel whose related object is `object`. */
  readonly channel: string
  /** API name of the custom object. */
  readonly object: string
  /** API name of its status field, with the values that mean "takes capacity" and "is over". */
  readonly statusField: string
  readonly openValue: string
  readonly doneValue: string
}

export type SalesforceSettings = {
  /** The org's My Domain URL. */
  readonly loginUrl: string
  /** "67.0" */
  readonly apiVersion: string
  readonly auth: AuthSettings
  readonly stream: StreamSettings
  readonly callsPerMinute: number
  readonly writer: 'companion' | 'capacity' | 'dry_run'
  /** Needed where `writer` is "capacity". */
  readonly capacity: CapacitySettings | null
  readonly companion: CompanionSettings | null
  /** NO_PROXY of the environment; the proxy itself is found there by those who dial. */
  readonly noProxy?: string
}

/** Small durable memory: the replay position of the stream. */
export type Marks = { get(key: string): string | undefined; set(key: string, value: string): void }

/** One API call, from the moment it may go out. jsforce itself would wait for 30 minutes. */
export const CALL_TIMEOUT_MS = 20_000
/** Refreshes of a token that the org refused, in a minute: jsforce asks again without limit while the org answers 401. */
export const REFRESHES_PER_MINUTE = 3
/** Least time between two refreshes, for the same reason. */
export const REFRESH_INTERVAL_MS = 500
/** Ids in one SOQL query: the URL stays below the 16 KiB that Salesforce takes (from memory, not verified). */
export const IDS_PER_QUERY = 300
/** From this many people on, everybody is read and filtered here: fewer calls than lists of ids. */
export const IDS_LISTED_MAX = 1_200
/** Records of one query; more means something else is wrong. */
export const RECORDS_MAX = 100_000

/** From the first request of a dial to the answered subscription. */
export const DIAL_TIMEOUT_MS = 30_000
/** Silence after which a stream counts as dead: the long poll of 110 s and some slack. */
export const LIVENESS_MS = 130_000
/** How long a good-bye to the server may take. */
export const FAREWELL_MS = 1_000
/** After "daily limit exceeded" the org gives nothing for hours. */
export const DAILY_LIMIT_BACKOFF_MS = 900_000
/** Between dials while the credentials are refused. */
export const REFUSED_BACKOFF_MS = 60_000

/** How long the end of a status is held back for the beginning of the next one (they come as two events). */
export const HOLD_MS = 2_000
/** Presence spells whose person is remembered: the changes of some days; the oldest is forgotten first and costs a reading. */
export const SPELLS_MAX = 50_000
/** Work items whose person and channel are remembered; the same. */
export const WORKS_MAX = 50_000
/** How long it is believed who may choose which status. */
export const GRANTS_FRESH_MS = 600_000
/** How far our clock may run before Salesforce's: a reading of "nobody there" has no time of its own and is dated back by this. */
export const CLOCK_SKEW_MS = 5_000
