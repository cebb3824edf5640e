// The vendor's own client makes every call that the adapter makes, and the stand-in answers it as the client expects.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import platformClient from 'purecloud-platform-client-v2'
import { SYSTEM_IDS } from '../../../src/sandbox/genesys-cloud/definitions.ts'
import type { SandboxUser } from '../../../src/sandbox/genesys-cloud/model-types.ts'
import { adapterCalls, callsOf } from './adapter-calls.ts'
import { CLIENT, type Organisation, openOrganisation } from './support.ts'

let organisation: Organisation
let jane: SandboxUser
let lee: SandboxUser
const asked: string[] = []
const note = (message: unknown) => {
  const { request } = message as { readonly request: IncomingMessage }
  asked.push(`${request.method} ${request.url?.split('?')[0]}`)
}

beforeAll(async () => {
  organisation = await openOrganisation()
  jane = organisation.model.addUser({ name: 'Jane Doe', email: 'jane@acme.example' })
  lee = organisation.model.addUser({ name: 'Lee', email: 'lee@acme.example', department: 'Sales' })
  const client = platformClient.ApiClient.instance
  // The client watches a file in the home directory; its watcher would outlive the test.
  client.config.setConfigPath('')
  const { hostname, port } = new URL(organisation.server.url)
  client.setGateway({ host: hostname, protocol: 'http', port: Number(port) })
  await client.loginClientCredentialsGrant(CLIENT.clientId, CLIENT.clientSecret)
  subscribe('http.server.request.start', note)
})

afterAll(async () => {
  unsubscribe('http.server.request.start', note)
  await organisation.close()
})

const presence = new platformClient.PresenceApi()
const users = new platformClient.UsersApi()
const notifications = new platformClient.NotificationsApi()

/** By the adapter's call: what the vendor's client makes of it, and what it must come to. */
const CALLS: Readonly<Record<string, () => Promise<void>>> = {
  'GET /api/v2/presence/definitions': async () => {
    const { entities } = await presence.getPresenceDefinitions0({ deactivated: 'false' })
    expect(entities?.map(({ id }) => id)).toContain(SYSTEM_IDS.Meal)
    const lunch = entities?.find(({ name }) => name === 'Lunch')
    expect(lunch).toMatchObject({ type: 'User', systemPresence: 'Meal', languageLabels: { en_US: 'Lunch' } })
    expect(entities?.some(({ deactivated }) => deactivated)).toBe(false)
  },
  'GET /api/v2/presencedefinitions': async () => {
    const first = await presence.getPresencedefinitions({ pageNumber: 1, pageSize: 10, deleted: 'false' })
    expect(first.pageCount).toBe(2)
    const second = await presence.getPresencedefinitions({ pageNumber: 2, pageSize: 10, deleted: 'false' })
    expect([...(first.entities ?? []), ...(second.entities ?? [])]).toHaveLength(first.total ?? 0)
  },
  'GET /api/v2/presence/settings': async () => {
    expect(await presence.getPresenceSettings()).toMatchObject({ requestingOffQueueEnabled: false })
  },
  'GET /api/v2/users': async () => {
    const page = await users.getUsers({ pageSize: 500, pageNumber: 1, state: 'active', expand: ['team'] })
    expect(page.entities?.map(({ email }) => email)).toEqual(['jane@acme.example', 'lee@acme.example'])
    organisation.model.setPresence(jane.id, 'On Queue')
    const expand = ['presence', 'routingStatus', 'conversationSummary']
    const named = await users.getUsers({ id: [lee.id, jane.id], pageSize: 100, expand })
    expect(named.entities).toHaveLength(2)
    expect(named.entities?.find(({ id }) => id === jane.id)).toMatchObject({
      presence: { presenceDefinition: { id: SYSTEM_IDS['On Queue'], systemPresence: 'On Queue' } },
      routingStatus: { status: 'IDLE' },
      conversationSummary: { call: { contactCenter: { active: 0, acw: 0 } } },
    })
  },
  'GET /api/v2/users/presences/purecloud/bulk': async () => {
    organisation.model.setPresence(lee.id, 'Coaching')
    const presences = await presence.getUsersPresencesPurecloudBulk({ id: [jane.id, lee.id] })
    expect(presences).toMatchObject([
      { userId: jane.id },
      { userId: lee.id, presenceDefinition: { systemPresence: 'Training' } },
    ])
  },
  'GET /api/v2/users/*/routingstatus': async () => {
    organisation.model.setPresence(jane.id, 'On Queue')
    expect(await users.getUserRoutingstatus(jane.id)).toMatchObject({ userId: jane.id, status: 'IDLE' })
  },
  'PUT /api/v2/users/*/routingstatus': async () => {
    const { model } = organisation
    model.setPresence(jane.id, 'On Queue')
    const call = model.arrive('call')
    model.miss(call.id)
    expect(jane.routing).toBe('NOT_RESPONDING')
    await users.putUserRoutingstatus(jane.id, { status: 'IDLE' })
    expect(jane.routing).toBe('IDLE')
    model.hangUp(call.id, { by: 'customer' })
  },
  'PATCH /api/v2/users/*/presences/purecloud': async () => {
    const definition = organisation.model.definition('Lunch')?.id ?? ''
    const body = { presenceDefinition: { id: definition }, primary: true }
    const patched = await presence.patchUserPresencesPurecloud(jane.id, body)
    expect(patched).toMatchObject({ source: 'PURECLOUD', primary: true, presenceDefinition: { id: definition } })
    expect(jane.presence.label).toBe('Lunch')
    const unknown = { presenceDefinition: { id: 'no such definition' } }
    await expect(presence.patchUserPresencesPurecloud(jane.id, unknown)).rejects.toMatchObject({ status: 400 })
  },
  'PUT /api/v2/users/presences/bulk': async () => {
    const definition = { id: organisation.model.definition('Busy')?.id ?? '' }
    const written = await presence.putUsersPresencesBulk([
      { id: jane.id, presenceDefinition: definition },
      { id: lee.id, presenceDefinition: definition },
    ])
    expect(written).toMatchObject([{ presenceDefinition: definition }, { presenceDefinition: definition }])
    expect([jane.presence.label, lee.presence.label]).toEqual(['Busy', 'Busy'])
  },
  'DELETE /api/v2/tokens/*': async () => {
    const before = lee.loggedOut
    await new platformClient.TokensApi().deleteToken(lee.id)
    expect(lee).toMatchObject({ loggedOut: before + 1, presence: { label: 'Offline' } })
  },
  'GET /api/v2/conversations/*': async () => {
    const { model } = organisation
    const call = model.offer(jane.id, 'call')
    model.answer(call.id)
    const read = await new platformClient.ConversationsApi().getConversation(call.id)
    const agent = read.participants?.find(({ userId }) => userId === jane.id)
    expect(agent).toMatchObject({ purpose: 'agent', calls: [{ state: 'connected', held: false }] })
    model.hangUp(call.id)
  },
  'POST /api/v2/analytics/conversations/details/query': async () => {
    const { model } = organisation
    const open = model.offer(jane.id, 'chat')
    model.answer(open.id)
    const found = await new platformClient.AnalyticsApi().postAnalyticsConversationsDetailsQuery({
      interval: '2026-11-21T00:00:00.000Z/2026-11-28T00:00:00.000Z',
      order: 'desc',
      orderBy: 'conversationStart',
      paging: { pageSize: 100, pageNumber: 1 },
      segmentFilters: [{ type: 'or', predicates: [{ dimension: 'userId', operator: 'matches', value: jane.id }] }],
      conversationFilters: [{ type: 'and', predicates: [{ dimension: 'conversationEnd', operator: 'notExists' }] }],
    })
    expect(found.conversations?.map(({ conversationId }) => conversationId)).toEqual([open.id])
    expect(found.conversations?.[0]?.conversationEnd).toBeUndefined()
    model.hangUp(open.id)
  },
  'POST /api/v2/notifications/channels': async () => {
    const channel = await notifications.postNotificationsChannels()
    expect(channel.connectUri).toMatch(/^ws:.*\/channels\/streaming-/)
    expect(Date.parse(String(channel.expires))).toBeGreaterThan(Date.now() + 23 * 3_600_000)
  },
  'GET /api/v2/notifications/channels': async () => {
    const { id } = await notifications.postNotificationsChannels()
    const { entities } = await notifications.getNotificationsChannels({ includechannels: 'oauthclient' })
    expect(entities?.map((channel) => channel.id)).toContain(id)
  },
  'PUT /api/v2/notifications/channels/*/subscriptions': async () => {
    const { id = '' } = await notifications.postNotificationsChannels()
    const topic = `v2.users.${jane.id}?presence&routingStatus&conversations&activity`
    organisation.server.faults.rejectTopic(`${jane.id}.activity`)
    const { entities } = await notifications.putNotificationsChannelSubscriptions(id, [{ id: topic }], {
      ignoreErrors: true,
    })
    expect(entities).toMatchObject([
      { id: topic, state: 'Permitted' },
      { id: `v2.users.${jane.id}.activity`, state: 'Rejected', missingPermissions: [expect.any(String)] },
    ])
    await expect(notifications.putNotificationsChannelSubscriptions(id, [{ id: topic }])).rejects.toMatchObject({
      status: 403,
    })
  },
}

describe('the official client', () => {
  test.each(Object.entries(CALLS))('%s', async (call, act) => {
    asked.length = 0
    await act()
    const pattern = new RegExp(`^${call.replaceAll('*', '[^/]+')}$`)
    expect(asked.filter((one) => pattern.test(one))).not.toEqual([])
    expect(asked.filter((one) => !pattern.test(one) && !one.startsWith('POST /api/v2/notifications'))).toEqual([])
  })

  test('makes every call that the adapter makes', () => {
    const calls = adapterCalls()
    expect(calls).toContain('PATCH /api/v2/users/*/presences/purecloud')
    expect(calls.filter((call) => !(call in CALLS))).toEqual([])
  })
})

test('calls are read from a source by method and path, however they are written', () => {
  const source = [
    "const path = `/api/v2/users?id=${ids.join(',')}&pageSize=1`",
    "const request = { operation: 'a', method: 'GET', path, kind: 'read' } as const",
    "await write(deps, { operation: 'b', method: 'PUT', path: `/api/v2/users/${user}/routingstatus`, body: {} })",
  ].join('\n')
  expect(callsOf(source)).toEqual(['GET /api/v2/users', 'PUT /api/v2/users/*/routingstatus'])
  expect(() => callsOf("{ operation: 'c', method: 'GET', path: url }")).toThrow('cannot')
})
