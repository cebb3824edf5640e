// The stand-in org's certificate: signs the consoles' tokens as Apex Auth.JWS would.
//
// NOT imitated: an X.509 certificate around the key (the bridge takes both), several certificates, their expiry.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { type JWTPayload, SignJWT } from 'jose'

/** The most that the bridge allows is 2 min. */
const LIFE_S = 90

type OrgCertificate = {
  readonly publicKeyPem: string
  /** `claims` replace what the org would say, for tests. */
  sign(userId: string, audience: string, claims?: JWTPayload): Promise<string>
}

export function createOrgCertificate(now: () => number = Date.now): OrgCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign(userId, audience, claims = {}) {
      const iat = Math.floor(now() / 1000)
      const payload = { sub: userId, aud: audience, iat, exp: iat + LIFE_S, jti: randomUUID(), ...claims }
      return new SignJWT(payload).setProtectedHeader({ alg: 'RS256' }).sign(privateKey)
    },
  }
}
