import { expect, test } from '@jest/globals'
import { type Connection, createBackoff, createDialLoop } from '../../../src/platforms/shared/backoff.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const SETTINGS = { baseMs: 100, capMs: 1_000 }
const longest = () => 0.999_999

function breakable(): Connection & { cut(why: string): void } {
  let cut: (why: string) => void = () => {}
  const ended = new Promise<string>((resolve) => {
    cut = resolve
  })
  return { ended, cut, close: () => cut('closed') }
}

test('delays double up to the cap and are anything below their ceiling', () => {
  const backoff = createBackoff(SETTINGS, longest)
  expect([1, 2, 3, 4, 5, 6].map(() => backoff.next())).toEqual([100, 200, 400, 800, 1_000, 1_000])
  expect(createBackoff(SETTINGS, () => 0).next()).toBe(0)
})

test('a connection that broke at once does not make the next delay short; one that stood long does', () => {
  const backoff = createBackoff(SETTINGS, longest)
  for (let at = 0; at < 5; at++) backoff.next()
  backoff.stood(10)
  expect(backoff.next()).toBe(1_000)
  backoff.stood(5_000)
  expect(backoff.next()).toBe(500)
  backoff.stood(60_000)
  expect(backoff.next()).toBe(100)
})

test('the loop opens again after every loss, one dial at a time, and tells both ways', async () => {
  const clock = createVirtualClock()
  const told: string[] = []
  const opened: ReturnType<typeof breakable>[] = []
  let dialling = 0
  let failing = false
  const loop = createDialLoop({
    clock,
    random: longest,
    backoff: SETTINGS,
    async dial() {
      dialling += 1
      expect(dialling).toBe(1)
      await Promise.resolve()
      dialling -= 1
      if (failing) throw new Error('refused')
      const connection = breakable()
      opened.push(connection)
      return connection
    },
    onUp: () => told.push('up'),
    onDown: (why) => told.push(why),
    onFailure: (_error, delayMs) => told.push(`failed, ${delayMs}`),
  })
  await loop.start()
  failing = true
  opened[0]?.cut('lost')
  await clock.advance(100)
  failing = false
  await clock.advance(199)
  expect(told).toEqual(['up', 'lost', 'failed, 200'])
  await clock.advance(1)
  expect(told).toEqual(['up', 'lost', 'failed, 200', 'up'])
  await loop.stop()
  await clock.advance(10_000)
  expect(opened).toHaveLength(2)
  expect(told).toHaveLength(4)
  expect(clock.timers()).toBe(0)
})

test('stopping while waiting or while dialling leaves nothing behind', async () => {
  const clock = createVirtualClock()
  const late = breakable()
  let give: (connection: Connection) => void = () => {}
  const loop = createDialLoop({
    clock,
    random: longest,
    dial: () =>
      new Promise((resolve) => {
        give = resolve
      }),
    onUp: () => {
      throw new Error('told after stop')
    },
    onDown: () => {},
  })
  const starting = loop.start().catch((error: unknown) => String(error))
  const stopping = loop.stop()
  give(late)
  await stopping
  expect(await starting).toContain('stopped')
  expect(await late.ended).toBe('closed')
  expect(clock.timers()).toBe(0)
})

test('a first dial that fails is the caller’s to try again', async () => {
  const clock = createVirtualClock()
  const dial = () => Promise.reject(new Error('refused'))
  const loop = createDialLoop({ clock, random: longest, dial, onUp() {}, onDown() {} })
  await expect(loop.start()).rejects.toThrow('refused')
  await loop.stop()
  expect(clock.timers()).toBe(0)
})
