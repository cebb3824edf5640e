import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { createTwins } from '../../../src/platforms/genesys-cloud/twins.ts'

const event = fc.record({ user: fc.constantFrom('a', 'b'), version: fc.nat(3) })
const frameOf = ({ user, version }: { user: string; version: number }) => ({
  topicName: `v2.users.${user}.presence`,
  eventBody: { version },
})

test('however two channels interleave the same events, each passes as often as one channel brought it', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), fc.array(fc.boolean()), (events, turns) => {
      const twins = createTwins()
      twins.begin()
      const queues = [[...events], [...events]]
      const sources = [{}, {}]
      const passed: typeof events = []
      const bring = (from: number) => {
        const next = queues[from]?.shift()
        if (next && twins.pass(sources[from] ?? {}, frameOf(next))) passed.push(next)
      }
      for (const turn of turns) bring(Number(turn))
      for (const from of [0, 1]) while (queues[from]?.length) bring(from)
      expect(passed).toEqual(events)
    }),
  )
})

test('what only one of them brought passes too, and when the overlap is over everything does', () => {
  const twins = createTwins()
  const [one, other] = [{}, {}]
  const frame = frameOf({ user: 'a', version: 1 })
  twins.begin()
  expect([twins.pass(one, frame), twins.pass(other, frame), twins.pass(other, frame)]).toEqual([true, false, true])
  twins.end()
  expect([twins.pass(one, frame), twins.pass(one, frame)]).toEqual([true, true])
})
