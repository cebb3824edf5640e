// The access token of the client-credentials grant: fetched once for everybody who waits, renewed before its end. There is no
// refresh token for this grant. Organisations under HIPAA rules end a token that was idle for 15 minutes, whatever its age.

import type { Clock } from '../../domain/clock.ts'
import type { Answer, Exchange } from './exchange.ts'
import { describeFailure, retryAfterMs } from './http.ts'
import { TOKEN_EARLY_MS } from './settings.ts'
import { ErrorAnswer, TokenAnswer } from './wire.ts'

type TokenOutcome =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'credentials'; readonly message: string }
  | { readonly kind: 'limited'; readonly untilMs: number; readonly message: string }
  | { readonly kind: 'network'; readonly message: string; readonly connected: boolean }

export type TokenSource = {
  get(signal: AbortSignal): Promise<TokenOutcome>
  /** A fresh one, unless someone else has fetched one since `refused` was handed out. */
  renew(refused: string, signal: AbortSignal): Promise<TokenOutcome>
  /** ms since 1970; undefined while there is none. */
  expiresAt(): number | undefined
}

export type TokenDeps = {
  readonly loginUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly clock: Clock
  readonly exchange: Exchange
  readonly timeoutMs: number
  /** Ends a fetch under way. */
  readonly signal: AbortSignal
}

export function createTokenSource(deps: TokenDeps): TokenSource {
  const { clock } = deps
  let current: { readonly token: string; readonly renewAt: number; readonly expiresAt: number } | undefined
  let underWay: Promise<TokenOutcome> | undefined

  async function fetchToken(): Promise<TokenOutcome> {
    const basic = Buffer.from(`${deps.clientId}:${deps.clientSecret}`).toString('base64')
    const response = await deps.exchange({
      url: `${deps.loginUrl}/oauth/token`,
      method: 'POST',
      headers: { Authorization: `Basic ${basic}`, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
      signal: AbortSignal.any([AbortSignal.timeout(deps.timeoutMs), deps.signal]),
    })
    return response.ok ? keep(response.body) : refusal(response)
  }

  function keep(body: unknown): TokenOutcome {
    const answer = TokenAnswer.safeParse(body)
    if (!answer.success) return { kind: 'network', message: 'the login answered without a token', connected: true }
    const lifeMs = answer.data.expires_in * 1_000
    const expiresAt = clock.now() + lifeMs
    // Tokens may live as little as 300 s; a short one is renewed at four fifths of its life.
    current = { token: answer.data.access_token, renewAt: expiresAt - Math.min(TOKEN_EARLY_MS, lifeMs / 5), expiresAt }
    return { kind: 'token', token: current.token }
  }

  function refusal(response: Answer): TokenOutcome {
    const parsed = ErrorAnswer.safeParse(response.body)
    const said = parsed.success ? (parsed.data.error_description ?? parsed.data.description ?? parsed.data.error) : null
    const words = said ? ` ("${said}")` : ''
    if ([400, 401, 403].includes(response.status)) {
      return {
        kind: 'credentials',
        message: `Genesys Cloud refused the OAuth client${words}: check client_id and client_secret, that the client uses the Client Credentials grant, and that the environment is the organisation's own`,
      }
    }
    if (response.status === 429) {
      const untilMs = clock.now() + retryAfterMs(response.header('retry-after'), clock.now())
      return { kind: 'limited', untilMs, message: `too many log-ins${words}` }
    }
    return { kind: 'network', message: `the login answered ${response.status}${words}`, connected: true }
  }

  // One fetch serves all who wait, so it is not ended by one caller's signal; its deadline ends it.
  function single(): Promise<TokenOutcome> {
    underWay ??= fetchToken()
      .catch((error: unknown): TokenOutcome => ({ kind: 'network', ...describeFailure(error) }))
      .finally(() => {
        underWay = undefined
      })
    return underWay
  }

  return {
    async get(signal) {
      signal.throwIfAborted()
      if (current && clock.now() < current.renewAt) return { kind: 'token', token: current.token }
      return await single()
    },
    async renew(refused, signal) {
      signal.throwIfAborted()
      if (current && current.token !== refused) return { kind: 'token', token: current.token }
      current = undefined
      return await single()
    },
    expiresAt: () => current?.expiresAt,
  }
}
