// What the environment says about a proxy, and what is made of it.

import { expect, test } from '@jest/globals'
import { inLowerCase, proxiesOf, wrongProxies } from '../../src/app/proxies.ts'

test('without a proxy everything is dialled directly, whatever NO_PROXY says', () => {
  expect(proxiesOf({})).toBeUndefined()
  expect(proxiesOf({ NO_PROXY: 'localhost', HTTPS_PROXY: ' ' })).toBeUndefined()
})

test('each variable counts in both spellings, the one in lower case first', () => {
  const https = 'http://one.example:3128'
  expect(proxiesOf({ HTTPS_PROXY: https })).toEqual({ HTTPS_PROXY: https })
  expect(proxiesOf({ https_proxy: https, HTTPS_PROXY: 'http://other.example', no_proxy: '.acme.example' })).toEqual({
    HTTPS_PROXY: https,
    NO_PROXY: '.acme.example',
  })
  expect(proxiesOf({ http_proxy: https })).toEqual({ HTTP_PROXY: https })
})

test('what is no address of a proxy is told by the name of the variable alone', () => {
  const said = wrongProxies({ HTTPS_PROXY: 'bridge:secret', HTTP_PROXY: 'socks5://proxy.example' })
  expect(said).toHaveLength(2)
  expect(said[0]).toContain('HTTPS_PROXY')
  expect(said.join()).not.toContain('secret')
  expect(wrongProxies({ HTTPS_PROXY: 'http://user:pass@proxy.example:3128' })).toEqual([])
})

test('libraries that read the spelling in lower case alone are given it, and nothing that is there is replaced', () => {
  expect(inLowerCase({ HTTPS_PROXY: 'a', NO_PROXY: 'b', no_proxy: 'c', HOME: '/root' })).toEqual({ https_proxy: 'a' })
})
