// Logging in to the stand-in org through jsforce, by both OAuth flows.

import { createCipheriv, createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeJwt } from 'jose'
import { generate } from 'selfsigned'
import { z } from 'zod'
import type { Clock } from '../../../src/domain/clock.ts'
import { CredentialsRefused } from '../../../src/domain/platform.ts'
import { signAssertion } from '../../../src/platforms/salesforce/jwt-assertion.ts'
import { readPrivateKey } from '../../../src/platforms/salesforce/jwt-key.ts'
import type { AuthSettings } from '../../../src/platforms/salesforce/settings.ts'
import { REAL_CLOCK } from '../../support/real-clock.ts'
import { CLIENT_ID, CLIENT_SECRET, odd, openOrg } from './setup-kit.ts'

const aheadBy = (ms: number): Clock => ({ ...REAL_CLOCK, now: () => Date.now() + ms })

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PKCS8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const PKCS1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const PUBLIC = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const USER = z.object({ Id: z.string() })

type Flow = 'client_credentials' | 'jwt'

async function org(
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
async function refused(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof CredentialsRefused)) throw new Error(`not refused: ${String(error)}`)
  return error.message
}

describe('logging in with a signed assertion', () => {
  test.each([
    ['PKCS#8', PKCS8],
    ['PKCS#1', PKCS1],
    ['PKCS#8 with \\n in an environment variable', PKCS8.replaceAll('\n', '\\n')],
  ])('works with a key as %s', async (_form, privateKeyPem) => {
    const { users, client, model } = await org({ auth: { privateKeyPem } })
    expect(await users()).toHaveLength(1)
    expect(client.user()).toBe(model.setup.runAs.id)
  })

  test('works with a certificate around the public key, as the org has it', async () => {
    const made = await generate([{ name: 'commonName', value: 'presence-bridge' }], { keySize: 2048 })
    const { users } = await org({ auth: { privateKeyPem: made.private }, certificate: made.cert })
    expect(await users()).toHaveLength(1)
  })

  test('an expired token is renewed within the same call', async () => {
    const { server, users } = await org()
    await users()
    server.faults.expireTokens()
    expect(await users()).toHaveLength(1)
    expect(server.faults.calls.tokens).toBe(2)
  })

  test.each([
    ['five minutes behind', -300_000],
    ['five minutes ahead', 300_000],
    ['a day behind', -86_400_000],
  ])('works while our clock is %s, and says so once', async (_how, ms) => {
    const { server, users, logged } = await org({ clock: aheadBy(ms) })
    expect(await users()).toHaveLength(1)
    server.faults.expireTokens()
    expect(await users()).toHaveLength(1)
    expect(server.faults.calls.tokens).toBe(3)
    const said = logged.flatMap((line) => /clock_skew.*"aheadS":(-?\d+)/.exec(line)?.[1] ?? [])
    expect(said).toHaveLength(1)
    // The header has whole seconds.
    expect(Math.abs(Number(said[0]) + ms / 1000)).toBeLessThanOrEqual(2)
  })

  test('a clock that is right is no reason to ask twice', async () => {
    const { model, server, users, logged } = await org()
    model.setup.runAs.approved = 'by_nobody'
    await refused(users())
    expect(server.faults.calls.tokens).toBe(1)
    expect(logged).toEqual([])
  })

  test('the assertion never lives longer than three minutes and is about this user only', async () => {
    const key = readPrivateKey(PKCS8)
    if (typeof key === 'string') throw new Error(key)
    const instant = fc.integer({ min: 0, max: 4_000_000_000_000 })
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1 }),
        fc.string({ minLength: 1 }),
        instant,
        async (username, audience, now) => {
          const claims = decodeJwt(await signAssertion({ clientId: 'client', username, audience, key, now }))
          expect(claims).toEqual({ iss: 'client', sub: username, aud: audience, exp: expect.any(Number) })
          const lifeMs = (claims.exp ?? 0) * 1000 - now
          expect(lifeMs).toBeGreaterThan(0)
          expect(lifeMs).toBeLessThanOrEqual(180_000)
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('a log-in that is refused says what to do', () => {
  test.each([
    ['by_nobody', /user hasn't approved this consumer.*Policies → Permitted Users/],
    ['not_by_admin', /invalid_app_access.*pre-authorized/],
  ] as const)('the app is approved %s', async (approved, sentence) => {
    const { model, users } = await org()
    model.setup.runAs.approved = approved
    expect(await refused(users())).toMatch(sentence)
  })

  test.each([
    ['another user', { username: 'nobody@acme.example' }, /approved this consumer/],
    ['another app', { clientId: 'other' }, /invalid_client_id.*crm\.auth\.client_id/],
    ['another log-in host', { audience: 'https://login.salesforce.com' }, /crm\.auth\.audience.*test\.salesforce\.com/],
    [
      'a key that does not belong to the certificate',
      {
        privateKeyPem: generateKeyPairSync('rsa', { modulusLength: 2048 })
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      },
      /invalid assertion.*crm\.auth\.private_key belongs to the certificate/,
    ],
  ])('%s', async (_what, auth, sentence) => {
    const { users } = await org({ auth })
    expect(await refused(users())).toMatch(sentence)
  })

  test('the user is inactive', async () => {
    const { model, users } = await org()
    model.setup.runAs.active = false
    expect(await refused(users())).toMatch(/user is inactive.*Activate the user/)
  })

  test('the client credentials have no user', async () => {
    const { model, users } = await org({ flow: 'client_credentials' })
    model.setup.runAs.active = false
    expect(await refused(users())).toMatch(/no client credentials user enabled.*run-as user/)
  })
})

describe('a private key that is none', () => {
  const encrypted = privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString()
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey

  test.each([
    ['protected by a password', encrypted, /protected by a password/],
    ['protected in the old way', legacyEncrypted(), /protected by a password/],
    [
      'a certificate',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
      /is a certificate.*needs the key that belongs/,
    ],
    ['a public key', PUBLIC, /is a public key/],
    ['elliptic', elliptic.export({ type: 'pkcs8', format: 'pem' }).toString(), /RSA keys only/],
    ['elliptic in the old form', elliptic.export({ type: 'sec1', format: 'pem' }).toString(), /RSA keys only/],
    ['too short', weak.export({ type: 'pkcs8', format: 'pem' }).toString(), /has 1024 bits/],
    ['cut off', PKCS8.slice(0, 400), /cut off or damaged/],
    ['a path', '/run/secrets/sf.key', /is no PEM text/],
    ['empty', '', /is no PEM text/],
  ])('%s: a sentence, and nothing is sent', async (_what, privateKeyPem, sentence) => {
    const { server, users } = await org({ auth: { privateKeyPem } })
    expect(await refused(users())).toMatch(sentence)
    expect(server.faults.calls.tokens).toBe(0)
  })

  test('whatever the text is, the sentence never repeats a part of it', () => {
    const body = fc.stringMatching(/^[A-Za-z0-9+/]{40,120}$/)
    const kind = fc.constantFrom(
      'PRIVATE KEY',
      'RSA PRIVATE KEY',
      'CERTIFICATE',
      'ENCRYPTED PRIVATE KEY',
      'EC PRIVATE KEY',
    )
    fc.assert(
      fc.property(kind, body, (label, text) => {
        const answer = readPrivateKey(`-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`)
        expect(typeof answer === 'string' && !answer.includes(text.slice(0, 12))).toBe(true)
      }),
    )
  })
})

describe.each(['client_credentials', 'jwt'] as const)('%s', (flow) => {
  test('an org that gives tokens but refuses them is asked a few times only, and recovers', async () => {
    const { server, users } = await org({ flow })
    server.faults.refuseTokens(true)
    expect(await refused(users())).toMatch(/refuses every call/)
    expect(server.faults.calls.tokens).toBeLessThanOrEqual(5)
    server.faults.refuseTokens(false)
    expect(await users()).toHaveLength(1)
  })

  test('neither secret nor key nor assertion stands in a log line or an error, whatever goes wrong', async () => {
    const wrongs = [
      ({ model }: Awaited<ReturnType<typeof org>>) => void Object.assign(model.setup.runAs, { active: false }),
      ({ server }: Awaited<ReturnType<typeof org>>) => server.faults.refuseTokens(true),
      ({ server }: Awaited<ReturnType<typeof org>>) => server.faults.failNext(9, 503),
      ({ server }: Awaited<ReturnType<typeof org>>) => void server.close(),
    ]
    for (const wrong of wrongs) {
      const world = await org({ flow, clock: aheadBy(-300_000) })
      wrong(world)
      const error: unknown = await world.users().catch((thrown: unknown) => thrown)
      const told = [...world.logged, deeply(error)].join('\n')
      expect(error).toBeInstanceOf(Error)
      expect(told).not.toContain(CLIENT_SECRET)
      expect(told).not.toMatch(/eyJ[A-Za-z0-9_-]{10}/)
      expect(told).not.toContain(PKCS8.split('\n')[1])
    }
  })
})

describe('odd answers of the token endpoint', () => {
  test.each([
    ['a maintenance page', 503, '<!DOCTYPE html><html><body>Down for maintenance</body></html>', /HTML page/],
    ['nothing', 500, '', /ERROR_HTTP_500/],
    ['a plain sentence', 502, 'Bad gateway', /Bad gateway/],
  ])('%s is no refusal: it is tried again later', async (_what, status, body, words) => {
    const { server, users } = await org()
    odd(server.url).post('/services/oauth2/token').reply(status, body)
    const error: unknown = await users().catch((thrown: unknown) => thrown)
    expect(error).not.toBeInstanceOf(CredentialsRefused)
    expect(String(error)).toMatch(words)
    expect(String(error)).not.toContain('<html>')
  })
})

describe('odd answers to a query', () => {
  const QUERY = /\/services\/data\/v67\.0\/query/
  test.each([
    ['an HTML page', 503, '<html><head><title>Maintenance</title></head></html>', 'text/html', /HTML page/],
    ['an HTML page of a proxy', 403, '<!doctype html><title>Blocked</title>', 'text/html; charset=utf-8', /HTML page/],
    ['nothing at all', 500, '', 'text/plain', /ERROR_HTTP_500/],
    ['half an answer', 200, '{"done":tr', 'application/json', /users/],
  ])('%s: not now, in one line', async (_what, status, body, type, words) => {
    const { server, users } = await org()
    odd(server.url).get(QUERY).reply(status, body, { 'Content-Type': type })
    const error: unknown = await users().catch((thrown: unknown) => thrown)
    expect(error).not.toBeInstanceOf(CredentialsRefused)
    expect(String(error)).toMatch(words)
    expect(String(error)).not.toMatch(/<|\n/)
    expect(await users()).toHaveLength(1)
  })

  test('a 401 without a body renews the token once and goes on', async () => {
    const { server, users } = await org()
    odd(server.url).get(QUERY).reply(401)
    expect(await users()).toHaveLength(1)
    expect(server.faults.calls.tokens).toBe(2)
  })

  test('401 without a body for ever ends with a sentence after a few tokens', async () => {
    const { server, users } = await org()
    odd(server.url).get(QUERY).times(50).reply(401)
    expect(await refused(users())).toMatch(/refuses every call.*API Enabled/)
    expect(server.faults.calls.tokens).toBeLessThanOrEqual(5)
  })
})

/** Everything an error says, with its causes. */
function deeply(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.stack} ${JSON.stringify(error)} ${deeply(error.cause)}`
}

/** PKCS#1 with a password, as `openssl genrsa -aes128 -traditional` writes it. */
function legacyEncrypted(): string {
  const iv = randomBytes(16)
  const key = createHash('md5').update('x').update(iv.subarray(0, 8)).digest()
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  const body = Buffer.concat([cipher.update(privateKey.export({ type: 'pkcs1', format: 'der' })), cipher.final()])
  const lines = body.toString('base64').replace(/(.{64})/g, '$1\n')
  const head = `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${iv.toString('hex').toUpperCase()}\n\n`
  return `-----BEGIN RSA PRIVATE KEY-----\n${head}${lines}\n-----END RSA PRIVATE KEY-----`
}
