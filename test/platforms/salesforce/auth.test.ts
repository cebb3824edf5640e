// Logging in to the stand-in org through jsforce, by both OAuth flows.

import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeJwt } from 'jose'
import { generate } from 'selfsigned'
import type { Clock } from '../../../src/domain/clock.ts'
import { signAssertion } from '../../../src/platforms/salesforce/login/jwt-assertion.ts'
import { readPrivateKey } from '../../../src/platforms/salesforce/login/jwt-key.ts'
import { REAL_CLOCK } from '../../support/real-clock.ts'
import { org, PKCS1, PKCS8, refused } from './auth-kit.ts'
import { CLIENT_SECRET } from './setup-kit.ts'

const aheadBy = (ms: number): Clock => ({ ...REAL_CLOCK, now: () => Date.now() + ms })

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

/** Everything an error says, with its causes. */
function deeply(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.stack} ${JSON.stringify(error)} ${deeply(error.cause)}`
}
