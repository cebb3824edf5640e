// What a test can make go wrong in the stand-in's protocol. Plain switches; the routes and channels ask them.

export type Faults = {
  /** All tokens handed out so far are refused with 401. */
  expireTokens(): void
  /** The next n API calls are answered 429 with this Retry-After. */
  rateLimitNext(n: number, retryAfterS: number): void
  /** The next n API calls are answered with this status. `only`: those whose "METHOD path" has this text. */
  failNext(n: number, status: number, only?: string): void
  /** API calls are taken and never answered, until this is switched off. */
  hang(on: boolean): void
  /** No heartbeats, no events, no pongs; the sockets stay open. */
  silence(on: boolean): void
  /** All WebSockets are cut. */
  dropSockets(): void
  /** All sockets are told that they will be moved. */
  announceClosing(): void
  /** The platform forgets all channels: sockets are cut and upgrades refused with 404. */
  evictChannels(): void
  /** Bulk writes are done and answered with an empty list. */
  keepBulkSilent(on: boolean): void
  /** Putting topics anew does not make a channel live longer. */
  keepChannelEnds(on: boolean): void
  /** The sockets over which this user is heard are cut. */
  dropSocketOf(userId: string): void
  /** Ids of all channels. */
  channels(): readonly string[]
  /** The next n WebSocket upgrades are answered with this status; 401 where the token behind the channel is gone. */
  refuseUpgrades(n: number, status: number): void
  /** Presence writes to this user are answered 403. */
  refuseWrites(userId: string, on?: boolean): void
  /** Presence writes to this user are answered 200 and not done. */
  ignoreWrites(userId: string, on?: boolean): void
  /** Events are not sent; heartbeats are. */
  loseEvents(on: boolean): void
  /** Events are sent a second time as well. */
  repeatEvents(on: boolean): void
  /** Events are held back; when this is switched off they are sent, the newest first. */
  turnEventsAround(on: boolean): void
  /** Subscriptions of topics with this text come back Rejected. */
  rejectTopic(text: string): void
  /** `expand` leaves these out for everybody, as the platform may at any time. */
  leaveOut(members: readonly string[]): void
  /** Calls whose "METHOD path" has this text are answered 403. */
  forbid(text: string): void
}

export type FaultState = {
  limited: { left: number; retryAfterS: number }
  failing: { left: number; status: number; only: string }
  hanging: boolean
  silent: boolean
  losing: boolean
  repeating: boolean
  turning: boolean
  keepingEnds: boolean
  silentBulk: boolean
  upgrades: { left: number; status: number }
  readonly refusing: Set<string>
  readonly ignoring: Set<string>
  readonly rejectedTopics: Set<string>
  readonly leftOut: Set<string>
  readonly forbidden: Set<string>
}

export function createFaultState(): FaultState {
  return {
    limited: { left: 0, retryAfterS: 0 },
    failing: { left: 0, status: 500, only: '' },
    hanging: false,
    silent: false,
    losing: false,
    repeating: false,
    turning: false,
    keepingEnds: false,
    silentBulk: false,
    upgrades: { left: 0, status: 401 },
    refusing: new Set(),
    ignoring: new Set(),
    rejectedTopics: new Set(),
    leftOut: new Set(),
    forbidden: new Set(),
  }
}

type Reach = Pick<
  Faults,
  'expireTokens' | 'dropSockets' | 'dropSocketOf' | 'announceClosing' | 'evictChannels' | 'channels'
> & {
  readonly sendHeldBack: () => void
}

export function createFaults(state: FaultState, { sendHeldBack, ...reach }: Reach): Faults {
  return {
    ...reach,
    refuseUpgrades(left, status) {
      state.upgrades = { left, status }
    },
    keepBulkSilent(on) {
      state.silentBulk = on
    },
    keepChannelEnds(on) {
      state.keepingEnds = on
    },
    turnEventsAround(on) {
      state.turning = on
      if (!on) sendHeldBack()
    },
    rateLimitNext(left, retryAfterS) {
      state.limited = { left, retryAfterS }
    },
    failNext(left, status, only = '') {
      state.failing = { left, status, only }
    },
    hang(on) {
      state.hanging = on
    },
    silence(on) {
      state.silent = on
    },
    refuseWrites: (userId, on = true) => toggle(state.refusing, userId, on),
    ignoreWrites: (userId, on = true) => toggle(state.ignoring, userId, on),
    loseEvents(on) {
      state.losing = on
    },
    repeatEvents(on) {
      state.repeating = on
    },
    rejectTopic: (text) => toggle(state.rejectedTopics, text, true),
    leaveOut(members) {
      state.leftOut.clear()
      for (const member of members) state.leftOut.add(member)
    },
    forbid: (text) => toggle(state.forbidden, text, true),
  }
}

function toggle(set: Set<string>, value: string, on: boolean): void {
  if (on) set.add(value)
  else set.delete(value)
}
