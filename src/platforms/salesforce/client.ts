// The REST API through jsforce: queries, page by page, and changes. No call without its turn in the budget, a deadline and a note in the
// metrics; nothing is retried here, except that one refused token is renewed once.

// Not the whole of jsforce: the rest of it would be some MB of memory for nothing.
import { Connection } from 'jsforce/lib/connection.js'
import type { Transport } from 'jsforce/lib/transport.js'
import type { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { CredentialsRefused, type PlatformSink, type WriteOptions } from '../../domain/platform.ts'
import type { CallClass } from '../shared/call-classes.ts'
import { RateLimited, type RateLimiter } from '../shared/rate-limit.ts'
import { createBudgetPause, Paused } from './budget-pause.ts'
import { TimedOut, within } from './deadline.ts'
import { codeOf, limitReached, missingRight, type WriteFailure, wordsOf, writeFailure } from './failures.ts'
import { createAuth, refreshFn, type Session } from './login/auth.ts'
import { bound } from './login/auth-transport.ts'
import { CALL_TIMEOUT_MS, RECORDS_MAX, type SalesforceSettings } from './settings.ts'
import { queryPage } from './wire.ts'

export type { Session }

export type SalesforceClient = {
  /** A fresh token, always asked for anew; calls that come while one is under way share it. */
  authorize(): Promise<Session>
  /** All records of all pages; authorizes first where that has not been done. */
  query<T extends z.ZodType>(operation: string, soql: string, row: T, api?: QueryApi): Promise<readonly z.output<T>[]>
  /** Share of the org's daily API calls, as the last answer told. */
  usage(): { readonly used: number; readonly limit: number } | null
  stop(): void
}

/** What is made here can also change things and knows itself: most need no more than to ask. */
export type LoggedInClient = SalesforceClient & {
  /** One attempt to change something; nothing goes out once nobody waits for it any more. Never rejects. */
  send(request: WriteRequest, limits: WriteLimits): Promise<Sent>
  /** Whom the bridge is logged in as, by record id; null before the first log-in. */
  user(): string | null
}

/** `tooling`: what only that API tells, such as the members of event channels. */
type QueryApi = 'data' | 'tooling'

type WriteRequest = {
  readonly operation: string
  readonly method: 'POST' | 'PATCH'
  /** Below the version: "/composite". */
  readonly path: string
  readonly body: object
}

export type WriteLimits = Pick<WriteOptions, 'deadline' | 'signal' | 'urgency'>

/** `status`: as answered; null where no answer came. `doubtful`: it may have been done all the same. */
export type Sent =
  | { readonly ok: true; readonly status: number | null; readonly body: unknown }
  | { readonly ok: false; readonly status: number | null; readonly failure: WriteFailure; readonly doubtful: boolean }

/** Whose turn it is, and how long it is waited for: until the deadline, in ms since 1970, or the signal. */
type Turn = { readonly kind: CallClass; readonly deadline: number; readonly signal: AbortSignal }

export type ClientDeps = {
  readonly settings: SalesforceSettings
  readonly clock: Clock
  readonly log: Log
  readonly limiter: RateLimiter
  readonly call: PlatformSink['call']
  readonly random?: () => number
  /** How long one call may take; default 20 s. */
  readonly callMs?: number
}

export function createClient(deps: ClientDeps): LoggedInClient {
  const { settings, clock, log, limiter } = deps
  const { clientId } = settings.auth
  const callMs = deps.callMs ?? CALL_TIMEOUT_MS
  const clientSecret = settings.auth.flow === 'jwt' ? '' : settings.auth.clientSecret
  const { loginUrl } = settings
  const conn = new Connection({
    version: settings.apiVersion,
    loginUrl,
    oauth2: { clientId, clientSecret, loginUrl },
    refreshFn: refreshFn(() => auth),
  })
  const serverTime = bound(conn, { clock, callMs, noProxy: settings.noProxy ?? '' })
  const auth = createAuth({ auth: settings.auth, conn, clock, log, serverTime, call })
  const pause = createBudgetPause({ clock, log, random: deps.random ?? Math.random })
  const over = new AbortController()
  const reading: Turn = { kind: 'read', deadline: Number.POSITIVE_INFINITY, signal: over.signal }

  async function call<T>(operation: string, ask: () => Promise<T>, turn = reading): Promise<T> {
    const { signal } = turn
    const leftMs = () => Math.max(1, turn.deadline - clock.now())
    await limiter.take(turn.kind, { signal, waitAtMostMs: leftMs() })
    const from = clock.now()
    let ok = false
    try {
      const limit = { clock, ms: Math.min(callMs, leftMs()), what: `Salesforce (${operation})`, signal }
      const answer = await within(ask(), limit)
      ok = true
      return answer
    } finally {
      deps.call({ operation, ok, ms: clock.now() - from })
    }
  }

  /** A call that the org counts; log-ins are not, and must go on while it pauses. */
  async function counted<T>(operation: string, ask: () => Promise<T>, turn = reading): Promise<T> {
    pause.enter()
    try {
      const answer = await call(operation, ask, turn)
      pause.answered()
      return answer
    } catch (error) {
      const limit = limitReached(error)
      if (limit === null) pause.failed()
      else pause.refused(limit)
      throw error
    }
  }

  async function query<T extends z.ZodType>(
    operation: string,
    soql: string,
    row: T,
    api: QueryApi = 'data',
  ): Promise<readonly z.output<T>[]> {
    try {
      if (!conn.accessToken) await auth.authorize()
      const path = api === 'tooling' ? '/tooling/query' : '/query'
      return await allPages(operation, `${path}?q=${encodeURIComponent(soql)}`, row)
    } catch (error) {
      throw classify(error, operation)
    }
  }

  async function allPages<T extends z.ZodType>(operation: string, first: string, row: T): Promise<z.output<T>[]> {
    const records: z.output<T>[] = []
    let url: string | undefined = first
    while (url !== undefined && records.length < RECORDS_MAX) {
      const at: string = url
      const page = queryPage.parse(await counted(operation, () => conn.request({ method: 'GET', url: at })))
      for (const record of page.records) records.push(row.parse(record))
      url = page.done ? undefined : page.nextRecordsUrl
    }
    if (url !== undefined)
      log.warn({ code: 'salesforce_records_max', operation }, 'A query has more records than are read')
    return records
  }

  async function send({ operation, method, path, body }: WriteRequest, limits: WriteLimits): Promise<Sent> {
    const signal = AbortSignal.any([over.signal, limits.signal])
    const turn: Turn = { kind: limits.urgency ?? 'write', deadline: limits.deadline, signal }
    const way = createWay(conn._transport, () => !signal.aborted && clock.now() < turn.deadline)
    const request = { method, url: path, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    try {
      const ask = async () => {
        if (!conn.accessToken) await auth.authorize()
        return await conn.request(request, { transport: way.transport })
      }
      const answer = await counted(operation, ask, turn)
      // jsforce leaves as it is what is no JSON: a page of something in between, or half an answer.
      if (typeof answer === 'string' && answer !== '') throw new Error(answer)
      return { ok: true, status: way.status, body: answer }
    } catch (error) {
      const { status, isOut } = way
      const doubtful = isOut || (status !== null && status < 400)
      return { ok: false, status, failure: failureOf(error, { operation, status }), doubtful }
    }
  }

  function failureOf(error: unknown, at: { readonly operation: string; readonly status: number | null }): WriteFailure {
    if (error instanceof RateLimited || error instanceof Paused)
      return { kind: 'rate_limited', untilMs: error.untilMs, words: error.message }
    // A token that stays refused is for somebody to put right: the write may work then.
    if (at.status === null || at.status < 400 || at.status === 401)
      return { kind: 'transient', words: wordsOf(classify(error, at.operation)) }
    const failure = writeFailure(at.status, error)
    const untilMs = limitReached(error) === null ? null : pause.until()
    return untilMs === null ? failure : { kind: 'rate_limited', untilMs, words: failure.words }
  }

  /** jsforce wraps what its refresh function said into a plain Error; the cause is remembered by `auth`. */
  function classify(error: unknown, operation: string): unknown {
    if (error instanceof CredentialsRefused || error instanceof TimedOut || error instanceof Paused) return error
    const refusal = auth.refusal()
    if (refusal && wordsOf(error).startsWith('Unable to refresh session')) return refusal
    const missing = missingRight(error, operation)
    if (missing) return missing
    const code = codeOf(error)
    const named = code === '' || code === 'Error' || code === 'TypeError' ? '' : `${code}: `
    return new Error(`Salesforce did not answer "${operation}": ${named}${wordsOf(error)}`, { cause: error })
  }

  return {
    authorize: auth.authorize,
    query,
    send,
    user: () => conn.userInfo?.id ?? null,
    usage: () => conn.limitInfo.apiUsage ?? null,
    stop() {
      over.abort(new Error('stopped'))
    },
  }
}

type Way = { readonly transport: Pick<Transport, 'httpRequest'>; status: number | null; isOut: boolean }

/** What became of one request that jsforce makes; it would send it again with a renewed token, however late that comes. */
function createWay(to: Transport, isWanted: () => boolean): Way {
  const way: Way = { transport: { httpRequest }, status: null, isOut: false }
  function httpRequest(...[request, options]: Parameters<Transport['httpRequest']>) {
    if (!isWanted()) throw new Error('it was too late to send it')
    Object.assign(way, { status: null, isOut: true })
    const answer = to.httpRequest(request, options)
    const heard = (status: number) => Object.assign(way, { status, isOut: false })
    answer.then(({ statusCode }) => heard(statusCode)).catch(() => {})
    return answer
  }
  return way
}
