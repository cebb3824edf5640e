import { describe, expect, test } from '@jest/globals'
import jsforce from 'jsforce'
import { cleanup, createWorld, until } from '../../platforms/salesforce/kit.ts'

async function connected(pageRows?: number) {
  const world = await createWorld({ server: pageRows === undefined ? {} : { pageRows } })
  const { clientId, clientSecret } = world.credentials
  const conn = new jsforce.Connection({
    version: '67.0',
    oauth2: { clientId, clientSecret, loginUrl: world.server.url },
  })
  await conn.authorize({ grant_type: 'client_credentials' })
  return { ...world, conn }
}

describe('the stand-in org, asked by jsforce itself', () => {
  test('gives a token for the client credentials and refuses others', async () => {
    const { conn, server } = await connected()
    expect(conn.instanceUrl).toBe(server.url)
    expect(conn.userInfo?.id).toMatch(/^005/)
    const other = new jsforce.Connection({
      oauth2: { clientId: 'client', clientSecret: 'wrong', loginUrl: server.url },
    })
    await expect(other.authorize({ grant_type: 'client_credentials' })).rejects.toThrow('invalid client credentials')
  })

  test('answers queries with conditions, order, limit and a field of the parent', async () => {
    const { conn, model, jane, online } = await connected()
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    const soql =
      'SELECT Id, ServicePresenceStatus.DeveloperName, StatusStartDate FROM UserServicePresence ' +
      `WHERE IsCurrentState = true AND UserId IN ('${jane.slice(0, 15)}') ORDER BY StatusStartDate DESC LIMIT 1`
    const { records } = await conn.query(soql)
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({
      ServicePresenceStatus: { DeveloperName: 'Online' },
      StatusStartDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/),
    })
    const all = await conn.query('SELECT ServicePresenceStatusId FROM UserServicePresence ORDER BY Id DESC')
    expect(all.records.map((record) => record.ServicePresenceStatusId)[0]).toBe(online)
    expect(conn.limitInfo.apiUsage?.limit).toBe(100_000)
  })

  test('gives long answers page by page', async () => {
    const { conn, model } = await connected(3)
    for (let index = 0; index < 8; index++) model.addUser({ username: `agent${index}@acme.example` })
    const first = await conn.query('SELECT Id FROM User')
    expect([first.totalSize, first.done, first.records.length]).toEqual([10, false, 3])
    const whole = await conn.query('SELECT Id FROM User', { autoFetch: true, maxFetch: 100 })
    expect(new Set(whole.records.map((record) => record.Id)).size).toBe(10)
  })

  test('names what is wrong with a query', async () => {
    const { conn } = await connected()
    await expect(conn.query('SELECT Id FROM Nonsense')).rejects.toMatchObject({ errorCode: 'INVALID_TYPE' })
    await expect(conn.query('SELECT Nonsense FROM User')).rejects.toMatchObject({ errorCode: 'INVALID_FIELD' })
    await expect(conn.query('SELECT FROM WHERE')).rejects.toMatchObject({ errorCode: 'MALFORMED_QUERY' })
  })

  test('streams the two events of a status change, the second one whole', async () => {
    const { conn, model, server, jane, online } = await connected()
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    const events: { payload: Record<string, unknown> & { ChangeEventHeader: { changeType: string } } }[] = []
    const client = conn.streaming.createClient([])
    client.subscribe('/data/PresenceBridge__chn', (event: (typeof events)[number]) => void events.push(event))
    cleanup(() => Reflect.get(client, 'disconnect').call(client))
    await until('jsforce has subscribed', () => server.subscribers() === 1)
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('both events came', () => events.length === 2)
    expect(events.map((event) => event.payload.ChangeEventHeader.changeType)).toEqual(['UPDATE', 'CREATE'])
    expect(events[0]?.payload).toMatchObject({ IsCurrentState: false })
    expect(events[0]?.payload).not.toHaveProperty('UserId')
    expect(events[1]?.payload).toMatchObject({ UserId: jane, ServicePresenceStatusId: online, IsCurrentState: true })
  })
})
