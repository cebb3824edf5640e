// Odd requests at the public endpoint of consoles: each is turned away with what fits, nothing is told, and consoles come in as before.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SILENT } from '../../src/domain/log.ts'
import { type CompanionServer, createCompanionServer } from '../../src/platforms/salesforce/companion/server.ts'
import { AUDIENCE, ORIGIN, publicKeyPem } from '../platforms/salesforce/kit.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'
import { ask, openRaw } from './raw-http.ts'

let server: CompanionServer
let url: string
const events: string[] = []
beforeAll(async () => {
  server = createCompanionServer({
    settings: {
      listen: { host: '127.0.0.1', port: 0 },
      path: '/companion',
      origins: [ORIGIN],
      publicKeyPem,
      audience: AUDIENCE,
      tls: null,
    },
    clock: REAL_CLOCK,
    log: SILENT,
    knows: () => true,
    requestTimeoutMs: 1_000,
    events: {
      joined: () => void events.push('joined'),
      frame: () => void events.push('frame'),
      unreadable: () => void events.push('unreadable'),
      gone: () => void events.push('gone'),
    },
  })
  await server.start()
  url = `http://127.0.0.1:${server.port()}`
})
afterAll(async () => await server.stop())

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
const HOST = 'Host: bridge.example\r\n'
const knock = (headers: string, path = '/companion') => `GET ${path} HTTP/1.1\r\n${HOST}${headers}\r\n`

/** The same knock that a console makes. */
async function aConsoleComesIn(): Promise<void> {
  const connection = await openRaw(url)
  connection.send(knock(`${UPGRADE}Origin: ${ORIGIN}\r\n`))
  const answer = await connection.answer(300)
  expect(answer.status).toBe(101)
  connection.close()
}

describe('requests of all kinds', () => {
  test.each<[string, string, readonly (number | null)[]]>([
    ['no WebSocket', `GET /companion HTTP/1.1\r\n${HOST}\r\n`, [426]],
    ['a body', `POST /companion HTTP/1.1\r\n${HOST}Content-Length: 100000\r\n\r\n${'x'.repeat(1_000)}`, [426]],
    ['the paths of the ops server', `GET /api/agents HTTP/1.1\r\n${HOST}\r\n`, [426]],
    ['another path', knock(`${UPGRADE}Origin: ${ORIGIN}\r\n`, '/'), [404]],
    ['a path that goes round', knock(`${UPGRADE}Origin: ${ORIGIN}\r\n`, '/x/../companion'), [404]],
    ['another upgrade', knock('Connection: Upgrade\r\nUpgrade: h2c\r\n'), [400, 404, 426]],
    [
      'no key',
      knock(`Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nOrigin: ${ORIGIN}\r\n`),
      [400],
    ],
    ['an old version', knock(UPGRADE.replace('13', '7')), [400, 426]],
    ['a head of 40,000 bytes', knock(`${UPGRADE}X-Big: ${'x'.repeat(40_000)}\r\n`), [431, null]],
    ['a query of 15,000 characters on another path', knock(UPGRADE, `/other?${'x'.repeat(15_000)}`), [404]],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', [400]],
    ['a tunnel', `CONNECT evil.example:443 HTTP/1.1\r\n${HOST}\r\n`, [null, 400, 404, 426]],
  ])('%s', async (_, bytes, statuses) => {
    const answer = await ask(url, bytes, 3_000)
    expect(statuses).toContain(answer.status)
    expect(answer.text).not.toMatch(/node_modules|presence-bridge|\.ts:/)
    expect(events).toEqual([])
    await aConsoleComesIn()
  })

  test.each([
    ['none', ''],
    ['another', 'Origin: https://evil.example\r\n'],
    ['one that begins like ours', `Origin: ${ORIGIN}.evil.example\r\n`],
    ['ours without TLS', `Origin: ${ORIGIN.replace('https', 'http')}\r\n`],
    ['null', 'Origin: null\r\n'],
  ])('an origin that is not ours is closed with 4403: %s', async (_, origin) => {
    const connection = await openRaw(url)
    connection.send(knock(`${UPGRADE}${origin}`))
    const answer = await connection.answer(300)
    expect(answer.status).toBe(101)
    const frame = Buffer.from(answer.text.slice(answer.text.indexOf('\r\n\r\n') + 4), 'latin1')
    expect(frame.readUInt16BE(2)).toBe(4403)
    connection.close()
    expect(events).toEqual([])
  })
})

test('whatever bytes come instead of frames, nobody joins and a console comes in afterwards', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
      const connection = await openRaw(url)
      connection.send(knock(`${UPGRADE}Origin: ${ORIGIN}\r\n`))
      connection.send(Buffer.from(bytes))
      await connection.answer(40)
      connection.close()
    }),
    { numRuns: 40 },
  )
  expect(events).toEqual([])
  await aConsoleComesIn()
})
