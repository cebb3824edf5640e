// The stream's life: lost, silent, moved, evicted, renewed, stopped.

import { afterEach, expect, test } from '@jest/globals'
import { eventually } from '../../sandbox/genesys-cloud/support.ts'
import { type Ear, type EarOptions, openEar } from './bridge-ear.ts'

let ear: Ear

afterEach(() => ear.close())

async function open(options: EarOptions = {}): Promise<Ear> {
  ear = await openEar(options)
  await ear.start()
  return ear
}

const ups = () => ear.links.map(({ up }) => up)

test('starting tells that the link is up, and health says so', async () => {
  await open()
  expect(ups()).toEqual([true])
  expect(ear.adapter.health()).toMatchObject({ link: { up: true }, details: { people: 2, rejectedTopics: 0 } })
})

test('a cut socket is told, mended, and what was missed is in the snapshot', async () => {
  await open()
  const { model, server } = ear.organisation
  server.faults.dropSockets()
  await eventually('the link down', () => ear.links.some(({ up }) => !up))
  model.setPresence(ear.jane, 'Meal')
  await eventually('the link up', () => ear.links.at(-1)?.up)
  expect(ups()).toEqual([true, false, true])
  expect((await ear.adapter.snapshot([ear.jane])).get(ear.jane)?.status).toBe(ear.id('Meal'))
  model.setPresence(ear.jane, 'Break')
  await ear.untilStatus(ear.jane, 'Break')
})

test('a socket that falls silent is noticed and replaced', async () => {
  await open({ timing: { pingAfterMs: 30, silenceMs: 90 } })
  ear.organisation.server.faults.silence(true)
  await eventually('the silence', () => ear.links.find(({ why }) => why.startsWith('nothing was heard')))
  ear.organisation.server.faults.silence(false)
  await eventually('the link up', () => ear.links.at(-1)?.up)
  ear.organisation.model.setPresence(ear.jane, 'Break')
  await ear.untilStatus(ear.jane, 'Break')
})

test('a quiet socket that answers the question whether it lives stays open', async () => {
  await open({ timing: { pingAfterMs: 10, silenceMs: 200 } })
  const until = Date.now() + 400
  await eventually('some time', () => Date.now() > until)
  expect(ups()).toEqual([true])
})

test('heartbeats alone keep the link up', async () => {
  await open({ heartbeatMs: 20, timing: { pingAfterMs: 100_000, silenceMs: 150 } })
  const until = Date.now() + 400
  await eventually('some time', () => Date.now() > until)
  expect(ups()).toEqual([true])
})

test('a socket that the platform moves is opened anew on the same channel', async () => {
  await open()
  ear.organisation.server.faults.announceClosing()
  await eventually('the link back', () => ups().length === 3)
  expect(ear.calls.filter(({ operation }) => operation === 'channel.create')).toHaveLength(1)
})

test('an evicted channel is replaced by a new one', async () => {
  await open()
  ear.organisation.server.faults.evictChannels()
  await eventually('the link back', () => ups().length === 3)
  expect(ear.calls.filter(({ operation }) => operation === 'channel.create')).toHaveLength(2)
  ear.organisation.model.setPresence(ear.jane, 'Break')
  await ear.untilStatus(ear.jane, 'Break')
})

test('a channel is renewed before it expires', async () => {
  await open({ channelLifeMs: 300 })
  await eventually('renewals', () => ear.calls.filter(({ operation }) => operation === 'channel.subscribe').length >= 4)
  ear.organisation.model.setPresence(ear.jane, 'Break')
  await ear.untilStatus(ear.jane, 'Break')
  expect(ups()).toEqual([true])
  expect(ear.calls.filter(({ operation }) => operation === 'channel.create')).toHaveLength(1)
})

test('more people than one channel takes get a second one, and losing both is losing the link', async () => {
  ear = await openEar()
  const { model, server } = ear.organisation
  const many = Array.from({ length: 1_001 }, (_, at) => model.addUser({ name: `P${at}`, email: `p${at}@acme.example` }))
  const links: boolean[] = []
  const heard: string[] = []
  await ear.adapter.start(
    many.map(({ id }) => id as Ear['jane']),
    {
      report: (user) => heard.push(user),
      link: ({ up }) => links.push(up),
      gap() {},
      reachable() {},
      call() {},
    },
  )
  for (const user of [many[0], many[1_000]]) {
    model.setPresence(user?.id ?? '', 'Break')
    await eventually('the event', () => heard.includes(user?.id ?? ''))
  }
  server.faults.dropSockets()
  await eventually('the link back', () => links.length === 3)
  expect(links).toEqual([true, false, true])
})

test('a rejected topic is named, with the permissions that are missing', async () => {
  ear = await openEar()
  ear.organisation.server.faults.rejectTopic(`${ear.jane}.conversations`)
  await ear.start()
  expect(ear.logged).toContainEqual(
    expect.objectContaining({
      code: 'genesys.topic_rejected',
      topic: `v2.users.${ear.jane}.conversations`,
      missingPermissions: ['conversation:communication:view'],
    }),
  )
  expect(ear.adapter.health().details).toMatchObject({ rejectedTopics: 1 })
  ear.organisation.model.setPresence(ear.jane, 'Break')
  await ear.untilStatus(ear.jane, 'Break')
})

test('a start that fails leaves nothing behind and may be tried again', async () => {
  ear = await openEar()
  ear.organisation.server.faults.failNext(1, 503)
  await expect(ear.start()).rejects.toThrow('503')
  expect(ear.links).toEqual([])
  await ear.start()
  expect(ups()).toEqual([true])
})

test('while the platform is down the adapter keeps trying, and stop ends that', async () => {
  await open()
  await ear.organisation.close()
  await eventually('failed dials', () => ear.logged.filter(({ code }) => code === 'genesys.dial_failed').length > 2)
  expect(ups()).toEqual([true, false])
})

test('after stop nothing is told any more, also of calls under way', async () => {
  await open()
  const snapshot = ear.adapter.snapshot([ear.jane]).catch((error: unknown) => error)
  const told = { heard: ear.heard.length, links: ear.links.length, calls: ear.calls.length }
  await ear.adapter.stop()
  ear.organisation.model.setPresence(ear.jane, 'Break')
  expect(await snapshot).toBeInstanceOf(Error)
  expect({ heard: ear.heard.length, links: ear.links.length, calls: ear.calls.length }).toEqual(told)
})
