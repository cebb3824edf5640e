// What can be made to go wrong in the stand-in, for tests and demonstrations.

export type SalesforceFaults = {
  /** Every access token given out so far is no longer good. */
  expireTokens(): void
  /** The next `count` REST calls are answered with this status. */
  failNext(count: number, status: number): void
  /** Streaming clients are forgotten: 403::Unknown client. */
  unknownClients(): void
  /** Subscriptions that ask for a replay position (other than -1 and -2) are refused with 400::. */
  rejectReplay(on: boolean): void
  /** Nothing is answered at all; connections stay open. */
  blackHole(on: boolean): void
  /** Change events are neither delivered nor kept. */
  loseEvents(on: boolean): void
  /** The org refuses every status of this user: not granted. */
  refuseStatusFor(user: string, on?: boolean): void
  /** A GAP_UPDATE event, without record ids. */
  gapEvent(): void
  /** Every REST call is answered 401, whatever its token; tokens are still given out. */
  refuseTokens(on: boolean): void
  /** REST calls answered so far, those that failed included; token requests are counted apart. */
  readonly calls: { rest: number; tokens: number; handshakes: number }
}

export type FaultState = {
  failures: { count: number; status: number }
  rejectReplay: boolean
  blackHole: boolean
  loseEvents: boolean
  refuseTokens: boolean
  readonly calls: { rest: number; tokens: number; handshakes: number }
}

export function newFaultState(): FaultState {
  return {
    failures: { count: 0, status: 500 },
    rejectReplay: false,
    blackHole: false,
    loseEvents: false,
    refuseTokens: false,
    calls: { rest: 0, tokens: 0, handshakes: 0 },
  }
}
