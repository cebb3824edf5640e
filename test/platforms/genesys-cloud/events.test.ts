// What is heard from the stream: presence, Not Responding, and the life of a piece of work.

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { eventually } from '../../sandbox/genesys-cloud/support.ts'
import { type Ear, openEar, writeOptions } from './bridge-ear.ts'

let ear: Ear

beforeEach(async () => {
  ear = await openEar()
  await ear.adapter.catalogue()
  await ear.start()
})
afterEach(() => ear.close())

const states = (user: Ear['jane']) => ear.work(user).map(({ state }) => state)

test('a change of presence is reported by its definition, with the time of the platform', async () => {
  ear.organisation.model.setPresence(ear.jane, 'Lunch')
  const report = await ear.untilStatus(ear.jane, 'Lunch')
  expect(report).toMatchObject({ by: 'unknown', stamp: { at: ear.organisation.model.user(ear.jane)?.presenceAt } })
  expect(report.id).toMatch(/./)
  expect(ear.heard.every(({ user }) => user === ear.jane)).toBe(true)
})

test('every status of the Offline family is reported as logged out', async () => {
  ear.organisation.model.setPresence(ear.jane, 'Available')
  ear.organisation.model.setPresence(ear.jane, 'Gone Home')
  await ear.untilStatus(ear.jane, 'Offline')
})

test('a missed call is timed out and makes the agent Not Responding, by the system', async () => {
  const { model } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  const call = model.arrive('call')
  expect(await ear.untilWork(ear.jane, 'offered')).toMatchObject({ item: call.id, channel: 'call' })
  model.miss(call.id)
  expect(await ear.untilWork(ear.jane, 'timed_out')).toMatchObject({ item: call.id })
  expect(await ear.untilStatus(ear.jane, 'Not Responding')).toMatchObject({ by: 'system' })

  model.setIdle(ear.jane)
  await eventually('being back on the queue', () => ear.statuses(ear.jane).at(-1)?.status === ear.id('On Queue'))
  const [first, second, third] = ear.statuses(ear.jane).map(({ stamp }) => stamp.at)
  expect([first, second, third]).toEqual([first, second, third].toSorted())
  await ear.untilWork(ear.jane, 'offered')
})

test('routing statuses other than Not Responding are never statuses', async () => {
  const { model } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  const call = model.arrive('call')
  model.answer(call.id)
  model.hangUp(call.id)
  await ear.untilWork(ear.jane, 'closed')
  expect(ear.statuses(ear.jane).map(({ status }) => status)).toEqual([ear.id('On Queue')])
})

test('a call is offered, accepted, held, wrapped up and closed, each told once', async () => {
  const { model } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  const call = model.arrive('call')
  model.answer(call.id)
  model.hold(call.id, true)
  model.hold(call.id, false)
  model.hangUp(call.id, { by: 'customer', wrapUp: true })
  model.finishWrapUp(call.id)
  await ear.untilWork(ear.jane, 'closed')
  expect(states(ear.jane)).toEqual(['offered', 'accepted', 'wrap_up', 'closed'])
  expect(new Set(ear.work(ear.jane).map(({ item }) => item))).toEqual(new Set([call.id]))
})

test('a call passes from one agent to the next', async () => {
  const { model } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  const call = model.arrive('call')
  model.answer(call.id)
  model.setPresence(ear.jane, 'Break')
  model.setPresence(ear.lee, 'On Queue')
  model.transfer(call.id, { wrapUp: true })
  await ear.untilWork(ear.lee, 'offered')
  model.answer(call.id)
  await ear.untilWork(ear.lee, 'accepted')
  model.finishWrapUp(call.id)
  await ear.untilWork(ear.jane, 'transferred')
  model.hangUp(call.id)
  await ear.untilWork(ear.lee, 'closed')
  expect(states(ear.jane)).toEqual(['offered', 'accepted', 'wrap_up', 'transferred'])
  expect(states(ear.lee)).toEqual(['offered', 'accepted', 'closed'])
})

test.each([true, false])('a call is handed to a colleague, the offer told before the end: %s', async (ringFirst) => {
  const { model } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  model.transferTo(call.id, ear.lee, { ringFirst })
  await ear.untilWork(ear.jane, 'transferred')
  model.answer(call.id)
  await ear.untilWork(ear.lee, 'accepted')
  model.hangUp(call.id, { by: 'customer' })
  await ear.untilWork(ear.lee, 'closed')
  expect(states(ear.jane)).toEqual(['offered', 'accepted', 'transferred'])
  expect(states(ear.lee)).toEqual(['offered', 'accepted', 'closed'])
})

test('who is asked for advice has work until the advice is given, and takes over or not', async () => {
  const { model } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  model.consult(call.id, ear.lee)
  model.answer(call.id)
  model.endConsult(call.id)
  await ear.untilWork(ear.lee, 'closed')
  model.consult(call.id, ear.lee)
  model.answer(call.id)
  model.confer(call.id)
  await ear.untilWork(ear.lee, 'accepted')
  expect(states(ear.jane)).toEqual(['offered', 'accepted'])
  model.completeConsult(call.id)
  await ear.untilWork(ear.jane, 'transferred')
  model.hangUp(call.id)
  await ear.untilWork(ear.lee, 'closed')
  expect(states(ear.lee)).toEqual(['offered', 'accepted', 'closed', 'offered', 'accepted', 'closed'])
})

test('a callback and its call, social and video work, and a parked message are told by their channel', async () => {
  const { model } = ear.organisation
  const callback = model.offer(ear.jane, 'callback')
  model.answer(callback.id)
  model.callBack(callback.id)
  await ear.untilWork(ear.jane, 'accepted')
  model.hangUp(callback.id)
  for (const medium of ['social', 'video', 'message'] as const) model.answer(model.offer(ear.lee, medium).id)
  const message = model.conversations().at(-1)
  model.park(message?.id ?? '')
  model.unpark(message?.id ?? '')
  await eventually('the message again', () => ear.work(ear.lee).length === 8)
  const told = (user: Ear['jane']) => ear.work(user).map(({ channel, state }) => `${channel} ${state}`)
  expect(told(ear.jane)).toEqual([
    'callback offered',
    'callback accepted',
    'call accepted',
    'callback closed',
    'call closed',
  ])
  expect(told(ear.lee)).toEqual([
    ...['social offered', 'social accepted', 'video offered', 'video accepted'],
    ...['message offered', 'message accepted', 'message closed', 'message accepted'],
  ])
})

test('after-call work that ends by its time-out is told', async () => {
  const { model } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  model.hangUp(call.id, { wrapUp: true, wrapUpTimeoutMs: 50 })
  await ear.untilWork(ear.jane, 'wrap_up')
  await ear.untilWork(ear.jane, 'closed')
})

test('out of office changes nothing, also for someone on the queue', async () => {
  const { model } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  model.setOutOfOffice(ear.jane, true)
  model.setPresence(ear.lee, 'Break')
  await ear.untilStatus(ear.lee, 'Break')
  expect(ear.statuses(ear.jane).map(({ status }) => status)).toEqual([ear.id('On Queue')])
  expect((await ear.adapter.snapshot([ear.jane])).get(ear.jane)?.status).toBe(ear.id('On Queue'))
})

test('a declined chat, an abandoned e-mail and an own call are told as what they are', async () => {
  const { model } = ear.organisation
  const chat = model.offer(ear.jane, 'chat')
  model.decline(chat.id)
  expect(await ear.untilWork(ear.jane, 'declined')).toMatchObject({ item: chat.id, channel: 'chat' })
  const email = model.offer(ear.jane, 'email')
  model.hangUp(email.id, { by: 'customer' })
  expect(await ear.untilWork(ear.jane, 'cancelled')).toMatchObject({ item: email.id, channel: 'email' })
  const own = model.placeCall(ear.jane)
  expect(await ear.untilWork(ear.jane, 'accepted')).toMatchObject({ item: own.id, channel: 'call' })
})

test('a call missed, offered again and answered is one open item', async () => {
  const { model } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  const call = model.arrive('call')
  model.miss(call.id)
  model.setIdle(ear.jane)
  model.answer(call.id)
  await ear.untilWork(ear.jane, 'accepted')
  expect(states(ear.jane)).toEqual(['offered', 'timed_out', 'offered', 'accepted'])
  const stamps = ear.work(ear.jane).map(({ stamp }) => stamp.at)
  expect(stamps).toEqual(stamps.toSorted())
})

test('events delivered twice bring no second report of work', async () => {
  const { model, server } = ear.organisation
  server.faults.repeatEvents(true)
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  model.hangUp(call.id)
  await ear.untilWork(ear.jane, 'closed')
  model.setPresence(ear.jane, 'Meal')
  await ear.untilStatus(ear.jane, 'Meal')
  expect(states(ear.jane)).toEqual(['offered', 'accepted', 'closed'])
})

test('a request to leave the queue is no change before the work is done', async () => {
  await ear.close()
  ear = await openEar({ requestingOffQueue: true })
  await ear.start()
  const { model } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  const call = model.arrive('call')
  model.answer(call.id)
  expect(await ear.adapter.setStatus(ear.jane, ear.id('Break'), writeOptions())).toEqual({ kind: 'accepted' })
  await eventually('the request', () => ear.statuses(ear.jane).length === 2)
  expect(ear.statuses(ear.jane).at(-1)?.status).toBe(ear.id('On Queue'))
  model.hangUp(call.id)
  await ear.untilStatus(ear.jane, 'Break')
})
