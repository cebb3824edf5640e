// What is read: catalogue, directory, and snapshots after things were missed.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { CredentialsRefused } from '../../../src/domain/platform.ts'
import { toCatalogue } from '../../../src/platforms/genesys-cloud/definitions.ts'
import { eventually } from '../../sandbox/genesys-cloud/support.ts'
import { type Ear, openEar } from './bridge-ear.ts'

let ear: Ear

beforeEach(async () => {
  ear = await openEar()
})
afterEach(() => ear.close())

const read = async () => (await ear.adapter.snapshot([ear.jane, ear.lee])).get(ear.jane)

test('the catalogue has every active status once, Offline under its reserved name', async () => {
  const { statuses, channels } = await ear.adapter.catalogue()
  expect(statuses.filter(({ available }) => available).map(({ label }) => label)).toEqual(['On Queue'])
  expect(statuses.filter(({ settable }) => !settable).map(({ label }) => label)).toEqual(['Idle', 'Not Responding'])
  expect(statuses.filter(({ id }) => id === 'Offline')).toHaveLength(1)
  const labels = statuses.map(({ label }) => label)
  expect(labels).toEqual(expect.arrayContaining(['Lunch', 'Coaching', 'Meal']))
  expect(labels).not.toContain('Old Break')
  expect(labels).not.toContain('Gone Home')
  expect(channels).toContain('callback')
})

test('statuses of one name in two divisions are told apart by the division; of an unknown family nobody knows whether it brings work', () => {
  const own = { type: 'User', name: 'Lunch', systemPresence: 'Meal', languageLabels: { en_US: 'Lunch' } }
  const { statuses } = toCatalogue([
    { ...own, id: 'a', divisionId: 'north' },
    { ...own, id: 'b', divisionId: 'south' },
    { ...own, id: 'c', divisionId: '*' },
    { ...own, id: 'd', name: 'Siesta', languageLabels: {}, divisionId: 'south', systemPresence: 'Dreaming' },
    { ...own, id: 'e', name: 'Old', languageLabels: {}, deactivated: true },
  ])
  expect(statuses.map(({ id, label, apiName, available }) => [id, label, apiName, available])).toEqual([
    ['a', 'Lunch', 'Lunch (division north)', false],
    ['b', 'Lunch', 'Lunch (division south)', false],
    ['c', 'Lunch', 'Lunch', false],
    ['d', 'Siesta', 'Siesta', undefined],
    ['Offline', 'Offline', 'Offline', false],
    ['NOT_RESPONDING', 'Not Responding', 'NOT_RESPONDING', false],
  ])
})

test('without the right to read definitions the older endpoint gives the same catalogue', async () => {
  const before = await ear.adapter.catalogue()
  ear.organisation.server.faults.forbid('GET /api/v2/presence/definitions')
  expect(await ear.adapter.catalogue()).toEqual(before)
})

test('the directory names people by user name, e-mail and group', async () => {
  const people = await ear.adapter.roster()
  expect(people).toContainEqual({
    user: ear.lee,
    username: 'lee@acme.example',
    email: 'lee@acme.example',
    employeeId: null,
    name: 'Lee',
    groups: { department: 'Sales', division: 'Home' },
  })
})

test('a directory of several pages is read to its end', async () => {
  for (let at = 0; at < 1_200; at++) ear.organisation.model.addUser({ name: `P${at}`, email: `p${at}@acme.example` })
  expect(await ear.adapter.roster()).toHaveLength(1_202)
})

test('a wrong secret is told as refused credentials, naming what to check, without the secret', async () => {
  const wrong = await openEar({ settings: { clientSecret: 'wrong secret' } })
  const failure = await wrong.adapter.roster().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(CredentialsRefused)
  expect(String(failure)).toContain('client_secret')
  expect(JSON.stringify(wrong.logged) + String(failure)).not.toContain('wrong secret')
  await expect(wrong.start()).rejects.toBeInstanceOf(CredentialsRefused)
  await wrong.close()
})

test('a snapshot has the status and no work for someone idle, and leaves out unknown people', async () => {
  ear.organisation.model.setPresence(ear.jane, 'Coaching')
  const nobody = '00000000-0000-4000-a000-000000000000' as Ear['jane']
  const readings = await ear.adapter.snapshot([ear.jane, nobody])
  expect([...readings.keys()]).toEqual([ear.jane])
  const at = ear.organisation.model.user(ear.jane)?.presenceAt
  expect(readings.get(ear.jane)).toEqual({ status: ear.id('Coaching'), stamp: { at }, work: [] })
})

test('a snapshot sees Not Responding', async () => {
  const { model } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  model.miss(model.arrive('call').id)
  expect((await read())?.status).toBe(ear.id('Not Responding'))
})

test('what expand leaves out is read by the calls made for it', async () => {
  const { model, server } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  const call = model.arrive('call')
  model.miss(call.id)
  server.faults.leaveOut(['presence', 'routingStatus', 'conversationSummary'])
  expect(await read()).toMatchObject({ status: ear.id('Not Responding'), work: [] })
})

test('work that began unheard is found by searching', async () => {
  const { model } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  const chat = model.offer(ear.jane, 'chat')
  model.answer(chat.id)
  model.hangUp(chat.id, { wrapUp: true })
  const work = (await read())?.work ?? []
  expect(work.map(({ item, channel, state }) => ({ item, channel, state }))).toEqual(
    expect.arrayContaining([
      { item: call.id, channel: 'call', state: 'accepted' },
      { item: chat.id, channel: 'chat', state: 'wrap_up' },
    ]),
  )
  expect(work).toHaveLength(2)
})

test('a callback and its call, which the platform counts once, are found as two and disputed by nobody', async () => {
  const { model } = ear.organisation
  const callback = model.offer(ear.jane, 'callback')
  model.answer(callback.id)
  model.callBack(callback.id)
  const chat = model.offer(ear.jane, 'chat')
  model.answer(chat.id)
  expect((await read())?.work?.map(({ item, channel }) => `${item} ${channel}`).toSorted()).toEqual(
    [`${callback.id} callback`, `${callback.id}/call call`, `${chat.id} chat`].toSorted(),
  )
  const searches = () => ear.calls.filter(({ operation }) => operation === 'analytics.open_work').length
  const before = searches()
  expect((await read())?.work).toHaveLength(3)
  expect(searches()).toBe(before)
})

test('after-call work whose end the platform never tells is over after its time-out', async () => {
  const { model, server } = ear.organisation
  await ear.start()
  server.faults.leaveOut(['conversationSummary'])
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  model.hangUp(call.id, { wrapUp: true })
  await ear.untilWork(ear.jane, 'wrap_up')
  const agent = call.participants.at(-1)
  if (!agent) throw new Error('nobody took the call')
  agent.wrapupTimeoutMs = 1_000
  expect((await read())?.work).toMatchObject([{ item: call.id, state: 'wrap_up' }])
  agent.acwStartedAt = Date.now() - 62_000
  expect((await read())?.work).toEqual([])
})

const made = (operation: string) => ear.calls.filter((call) => call.operation === operation).length

/** What is heard in the same millisecond as the link came up may be from before it. */
async function startAndWait(): Promise<void> {
  await ear.start()
  const startedAt = Date.now()
  await eventually('a time after the start', () => Date.now() > startedAt)
}

test('work that was heard of and is counted is not asked for again, until something may have been missed', async () => {
  await startAndWait()
  const { model, server } = ear.organisation
  for (const medium of ['call', 'chat'] as const) model.answer(model.offer(ear.jane, medium).id)
  await eventually('both', () => ear.work(ear.jane).length === 4)
  expect((await read())?.work).toHaveLength(2)
  expect((await read())?.work).toHaveLength(2)
  expect(made('conversation.read')).toBe(0)
  server.faults.dropSockets()
  await eventually('the link back', () => ear.links.length === 3)
  const backAt = Date.now()
  await eventually('a time after it', () => Date.now() > backAt)
  expect((await read())?.work).toHaveLength(2)
  expect(made('conversation.read')).toBe(2)
  expect((await read())?.work).toHaveLength(2)
  expect(made('conversation.read')).toBe(2)
})

test('an offer whose end was lost is found ended, though neither was counted', async () => {
  await startAndWait()
  const { model, server } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  await ear.untilWork(ear.jane, 'offered')
  server.faults.loseEvents(true)
  model.miss(call.id)
  expect((await read())?.work).toEqual([])
})

test('work of many that began unheard is found by a few searches, not by a call for each', async () => {
  await ear.start()
  const { model } = ear.organisation
  const people = Array.from({ length: 80 }, (_, at) => model.addUser({ name: `P${at}`, email: `p${at}@acme.example` }))
  const states = people.map(({ id }, at) => {
    const { id: call } = model.offer(id, at % 2 === 0 ? 'call' : 'email')
    model.answer(call)
    if (at % 8 === 1) model.hangUp(call, { wrapUp: true })
    return `${call} ${at % 2 === 0 ? 'call' : 'email'} ${at % 8 === 1 ? 'wrap_up' : 'accepted'}`
  })
  const readings = await ear.adapter.snapshot(people.map(({ id }) => id as Ear['jane']))
  const found = [...readings.values()].flatMap(({ work }) =>
    (work ?? []).map(({ item, channel, state }) => `${item} ${channel} ${state}`),
  )
  expect(found.toSorted()).toEqual(states.toSorted())
  expect([made('users.read'), made('analytics.open_work'), made('conversation.read')]).toEqual([1, 2, 0])
})

test('what the search says of work that was heard of is not believed over it', async () => {
  await ear.start()
  const { model } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  await ear.untilWork(ear.jane, 'accepted')
  const chat = model.offer(ear.jane, 'chat')
  model.answer(chat.id)
  await eventually('the chat', () => ear.work(ear.jane).at(-1)?.item === chat.id)
  model.hangUp(call.id)
  await eventually('the end', () => ear.work(ear.jane).at(-1)?.state === 'closed')
  // The search still has the call, as it may for minutes.
  call.endedAt = null
  const agent = call.participants.at(-1)
  if (agent) agent.disconnectedAt = null
  ear.organisation.server.faults.leaveOut(['conversationSummary'])
  expect((await read())?.work).toMatchObject([{ item: chat.id }])
})

test('one that ended and one that began, both unheard, count the same: the work stays open, and ends with the next count', async () => {
  await startAndWait()
  const { model, server } = ear.organisation
  const heard = model.offer(ear.jane, 'call')
  model.answer(heard.id)
  await ear.untilWork(ear.jane, 'accepted')
  server.faults.loseEvents(true)
  model.hangUp(heard.id)
  const unheard = model.offer(ear.jane, 'call')
  model.answer(unheard.id)
  expect((await read())?.work).toHaveLength(1)
  model.hangUp(unheard.id)
  expect((await read())?.work).toEqual([])
})

test('work whose end was lost is found ended, also where only one of two ended', async () => {
  await ear.start()
  const { model, server } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  const chat = model.offer(ear.jane, 'chat')
  await ear.untilWork(ear.jane, 'offered')
  server.faults.loseEvents(true)
  model.hangUp(call.id)
  model.answer(chat.id)
  expect((await read())?.work).toMatchObject([{ item: chat.id, state: 'accepted' }])
  expect(ear.work(ear.jane)).toContainEqual(expect.objectContaining({ item: call.id, state: 'closed' }))
  model.hangUp(chat.id)
  expect((await read())?.work).toEqual([])
})

test('work that only rings is not lost by a reading, though nothing counts it', async () => {
  await ear.start()
  const call = ear.organisation.model.offer(ear.jane, 'call')
  await ear.untilWork(ear.jane, 'offered')
  expect((await read())?.work).toMatchObject([{ item: call.id, state: 'offered' }])
})

test('work that ends while it is read is not left unknown', async () => {
  const { model } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  // Counted when the people were read, over when it is searched for.
  const end = (message: unknown) => {
    const { request } = message as { readonly request: IncomingMessage }
    if (request.url?.includes('/analytics/') && call.endedAt === null) model.hangUp(call.id)
  }
  subscribe('http.server.request.start', end)
  const reading = await read()
  unsubscribe('http.server.request.start', end)
  expect(call.endedAt).not.toBeNull()
  expect(reading?.work).toEqual([])
})

test('where searching is forbidden, unheard work is unknown rather than none, and that is said once', async () => {
  const { model, server } = ear.organisation
  server.faults.forbid('/analytics/')
  model.answer(model.offer(ear.jane, 'call').id)
  expect((await read())?.work).toBeUndefined()
  expect((await read())?.work).toBeUndefined()
  expect(ear.logged.filter(({ code }) => code === 'genesys.analytics_forbidden')).toHaveLength(1)
})

test('a reading that fails halfway throws, and the next one succeeds', async () => {
  ear.organisation.server.faults.failNext(1, 500)
  await expect(read()).rejects.toThrow('500')
  expect((await read())?.status).toBe(ear.id('Offline'))
})

test('a snapshot of many people is read in shares', async () => {
  const { model } = ear.organisation
  const users = Array.from({ length: 250 }, (_, at) => model.addUser({ name: `P${at}`, email: `p${at}@acme.example` }))
  const readings = await ear.adapter.snapshot(users.map(({ id }) => id as Ear['jane']))
  expect(readings.size).toBe(250)
})
