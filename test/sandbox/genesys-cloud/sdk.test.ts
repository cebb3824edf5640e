// The stand-in is held against the vendor's own client: what the official SDK can do with the platform, it can do here.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import platformClient from 'purecloud-platform-client-v2'
import { WebSocket } from 'ws'
import { SYSTEM_IDS } from '../../../src/sandbox/genesys-cloud/definitions.ts'
import { CLIENT, eventually, type Organisation, openOrganisation } from './support.ts'

let organisation: Organisation

beforeAll(async () => {
  organisation = await openOrganisation()
  // The client watches a file in the home directory; its watcher would outlive the test.
  platformClient.ApiClient.instance.config.setConfigPath('')
  const { hostname, port } = new URL(organisation.server.url)
  platformClient.ApiClient.instance.setGateway({ host: hostname, protocol: 'http', port: Number(port) })
})

afterAll(() => organisation.close())

test('the official client is refused with a wrong secret and logs in with the right one', async () => {
  const client = platformClient.ApiClient.instance
  await expect(client.loginClientCredentialsGrant(CLIENT.clientId, 'wrong')).rejects.toBeDefined()
  const login = await client.loginClientCredentialsGrant(CLIENT.clientId, CLIENT.clientSecret)
  expect(login.accessToken).toMatch(/./)
})

test('the official client reads definitions, patches a presence and hears of it on its channel', async () => {
  const jane = organisation.model.addUser({ name: 'Jane Doe', email: 'jane@acme.example' })
  await platformClient.ApiClient.instance.loginClientCredentialsGrant(CLIENT.clientId, CLIENT.clientSecret)

  const definitions = await new platformClient.PresenceApi().getPresenceDefinitions0()
  expect(definitions.entities?.find(({ id }) => id === SYSTEM_IDS['On Queue'])?.systemPresence).toBe('On Queue')

  const notifications = new platformClient.NotificationsApi()
  const channel = await notifications.postNotificationsChannels()
  const frames: { topicName?: string; eventBody?: unknown }[] = []
  const socket = new WebSocket(channel.connectUri ?? '')
  socket.on('message', (data) => frames.push(JSON.parse(String(data))))
  await new Promise((resolve) => socket.once('open', resolve))
  const topic = `v2.users.${jane.id}?presence&routingStatus&conversations`
  const subscribed = await notifications.putNotificationsChannelSubscriptions(channel.id ?? '', [{ id: topic }])
  expect(subscribed.entities).toEqual([{ id: topic, state: 'Permitted' }])

  const patched = await new platformClient.PresenceApi().patchUserPresence(jane.id, 'PURECLOUD', {
    presenceDefinition: { id: SYSTEM_IDS['On Queue'] },
  })
  expect(patched.presenceDefinition?.systemPresence).toBe('On Queue')
  expect(organisation.model.user(jane.id)?.presence.label).toBe('On Queue')
  const event = await eventually('the presence event', () =>
    frames.find(({ topicName }) => topicName === `v2.users.${jane.id}.presence`),
  )
  expect(event.eventBody).toMatchObject({
    presenceDefinition: { id: SYSTEM_IDS['On Queue'], systemPresence: 'ON_QUEUE' },
  })
  socket.terminate()
})

test('the official client finds people by e-mail and page', async () => {
  organisation.model.addUser({ name: 'Lee', email: 'lee@acme.example' })
  await platformClient.ApiClient.instance.loginClientCredentialsGrant(CLIENT.clientId, CLIENT.clientSecret)
  const users = new platformClient.UsersApi()
  const found = await users.postUsersSearch({
    query: [{ type: 'EXACT', fields: ['email'], value: 'lee@acme.example' }],
  })
  expect(found.results?.map(({ name }) => name)).toEqual(['Lee'])
  const page = await users.getUsers({ pageSize: 1, pageNumber: 1 })
  expect(page.entities).toHaveLength(1)
  expect(page.pageCount).toBeGreaterThan(1)
})
