// A stand-in org whose app takes both OAuth flows, and a client that logs in by one of them.

import { generateKeyPairSync } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../../src/domain/clock.ts'
import { CredentialsRefused } from '../../../src/domain/platform.ts'
import type { AuthSettings } from '../../../src/platforms/salesforce/settings.ts'
import { REAL_CLOCK } from '../../support/real-clock.ts'
import { CLIENT_ID, CLIENT_SECRET, openOrg } from './setup-kit.ts'

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const { privateKey } = pair
export const PKCS8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
export const PKCS1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
export const PUBLIC = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const USER = z.object({ Id: z.string() })

type Flow = 'client_credentials' | 'jwt'

export async function org(
  options: {
    readonly flow?: Flow
    readonly auth?: Partial<Extract<AuthSettings, { flow: 'jwt' }>>
    readonly certificate?: string
    /** Our clock; the org's is this machine's. */
    readonly clock?: Clock
  } = {},
) {
  const logged: string[] = []
  const write = (context: unknown, message: string) => void logged.push(`${JSON.stringify(context)} ${message}`)
  const username = 'integration@acme.example'
  const opened = await openOrg({
    clock: options.clock ?? REAL_CLOCK,
    log: { debug: write, info: write, warn: write, error: write },
    server: { clock: REAL_CLOCK, certificate: options.certificate ?? PUBLIC },
    auth: (audience) =>
      options.flow === 'client_credentials'
        ? { flow: 'client_credentials', clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }
        : { flow: 'jwt', clientId: CLIENT_ID, username, privateKeyPem: PKCS8, audience, ...options.auth },
  })
  opened.model.addUser({ username: 'jane@acme.example' })
  const users = () => opened.client.query('users', 'SELECT Id FROM User', USER)
  return { ...opened, users, logged }
}

/** The sentence of the refusal. */
export async function refused(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof CredentialsRefused)) throw new Error(`not refused: ${String(error)}`)
  return error.message
}
