// The companion's plain modules have no types of their own: what they take and give, for the tests.

declare module '*/presenceBridgeCompanion/companion.js' {
  import type { Clock } from '../../src/domain/clock.ts'

  export type OrgStatus = { readonly id: string; readonly apiName: string; readonly label: string }
  export type Result = { readonly ok: boolean; readonly error?: string; readonly message?: string }
  export type LinkState =
    | { readonly kind: 'off' | 'connecting' | 'connected' }
    | {
        readonly kind: 'waiting'
        readonly until: number
        readonly words: string
        readonly refused: boolean
        readonly long: boolean
      }
    | { readonly kind: 'stopped'; readonly words: string; readonly refused: boolean }
  export type Shown = {
    readonly link: LinkState
    readonly lead: boolean
    readonly agent: string | null
    readonly notice: string | null
    readonly problem: string | null
    readonly last: (Result & { readonly sentence: string | null; readonly at: number }) | null
  }
  export type Ask = {
    readonly call: string
    readonly method: string
    readonly args: Readonly<Record<string, string>> | null
  }
  export type SocketLike = {
    readyState: number
    bufferedAmount: number
    onopen: (() => void) | null
    onmessage: ((event: { data: string }) => void) | null
    onclose: ((event: { code: number; reason: string }) => void) | null
    onerror: (() => void) | null
    send(text: string): void
    close(): void
  }
  export type Companion = {
    start(): void
    stop(): void
    wake(): void
    retry(): void
    toolkitEvent(event: { name: string; params?: object }): void
    toolkitAnswer(answer: { call: string; ok: boolean; result?: unknown; message?: string }): void
    state(): Shown
  }
  export function createCompanion(deps: {
    readonly connect: (url: string) => SocketLike
    readonly clock: Pick<Clock, 'now' | 'after'>
    readonly random: () => number
    readonly ask: (ask: Ask) => void
    readonly readSettings: () => Promise<{ endpoint: string; statuses: readonly OrgStatus[] }>
    readonly readToken: () => Promise<{ token: string; issuedAt: number }>
    readonly tab: string
    readonly onState: (state: Shown) => void
  }): Companion
}

declare module '*/presenceBridgeCompanion/view.js' {
  export type View = {
    readonly tone: 'success' | 'info' | 'warning' | 'error'
    readonly mark: string
    readonly title: string
    readonly detail: string
    readonly countdown: string | null
    readonly canRetry: boolean
    readonly agent: string | null
    readonly notice: string | null
    readonly last: { readonly time: string; readonly sentence: string; readonly failure: string | null } | null
  }
  export function viewOf(state: object, now: number): View
}

declare module '*/presenceBridgeCompanion/orgClock.js' {
  export function createOrgClock(clock: { now(): number }): {
    heard(answer: { told: number; askedAt: number }): void
    now(): number
  }
}

declare module '*/presenceBridgeCompanion/closing.js' {
  export function meaningOf(
    code: number,
    reason: string,
  ): { next: 'again' | 'later' | 'never'; refused: boolean; words: string }
}

declare module '*/presenceBridgeCompanion/backoff.js' {
  export function backoffMs(failures: number, random: () => number): number
  export function longBackoffMs(random: () => number): number
}
