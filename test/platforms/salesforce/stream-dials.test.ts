// When the stream is dialled again, and from where: over a transport made by hand, in virtual time.

import { describe, expect, test } from '@jest/globals'
import { SILENT } from '../../../src/domain/log.ts'
import { CredentialsRefused } from '../../../src/domain/platform.ts'
import {
  type Delivery,
  type Dial,
  StreamRefused,
  type Transport,
  type Trouble,
} from '../../../src/platforms/salesforce/events/transport.ts'
import { createStream } from '../../../src/platforms/salesforce/stream.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const MINUTE_MS = 60_000
const header = { entityName: 'AgentWork', changeType: 'UPDATE', recordIds: ['0Bz000000000001AAA'], commitTimestamp: 1 }
const delivery = (position: string, id = position): Delivery => ({
  payload: { ChangeEventHeader: { ...header, transactionKey: id, sequenceNumber: 1 } },
  id,
  position,
})

/** `refusals`: how the next dials end; when there are none left, a dial succeeds. */
function bench(refusals: (Trouble['kind'] | null)[] = [], marks = new Map<string, string>()) {
  const clock = createVirtualClock()
  const dials: Dial[] = []
  const links: boolean[] = []
  const gaps: string[] = []
  const events: string[] = []
  let end: (kind: Trouble['kind']) => void = () => {}
  const transport: Transport = {
    title: 'by hand',
    markPrefix: 'hand:',
    open(dial) {
      dials.push(dial)
      const ended = Promise.withResolvers<Trouble>()
      end = (kind) => ended.resolve({ kind, words: kind })
      const kind = refusals.shift() ?? null
      if (kind === null) return { opened: Promise.resolve(), ended: ended.promise, close: () => end('closed') }
      end(kind)
      const opened = Promise.reject(new StreamRefused({ kind, words: kind }))
      opened.catch(() => {})
      return { opened, ended: ended.promise, close() {} }
    },
  }
  const make = () =>
    createStream({
      transport,
      channel: '/data/x',
      client: { authorize: async () => ({ accessToken: 'a', instanceUrl: 'b', tenantId: 'c' }) },
      clock,
      log: SILENT,
      marks: { get: (key) => marks.get(key), set: (key, value) => void marks.set(key, value) },
      random: () => 0.5,
      onEvent: ({ id }) => void events.push(id),
      onGap: (why) => void gaps.push(why),
      onLink: (up) => void links.push(up),
    })
  return { clock, dials, links, gaps, events, marks, make, end: (kind: Trouble['kind']) => end(kind) }
}

describe('dialling', () => {
  test('fresh tokens that are refused again and again are asked for slowly', async () => {
    const { clock, dials, make, end } = bench([null, ...Array.from({ length: 30 }, () => 'token' as const)])
    const stream = make()
    await stream.start()
    end('token')
    await clock.advance(10 * MINUTE_MS)
    expect(dials.length).toBeGreaterThanOrEqual(10)
    expect(dials.length).toBeLessThanOrEqual(14)
    await stream.stop()
    expect(clock.timers()).toBe(0)
  })

  test.each([
    ['daily_limit', 15],
    ['limit', 1],
    ['no_channel', 1],
  ] as const)('after %s it waits for %i min', async (kind, minutes) => {
    const { clock, dials, links, make, end } = bench([null, kind])
    const stream = make()
    await stream.start()
    end('network')
    await clock.advance(5_000)
    expect(dials).toHaveLength(2)
    await clock.advance(minutes * MINUTE_MS - 6_000)
    expect(dials).toHaveLength(2)
    await clock.advance(20_000)
    expect(dials).toHaveLength(3)
    expect(links).toEqual([true, false, true])
    await stream.stop()
  })

  test('a missing channel is a matter of rights, for the operator', async () => {
    const { make } = bench(['no_channel'])
    await expect(make().start()).rejects.toThrow(CredentialsRefused)
  })

  test('a position that is refused is asked for once; then only what is new, with a reading', async () => {
    const { clock, dials, gaps, make } = bench(['replay_position'], new Map([['hand:/data/x', '77']]))
    const stream = make()
    await stream.start()
    await clock.advance(1)
    expect(dials.map(({ position }) => position)).toEqual(['77', null])
    expect(gaps).toHaveLength(1)
    dials[1]?.onDelivery(delivery('5'))
    await stream.stop()
    expect(stream.details().replayId).toBe('5')
  })
})

describe('positions', () => {
  test('are kept after the event, and for the next connection', async () => {
    const { clock, dials, marks, make, end } = bench()
    const stream = make()
    await stream.start()
    dials[0]?.onDelivery(delivery('8'))
    dials[0]?.onPosition('9')
    expect(marks.get('hand:/data/x')).toBe('9')
    end('network')
    await clock.advance(5_000)
    expect(dials[1]?.position).toBe('9')
    await stream.stop()
  })

  test('are kept across a restart for a quarter of an hour', async () => {
    const { clock, dials, make } = bench()
    const first = make()
    await first.start()
    dials[0]?.onDelivery(delivery('8'))
    await first.stop()
    await clock.advance(14 * MINUTE_MS)
    const second = make()
    await second.start()
    await second.stop()
    await clock.advance(2 * MINUTE_MS)
    const third = make()
    await third.start()
    await third.stop()
    expect(dials.map(({ position }) => position)).toEqual([null, '8', null])
  })

  test('move past an event that cannot be read, which asks for a reading instead', async () => {
    const { dials, gaps, events, marks, make } = bench()
    const stream = make()
    await stream.start()
    dials[0]?.onDelivery({ payload: 'nonsense', id: 'a', position: '8' })
    dials[0]?.onUnreadable('no schema', '9')
    dials[0]?.onUnreadable('no schema', null)
    expect([gaps.length, events, marks.get('hand:/data/x')]).toEqual([3, [], '9'])
    await stream.stop()
  })

  test('an event that comes again is taken once; another event with its number is not taken for it', async () => {
    const { dials, events, make } = bench()
    const stream = make()
    await stream.start()
    const first = delivery('8', 'one')
    const other = { ...delivery('8', 'two'), id: 'one' }
    for (const each of [first, first, other, first]) dials[0]?.onDelivery(each)
    expect(events).toEqual(['one', 'one'])
    expect(stream.details()).toMatchObject({ events: 2, duplicates: 2 })
    await stream.stop()
  })
})
