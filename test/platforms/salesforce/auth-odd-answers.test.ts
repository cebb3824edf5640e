// Answers that are none: maintenance pages, proxies, nothing at all. Only a 401 that never ends is a refusal.

import { describe, expect, test } from '@jest/globals'
import { CredentialsRefused } from '../../../src/domain/platform.ts'
import { org, refused } from './auth-kit.ts'
import { odd } from './setup-kit.ts'

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
