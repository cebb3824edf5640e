// The org's Apex: that it is Apex, keeps the rules, and makes tokens that the bridge takes.

import { describe, expect, test } from '@jest/globals'
import { createTokenCheck, TokenRefused } from '../../src/platforms/salesforce/companion/token.ts'
import { createOrgCertificate } from '../../src/sandbox/salesforce/certificate.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'
import { type ApexFile, apexFindings } from './apex-lint.ts'
import { filesOf, read, SOURCES } from './org-files.ts'

const apex: readonly ApexFile[] = filesOf(`${SOURCES}/classes`)
  .filter((path) => path.endsWith('.cls'))
  .map((path) => ({ name: path.split('/').at(-1) ?? path, text: read(path) }))

test('every class parses and keeps the rules', () => {
  expect(apex.map(({ name }) => name)).toEqual(['PresenceBridgeToken.cls', 'PresenceBridgeTokenTest.cls'])
  expect(apexFindings(apex)).toEqual([])
})

describe('the checks would find', () => {
  const good = 'public with sharing class A { @AuraEnabled public static String b() { return null; } }'
  const tests = '@IsTest private with sharing class ATest { @IsTest static void t() { A.b(); } }'
  const found = (text: string, other = tests) =>
    apexFindings([
      { name: 'A', text },
      { name: 'ATest', text: other },
    ])

  test('nothing where nothing is wrong', () => {
    expect(found(good)).toEqual([])
  })

  test.each<[string, string, string]>([
    ['a missing bracket', good.slice(0, -1), 'syntax'],
    ['a string that does not end', good.replace('null', "'abc"), 'syntax'],
    ['a class without sharing', good.replace('with sharing ', ''), 'with sharing'],
    ['a class that shuns sharing', good.replace('with sharing', 'without sharing'), 'with sharing'],
    [
      'a query in a for loop',
      good.replace(
        'return null;',
        'for (Integer i = 0; i < 9; i++) { User u = [SELECT Id FROM User LIMIT 1]; } return null;',
      ),
      'query in a loop',
    ],
    [
      'a query in a loop over a query',
      good.replace(
        'return null;',
        'for (User u : [SELECT Id FROM User]) { Account a = [SELECT Id FROM Account WHERE OwnerId = :u.Id]; } return null;',
      ),
      'query in a loop',
    ],
    [
      'a query in a while condition',
      good.replace('return null;', 'while ([SELECT COUNT() FROM User] > 3) { } return null;'),
      'query in a loop',
    ],
    ['a record id', good.replace('null', "'0N5000000000001AAA'"), 'record id'],
    ['a short record id', good.replace('null', "'005000000000001'"), 'record id'],
    ['a debug line', good.replace('return', "System.debug('x'); return"), 'System.debug'],
  ])('%s', (_what, text, words) => {
    expect(found(text)[0]).toContain(words)
  })

  test('but not the query that a loop goes through', () => {
    expect(
      found(good.replace('return null;', 'for (User u : [SELECT Id FROM User]) { u.Id = null; } return null;')),
    ).toEqual([])
  })

  test('a method for components that no test calls', () => {
    expect(found(good, tests.replace('A.b();', ''))).toEqual(['A: no test calls A.b'])
    expect(found(good, tests.replace('@IsTest static', 'static'))).toEqual(['A: no test calls A.b'])
  })
})

describe('the token', () => {
  const text = apex.find(({ name }) => name === 'PresenceBridgeToken.cls')?.text ?? ''
  const user = '005000000000001AAA'

  /** The claims that the Apex text sets, by what it sets them to. */
  function claimsOf(source: string): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000)
    const lifeS = Number(/VALID_SECONDS = (\d+);/.exec(source)?.[1])
    return {
      ...(/setSub\(UserInfo\.getUserId\(\)\)/.test(source) ? { sub: user } : { sub: undefined }),
      ...(/setAud\(audience\)/.test(source) ? { aud: 'acme' } : { aud: undefined }),
      ...(/'jti' => UUID\.randomUUID\(\)/.test(source) ? { jti: crypto.randomUUID() } : { jti: undefined }),
      ...(/put\('iat', Datetime\.now\(\)\.getTime\(\) \/ 1000\)/.test(source) ? { iat: now } : { iat: undefined }),
      ...(/setValidityLength\(VALID_SECONDS\)/.test(source) ? { exp: now + lifeS } : { exp: undefined }),
    }
  }

  async function taken(source: string): Promise<string> {
    const { sign, publicKeyPem } = createOrgCertificate()
    const check = createTokenCheck({ publicKeyPem, audience: 'acme', clock: REAL_CLOCK, knows: () => true })
    return await check(await sign(user, 'acme', claimsOf(source)))
  }

  test('that Apex makes is one that the bridge takes', async () => {
    expect(await taken(text)).toBe(user)
  })

  test.each<[string, string, string]>([
    ['the user', 'claims.setSub(UserInfo.getUserId());', ''],
    ['the audience', 'claims.setAud(audience);', ''],
    ['an id', "'jti' => UUID", "'x' => UUID"],
    ['a beginning', "put('iat'", "put('x'"],
    ['an end', 'claims.setValidityLength(VALID_SECONDS);', ''],
    ['a short life', 'VALID_SECONDS = 90', 'VALID_SECONDS = 121'],
  ])('would be refused without %s', async (_what, from, to) => {
    expect(text).toContain(from)
    await expect(taken(text.replace(from, to))).rejects.toBeInstanceOf(TokenRefused)
  })

  test('is signed by the certificate that the settings name, by nothing else', () => {
    expect(text).toContain('new Auth.JWS(claims, certificate)')
    expect(text.match(/certificate/gi)).not.toBeNull()
    expect(text).not.toMatch(/PRIVATE KEY|Crypto\.|Blob\.valueOf/)
  })
})
