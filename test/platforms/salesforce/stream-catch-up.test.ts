// What is replayed waits for the reading that follows each opening; nothing waits for anything else, nor for long. Time is virtual.

import { expect, test } from '@jest/globals'
import { createCatchUp } from '../../../src/platforms/salesforce/events/catch-up.ts'
import { CATCH_UP_EVENTS_MAX, CATCH_UP_MAX_MS } from '../../../src/platforms/salesforce/events/transport-limits.ts'
import { CLOCK_SKEW_MS } from '../../../src/platforms/salesforce/settings.ts'
import { type ChangeEvent, changePayload } from '../../../src/platforms/salesforce/wire.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const ChangeEventHeader = { entityName: 'AgentWork', changeType: 'UPDATE', recordIds: [], commitTimestamp: 1 }
const event = (id: string): ChangeEvent => ({ payload: changePayload.parse({ ChangeEventHeader }), id })

function bench() {
  const clock = createVirtualClock()
  const taken: string[] = []
  const catchUp = createCatchUp({ clock, take: ({ id }) => void taken.push(id) })
  return { clock, taken, catchUp }
}

test('events wait for the first reading after a way up, in their order, and for no other reading', async () => {
  const { clock, taken, catchUp } = bench()
  catchUp.link(true)
  catchUp.event(event('before'))
  expect(taken).toEqual(['before'])
  const reading = Promise.withResolvers<string>()
  const asOf: number[] = []
  const read = (at: number) => {
    asOf.push(at - clock.now())
    return reading.promise
  }
  const first = catchUp.during(read)
  catchUp.event(event('one'))
  catchUp.event(event('two'))
  expect(taken).toEqual(['before'])
  reading.resolve('read')
  expect(await first).toBe('read')
  // Whoever asked has taken it before the events come.
  expect(taken).toEqual(['before'])
  await clock.advance(0)
  expect(taken).toEqual(['before', 'one', 'two'])
  const second = catchUp.during(read)
  catchUp.event(event('three'))
  expect(taken).toEqual(['before', 'one', 'two', 'three'])
  await second
  expect(asOf).toEqual([CLOCK_SKEW_MS, 0])
  expect(clock.timers()).toBe(0)
})

test('a reading that fails, takes too long or lets too many events wait holds nothing back any longer', async () => {
  const { clock, taken, catchUp } = bench()
  catchUp.link(true)
  const failing = catchUp.during(() => Promise.reject(new Error('not now')))
  catchUp.event(event('failed'))
  await expect(failing).rejects.toThrow('not now')
  await clock.advance(0)
  expect(taken).toEqual(['failed'])

  catchUp.link(true)
  void catchUp.during(() => new Promise(() => {}))
  catchUp.event(event('slow'))
  await clock.advance(CATCH_UP_MAX_MS - 1)
  expect(taken).toHaveLength(1)
  await clock.advance(1)
  expect(taken).toEqual(['failed', 'slow'])

  catchUp.link(true)
  void catchUp.during(() => new Promise(() => {}))
  for (let index = 0; index < CATCH_UP_EVENTS_MAX; index++) catchUp.event(event(String(index)))
  expect(taken).toHaveLength(2 + CATCH_UP_EVENTS_MAX)
})

test('after the stop nothing that waited is told', async () => {
  const { clock, taken, catchUp } = bench()
  catchUp.link(true)
  const reading = Promise.withResolvers<void>()
  const read = catchUp.during(() => reading.promise)
  catchUp.event(event('one'))
  catchUp.stop()
  reading.resolve()
  await read
  await clock.advance(CATCH_UP_MAX_MS)
  expect(taken).toEqual([])
})
