// Checks the short-lived token with which a console proves whose it is. It is signed inside the org (Apex Auth.JWS) with a certificate of
// the org; the bridge only has the public part.

import { createPublicKey } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import type { Clock } from '../../domain/clock.ts'
import type { PlatformUserId } from '../../domain/side.ts'
import { TOKEN_IDS_MAX, TOKEN_LIFE_S, TOKEN_SKEW_S } from './settings.ts'
import { asUserId } from './wire.ts'

export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
}

/** Gives the Salesforce user, or throws TokenRefused. A token is good once. */
export type CheckToken = (token: string) => Promise<PlatformUserId>

export function createTokenCheck(deps: { publicKeyPem: string; audience: string; clock: Clock }): CheckToken {
  const { audience, clock } = deps
  const key = rsaKey(deps.publicKeyPem)
  const used = new Map<string, number>()

  /** Synchronous: two uses at once cannot both pass. */
  function useOnce(tokenId: string, expiresAt: number): void {
    const now = clock.now()
    for (const [id, until] of used) if (until < now) used.delete(id)
    if (used.has(tokenId)) throw new TokenRefused('the token was used before')
    if (used.size >= TOKEN_IDS_MAX) throw new TokenRefused('too many tokens at once')
    used.set(tokenId, expiresAt + TOKEN_SKEW_S * 1000)
  }

  return async (token) => {
    const payload = await verified(token, { key, audience, clock })
    const { sub, jti, iat, exp } = payload
    if (iat === undefined || exp === undefined) throw new TokenRefused('the token has no times')
    if (exp <= iat || exp - iat > TOKEN_LIFE_S)
      throw new TokenRefused(`the token is good for more than ${TOKEN_LIFE_S} s`)
    if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw new TokenRefused('the token has no id')
    if (sub === undefined || !/^005[A-Za-z0-9]{15}$/.test(sub)) throw new TokenRefused('the token names no user')
    useOnce(jti, exp * 1000)
    return asUserId(sub)
  }
}

type Verifying = { readonly key: ReturnType<typeof createPublicKey>; readonly audience: string; readonly clock: Clock }

async function verified(token: string, { key, audience, clock }: Verifying) {
  try {
    const { payload } = await jwtVerify(token, key, {
      // Only this one: a public key must never be taken for the secret of a symmetric signature.
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

function rsaKey(pem: string): ReturnType<typeof createPublicKey> {
  if (pem.includes('PRIVATE KEY')) {
    throw new Error(
      'companion.public_key is a private key; the bridge must only have the certificate or its public key.',
    )
  }
  const key = readKey(pem)
  if (key.asymmetricKeyType !== 'rsa')
    throw new Error("companion.public_key must be an RSA key, as the org's certificates have.")
  return key
}

function readKey(pem: string): ReturnType<typeof createPublicKey> {
  try {
    return createPublicKey(pem)
  } catch (cause) {
    throw new Error('companion.public_key is neither a PEM certificate nor a PEM public key.', { cause })
  }
}
