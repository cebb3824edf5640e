// REST calls through jsforce: tokens by client credentials, queries page by page. No call without its turn in the budget, a deadline and a
// note in the metrics; nothing is retried here, except that one refused token is renewed once.

import jsforce, { type Connection } from 'jsforce'
import { Transport } from 'jsforce/lib/transport.js'
import type { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'
import type { Log } from '../../domain/log.ts'
import { CredentialsRefused, type PlatformSink } from '../../domain/platform.ts'
import type { RateLimiter } from '../shared/rate-limit.ts'
import { TimedOut, within } from './deadline.ts'
import { codeOf, isMissingRight, missingRight, sessionsRefused, tokenRefusal, wordsOf } from './failures.ts'
import {
  CALL_TIMEOUT_MS,
  RECORDS_MAX,
  REFRESH_INTERVAL_MS,
  REFRESHES_PER_MINUTE,
  type SalesforceSettings,
} from './settings.ts'
import { queryPage } from './wire.ts'

export type Session = { readonly instanceUrl: string; readonly accessToken: string }

export type SalesforceClient = {
  /** A fresh token, always asked for anew; calls that come while one is under way share it. */
  authorize(): Promise<Session>
  /** All records of all pages; authorizes first where that has not been done. */
  query<T extends z.ZodType>(operation: string, soql: string, row: T): Promise<readonly z.output<T>[]>
  /** Share of the org's daily API calls, as the last answer told. */
  usage(): { readonly used: number; readonly limit: number } | null
  stop(): void
}

export type ClientDeps = {
  readonly settings: SalesforceSettings
  readonly clock: Clock
  readonly log: Log
  readonly limiter: RateLimiter
  readonly call: PlatformSink['call']
}

export function createClient(deps: ClientDeps): SalesforceClient {
  const { settings, clock, log, limiter } = deps
  const { auth, loginUrl } = settings
  const conn = new jsforce.Connection({
    version: settings.apiVersion,
    loginUrl,
    oauth2: { clientId: auth.clientId, clientSecret: auth.flow === 'jwt' ? '' : auth.clientSecret, loginUrl },
    // jsforce hangs for ever if this throws without calling back, and asks again without limit while the org answers 401.
    refreshFn: (_conn, callback) => {
      refresh().then(
        (session) => callback(null, session.accessToken),
        (error: unknown) => callback(error instanceof Error ? error : new Error(wordsOf(error))),
      )
    },
  })
  bound(conn)
  let authorizing: Promise<Session> | null = null
  let refusal: CredentialsRefused | null = null
  let refreshes: number[] = []
  const over = new AbortController()

  async function call<T>(operation: string, ask: () => Promise<T>): Promise<T> {
    await limiter.take('read', { signal: over.signal })
    const from = clock.now()
    try {
      const answer = await within(ask(), {
        clock,
        ms: CALL_TIMEOUT_MS,
        what: `Salesforce (${operation})`,
        signal: over.signal,
      })
      deps.call({ operation, ok: true, ms: clock.now() - from })
      return answer
    } catch (error) {
      deps.call({ operation, ok: false, ms: clock.now() - from })
      throw error
    }
  }

  function authorize(): Promise<Session> {
    authorizing ??= askForToken().finally(() => {
      authorizing = null
    })
    return authorizing
  }

  async function askForToken(): Promise<Session> {
    try {
      await call('token', () => conn.authorize({ grant_type: 'client_credentials' }))
    } catch (error) {
      refusal = tokenRefusal(error)
      throw refusal ?? error
    }
    const { instanceUrl, accessToken } = conn
    if (!accessToken) throw new Error('Salesforce gave no access token')
    refusal = null
    return { instanceUrl, accessToken }
  }

  /** jsforce calls this for each 401, one at a time. */
  async function refresh(): Promise<Session> {
    refreshes = refreshes.filter((at) => at > clock.now() - 60_000)
    if (refreshes.length >= REFRESHES_PER_MINUTE) {
      refusal = sessionsRefused()
      log.warn(
        { code: 'salesforce_refresh_breaker', refreshes: refreshes.length },
        'Salesforce keeps refusing fresh tokens',
      )
      throw refusal
    }
    const waitMs = (refreshes.at(-1) ?? 0) + REFRESH_INTERVAL_MS - clock.now()
    if (waitMs > 0) await new Promise<void>((resolve) => clock.after(waitMs, resolve))
    refreshes.push(clock.now())
    return await authorize()
  }

  async function query<T extends z.ZodType>(operation: string, soql: string, row: T): Promise<readonly z.output<T>[]> {
    try {
      if (!conn.accessToken) await authorize()
      return await allPages(operation, soql, row)
    } catch (error) {
      throw classify(error, operation)
    }
  }

  async function allPages<T extends z.ZodType>(operation: string, soql: string, row: T): Promise<z.output<T>[]> {
    const records: z.output<T>[] = []
    let url: string | undefined = `/query?q=${encodeURIComponent(soql)}`
    while (url !== undefined && records.length < RECORDS_MAX) {
      const at: string = url
      const page = queryPage.parse(await call(operation, () => conn.request({ method: 'GET', url: at })))
      for (const record of page.records) records.push(row.parse(record))
      url = page.done ? undefined : page.nextRecordsUrl
    }
    if (url !== undefined)
      log.warn({ code: 'salesforce_records_max', operation }, 'A query has more records than are read')
    return records
  }

  /** jsforce wraps what its refresh function said into a plain Error; the cause is remembered here. */
  function classify(error: unknown, operation: string): unknown {
    if (error instanceof CredentialsRefused || error instanceof TimedOut) return error
    if (refusal && wordsOf(error).startsWith('Unable to refresh session')) return refusal
    if (isMissingRight(error)) return missingRight(error, operation)
    const code = codeOf(error)
    return new Error(`Salesforce did not answer "${operation}": ${code === '' ? '' : `${code}: `}${wordsOf(error)}`, {
      cause: error,
    })
  }

  return {
    authorize,
    query,
    usage: () => conn.limitInfo.apiUsage ?? null,
    stop() {
      over.abort(new Error('stopped'))
    },
  }
}

/** No retries of jsforce's own and an end to each request, for queries and for the token endpoint alike. */
class BoundedTransport extends Transport {
  override httpRequest(
    ...[request, options]: Parameters<Transport['httpRequest']>
  ): ReturnType<Transport['httpRequest']> {
    return super.httpRequest(request, { ...options, timeout: CALL_TIMEOUT_MS, retry: { maxRetries: 0, methods: [] } })
  }
}

/** jsforce 3 has no setting for these; both fields are part of its published types. */
function bound(conn: Connection): void {
  const transport = new BoundedTransport()
  conn._transport = transport
  conn.oauth2._transport = transport
}
