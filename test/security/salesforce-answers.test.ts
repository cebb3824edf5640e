// Answers that no org would give, but whoever stands between may: cut off, endless, or sending the bridge elsewhere. Each ends in an error that is
// caught, and the next call is made as ever.

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { Connection } from 'jsforce/lib/connection.js'
import { bound } from '../../src/platforms/salesforce/login/auth-transport.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'

const TOKEN = 'a-session-token'
const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function connect(url: string): Connection {
  const conn = new Connection({ instanceUrl: url, loginUrl: url, accessToken: TOKEN, version: '67.0' })
  bound(conn, { clock: REAL_CLOCK, callMs: 5_000, noProxy: '*' })
  return conn
}

const JSON_TYPE = { 'content-type': 'application/json' }

test.each<[string, RequestListener, RegExp]>([
  [
    'that breaks off',
    (_, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' })
      response.write('{"done":', () => response.destroy())
    },
    /terminated|aborted|closed/,
  ],
  [
    'that breaks off after its head',
    (_, response) => {
      response.writeHead(500, { ...JSON_TYPE, 'content-length': '1000' }).flushHeaders()
      setImmediate(() => response.destroy())
    },
    /terminated|aborted|closed/,
  ],
  [
    'without end',
    (_, response) => {
      response.writeHead(200, JSON_TYPE)
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(1_000_000)));
      }
      response.on('drain', more)
      more()
    },
    /longer than 33554432 bytes/,
  ],
  ['that is none', (request) => request.socket.end('SSH-2.0-OpenSSH_9.6\r\n'), /./],
])('an answer %s', async (_, answer, words) => {
  let first = true
  const url = await serve((request, response) => {
    if (!first) return void response.writeHead(200, JSON_TYPE).end('{"ok":true}')
    first = false
    answer(request, response)
  })
  const conn = connect(url)
  const error: unknown = await conn.request(`${url}/x`).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Error)
  expect(String(error)).toMatch(words)
  expect(await conn.request(`${url}/x`)).toEqual({ ok: true })
})

test('an answer that sends elsewhere does not take the token there; within the same host it is followed with it', async () => {
  const seen: (string | undefined)[] = []
  const thief = await serve((request, response) => {
    seen.push(request.headers.authorization)
    response.end('{}')
  })
  const url = await serve((request, response) => {
    if (request.url === '/away') return void response.writeHead(302, { location: `${thief}/x` }).end()
    if (request.url === '/here') return void response.writeHead(302, { location: '/there' }).end()
    response.writeHead(200, JSON_TYPE).end(JSON.stringify({ token: request.headers.authorization }))
  })
  const conn = connect(url)
  await expect(conn.request(`${url}/away`)).rejects.toThrow('Cannot handle redirect')
  expect(seen).toEqual([])
  expect(await conn.request(`${url}/here`)).toEqual({ token: `Bearer ${TOKEN}` })
})
