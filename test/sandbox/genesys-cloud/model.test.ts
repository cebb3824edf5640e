// The stand-in organisation behaves like the platform where the bridge can see it.

import { expect, test } from '@jest/globals'
import { createGenesysModel } from '../../../src/sandbox/genesys-cloud/model.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { seededRandom } from './support.ts'

function organisation(options: { readonly alertingTimeoutMs?: number } = {}) {
  const clock = createVirtualClock()
  const model = createGenesysModel({ clock, random: seededRandom(), ...options })
  const jane = model.addUser({ name: 'Jane', email: 'jane@acme.example' })
  const lee = model.addUser({ name: 'Lee', email: 'lee@acme.example' })
  return { clock, model, jane, lee }
}

test('work is offered only to who is On Queue and idle, the longest idle first, and waits otherwise', () => {
  const { model, jane, lee } = organisation()
  const first = model.arrive('call')
  model.setPresence(jane.id, 'Available')
  expect(first.participants.some(({ userId }) => userId)).toBe(false)
  model.setPresence(lee.id, 'On Queue')
  expect(first.participants.at(-1)?.userId).toBe(lee.id)
  model.setPresence(jane.id, 'On Queue')
  const second = model.arrive('chat')
  expect(second.participants.at(-1)?.userId).toBe(jane.id)
  const third = model.arrive('chat')
  expect(third.participants.some(({ userId }) => userId)).toBe(false)
})

test('the routing status follows presence and work; after-call work still is interacting', () => {
  const { model, jane } = organisation()
  const seen: string[] = []
  model.onChange((change) => change.kind === 'routing' && seen.push(change.user.routing))
  model.setPresence(jane.id, 'On Queue')
  const call = model.arrive('call')
  model.answer(call.id)
  model.hangUp(call.id, { wrapUp: true })
  expect(jane.routing).toBe('INTERACTING')
  model.finishWrapUp(call.id)
  model.setPresence(jane.id, 'Break')
  expect(seen).toEqual(['IDLE', 'INTERACTING', 'IDLE', 'OFF_QUEUE'])
})

test('a presence alone does not end Not Responding; being made idle does', () => {
  const { model, jane } = organisation()
  model.setPresence(jane.id, 'On Queue')
  model.miss(model.arrive('call').id)
  model.setPresence(jane.id, 'On Queue')
  expect(jane).toMatchObject({ routing: 'NOT_RESPONDING', presence: { label: 'On Queue' } })
  model.setIdle(jane.id)
  expect(model.conversations()[0]?.participants.at(-1)).toMatchObject({ userId: jane.id, state: 'alerting' })
})

test('an offer that nobody answers times out and goes to the next', async () => {
  const { clock, model, jane, lee } = organisation({ alertingTimeoutMs: 10_000 })
  model.setPresence(jane.id, 'On Queue')
  const call = model.arrive('call')
  model.setPresence(lee.id, 'On Queue')
  await clock.advance(10_000)
  expect(jane.routing).toBe('NOT_RESPONDING')
  expect(call.participants.at(-1)).toMatchObject({ userId: lee.id, state: 'alerting' })
  model.answer(call.id)
  await clock.advance(60_000)
  expect(call.participants.at(-1)?.state).toBe('connected')
  model.stop()
  expect(clock.timers()).toBe(0)
})

test('the same seed gives the same organisation', () => {
  expect(organisation().model.definitions).toEqual(organisation().model.definitions)
  expect(organisation().jane.id).toBe(organisation().jane.id)
})

test('a call is handed over, consulted and conferred; who is asked without being on the queue is not made Not Responding', () => {
  const { model, jane, lee } = organisation()
  const call = model.offer(jane.id, 'call')
  model.answer(call.id)
  model.consult(call.id, lee.id)
  expect(call.participants.at(-1)).toMatchObject({
    userId: lee.id,
    state: 'alerting',
    consultedBy: call.participants[1]?.id,
  })
  model.miss(call.id)
  expect(lee.routing).toBe('OFF_QUEUE')
  expect(() => model.confer(call.id)).toThrow('nobody is consulted')
  model.consult(call.id, lee.id)
  model.answer(call.id)
  model.completeConsult(call.id)
  expect(call.participants.map(({ state }) => state)).toEqual(['connected', 'terminated', 'terminated', 'connected'])
  expect([jane.routing, lee.routing]).toEqual(['OFF_QUEUE', 'INTERACTING'])
  model.transferTo(call.id, jane.id)
  expect(call.participants.at(-1)).toMatchObject({ userId: jane.id, state: 'alerting' })
})

test('parked work leaves the agent free for other work', () => {
  const { model, jane } = organisation()
  model.setPresence(jane.id, 'On Queue')
  const email = model.arrive('email')
  model.answer(email.id)
  model.park(email.id)
  expect(jane.routing).toBe('IDLE')
  expect(model.arrive('call').participants.at(-1)?.userId).toBe(jane.id)
  model.unpark(email.id)
  expect(jane.routing).toBe('INTERACTING')
})

test('after-call work with a time-out ends by itself', async () => {
  const { clock, model, jane } = organisation()
  model.setPresence(jane.id, 'On Queue')
  const call = model.arrive('call')
  model.answer(call.id)
  model.hangUp(call.id, { wrapUp: true, wrapUpTimeoutMs: 30_000 })
  await clock.advance(29_999)
  expect(jane.routing).toBe('INTERACTING')
  await clock.advance(1)
  expect(jane.routing).toBe('IDLE')
  expect(clock.timers()).toBe(0)
})

test('deleting the tokens of a user ends what they have, and they are Offline', () => {
  const { model, jane } = organisation()
  model.setPresence(jane.id, 'On Queue')
  const call = model.arrive('call')
  model.answer(call.id)
  expect(model.logOut(jane.id)).toEqual({ kind: 'done' })
  expect(call.endedAt).not.toBeNull()
  expect(jane).toMatchObject({ presence: { label: 'Offline' }, routing: 'OFF_QUEUE', loggedOut: 1 })
  expect(model.logOut('nobody')).toEqual({ kind: 'no_such_user' })
})
