// Blanking secrets in texts of others: whatever the secret, wherever it stands and however it is written there.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createScrub } from '../../src/domain/scrub.ts'

/** As people and machines make them; with the characters that addresses, forms and JSON write otherwise. */
const secret = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 60 }).filter((text) => /^\S+$/.test(text)),
  fc.stringMatching(/^[A-Za-z0-9+/]{40,80}={0,2}$/),
  fc.stringMatching(/^[A-Za-z0-9_.~-]{16,90}$/),
  fc.stringMatching(/^[ -~]{14,30}$/).map((text) => `p${text.trim()}&=%"\\`),
)
const around = fc.string({ maxLength: 30 })

const WRITINGS: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'in an address': (text) => `https://login.example/token?client_secret=${encodeURIComponent(text)}&x=1`,
  'in a form': (text) => `a=b&assertion=${encodeURIComponent(text).replaceAll('%20', '+')}`,
  'in JSON': (text) => JSON.stringify({ message: `You sent ${text}.`, text }),
}

describe('a known secret', () => {
  test.each(Object.keys(WRITINGS))('is nowhere left, %s', (writing) => {
    fc.assert(
      fc.property(secret, around, around, (hidden, before, after) => {
        const written = (WRITINGS[writing] ?? String)(hidden)
        const { line, words } = createScrub([hidden])
        for (const blank of [line, words]) {
          const shown = blank(`${before} ${written} ${after}`)
          expect(shown).toContain('•••')
          for (const form of [hidden, encodeURIComponent(hidden), JSON.stringify(hidden).slice(1, -1)]) {
            if (!before.includes(form) && !after.includes(form)) expect(shown).not.toContain(form)
          }
        }
      }),
    )
  })

  test('is not left in part, where somebody cut the text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_.~-]{16,90}$/), fc.nat(), (hidden, at) => {
        const cut = `refused: ${hidden}`.slice(0, 'refused: '.length + 8 + (at % (hidden.length - 8)))
        expect(createScrub([hidden]).line(cut)).toBe('refused: •••')
      }),
    )
  })

  test('of several lines is blanked line by line, as logs quote them', () => {
    const key = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj'
    const shown = createScrub([key]).line('at MIIEvQIBADANBgkqhkiG9w0BAQEFAASC then BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj')
    expect(shown).toBe('at ••• then •••')
  })
})

describe('what has the form of a secret is blanked without being known', () => {
  const { line, words } = createScrub([])
  test.each([
    ['a bearer token', 'Authorization: Bearer 00D5g000004abcd!AQEAQPx', 'Authorization: Bearer •••'],
    ['a basic login', 'authorization: basic YWRtaW46aHVudGVyMg==', 'authorization: basic •••'],
    ['a JSON Web Token', 'token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwMDUifQ.c2ln refused', 'token ••• refused'],
    ['a password in an address', 'via http://bridge:s3cret@proxy.example:3128', 'via http://•••@proxy.example:3128'],
    ['a member of JSON', '{"client_secret": "hunter2hunter2", "a": 1}', '{"client_secret": "•••", "a": 1}'],
    ['a part of a form', 'grant_type=x&client_secret=hunter2&b=c', 'grant_type=x&client_secret=•••&b=c'],
    ['a private key', 'key -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- end', 'key ••• end'],
    ['half a private key', 'key -----BEGIN PRIVATE KEY-----\\nMIIE', 'key •••'],
  ])('%s', (_, text, shown) => {
    expect(line(text)).toBe(shown)
    expect(words(text)).toBe(shown)
  })

  test('a token of a platform, in its words', () => {
    const token = 'kT3xJ9mQv2LpZr8WnYb5Hc1DsFg7Ae4UiOqXl0NyRtBzKv6PjMwE'
    expect(words(`The session ${token} has ended.`)).toBe('The session ••• has ended.')
    expect(words(`00D5g000004abcdEAA!AQEAQPx_${token}`)).toBe('•••')
  })
})

test('what people must read stays as it is', () => {
  const { words, line } = createScrub(['a-secret-of-the-settings'])
  for (const text of [
    'connect ECONNREFUSED 127.0.0.1:8787 (ECONNREFUSED)',
    "Salesforce did not answer \"status\": INVALID_FIELD: No such column 'IsAway' on entity 'UserServicePresence'",
    'https://acme--uat.sandbox.my.salesforce.com/services/data/v67.0/query',
    'the topic v2.users.3a5c1f9e-77aa-4a0f-9d3a-1b2c3d4e5f60.presence is refused',
    'sha256:1f0c9a3d1f0c9a3d1f0c9a3d1f0c9a3d1f0c9a3d1f0c9a3d1f0c9a3d1f0c9a3d',
    'jane.doe@acme.example has no status Presence_Bridge_Transition_Of_The_Whole_Team',
    'Changes need the token: Authorization: Bearer TOKEN.',
    'Jane went On Queue in telephony, so the CRM was set from Online to Busy (mappings.yaml line 7).',
  ]) {
    expect(words(text)).toBe(text)
    expect(line(text)).toBe(text)
  }
})
