// The stand-in's OAuth token endpoint: client credentials and JWT bearer, and the access tokens that came of them.
//
// NOT imitated: any other flow, scopes, sessions' time-out, IP restrictions, several apps. The words of refusals are those of public
// reports where there are some; those of an assertion that is too old or lives too long are made up.

import { createPublicKey, randomBytes } from 'node:crypto'
import { decodeJwt, type JWTPayload, errors as joseErrors, jwtVerify } from 'jose'
import type { Clock } from '../../domain/clock.ts'
import type { FaultState } from './faults.ts'
import type { SalesforceModel } from './model.ts'
import type { Reply } from './rest.ts'

/** Access tokens that are good; the oldest is forgotten. */
const TOKENS_MAX = 1_000
/** An assertion may not live longer, s: the help says three minutes; a little more for what the way takes. */
const ASSERTION_LIFE_MAX_S = 185

export type TokenDeps = {
  readonly model: SalesforceModel
  readonly clock: Clock
  readonly faults: FaultState
  readonly clientId: string
  readonly clientSecret: string
  readonly instanceUrl: () => string
  /** The app's certificate or public key (PEM), for the JWT flow; left out: the app has none. */
  readonly certificate?: string
  /** Whom assertions must be made for; where left out, the stand-in itself. */
  readonly audience?: string
}

export type Tokens = {
  grant(form: URLSearchParams): Promise<Reply>
  accepts(authorization: string | undefined): boolean
  expire(): void
}

export function createTokens(deps: TokenDeps): Tokens {
  const { model, clock, faults } = deps
  const good = new Set<string>()

  async function grant(form: URLSearchParams): Promise<Reply> {
    faults.calls.tokens++
    const refusal = await refusalOf(form)
    if (refusal !== null) return oauthError(refusal)
    const access = `${model.organization}!${randomBytes(24).toString('base64url')}`
    good.add(access)
    for (const oldest of good) if (good.size > TOKENS_MAX) good.delete(oldest)
    const body = {
      access_token: access,
      signature: randomBytes(32).toString('base64'),
      scope: 'api',
      instance_url: deps.instanceUrl(),
      id: `${deps.instanceUrl()}/id/${model.organization}/${model.setup.runAs.id}`,
      token_type: 'Bearer',
      issued_at: String(clock.now()),
    }
    return { status: 200, body }
  }

  async function refusalOf(form: URLSearchParams): Promise<Refusal | null> {
    switch (form.get('grant_type')) {
      case 'client_credentials':
        return refusedClient(form)
      case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
        return await refusedAssertion(form.get('assertion') ?? '')
      default:
        return ['unsupported_grant_type', 'grant type not supported']
    }
  }

  function refusedClient(form: URLSearchParams): Refusal | null {
    if (form.get('client_id') !== deps.clientId) return ['invalid_client_id', 'client identifier invalid']
    if (form.get('client_secret') !== deps.clientSecret) return ['invalid_client', 'invalid client credentials']
    return model.setup.runAs.active ? null : ['invalid_grant', 'no client credentials user enabled']
  }

  async function refusedAssertion(assertion: string): Promise<Refusal | null> {
    const claims = claimsOf(assertion)
    if (claims === null) return ['invalid_grant', 'invalid assertion']
    if (claims.iss !== deps.clientId) return ['invalid_client_id', 'client identifier invalid']
    if (claims.aud !== (deps.audience ?? deps.instanceUrl())) return ['invalid_grant', 'audience is invalid']
    return (await refusedSignature(assertion)) ?? refusedLife(claims) ?? refusedUser(claims)
  }

  async function refusedSignature(assertion: string): Promise<Refusal | null> {
    if (deps.certificate === undefined) return ['invalid_grant', 'invalid assertion']
    try {
      const currentDate = new Date(clock.now())
      await jwtVerify(assertion, createPublicKey(deps.certificate), { algorithms: ['RS256'], currentDate })
      return null
    } catch (error) {
      return ['invalid_grant', error instanceof joseErrors.JWTExpired ? 'expired assertion' : 'invalid assertion']
    }
  }

  function refusedLife({ exp = 0 }: JWTPayload): Refusal | null {
    const tooLong = exp > clock.now() / 1000 + ASSERTION_LIFE_MAX_S
    return tooLong ? ['invalid_grant', 'assertion lives too long'] : null
  }

  function refusedUser({ sub }: JWTPayload): Refusal | null {
    const { username, active, approved } = model.setup.runAs
    if (sub !== username) return ['invalid_grant', "user hasn't approved this consumer"]
    if (!active) return ['inactive_user', 'user is inactive']
    if (approved === 'by_nobody') return ['invalid_grant', "user hasn't approved this consumer"]
    if (approved === 'not_by_admin') return ['invalid_app_access', 'user is not admin approved to access this app']
    return null
  }

  return {
    grant,
    accepts(authorization) {
      const [scheme, access] = (authorization ?? '').split(' ')
      return (scheme === 'Bearer' || scheme === 'OAuth') && access !== undefined && good.has(access)
    },
    expire: () => good.clear(),
  }
}

type Refusal = readonly [error: string, description: string]

function claimsOf(assertion: string): JWTPayload | null {
  try {
    return decodeJwt(assertion)
  } catch {
    return null
  }
}

function oauthError([error, description]: Refusal): Reply {
  return { status: 400, body: { error, error_description: description } }
}
