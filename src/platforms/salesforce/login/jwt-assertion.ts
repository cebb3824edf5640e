// The signed sentence "I am this app and act as this user" of the OAuth JWT bearer flow (help: "OAuth 2.0 JWT Bearer Flow for
// Server-to-Server Integration").

import type { KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Salesforce wants the end within 3 min. Two leave room for a clock that differs a little either way. */
const LIFE_S = 120

export type Assertion = {
  readonly clientId: string
  readonly username: string
  readonly audience: string
  readonly key: KeyObject
  /** By Salesforce's clock, ms since 1970. */
  readonly now: number
}

export function signAssertion({ clientId, username, audience, key, now }: Assertion): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(clientId)
    .setSubject(username)
    .setAudience(audience)
    .setExpirationTime(Math.floor(now / 1000) + LIFE_S)
    .sign(key)
}
