// Single answers that the stand-in does not give: other presence sources, pages of proxies, half-empty bodies.

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import nock from 'nock'
import { CredentialsRefused } from '../../../src/domain/platform.ts'
import { type Ear, openEar, writeOptions } from './bridge-ear.ts'

let ear: Ear

beforeEach(async () => {
  ear = await openEar()
})
afterEach(async () => {
  nock.cleanAll()
  nock.restore()
  await ear.close()
  nock.activate()
})

const api = () => nock(ear.organisation.server.url, { allowUnmocked: true })

test('where another system is the primary source of presence, the write claims to be primary', async () => {
  const presence = {
    source: 'MICROSOFTTEAMS',
    primary: true,
    presenceDefinition: { id: ear.id('Available'), systemPresence: 'Available' },
    modifiedDate: '2026-11-21T10:00:00.000Z',
  }
  const zero = { call: { contactCenter: { active: 0, acw: 0 } } }
  api()
    .get(/\/api\/v2\/users\?id=/)
    .reply(200, {
      entities: [{ id: ear.jane, presence, routingStatus: { status: 'OFF_QUEUE' }, conversationSummary: zero }],
    })
  await ear.adapter.snapshot([ear.jane])
  const bodies: unknown[] = []
  api()
    .patch(/\/presences\/purecloud$/, (body) => bodies.push(body) > 0)
    .reply(200, {})
  expect(await ear.adapter.setStatus(ear.jane, ear.id('Break'), writeOptions())).toEqual({ kind: 'accepted' })
  expect(bodies).toEqual([{ presenceDefinition: { id: ear.id('Break') }, primary: true }])
})

test('where another system is primary, a reading of the platform’s own presence does not undo what was heard', async () => {
  await ear.adapter.catalogue()
  const zero = { call: { contactCenter: { active: 0, acw: 0 } } }
  const own = {
    ...{ source: 'PURECLOUD', primary: false, modifiedDate: '2026-11-21T10:00:00.000Z' },
    presenceDefinition: { id: ear.id('Available'), systemPresence: 'Available' },
  }
  const answer = () =>
    api()
      .get(/\/api\/v2\/users\?id=/)
      .reply(200, {
        entities: [{ id: ear.jane, presence: own, routingStatus: { status: 'OFF_QUEUE' }, conversationSummary: zero }],
      })
  answer()
  expect((await ear.adapter.snapshot([ear.jane])).get(ear.jane)?.status).toBe(ear.id('Available'))
  await ear.start()
  ear.organisation.model.setPresence(ear.jane, 'Busy')
  await ear.untilStatus(ear.jane, 'Busy')
  answer()
  expect((await ear.adapter.snapshot([ear.jane])).get(ear.jane)?.status).toBe(ear.id('Busy'))
  const bodies: unknown[] = []
  api()
    .patch(/\/presences\/purecloud$/, (body) => bodies.push(body) > 0)
    .reply(200, {})
  await ear.adapter.setStatus(ear.jane, ear.id('Break'), writeOptions())
  expect(bodies).toEqual([{ presenceDefinition: { id: ear.id('Break') }, primary: true }])
})

test('a family of presences that nobody here knows is told once', async () => {
  const definition = { id: 'd1', name: 'Siesta', type: 'User', systemPresence: 'Dreaming', deactivated: false }
  for (let at = 0; at < 2; at++) {
    api()
      .get(/\/presence\/definitions/)
      .reply(200, { entities: [definition, { ...definition, id: 'd2' }] })
    const { statuses } = await ear.adapter.catalogue()
    expect(statuses.find(({ label }) => label === 'Siesta')).toMatchObject({ available: undefined, settable: true })
  }
  expect(ear.logged.filter(({ code }) => code === 'genesys.unknown_value')).toMatchObject([{ value: 'Dreaming' }])
})

test('a proxy’s page instead of an answer is not now, and a transient write', async () => {
  api()
    .get(/\/api\/v2\/users\?id=/)
    .reply(502, '<html>Bad Gateway</html>')
  await expect(ear.adapter.snapshot([ear.jane])).rejects.toThrow('502')
  api()
    .get(/\/api\/v2\/users\?id=/)
    .reply(200, '<html>Please log in</html>')
  await expect(ear.adapter.snapshot([ear.jane])).rejects.toThrow('unknown shape')
  api()
    .patch(/presences/)
    .reply(502, '<html>Bad Gateway</html>')
  expect(await ear.adapter.setStatus(ear.jane, ear.id('Break'), writeOptions())).toMatchObject({ kind: 'transient' })
})

test('a log-in that is out of order is not now; one that says no is refused credentials', async () => {
  api().post('/oauth/token').reply(503, 'try later')
  await expect(ear.adapter.roster()).rejects.not.toBeInstanceOf(CredentialsRefused)
  api().post('/oauth/token').reply(400, { error: 'invalid_request', description: 'client not found' })
  await expect(ear.adapter.roster()).rejects.toThrow(/client not found.*client_id/)
  expect(await ear.adapter.roster()).toHaveLength(2)
})

test('people whose presence nobody tells are left out rather than guessed', async () => {
  api()
    .get(/\/api\/v2\/users\?id=/)
    .reply(200, { entities: [{ id: ear.jane }, { id: ear.lee }] })
  api()
    .get(/\/presences\/purecloud\/bulk/)
    .reply(200, [{ userId: ear.lee, presenceDefinition: { id: ear.id('Meal'), systemPresence: 'Meal' } }])
  const readings = await ear.adapter.snapshot([ear.jane, ear.lee])
  expect([...readings].map(([user, { status }]) => [user, status])).toEqual([[ear.lee, ear.id('Meal')]])
})

test('a conflict is refused in the platform’s own words', async () => {
  api()
    .patch(/presences/)
    .reply(409, { message: 'The presence is managed by another system', code: 'conflict', status: 409 })
  expect(await ear.adapter.setStatus(ear.jane, ear.id('Break'), writeOptions())).toEqual({
    kind: 'refused',
    words: 'The presence is managed by another system',
  })
})
