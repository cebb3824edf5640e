import { describe, expect, test } from '@jest/globals'
import { CredentialsRefused } from '../../../src/domain/platform.ts'
import { OFFLINE } from '../../../src/domain/side.ts'
import { createWorld, startedWorld, statuses, until, works } from './kit.ts'

describe('reading Salesforce', () => {
  test('the catalogue says which statuses take work, and who may choose them', async () => {
    const { adapter, online, busy, jane, lee } = await createWorld()
    const { statuses: found, channels } = await adapter.catalogue()
    expect(found).toEqual([
      {
        id: online,
        apiName: 'Online',
        label: 'On Queue',
        available: true,
        settable: true,
        grantedTo: new Set([jane, lee]),
      },
      { id: busy, apiName: 'Busy', label: 'Busy!', available: false, settable: true, grantedTo: new Set([jane]) },
    ])
    expect(channels).toEqual(['chat', 'case'])
  })

  test('the roster has everybody, over several pages', async () => {
    const { adapter, model, jane } = await createWorld({ server: { pageRows: 2 } })
    for (let index = 0; index < 5; index++) model.addUser({ username: `agent${index}@acme.example` })
    const people = await adapter.roster()
    expect(people).toHaveLength(7)
    expect(people[0]).toEqual({
      user: jane,
      username: 'jane@acme.example',
      email: 'jane@acme.example',
      employeeId: '7',
      name: 'jane@acme.example',
      groups: { department: 'Support' },
    })
  })

  test('a snapshot has the current status and all open work, and Offline for nobody there', async () => {
    const { adapter, model, jane, lee, online } = await createWorld()
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    model.work.arrive(model.channel('chat')?.Id ?? '')
    model.work.arrive(model.channel('case')?.Id ?? '')
    const [first, second] = model.work.openOf(jane)
    model.work.accept(first?.Id ?? '')
    const read = await adapter.snapshot([jane, lee])
    expect(read.get(jane)?.status).toBe(online)
    expect(read.get(jane)?.work?.map(({ item, channel, state }) => [item, channel, state])).toEqual([
      [first?.Id, 'chat', 'accepted'],
      [second?.Id, 'case', 'offered'],
    ])
    expect(read.get(lee)).toMatchObject({ status: OFFLINE, work: [] })
  })

  test('a snapshot of very many people reads everybody at once', async () => {
    const { adapter, server, model, jane, online } = await createWorld()
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    const users = Array.from(
      { length: 1_300 },
      (_, index) => model.addUser({ username: `agent${index}@acme.example` }) as typeof jane,
    )
    const before = server.faults.calls.rest
    const read = await adapter.snapshot([jane, ...users])
    expect(server.faults.calls.rest - before).toBe(2)
    expect(read.size).toBe(1_301)
    expect(read.get(jane)?.status).toBe(online)
  })

  test('refused credentials say what to check', async () => {
    const { adapter } = await createWorld({
      settings: { auth: { flow: 'client_credentials', clientId: 'client', clientSecret: 'wrong' } },
    })
    await expect(adapter.catalogue()).rejects.toThrow(CredentialsRefused)
    await expect(adapter.catalogue()).rejects.toThrow(/My Domain URL.*client id and secret.*run-as user/)
  })

  test('an org that gives tokens but refuses them is asked only a few times', async () => {
    const { adapter, server } = await createWorld()
    server.faults.refuseTokens(true)
    await expect(adapter.catalogue()).rejects.toThrow(CredentialsRefused)
    await expect(adapter.catalogue()).rejects.toThrow(CredentialsRefused)
    expect(server.faults.calls.rest).toBeLessThanOrEqual(6)
    expect(server.faults.calls.tokens).toBeLessThanOrEqual(5)
    server.faults.refuseTokens(false)
    expect((await adapter.catalogue()).statuses).toHaveLength(2)
  })

  test('an expired token is renewed within the same call', async () => {
    const { adapter, server } = await createWorld()
    await adapter.catalogue()
    server.faults.expireTokens()
    expect((await adapter.catalogue()).statuses).toHaveLength(2)
  })

  test('a failing org is asked once, not again and again', async () => {
    const { adapter, server } = await createWorld()
    await adapter.catalogue()
    const before = server.faults.calls.rest
    server.faults.failNext(5, 503)
    await expect(adapter.roster()).rejects.toThrow(/did not answer "users".*SERVER_UNAVAILABLE/)
    expect(server.faults.calls.rest - before).toBe(1)
  })
})

describe('listening to Salesforce', () => {
  test('attempts to open the stream cost no API calls once the set-up was read', async () => {
    const { adapter, server, sink, jane } = await createWorld()
    await adapter.catalogue()
    const before = server.faults.calls.rest
    await adapter.start([jane], sink)
    expect(server.faults.calls.rest).toBe(before)
  })

  test('a status change comes once, with the time of the platform', async () => {
    const { model, told, jane, online, busy, links, sink: _sink } = await startedWorld()
    expect(links).toEqual([true])
    const before = Date.now()
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    model.setPresence({ user: jane, apiName: 'Busy', by: 'supervisor' })
    await until('both statuses came', () => statuses(told, jane).length === 2)
    expect(statuses(told, jane)).toEqual([online, busy])
    expect(told[0]?.report).toMatchObject({ by: 'unknown' })
    const at = told[1]?.report.stamp.at ?? 0
    expect(at).toBeGreaterThanOrEqual(before)
    expect(at).toBeLessThanOrEqual(Date.now())
  })

  test('a log-out is told after it was looked up, a status change never seems to be one', async () => {
    const { model, told, jane, online, busy } = await startedWorld()
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    model.setPresence({ user: jane, apiName: 'Offline', by: 'agent' })
    const loggedOutBy = Date.now()
    await until('the log-out came', () => statuses(told, jane).includes(OFFLINE))
    expect(statuses(told, jane)).toEqual([online, busy, OFFLINE])
    expect(told.at(-1)?.report.stamp.at).toBeLessThanOrEqual(loggedOutBy)
  })

  test('many log-outs at once cost few queries', async () => {
    const { adapter, model, server, sink, told, clock: _clock } = await createWorld()
    type User = Parameters<typeof adapter.snapshot>[0][number]
    const users = Array.from(
      { length: 60 },
      (_, index) => model.addUser({ username: `agent${index}@acme.example` }) as User,
    )
    for (const user of users) model.setPresence({ user, apiName: 'Online', by: 'agent' })
    await adapter.start(users, sink)
    await adapter.snapshot(users)
    const before = server.faults.calls.rest
    for (const user of users) model.setPresence({ user, apiName: 'Offline', by: 'agent' })
    await until('all log-outs came', () => users.every((user) => statuses(told, user).includes(OFFLINE)))
    expect(server.faults.calls.rest - before).toBeLessThanOrEqual(6)
  })

  test('the end of a status of nobody known asks for a reading of everybody, once', async () => {
    const { adapter, model, jane, lee, sink, gaps } = await createWorld()
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    model.setPresence({ user: lee, apiName: 'Online', by: 'agent' })
    await adapter.start([jane, lee], sink)
    model.setPresence({ user: jane, apiName: 'Offline', by: 'agent' })
    model.setPresence({ user: lee, apiName: 'Offline', by: 'agent' })
    await until('the gap is told', () => gaps.length > 0)
    expect(gaps).toHaveLength(1)
    expect(gaps[0]?.users).toBeUndefined()
  })

  test('work is offered, accepted, closed, declined, timed out and lost by going offline', async () => {
    const { model, told, jane } = await startedWorld()
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    const chat = model.channel('chat')?.Id ?? ''
    const [a, b, c, d, e] = [1, 2, 3, 4, 5].map(() => model.work.assign(chat, jane))
    model.work.accept(a ?? '')
    model.work.close(a ?? '')
    model.work.decline(b ?? '')
    model.work.timeOut(c ?? '')
    model.setPresence({ user: jane, apiName: 'Offline', by: 'agent' })
    await until('all came', () => works(told, jane).filter((line) => line.endsWith('cancelled')).length === 2)
    const states = (item: string | undefined) =>
      works(told, jane).flatMap((line) => (line.startsWith(`${item} `) ? [line.slice(19)] : []))
    expect(states(a)).toEqual(['chat offered', 'chat accepted', 'chat closed'])
    expect(states(b)).toEqual(['chat offered', 'chat declined'])
    expect(states(c)).toEqual(['chat offered', 'chat timed_out'])
    expect(states(d)).toEqual(['chat offered', 'chat cancelled'])
    expect(states(e)).toEqual(['chat offered', 'chat cancelled'])
  })

  test('a change of work that was never heard of is read', async () => {
    const { adapter, model, sink, told, jane } = await createWorld()
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    const item = model.work.assign(model.channel('case')?.Id ?? '', jane)
    await adapter.start([jane], sink)
    model.work.accept(item)
    await until('the work came', () => works(told, jane).length > 0)
    expect(works(told, jane)).toEqual([`${item} case accepted`])
  })

  test('people who are not looked after are not told of', async () => {
    const { adapter, model, sink, told, jane, lee } = await createWorld()
    await adapter.start([jane], sink)
    model.setPresence({ user: lee, apiName: 'Online', by: 'agent' })
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('Jane came', () => told.length > 0)
    expect(told.map((entry) => entry.user)).toEqual([jane])
  })

  test('after stop nothing is told any more and no streaming client is left', async () => {
    const { adapter, model, server, told, jane } = await startedWorld()
    expect(server.subscribers()).toBe(1)
    await adapter.stop()
    await until('the streaming client is gone', () => server.subscribers() === 0)
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    expect(told).toEqual([])
    expect(adapter.health().link).toMatchObject({ up: false, why: 'stopped' })
  })
})
