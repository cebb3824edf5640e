// REST queries through jsforce, page by page. No call without its turn in the budget, a deadline and a note in the metrics; nothing
// is retried here, except that one refused token is renewed once.

// Not the whole of jsforce: the rest of it would be some MB of memory for nothing.
import { Connection } from 'jsforce/lib/connection.js'
import type { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { CredentialsRefused, type PlatformSink } from '../../domain/platform.ts'
import type { RateLimiter } from '../shared/rate-limit.ts'
import { createBudgetPause, Paused } from './budget-pause.ts'
import { TimedOut, within } from './deadline.ts'
import { codeOf, isMissingRight, limitReached, missingRight, wordsOf } from './failures.ts'
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

/** What is made here also knows itself: others need no more than to ask. */
export type LoggedInClient = SalesforceClient & {
  /** Whom the bridge is logged in as, by record id; null before the first log-in. */
  user(): string | null
}

/** `tooling`: what only that API tells, such as the members of event channels. */
type QueryApi = 'data' | 'tooling'

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
  const serverTime = bound(conn, { clock, callMs })
  const auth = createAuth({ auth: settings.auth, conn, clock, log, serverTime, call })
  const pause = createBudgetPause({ clock, log, random: deps.random ?? Math.random })
  const over = new AbortController()

  async function call<T>(operation: string, ask: () => Promise<T>): Promise<T> {
    await limiter.take('read', { signal: over.signal })
    const from = clock.now()
    let ok = false
    try {
      const limit = { clock, ms: callMs, what: `Salesforce (${operation})`, signal: over.signal }
      const answer = await within(ask(), limit)
      ok = true
      return answer
    } finally {
      deps.call({ operation, ok, ms: clock.now() - from })
    }
  }

  /** A call that the org counts; log-ins are not, and must go on while it pauses. */
  async function counted<T>(operation: string, ask: () => Promise<T>): Promise<T> {
    pause.enter()
    try {
      const answer = await call(operation, ask)
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

  /** jsforce wraps what its refresh function said into a plain Error; the cause is remembered by `auth`. */
  function classify(error: unknown, operation: string): unknown {
    if (error instanceof CredentialsRefused || error instanceof TimedOut || error instanceof Paused) return error
    const refusal = auth.refusal()
    if (refusal && wordsOf(error).startsWith('Unable to refresh session')) return refusal
    if (isMissingRight(error)) return missingRight(error, operation)
    const code = codeOf(error)
    const named = code === '' || code === 'Error' || code === 'TypeError' ? '' : `${code}: `
    return new Error(`Salesforce did not answer "${operation}": ${named}${wordsOf(error)}`, { cause: error })
  }

  return {
    authorize: auth.authorize,
    query,
    user: () => conn.userInfo?.id ?? null,
    usage: () => conn.limitInfo.apiUsage ?? null,
    stop() {
      over.abort(new Error('stopped'))
    },
  }
}
