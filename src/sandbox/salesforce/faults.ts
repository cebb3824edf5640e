// What can be made to go wrong in the stand-in, for tests and demonstrations.

export type SalesforceFaults = {
  /** Every access token given out so far is no longer good; subscriptions made with one are ended. */
  expireTokens(): void
  /** The next `count` REST calls are answered with this status. */
  failNext(count: number, status: number): void
  /** CometD clients are forgotten (403::Unknown client); subscriptions of the Pub/Sub API are ended without a word. */
  unknownClients(): void
  /** Subscriptions that ask for a replay position are refused. */
  rejectReplay(on: boolean): void
  /** Nothing is answered at all; connections stay open. */
  blackHole(on: boolean): void
  /** Change events are neither delivered nor kept. */
  loseEvents(on: boolean): void
  /** Each change event is delivered twice. */
  duplicateEvents(on: boolean): void
  /** Change events come so much later. */
  delayEvents(ms: number): void
  /** The lookup of a channel refuses all of them; subscriptions do not. */
  refuseLookup(on: boolean): void
  /** Schemas of events cannot be had: there are none, or not now. */
  refuseSchemas(how: 'unknown' | 'unavailable' | null): void
  /** The streaming endpoints answer with a web page of an error (CometD), or that they are not available (Pub/Sub API). */
  unavailable(on: boolean): void
  /** CometD requests are answered 401: without a body, or as the REST API does. */
  refuseStreaming(how: 'bodiless' | 'as_rest' | null): void
  /** Every connection is cut and every client forgotten, as when the servers are changed for others. */
  restart(): void
  /** The org refuses every status of this user: not granted. */
  refuseStatusFor(user: string, on?: boolean): void
  /** A GAP_UPDATE event, without record ids; or what comes when there was too much to tell. */
  gapEvent(changeType?: 'GAP_UPDATE' | 'GAP_OVERFLOW'): void
  /** Every REST call is answered 401, whatever its token; tokens are still given out. */
  refuseTokens(on: boolean): void
  /** REST calls answered so far, those that failed included; token requests are counted apart. */
  readonly calls: Calls
}

/** `idlePolls`: CometD polls that came to their end without an event. */
type Calls = { rest: number; tokens: number; handshakes: number; idlePolls: number; subscriptions: number }

export type FaultState = {
  failures: { count: number; status: number }
  rejectReplay: boolean
  blackHole: boolean
  loseEvents: boolean
  duplicateEvents: boolean
  delayMs: number
  refuseSchemas: 'unknown' | 'unavailable' | null
  refuseLookup: boolean
  unavailable: boolean
  refuseStreaming: 'bodiless' | 'as_rest' | null
  refuseTokens: boolean
  readonly calls: Calls
}

export function newFaultState(): FaultState {
  return {
    failures: { count: 0, status: 500 },
    rejectReplay: false,
    blackHole: false,
    loseEvents: false,
    duplicateEvents: false,
    delayMs: 0,
    refuseSchemas: null,
    refuseLookup: false,
    unavailable: false,
    refuseStreaming: null,
    refuseTokens: false,
    calls: { rest: 0, tokens: 0, handshakes: 0, idlePolls: 0, subscriptions: 0 },
  }
}
