// The private key of the settings: read, or said in a sentence why it is none; no part of it is ever repeated.

import { createCipheriv, createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readPrivateKey } from '../../../src/platforms/salesforce/login/jwt-key.ts'
import { org, PKCS8, PUBLIC, privateKey, refused } from './auth-kit.ts'

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
