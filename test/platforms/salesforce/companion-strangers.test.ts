// Who has not said who they are: room for so many, and never at the cost of those who speak.

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SILENT } from '../../../src/domain/log.ts'
import { createAllowance } from '../../../src/platforms/salesforce/companion/allowance.ts'
import { createCompanionServer } from '../../../src/platforms/salesforce/companion/server.ts'
import { connectionKey, createStrangers, networkOf } from '../../../src/platforms/salesforce/companion/strangers.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { AUDIENCE, cleanup, ORIGIN, publicKeyPem, realClock, until } from './kit.ts'

describe('those who wait at the door', () => {
  test('the one that has waited longest makes room, whoever spoke is left alone', async () => {
    const strangers = createStrangers({ cut: () => {}, limits: { all: 10, perAddress: 3 } })
    const accepted: Socket[] = []
    const server = createServer((socket) => {
      strangers.enter(socket)
      accepted.push(socket)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanup(() => server.close())
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const clients: Socket[] = []
    for (let count = 1; count <= 5; count++) {
      const client = connect(port, '127.0.0.1')
      client.on('error', () => {})
      cleanup(() => client.destroy())
      clients.push(client)
      const socket = await until('it is accepted', () => accepted[count - 1])
      if (count === 1) strangers.known(connectionKey(socket))
    }
    await until('one was cut', () => clients[1]?.destroyed || clients[1]?.readableEnded)
    expect(accepted.map((socket) => socket.destroyed)).toEqual([false, true, false, false, false])
    expect(strangers.count()).toBe(3)
  })

  test('a network of IPv6 addresses is one address', () => {
    expect(networkOf('::ffff:10.0.0.7')).toBe('10.0.0.7')
    expect(networkOf('10.0.0.7')).toBe('10.0.0.7')
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2')
    expect(networkOf('2001:db8:1:2::9')).toBe('2001:db8:1:2')
    expect(networkOf('2001:db8::9')).toBe(networkOf('2001:db8::10'))
    expect(networkOf('2001:db8::9')).not.toBe(networkOf('2001:db9::9'))
    expect(networkOf('::1')).toBe('0:0:0:0')
  })

  test('a request that comes byte by byte is cut in time', async () => {
    const server = createCompanionServer({
      settings: {
        listen: { host: '127.0.0.1', port: 0 },
        path: '/companion',
        origins: [ORIGIN],
        publicKeyPem,
        audience: AUDIENCE,
        tls: null,
      },
      clock: realClock(),
      log: SILENT,
      events: { joined() {}, frame() {}, unreadable() {}, gone() {} },
      knows: () => true,
      requestTimeoutMs: 150,
    })
    await server.start()
    cleanup(server.stop)
    const slow = connect(server.port(), '127.0.0.1')
    slow.on('error', () => {})
    cleanup(() => slow.destroy())
    slow.resume()
    const dripping = setInterval(() => slow.writable && slow.write('X'), 20)
    cleanup(() => clearInterval(dripping))
    slow.write('GET /companion HTTP/1.1\r\nHost: ')
    await until('it is cut', () => slow.closed)
    expect(server.details().companions_unknown).toBe(0)
  })
})

describe('what each person is allowed in a minute', () => {
  test('never more than that in the minute after the first, and nobody uses up what is somebody else’s', async () => {
    const step = fc.record({ who: fc.constantFrom('jane', 'lee'), after: fc.integer({ min: 0, max: 20_000 }) })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 40 }), async (perMinute, steps) => {
        const clock = createVirtualClock()
        const allowance = createAllowance({ clock, perMinute })
        const taken: { readonly who: string; readonly at: number }[] = []
        const first = new Map<string, number>()
        for (const { who, after } of steps) {
          await clock.advance(after)
          const since = first.get(who)
          const fresh = since === undefined || clock.now() - since >= 60_000
          if (fresh) first.set(who, clock.now())
          const begun = first.get(who) ?? 0
          const used = taken.filter((one) => one.who === who && one.at >= begun).length
          expect(allowance.take(who)).toBe(fresh || used < perMinute)
          if (fresh || used < perMinute) taken.push({ who, at: clock.now() })
        }
      }),
      { numRuns: 50 },
    )
  })
})
