// Hosts that NO_PROXY names are dialled directly although jsforce finds a proxy in the environment.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isDirect } from '../../../src/platforms/salesforce/no-proxy.ts'

const ORG = 'https://acme.my.salesforce.com/services/data'

test.each([
  ['*', true],
  ['acme.my.salesforce.com', true],
  ['ACME.my.salesforce.com:443', true],
  ['acme.my.salesforce.com:8443', false],
  ['.salesforce.com', true],
  ['localhost, *.salesforce.com', true],
  ['salesforce.com', false],
  ['.force.com', false],
  ['my.acme.my.salesforce.com', false],
  ['', false],
])('%s', (noProxy, direct) => {
  expect(isDirect(ORG, noProxy)).toBe(direct)
})

test('an address of IPv6 is one name, with brackets and without', () => {
  expect(isDirect('http://[::1]:8080/', '::1')).toBe(true)
  expect(isDirect('http://[::1]:8080/', '[::1]:8080')).toBe(true)
  expect(isDirect('http://[::1]:8080/', '[::1]:80')).toBe(false)
})

test('a name is found wherever it stands, and whatever stands there is no error', () => {
  const name = fc.stringMatching(/^[a-z0-9.*:[\]-]{1,12}$/)
  fc.assert(
    fc.property(fc.array(name), fc.array(name), fc.constantFrom(',', ' ', ' , '), (before, after, between) => {
      expect(isDirect(ORG, [...before, 'acme.my.salesforce.com', ...after].join(between))).toBe(true)
      expect(typeof isDirect(ORG, before.join(between))).toBe('boolean')
    }),
  )
})
