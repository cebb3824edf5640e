import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { type JWTPayload, SignJWT } from 'jose'
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

  test('gives a token for an assertion that the app’s key signed, and for no other', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const certificate = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const { server, model, clock } = await createWorld({
      server: { certificate, audience: 'https://login.salesforce.com' },
    })
    const conn = new jsforce.Connection({ oauth2: { clientId: 'client', loginUrl: server.url } })
    const seconds = Math.floor(clock.now() / 1000)
    const claims = {
      iss: 'client',
      sub: model.setup.runAs.username,
      aud: 'https://login.salesforce.com',
      exp: seconds + 120,
    }
    const ask = async (other: JWTPayload, key = privateKey) => {
      const assertion = await new SignJWT({ ...claims, ...other }).setProtectedHeader({ alg: 'RS256' }).sign(key)
      return conn.authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
    }
    expect((await ask({})).id).toBe(model.setup.runAs.id)
    await expect(ask({ exp: seconds - 5 })).rejects.toMatchObject({
      name: 'invalid_grant',
      message: 'expired assertion',
    })
    await expect(ask({ exp: seconds + 600 })).rejects.toMatchObject({ name: 'invalid_grant' })
    await expect(ask({ aud: server.url })).rejects.toThrow('audience is invalid')
    await expect(ask({ iss: 'other' })).rejects.toMatchObject({ name: 'invalid_client_id' })
    await expect(ask({ sub: 'jane@acme.example' })).rejects.toThrow("user hasn't approved this consumer")
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    await expect(ask({}, stranger)).rejects.toThrow('invalid assertion')
  })

  test('answers sub-selects, and the Tooling API’s objects by that API only', async () => {
    const { conn, model, jane, lee } = await connected()
    const sets = `SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '${lee}'`
    const granted = await conn.query(`SELECT SetupEntityId FROM SetupEntityAccess WHERE ParentId IN (${sets})`)
    expect(granted.records.map(({ SetupEntityId }) => SetupEntityId)).toEqual([model.status('Online')?.Id])
    const others = `SELECT Id FROM User WHERE Id NOT IN (SELECT AssigneeId FROM PermissionSetAssignment WHERE AssigneeId = '${lee}')`
    expect((await conn.query(others)).records.map(({ Id }) => Id)).toEqual([jane])
    const members = 'SELECT SelectedEntity FROM PlatformEventChannelMember'
    expect((await conn.tooling.query(members)).totalSize).toBe(2)
    await expect(conn.query(members)).rejects.toMatchObject({ errorCode: 'INVALID_TYPE' })
  })

  test('hides what the run-as user may not see', async () => {
    const { conn, model, jane } = await connected()
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    const presences = 'SELECT Id FROM UserServicePresence'
    expect((await conn.query(presences)).totalSize).toBe(1)
    model.setup.rights.viewAll.clear()
    expect((await conn.query(presences)).totalSize).toBe(0)
    model.setup.rights.viewSetup = false
    const names = 'SELECT DeveloperName FROM ServicePresenceStatus'
    await expect(conn.query(names)).rejects.toMatchObject({ errorCode: 'INVALID_FIELD' })
    expect((await conn.query('SELECT MasterLabel FROM ServicePresenceStatus')).totalSize).toBe(2)
    model.setup.omniChannelEnabled = false
    await expect(conn.query(presences)).rejects.toMatchObject({ errorCode: 'INVALID_TYPE' })
    model.setup.rights.apiEnabled = false
    await expect(conn.query('SELECT Id FROM User')).rejects.toMatchObject({ errorCode: 'API_DISABLED_FOR_ORG' })
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
