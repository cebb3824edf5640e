// Whatever comes over the wire to the ops server: it gets the right status or is cut off, and everybody else is served as before.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { CONNECTIONS_MAX, REQUEST_TIMEOUT_MS } from '../../src/ops/limits.ts'
import { type OpsUnderTest, openOps, TOKEN } from './ops-server.ts'
import { ask, openRaw, type RawConnection } from './raw-http.ts'

let ops: OpsUnderTest
beforeAll(async () => {
  ops = await openOps()
})
afterAll(async () => await ops.stop())

const HOST = 'Host: 127.0.0.1\r\n'
const AUTH = `Authorization: Bearer ${TOKEN}\r\n`
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\n${HOST}${headers}\r\n`
const post = (path: string, body: string, headers = '') =>
  `POST ${path} HTTP/1.1\r\n${HOST}${AUTH}Content-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`

async function isServing(): Promise<void> {
  expect((await fetch(`${ops.url}/livez`)).status).toBe(200)
}

describe('requests of all kinds', () => {
  test.each<[string, string, number | null]>([
    ['a query of 12,000 characters', get(`/api/log?agent=${'x'.repeat(12_000)}`), 400],
    ['a query longer than any head may be', get(`/api/log?agent=${'x'.repeat(40_000)}`), 431],
    ['a header of 40,000 bytes', get('/api/agents', `X-Big: ${'x'.repeat(40_000)}\r\n`), 431],
    ['a thousand headers', get('/api/agents', 'A: b\r\n'.repeat(1_000)), null],
    ['500 query parameters', get(`/api/log?${'a=1&'.repeat(500)}`), 400],
    ['an unknown parameter', get('/api/log?agents=jane'), 400],
    ['a parameter of the prototype', get('/api/log?__proto__=1'), 400],
    ['the same parameter twice: the first one counts', get('/api/log?limit=1&limit=100000'), 200],
    ['a limit past the largest', get('/api/log?limit=10001'), 400],
    ['a limit below none', get('/api/log?limit=-1'), 400],
    ['a time that is none', get('/api/log?from=yesterday'), 400],
    ['a time past all times', get('/api/log?from=99999999999999999999'), 400],
    ['a reason that is none', get('/api/log?reason=toString'), 400],
    ['half an escape in the query', get('/api/log?agent=%E0%A4%A'), 200],
    ['half an escape in the path', get('/api/agents/%E0%A4%A'), 404],
    ['a NUL in the path', get('/api/agents/%00'), 404],
    ['markup in the path', get('/api/agents/%3Cscript%3E'), 404],
    ['a way out of the folder', get('/assets/../../package.json'), 404],
    ['an escaped way out of the folder', get('/assets/..%2f..%2fpackage.json'), 404],
    ['a twice escaped way out', get('/assets/%252e%252e%252fpackage.json'), 404],
    ['a way out by backslashes', get('/assets/..\\..\\package.json'), 400],
    ['a folder', get('/assets/'), 404],
    ['an address with a host in it, which is not asked', get('http://evil.example/api/agents'), 200],
    ['a foreign host', `GET /api/agents HTTP/1.1\r\nHost: evil.example\r\n\r\n`, 403],
    ['a host that begins like ours', `GET /api/agents HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n`, 403],
    ['a host that is a number for ours', `GET /api/agents HTTP/1.1\r\nHost: 2130706433\r\n\r\n`, 403],
    ['two hosts', `GET /api/agents HTTP/1.1\r\n${HOST}Host: evil.example\r\n\r\n`, null],
    ['no host', `GET /api/agents HTTP/1.1\r\n\r\n`, 400],
    ['HTTP of another age', `GET /api/agents HTTP/0.9\r\n\r\n`, 400],
    ['no HTTP at all', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n', 400],
    ['a method that does not fit', `DELETE /api/agents HTTP/1.1\r\n${HOST}\r\n`, 404],
    ['a method that nobody knows', `BREW /livez HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a tunnel', `CONNECT evil.example:443 HTTP/1.1\r\n${HOST}\r\n`, null],
    ['a trace', `TRACE / HTTP/1.1\r\n${HOST}${AUTH}\r\n`, 404],
    ['an order by GET', get('/api/pause?all=true', AUTH), 404],
    ['a body over the limit', post('/api/pause', `{"agent":"${'x'.repeat(17_000)}"}`), 400],
    ['a body nested 5,000 deep', post('/api/pause', '['.repeat(5_000)), 400],
    ['a body with a prototype', post('/api/pause', '{"__proto__":{"all":true}}'), 400],
    ['a body that is no object', post('/api/pause', '"all"'), 400],
    ['a body with a wrong kind', post('/api/pause', '{"all":"true"}'), 400],
    ['an empty body', post('/api/pause', ''), 400],
    ['an empty body where everybody would be meant', post('/api/release', '{}'), 400],
    ['a reason of 501 characters', post('/api/pause', `{"all":true,"reason":"${'x'.repeat(501)}"}`), 400],
    [
      'a body by length and by chunks',
      `POST /api/pause HTTP/1.1\r\n${HOST}${AUTH}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a length that is none', `POST /api/pause HTTP/1.1\r\n${HOST}${AUTH}Content-Length: -1\r\n\r\n`, 400],
  ])('%s', async (_, bytes, status) => {
    const answer = await ask(ops.url, bytes, 4_000)
    if (status === null) {
      // Not carried out, whatever is said to it.
      expect(answer.text).not.toContain('jane@acme.example')
      expect(answer.status === null || answer.status >= 400).toBe(true)
    } else expect({ status: answer.status, text: answer.text.slice(0, 300) }).toMatchObject({ status })
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d/)
    expect(answer.text).not.toMatch(/content-type: text\/html/i)
    expect(ops.status.orders).toEqual([])
    await isServing()
  })

  test('a body in chunks without end is refused, and takes no memory for as long as it goes on', async () => {
    const connection = await openRaw(ops.url)
    connection.send(`POST /api/pause HTTP/1.1\r\n${HOST}${AUTH}Transfer-Encoding: chunked\r\n\r\n`)
    const chunk = Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`)
    const before = held()
    for (let sent = 0; sent < 800; sent += 1) await connection.sendAll(chunk)
    expect(held() - before).toBeLessThan(HELD_MAX_BYTES)
    expect(await connection.answer()).toMatchObject({ status: 400 })
    connection.close()
    expect(ops.status.orders).toEqual([])
  })

  test('a thousand requests in one go are answered one after the other, and what waits is not kept', async () => {
    const connection = await openRaw(ops.url)
    const before = held()
    for (let sent = 0; sent < 1_000; sent += 1) await connection.sendAll(Buffer.from(get('/livez')))
    const answer = await connection.answer()
    expect(answer.status).toBe(200)
    expect(held() - before).toBeLessThan(HELD_MAX_BYTES)
    connection.close()
  })
})

/** Bytes outside of the collector's reach: what comes over the wire is first kept there. Some of both ends, as they are one process here. */
function held(): number {
  return process.memoryUsage().arrayBuffers
}
/** 52 MB are sent; what is under way at some moment is some hundred kB. */
const HELD_MAX_BYTES = 16 * 1024 * 1024

describe('whatever a query says', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 })
  const name = fc.oneof(fc.constantFrom('agent', 'from', 'to', 'reason', 'limit', 'numbered', 'follow', 'format'), text)

  test('it is answered by 200 or 400, as JSON, and nothing is logged as a failure', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/api/log', '/api/timeline', '/api/figures'),
        fc.array(fc.tuple(name, text), { maxLength: 6 }),
        async (path, pairs) => {
          const query = new URLSearchParams(pairs.map(([key, value]): [string, string] => [key, value.toWellFormed()]))
          const answer = await fetch(`${ops.url}${path}?${query}`)
          expect([200, 400, 404]).toContain(answer.status)
          expect(answer.headers.get('content-type')).toContain('application/json')
          await answer.json()
        },
      ),
      { numRuns: 150 },
    )
    expect(ops.logged.filter((line) => line.includes('ops_failed'))).toEqual([])
  })

  test('so are names of agents', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (agent) => {
        const answer = await fetch(`${ops.url}/api/agents/${encodeURIComponent(`${agent.toWellFormed()}~`)}`)
        expect(answer.status).toBe(404)
        expect(await answer.json()).toMatchObject({ ok: false })
      }),
      { numRuns: 80 },
    )
  })
})

describe('whatever a body says', () => {
  const actions = fc.constantFrom('pause', 'resume', 'release', 'resync', 'reload', 'work', 'forget')

  test('without the token nothing is ordered', async () => {
    await fc.assert(
      fc.asyncProperty(actions, fc.oneof(fc.json(), fc.string()), async (action, body) => {
        const answer = await fetch(`${ops.url}/api/${action}`, { method: 'POST', body })
        expect(answer.status).toBe(401)
      }),
      { numRuns: 60 },
    )
    expect(ops.status.orders).toEqual([])
  })

  test('with it, it is an order that is understood, or 400', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` }
    const members = fc.dictionary(
      fc.constantFrom('agent', 'profile', 'all', 'reason', 'by', 'work', 'action', '__proto__'),
      fc.jsonValue(),
    )
    await fc.assert(
      fc.asyncProperty(
        actions,
        fc.oneof(
          fc.json(),
          fc.string(),
          members.map((one) => JSON.stringify(one)),
        ),
        async (action, body) => {
          const before = ops.status.orders.length
          const answer = await fetch(`${ops.url}/api/${action}`, { method: 'POST', headers, body })
          if (answer.status === 400) expect(ops.status.orders).toHaveLength(before)
          else expect([200, 404, 409]).toContain(answer.status)
        },
      ),
      { numRuns: 150 },
    )
    expect(ops.logged.filter((line) => line.includes('ops_failed'))).toEqual([])
  })
})

describe('those who hold a place', () => {
  test('connections past the limit are closed, and there is room again when one goes', async () => {
    const held: RawConnection[] = []
    for (let n = 0; n < CONNECTIONS_MAX + 20; n += 1) held.push(await openRaw(ops.url))
    const last = held.at(-1)
    last?.send(get('/livez'))
    expect(await last?.answer(2_000)).toMatchObject({ status: null, closed: true })
    for (const connection of held) connection.close()
    await eventuallyServing()
  })

  test('a head that comes byte by byte, and a body that never comes, are cut in time', async () => {
    const head = await openRaw(ops.url)
    head.send('GET /livez HTTP/1.1\r\nHost: 127')
    const body = await openRaw(ops.url)
    body.send(`POST /api/pause HTTP/1.1\r\n${HOST}${AUTH}Content-Length: 100\r\n\r\n{`)
    const [first, second] = await Promise.all([
      head.answer(REQUEST_TIMEOUT_MS * 1.5),
      body.answer(REQUEST_TIMEOUT_MS * 1.5),
    ])
    for (const answer of [first, second]) {
      expect(answer.closed).toBe(true)
      expect([null, 400, 408]).toContain(answer.status)
    }
  })
})

async function eventuallyServing(): Promise<void> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await isServing()
    } catch (error) {
      if (tried === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
