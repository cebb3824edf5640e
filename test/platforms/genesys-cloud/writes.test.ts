// Each kind of answer to a write, and what the organisation looks like afterwards.

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { NOT_RESPONDING } from '../../../src/platforms/genesys-cloud/presence-view.ts'
import { eventually } from '../../sandbox/genesys-cloud/support.ts'
import { type Ear, openEar, writeOptions } from './bridge-ear.ts'

let ear: Ear

beforeEach(async () => {
  ear = await openEar()
  await ear.adapter.catalogue()
  await ear.start()
})
afterEach(() => ear.close())

const shown = (user: Ear['jane']) => ear.organisation.model.user(user)?.presence.label
const write = (label: string) => ear.adapter.setStatus(ear.jane, ear.id(label), writeOptions())

test('an accepted write is what the agent shows, and is reported back', async () => {
  expect(await write('On Queue')).toEqual({ kind: 'accepted' })
  expect(shown(ear.jane)).toBe('On Queue')
  await ear.untilStatus(ear.jane, 'On Queue')
  expect(ear.calls).toContainEqual(expect.objectContaining({ operation: 'presence.write', ok: true }))
})

test('logging out writes the Offline status of the platform itself', async () => {
  ear.organisation.model.setPresence(ear.jane, 'Available')
  expect(await write('Offline')).toEqual({ kind: 'accepted' })
  expect(shown(ear.jane)).toBe('Offline')
})

test('someone Not Responding is brought back on the queue, and taken off it without a moment on it', async () => {
  const { model } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  model.miss(model.arrive('call').id)
  await ear.untilStatus(ear.jane, 'Not Responding')
  expect(await write('On Queue')).toEqual({ kind: 'accepted' })
  expect(model.user(ear.jane)?.routing).toBe('IDLE')
  const again = model.conversations()[0]
  model.miss(again?.id ?? '')
  await eventually('Not Responding again', () => ear.statuses(ear.jane).at(-1)?.status === NOT_RESPONDING)
  const routings: string[] = []
  model.onChange((change) => {
    if (change.kind === 'routing') routings.push(change.user.routing)
  })
  expect(await write('Break')).toEqual({ kind: 'accepted' })
  expect(routings).toEqual(['OFF_QUEUE'])
})

test('a write without the permission is refused, naming the permission', async () => {
  ear.organisation.server.faults.refuseWrites(ear.jane)
  const result = await write('Break')
  expect(result).toMatchObject({ kind: 'refused', words: expect.stringContaining('presence:userPresence:edit') })
  expect(shown(ear.jane)).toBe('Offline')
})

test('unknown people, unknown statuses and states that nobody can set are refused', async () => {
  const nobody = '00000000-0000-4000-a000-000000000000' as Ear['jane']
  expect(await ear.adapter.setStatus(nobody, ear.id('Break'), writeOptions())).toMatchObject({ kind: 'refused' })
  expect(await write('Old Break')).toMatchObject({ kind: 'refused', words: expect.stringContaining('deactivated') })
  expect(await write('Idle')).toMatchObject({ kind: 'refused' })
  expect(await write('Not Responding')).toMatchObject({ kind: 'refused' })
})

test('a 429 gives the time that the platform named, and no call is made before it', async () => {
  ear.organisation.server.faults.rateLimitNext(1, 3_600)
  const before = Date.now()
  const result = await write('Break')
  if (result.kind !== 'rate_limited') throw new Error(`got ${result.kind}`)
  expect(result.untilMs).toBeGreaterThanOrEqual(before + 3_600_000)
  expect(result.untilMs).toBeLessThan(Date.now() + 3_601_000)
  const calls = ear.calls.length
  expect(await write('Break')).toMatchObject({ kind: 'rate_limited', untilMs: result.untilMs })
  expect(ear.calls).toHaveLength(calls)
  expect(shown(ear.jane)).toBe('Offline')
})

test('server errors are transient, and the next attempt succeeds', async () => {
  ear.organisation.server.faults.failNext(1, 503)
  expect(await write('Break')).toMatchObject({ kind: 'transient' })
  expect(await write('Break')).toEqual({ kind: 'accepted' })
})

test('a platform that takes the call and never answers is transient', async () => {
  const patient = await openEar({ timing: { callMs: 60 } })
  await patient.adapter.catalogue()
  patient.organisation.server.faults.hang(true)
  const result = await patient.adapter.setStatus(patient.jane, patient.id('Break'), writeOptions())
  expect(result).toEqual({ kind: 'transient', words: 'no answer in time' })
  await patient.close()
})

test('a write that is not wanted any more is not made', async () => {
  const late = { ...writeOptions(), deadline: Date.now() - 1 }
  const calls = ear.calls.length
  expect(await ear.adapter.setStatus(ear.jane, ear.id('Break'), late)).toMatchObject({ kind: 'transient' })
  const withdrawn = { ...writeOptions(), signal: AbortSignal.abort() }
  expect(await ear.adapter.setStatus(ear.jane, ear.id('Break'), withdrawn)).toMatchObject({ kind: 'transient' })
  expect(ear.calls).toHaveLength(calls)
})

test('a write that the platform takes and ignores is accepted, changes nothing and is not reported', async () => {
  ear.organisation.server.faults.ignoreWrites(ear.jane)
  expect(await write('Break')).toEqual({ kind: 'accepted' })
  ear.organisation.model.setPresence(ear.lee, 'Break')
  await ear.untilStatus(ear.lee, 'Break')
  expect(ear.statuses(ear.jane)).toEqual([])
  expect((await ear.adapter.snapshot([ear.jane])).get(ear.jane)?.status).toBe(ear.id('Offline'))
})

test('when the budget of the minute is used up by reading, a write still goes out at once', async () => {
  const small = await openEar({ settings: { callsPerMinute: 10 }, timing: { readTurnMs: 50 } })
  const reads = Array.from({ length: 20 }, () => small.adapter.snapshot([small.jane]))
  const outcomes = await Promise.allSettled(reads)
  expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
  const result = await small.adapter.setStatus(small.jane, small.id('Break'), writeOptions())
  expect(result).toEqual({ kind: 'accepted' })
  await small.close()
})

test('an allowance smaller than configured is learned before it is overrun', async () => {
  const small = await openEar({ callsPerMinute: 5 })
  const results: string[] = []
  for (let at = 0; at < 8; at++) {
    results.push((await small.adapter.setStatus(small.jane, small.id('Break'), writeOptions())).kind)
  }
  expect(results).toEqual([...Array(5).fill('accepted'), ...Array(3).fill('rate_limited')])
  await small.close()
})

test('a platform that nobody can connect to is unreachable while the link is down', async () => {
  await ear.organisation.close()
  await eventually('the link down', () => ear.links.at(-1)?.up === false)
  expect(await write('Break')).toMatchObject({ kind: 'unreachable', words: expect.stringContaining('ECONNREFUSED') })
})

test('an expired token is replaced within the same write, for many writes at once', async () => {
  ear.organisation.server.faults.expireTokens()
  const results = await Promise.all([write('Break'), write('Break'), write('Break')])
  expect(results).toEqual([{ kind: 'accepted' }, { kind: 'accepted' }, { kind: 'accepted' }])
  expect(shown(ear.jane)).toBe('Break')
})

test('a fresh token that is refused too is no endless circle', async () => {
  ear.organisation.server.faults.failNext(9, 401)
  expect(await write('Break')).toMatchObject({ kind: 'transient' })
  await expect(ear.adapter.roster()).rejects.toThrow('a fresh token was refused')
})

test('where leaving the queue at work is only noted, people at work are left alone until it is over', async () => {
  const noting = await openEar({ requestingOffQueue: true })
  await noting.adapter.catalogue()
  await noting.start()
  const { model } = noting.organisation
  for (const user of [noting.jane, noting.lee]) model.setPresence(user, 'On Queue')
  const calls = [noting.jane, noting.lee].map((user) => model.offer(user, 'call'))
  for (const { id } of calls) model.answer(id)
  await eventually('both at work', () => [noting.jane, noting.lee].every((user) => noting.work(user).length > 1))
  const write = (user: Ear['jane']) => noting.adapter.setStatus(user, noting.id('Break'), writeOptions())
  // The first one shows how the organisation is set up; after that nobody at work is asked to leave the queue.
  expect(await write(noting.jane)).toEqual({ kind: 'accepted' })
  expect(model.user(noting.jane)?.futurePresence?.label).toBe('Break')
  expect(await write(noting.lee)).toMatchObject({ kind: 'unreachable', words: expect.stringContaining('at work') })
  expect(model.user(noting.lee)?.futurePresence).toBeNull()
  model.hangUp(calls[1]?.id ?? '')
  await eventually('the end of the work', () => noting.reachable.includes(noting.lee))
  expect(await write(noting.lee)).toEqual({ kind: 'accepted' })
  expect(model.user(noting.lee)?.presence.label).toBe('Break')
  await noting.close()
})
