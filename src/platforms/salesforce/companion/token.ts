// Checks the short-lived token with which a console proves whose it is. It is signed inside the org (Apex Auth.JWS) with a certificate of
// the org; the bridge only has the public part.

import { createPublicKey } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import type { Clock } from '../../../domain/clock.ts'
import type { PlatformUserId } from '../../../domain/side.ts'
import { asUserId } from '../wire.ts'
import { createAllowance } from './allowance.ts'
import { HELLOS_PER_MINUTE, TOKEN_BEFORE_START_S, TOKEN_IDS_MAX, TOKEN_LIFE_S, TOKEN_SKEW_S } from './limits.ts'

export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
}

/** The token is good, but this user comes too often. */
export class TooOften extends Error {
  override readonly name = 'TooOften'
  readonly user: PlatformUserId
  constructor(user: PlatformUserId) {
    super('too many connections of this user')
    this.user = user
  }
}

/** Gives the Salesforce user, or throws TokenRefused or TooOften. A token is good once. */
export type CheckToken = (token: string) => Promise<PlatformUserId>

type TokenCheckDeps = {
  readonly publicKeyPem: string
  readonly audience: string
  readonly clock: Clock
  /** Whether the user is one of the bridge's people; everybody is, where left out. */
  readonly knows?: (user: PlatformUserId) => boolean
}

/** Tokens from before this call may have been used already, so it is made when the endpoint opens. */
export function createTokenCheck(deps: TokenCheckDeps): CheckToken {
  const { audience, clock } = deps
  const key = rsaKey(deps.publicKeyPem)
  const openedAtS = Math.floor(clock.now() / 1000)
  const hellos = createAllowance({ clock, perMinute: HELLOS_PER_MINUTE })
  /** Until when each id is remembered: all equally long, so the oldest come first. */
  const used = new Map<string, number>()

  /** Synchronous: two uses at once cannot both pass. */
  function useOnce(tokenId: string): void {
    const now = clock.now()
    for (const [id, until] of used) {
      if (until >= now) break
      used.delete(id)
    }
    if (used.has(tokenId)) throw new TokenRefused('the token was used before')
    if (used.size >= TOKEN_IDS_MAX) throw new TokenRefused('too many tokens at once')
    used.set(tokenId, now + (TOKEN_LIFE_S + 2 * TOKEN_SKEW_S) * 1000)
  }

  return async (token) => {
    const payload = await verified(token, { key, audience, clock })
    const { sub, jti, iat, exp } = payload
    if (iat === undefined || exp === undefined) throw new TokenRefused('the token has no times')
    if (exp <= iat || exp - iat > TOKEN_LIFE_S)
      throw new TokenRefused(`the token is good for more than ${TOKEN_LIFE_S} s`)
    if (iat < openedAtS - TOKEN_BEFORE_START_S) throw new TokenRefused('the token is older than the endpoint')
    if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw new TokenRefused('the token has no id')
    if (typeof sub !== 'string' || !/^005[A-Za-z0-9]{15}$/.test(sub)) throw new TokenRefused('the token names no user')
    const user = asUserId(sub)
    if (deps.knows?.(user) === false) throw new TokenRefused('the bridge does not look after this user')
    if (!hellos.take(user)) throw new TooOften(user)
    useOnce(jti)
    return user
  }
}

type Verifying = { readonly key: ReturnType<typeof createPublicKey>; readonly audience: string; readonly clock: Clock }

async function verified(token: string, { key, audience, clock }: Verifying) {
  try {
    const { payload } = await jwtVerify(token, key, {
      // Only this one: a public key must never be taken for the secret of a symmetric signature. What the token's head says of keys
      // ("kid", "jwk", "x5c") is not looked at: there is one key.
      algorithms: ['RS256'],
      audience,
      requiredClaims: ['sub', 'jti', 'iat', 'exp'],
      clockTolerance: TOKEN_SKEW_S,
      maxTokenAge: TOKEN_LIFE_S,
      currentDate: new Date(clock.now()),
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new TokenRefused(error.message)
    throw error
  }
}

export function rsaKey(pem: string): ReturnType<typeof createPublicKey> {
  if (pem.includes('PRIVATE KEY')) {
    throw new Error(
      'companion.public_key is a private key; the bridge must only have the certificate or its public key.',
    )
  }
  const key = readKey(pem)
  if (key.asymmetricKeyType !== 'rsa')
    throw new Error("companion.public_key must be an RSA key, as the org's certificates have.")
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw new Error('companion.public_key must have 2,048 bits or more; a shorter key can be broken.')
  return key
}

function readKey(pem: string): ReturnType<typeof createPublicKey> {
  try {
    return createPublicKey(pem)
  } catch (cause) {
    throw new Error('companion.public_key is neither a PEM certificate nor a PEM public key.', { cause })
  }
}
