// The org's set-up as it is read: who may choose what, routing, presence configurations, and what in them surprises.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { PlatformUserId, StatusId } from '../../../src/domain/side.ts'
import { readGrants } from '../../../src/platforms/salesforce/setup/grants.ts'
import { readSetup } from '../../../src/platforms/salesforce/setup/setup.ts'
import { odd, openOrg } from './setup-kit.ts'

async function org() {
  const opened = await openOrg()
  const { model } = opened
  for (const channel of ['chat', 'case']) model.addChannel(channel)
  const add = (apiName: string, label: string, channels: readonly string[]) =>
    model.addStatus({ apiName, label, channels }) as StatusId
  const statuses = {
    Online: add('Online', 'On Queue', ['chat']),
    Busy: add('Busy', 'Busy', []),
    Missed: add('Missed', 'Missed Work', []),
  }
  const agent = (granted?: readonly string[], capacity?: number) =>
    model.addUser({
      username: `agent${model.userIds().length}@acme.example`,
      ...(granted === undefined ? {} : { granted }),
      ...(capacity === undefined ? {} : { capacity }),
    }) as PlatformUserId
  return { ...opened, statuses, agent }
}

describe('who may choose a status', () => {
  test('is whom the org lets choose it, whatever was granted to whom', async () => {
    const { model, client, statuses, agent } = await org()
    const people: PlatformUserId[] = []
    await fc.assert(
      fc.asyncProperty(fc.subarray(Object.keys(statuses)), async (granted) => {
        people.push(agent(granted))
        const grants = await readGrants(client, Object.values(statuses))
        for (const [apiName, status] of Object.entries(statuses)) {
          const may = people.filter((user) => model.setPresence({ user, apiName, by: 'agent' }) === 'ok')
          // Where nobody has any status, the org tells nothing: that is no "nobody may".
          if (grants !== undefined) expect([...(grants.get(status) ?? [])].sort()).toEqual(may.sort())
          else expect(may).toEqual([])
        }
      }),
      { numRuns: 12 },
    )
  })

  test('cannot be told without View Setup, and is then left open', async () => {
    const { model, client, statuses, agent } = await org()
    agent()
    model.setup.rights.viewSetup = false
    expect(await readGrants(client, Object.values(statuses))).toBeUndefined()
  })

  test.each([
    ['cannot parse the question', 400, [{ errorCode: 'MALFORMED_QUERY', message: 'unexpected' }]],
    ['answers in another shape', 200, { done: true, records: [{ ParentId: null }] }],
  ])('cannot be told by an org that %s', async (_how, status, body) => {
    const { server, client, statuses } = await org()
    odd(server.url).get('/services/data/v67.0/query').query(true).reply(status, body)
    expect(await readGrants(client, Object.values(statuses))).toBeUndefined()
  })

  test('is not a question of the moment: an org that is down is asked again', async () => {
    const { server, client, statuses } = await org()
    server.faults.failNext(1, 503)
    await expect(readGrants(client, Object.values(statuses))).rejects.toThrow(/did not answer/)
  })

  test('is also who has a permission set by way of a group', async () => {
    const { server, client, statuses, agent } = await org()
    const direct = agent(['Online'])
    const member = '005000000000099AAA'
    const group = '0PG000000000001AAA'
    const sets: string[] = []
    const asks = (object: string) => (query: object) => String(Reflect.get(query, 'q')).includes(`FROM ${object} `)
    const path = '/services/data/v67.0/query'
    odd(server.url)
      .get(path)
      .query((query) => {
        const soql = String(query.q)
        if (!asks('PermissionSetGroupComponent')(query)) return false
        sets.push(...[...soql.matchAll(/'(0PS\w+)'/g)].map(([, id]) => id ?? ''))
        return true
      })
      .reply(200, () => ({
        done: true,
        records: sets.map((id) => ({ PermissionSetId: id, PermissionSetGroupId: group })),
      }))
      .get(path)
      .query((query) => asks('PermissionSetAssignment')(query) && String(query.q).includes(group))
      .reply(200, { done: true, records: [{ AssigneeId: member, PermissionSetGroupId: group }] })
    const grants = await readGrants(client, Object.values(statuses))
    expect(grants?.get(statuses.Online)).toEqual(new Set([direct, member]))
    expect(grants?.get(statuses.Busy)).toEqual(new Set())
  })

  test('is asked with lists that a query can carry', async () => {
    const { model, server, client } = await org()
    const ids = Array.from({ length: 700 }, (_, index) =>
      model.addStatus({ apiName: `S${index}`, label: `S${index}`, channels: [] }),
    ) as StatusId[]
    model.addUser({ username: 'jane@acme.example' })
    const before = server.faults.calls.rest
    const grants = await readGrants(client, ids)
    expect(grants?.size).toBe(700)
    expect(server.faults.calls.rest - before).toBe(5)
  })
})

describe('the set-up', () => {
  test('is read as tables with the numbers that the org behaves by', async () => {
    const { model, client, agent } = await org()
    agent(undefined, 3)
    agent(undefined, 3)
    agent(undefined, 8)
    Object.assign(model.configuration, { statusOnPushTimeout: 'Missed', pushTimeoutMs: 30_000 })
    const { tables } = await readSetup({ client })
    expect(tables).toEqual([
      {
        title: 'Service channels',
        columns: ['channel', 'capacity', 'taken in'],
        rows: [
          ['chat', 'while its tab is open', 'On Queue'],
          ['case', 'while its tab is open', '–'],
        ],
        warnings: ['"case" has no presence status that takes its work: none of it reaches anybody.'],
      },
      {
        title: 'Routing configurations',
        columns: ['routing', 'model', 'priority', 'takes', 'push time-out', 'queues'],
        rows: [
          ['chat routing', 'MostAvailable', '1', '1', '30 s', 'chat queue'],
          ['case routing', 'MostAvailable', '1', '1', '30 s', 'case queue'],
        ],
        warnings: [],
      },
      {
        title: 'Presence configurations',
        columns: ['configuration', 'capacity', 'accepts', 'may decline', 'on decline', 'on push time-out', 'for'],
        rows: [
          ['Capacity 3', '3', 'by hand', 'yes', '–', 'Missed Work', '2 users, 0 profiles'],
          ['Capacity 8', '8', 'by hand', 'yes', '–', 'Missed Work', '1 user, 0 profiles'],
        ],
        warnings: [],
      },
    ])
  })

  test('names the statuses that the org sets by itself, each moment once, and they are those that it sets', async () => {
    const moments = fc.record({
      statusOnDecline: fc.constantFrom(null, 'Busy', 'Missed'),
      statusOnPushTimeout: fc.constantFrom(null, 'Busy', 'Missed'),
    })
    await fc.assert(
      fc.asyncProperty(moments, async (configuration) => {
        const { model, client, agent } = await org()
        const [first, second] = [agent(undefined, 3), agent(undefined, 8)]
        Object.assign(model.configuration, configuration)
        const { setByItself } = await readSetup({ client })
        const told = new Map(setByItself.map(({ status, when }) => [when, status]))
        expect(told.size).toBe(setByItself.length)
        const afterwards = (user: PlatformUserId, refuse: (work: string) => boolean) => {
          model.setPresence({ user, apiName: 'Online', by: 'agent' })
          refuse(model.work.assign(model.channel('chat')?.Id ?? '', user))
          const status = model.presence(user)
          return status === 'Online' ? undefined : model.status(status)?.Id
        }
        expect(told.get('when work is declined')).toBe(afterwards(first, model.work.decline))
        expect(told.get('when work is not accepted in time')).toBe(afterwards(second, model.work.timeOut))
      }),
      { numRuns: 9 },
    )
  })

  test('routing without a push time-out is warned of', async () => {
    const { client } = await org()
    const { tables } = await readSetup({ client })
    expect(tables[1]?.rows.map((row) => row[4])).toEqual(['none', 'none'])
    expect(tables[1]?.warnings).toEqual([
      expect.stringMatching(/^"chat routing", "case routing" have no push time-out: .*Setup → Routing Configurations/),
    ])
  })

  test('a part that may not be read is said to be so, and the others are read', async () => {
    const { model, client, agent } = await org()
    agent()
    model.setup.rights.unreadable.add('QueueRoutingConfig')
    const { tables } = await readSetup({ client })
    expect(tables[1]).toEqual({
      title: 'Routing configurations',
      columns: [],
      rows: [],
      warnings: ['This part of the set-up cannot be read by the run-as user (INVALID_TYPE).'],
    })
    expect(tables.map(({ rows }) => rows.length)).toEqual([2, 0, 1])
  })

  test('every row has as many cells as there are columns', async () => {
    const { client, agent } = await org()
    agent()
    const { tables } = await readSetup({ client })
    for (const { columns, rows } of tables) expect(rows.every((row) => row.length === columns.length)).toBe(true)
  })
})
