// A page of somebody else in the browser of somebody who may: it changes nothing and reads nothing, whatever the browser adds of its own accord.

import { afterEach, describe, expect, test } from '@jest/globals'
import { type OpsUnderTest, openOps, TOKEN } from './ops-server.ts'
import { ask } from './raw-http.ts'

const open: OpsUnderTest[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((ops) => ops.stop()))
})

async function opened(options: Parameters<typeof openOps>[0] = {}): Promise<OpsUnderTest> {
  const ops = await openOps(options)
  open.push(ops)
  return ops
}

const ACTIONS = ['pause', 'resume', 'release', 'resync', 'reload', 'work', 'forget']
const BASIC = `Authorization: Basic ${Buffer.from(`admin:${TOKEN}`).toString('base64')}\r\n`
const BEARER = `Authorization: Bearer ${TOKEN}\r\n`
const ORDER = '{"all":true}'

type Sent = { readonly path?: string; readonly headers: string; readonly body?: string; readonly method?: string }

async function send(ops: OpsUnderTest, { path = '/api/pause', headers, body = ORDER, method = 'POST' }: Sent) {
  const { host } = new URL(ops.url)
  const head = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n`
  return await ask(ops.url, `${head}${body}`)
}

describe('orders', () => {
  test.each(ACTIONS)('%s: a password that the browser knows is not enough', async (action) => {
    const ops = await opened()
    for (const headers of ['', BASIC, `Cookie: token=${TOKEN}\r\n`])
      expect((await send(ops, { path: `/api/${action}`, headers })).status).toBe(401)
    expect(ops.status.orders).toEqual([])
  })

  test.each([
    [
      'a foreign page',
      'Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\nContent-Type: application/json\r\n',
    ],
    [
      'a page of a neighbour',
      'Origin: http://127.0.0.1:1\r\nSec-Fetch-Site: same-site\r\nContent-Type: application/json\r\n',
    ],
    ['a page in a sandbox', 'Origin: null\r\nContent-Type: application/json\r\n'],
    ['a form', 'Origin: https://evil.example\r\nContent-Type: text/plain\r\n'],
    ['a form of our own address', 'Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n'],
  ])('%s is refused even where something adds the token for everybody', async (_, headers) => {
    const ops = await opened()
    for (const action of ACTIONS) {
      const { status } = await send(ops, { path: `/api/${action}`, headers: `${BEARER}${headers}` })
      expect([400, 403]).toContain(status)
    }
    expect(ops.status.orders).toEqual([])
  })

  test('our own page, with the token that somebody typed, may', async () => {
    const ops = await opened()
    const headers = `${BEARER}Origin: ${ops.url}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n`
    expect((await send(ops, { headers })).status).toBe(200)
    expect(ops.status.orders).toHaveLength(1)
  })
})

describe('asking beforehand whether a foreign page may', () => {
  test.each(['/api/pause', '/api/agents', '/metrics'])('is answered no: %s', async (path) => {
    const ops = await opened()
    const headers =
      'Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n'
    const answer = await send(ops, { method: 'OPTIONS', path, headers, body: '' })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.text).not.toMatch(/access-control-allow/i)
  })
})

const PAGES = [
  '/',
  '/metrics',
  '/api/agents',
  '/api/agents/jane@acme.example',
  '/api/log',
  '/api/status',
  '/api/mapping',
]

describe('reading', () => {
  test.each(PAGES)('%s: under a name of its own that leads here, a foreign page reads nothing', async (path) => {
    const ops = await opened()
    const { port } = new URL(ops.url)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1@evil.example',
      '',
    ]) {
      const answer = await ask(ops.url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      expect([400, 403]).toContain(answer.status)
      expect(answer.text).not.toContain('jane@acme.example')
    }
  })

  test.each(PAGES)('%s: no answer lets pages of other addresses look into it, load it or frame it', async (path) => {
    const ops = await opened()
    const answer = await send(ops, { method: 'GET', path, body: '', headers: 'Origin: https://evil.example\r\n' })
    const head = answer.text.slice(0, answer.text.indexOf('\r\n\r\n'))
    expect(head).not.toMatch(/access-control-allow/i)
    expect(head).toMatch(/^cross-origin-resource-policy: same-origin$/im)
    expect(head).toMatch(/^x-frame-options: DENY$/im)
    expect(head).toMatch(/frame-ancestors 'none'/i)
    expect(head).toMatch(/^x-content-type-options: nosniff$/im)
    expect(head).toMatch(/^cache-control: no-store$/im)
  })

  test('over the network it takes the token, also where it is right up to its last character', async () => {
    const ops = await opened({ host: '0.0.0.0' })
    for (const path of PAGES) {
      for (const headers of [
        '',
        `Authorization: Bearer ${TOKEN.slice(0, -1)}\r\n`,
        `Authorization: Bearer ${TOKEN}x\r\n`,
        'Authorization: Bearer \r\n',
      ]) {
        const answer = await send(ops, { method: 'GET', path, headers, body: '' })
        expect(answer.status).toBe(401)
        expect(answer.text).not.toContain('jane@acme.example')
      }
    }
  })

  test('where no token is configured nobody reads over the network, and nobody orders', async () => {
    const ops = await opened({ host: '0.0.0.0', token: null })
    for (const headers of [
      '',
      'Authorization: Bearer null\r\n',
      'Authorization: Bearer undefined\r\n',
      'Authorization: Basic Og==\r\n',
    ]) {
      for (const path of PAGES) expect((await send(ops, { method: 'GET', path, headers, body: '' })).status).toBe(401)
      for (const action of ACTIONS) expect((await send(ops, { path: `/api/${action}`, headers })).status).toBe(401)
    }
    expect(ops.status.orders).toEqual([])
  })
})

test('the token stands in no log line and in no answer', async () => {
  const ops = await opened()
  const answers = [
    await send(ops, { headers: BEARER, body: '{"agent":"nobody"}' }),
    await send(ops, { headers: BEARER, body: '{' }),
    await send(ops, { method: 'GET', path: '/nothing', headers: BEARER, body: '' }),
    await send(ops, { method: 'GET', path: '/', headers: BEARER, body: '' }),
  ]
  const shown = [...answers.map(({ text }) => text), ...ops.logged].join('\n')
  expect(shown).toContain('nobody')
  expect(shown).not.toContain(TOKEN)
})
