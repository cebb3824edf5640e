// Logging in: a fresh token by either OAuth flow, and a breaker where fresh tokens do not help. No secret, key or assertion ever
// stands in a message: only Salesforce's own words do.

import type { Connection } from 'jsforce'
import type { Clock } from '../../../domain/clock.ts'
import type { Log } from '../../../domain/log.ts'
import { CredentialsRefused } from '../../../domain/platform.ts'
import { codeOf, sessionsRefused, tokenRefusal, wordsOf } from '../failures.ts'
import { type AuthSettings, REFRESH_INTERVAL_MS, REFRESHES_PER_MINUTE } from '../settings.ts'
import type { ServerTime } from './auth-transport.ts'
import { JWT_BEARER, signAssertion } from './jwt-assertion.ts'
import { readPrivateKey } from './jwt-key.ts'

export type Session = {
  readonly instanceUrl: string
  readonly accessToken: string
  /** The id of the org; empty where the answer did not tell. */
  readonly tenantId: string
}

export type Auth = {
  /** A fresh token, always asked for anew; calls that come while one is under way share it. Throws CredentialsRefused. */
  authorize(): Promise<Session>
  /** The same after a token was refused; a few times a minute only. */
  refresh(): Promise<Session>
  /** Why the last attempt was refused for good; null: it was not. */
  refusal(): CredentialsRefused | null
}

export type AuthDeps = {
  readonly auth: AuthSettings
  readonly conn: Connection
  readonly clock: Clock
  readonly log: Log
  readonly serverTime: ServerTime
  /** Makes one call with its turn, its deadline and its note in the metrics. */
  readonly call: <T>(operation: string, ask: () => Promise<T>) => Promise<T>
}

/** Clocks that differ by less cannot be why an assertion of two minutes was refused. */
const SKEW_MIN_MS = 30_000
/** How an assertion is refused that is too old or not yet valid; the first is documented, the second is not verified. */
const TIME_REFUSALS: ReadonlySet<string> = new Set(['invalid_grant', 'invalid_assertion'])

export function createAuth(deps: AuthDeps): Auth {
  const { auth, conn, clock, log, serverTime } = deps
  let authorizing: Promise<Session> | null = null
  let refusal: CredentialsRefused | null = null
  let refreshes: number[] = []
  /** What is added to our clock for Salesforce; learnt, never assumed. */
  let skewMs = 0

  function authorize(): Promise<Session> {
    authorizing ??= askForToken().finally(() => {
      authorizing = null
    })
    return authorizing
  }

  async function askForToken(): Promise<Session> {
    try {
      await ask().catch(async (error: unknown) => {
        if (!learnSkew(error)) throw error
        await ask()
      })
    } catch (error) {
      refusal = error instanceof CredentialsRefused ? error : tokenRefusal(error, auth.flow)
      throw refusal ?? error
    }
    const { instanceUrl, accessToken } = conn
    if (!accessToken) throw new Error('Salesforce gave no access token')
    refusal = null
    return { instanceUrl, accessToken, tenantId: conn.userInfo?.organizationId ?? '' }
  }

  async function ask(): Promise<void> {
    const grant = await grantOf()
    await deps.call('token', () => conn.authorize(grant))
  }

  async function grantOf(): Promise<{ grant_type: string; assertion?: string }> {
    if (auth.flow === 'client_credentials') return { grant_type: 'client_credentials' }
    const key = readPrivateKey(auth.privateKeyPem)
    if (typeof key === 'string') throw new CredentialsRefused(key)
    const { clientId, username, audience } = auth
    const assertion = await signAssertion({ clientId, username, audience, key, now: clock.now() + skewMs })
    return { grant_type: JWT_BEARER, assertion }
  }

  /** Whether the assertion may have been refused only because our clock is wrong, and now we know better. */
  function learnSkew(error: unknown): boolean {
    const aheadMs = serverTime.aheadMs()
    if (auth.flow !== 'jwt' || !TIME_REFUSALS.has(codeOf(error)) || aheadMs === null) return false
    if (Math.abs(aheadMs - skewMs) < SKEW_MIN_MS) return false
    skewMs = aheadMs
    log.warn(
      { code: 'clock_skew', aheadS: Math.round(aheadMs / 1000) },
      "This machine's clock and Salesforce's differ; the bridge logs in by Salesforce's time. Check the clock of this machine",
    )
    return true
  }

  /** jsforce calls this for each 401, one at a time. */
  async function refresh(): Promise<Session> {
    refreshes = refreshes.filter((at) => at > clock.now() - 60_000)
    if (refreshes.length >= REFRESHES_PER_MINUTE) {
      refusal = sessionsRefused()
      const context = { code: 'salesforce_refresh_breaker', refreshes: refreshes.length }
      log.warn(context, 'Salesforce keeps refusing fresh tokens')
      throw refusal
    }
    const waitMs = (refreshes.at(-1) ?? 0) + REFRESH_INTERVAL_MS - clock.now()
    if (waitMs > 0) await new Promise<void>((resolve) => clock.after(waitMs, resolve))
    refreshes.push(clock.now())
    return await authorize()
  }

  return { authorize, refresh, refusal: () => refusal }
}

/** jsforce hangs for ever if a refresh function throws without calling back, and asks again without limit while the org answers 401. */
export function refreshFn(auth: () => Auth) {
  return (_conn: Connection, callback: (error: Error | null, token?: string) => void): void => {
    auth()
      .refresh()
      .then(
        ({ accessToken }) => callback(null, accessToken),
        (error: unknown) => callback(error instanceof Error ? error : new Error(wordsOf(error))),
      )
  }
}
