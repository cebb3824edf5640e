// A server that minds being pinged: it answers everything and hangs up after the third ping of a connection, as gRPC servers do.

import http2 from 'node:http2'
import { expect, test } from '@jest/globals'
import { SILENT } from '../../../src/domain/log.ts'
import { PUBSUB } from '../../../src/platforms/salesforce/events/pubsub-api.ts'
import { createPubsubTransport } from '../../../src/platforms/salesforce/events/pubsub-transport.ts'
import { createStream } from '../../../src/platforms/salesforce/stream.ts'
import { cleanup, realClock, until } from './kit.ts'

/** Pings closer together than this are one too many, real ms. */
const LEAST_MS = 28

async function touchyServer(): Promise<number> {
  const server = http2.createServer()
  server.on('session', (session) => {
    let [strikes, last] = [0, Date.now()]
    session.on('error', () => {})
    session.on('ping', () => {
      strikes += Date.now() - last < LEAST_MS ? 1 : 0
      last = Date.now()
      if (strikes < 3) return
      session.goaway(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'))
      session.destroy()
    })
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    if (!String(headers[':path']).endsWith('GetTopic')) return
    const bytes = PUBSUB.GetTopic.responseSerialize({ canSubscribe: true })
    const head = Buffer.alloc(5)
    head.writeUInt32BE(bytes.length, 1)
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(Buffer.concat([head, bytes]))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanup(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('a server that hangs up because of pings gets fewer of them, until it is content', async () => {
  const port = await touchyServer()
  const codes: string[] = []
  const log = { ...SILENT, warn: ({ code }: { readonly code?: unknown }) => void codes.push(String(code)) }
  const clock = realClock()
  const links: boolean[] = []
  let upAt = 0
  const endpoint = { host: '127.0.0.1', port, plain: true }
  const stream = createStream({
    transport: createPubsubTransport({ clock, log, endpoint, limits: { pingMs: 10, pingTimeoutMs: 1_000 } }),
    channel: '/data/PresenceBridge__chn',
    client: { authorize: async () => ({ accessToken: 'token', instanceUrl: 'https://x', tenantId: '00D' }) },
    clock,
    log,
    marks: { get: () => undefined, set() {} },
    random: () => 0.01,
    onEvent() {},
    onGap() {},
    onLink(up) {
      links.push(up)
      upAt = clock.now()
    },
  })
  cleanup(stream.stop)
  await stream.start()
  const calmed = () => codes.filter((code) => code === 'salesforce_too_many_pings').length
  // 10, 20 and 40 ms: the last is what it puts up with.
  await until('it is pinged less', () => calmed() === 2)
  await until('it stands for a dozen pings', () => links.at(-1) && clock.now() - upAt > 500)
  expect(calmed()).toBe(2)
})
