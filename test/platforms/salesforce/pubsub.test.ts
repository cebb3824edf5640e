// The Pub/Sub API as a transport, on real sockets: what it asks for, keeps, refuses and survives.

import tls from 'node:tls'
import { describe, expect, test } from '@jest/globals'
import { generate } from 'selfsigned'
import { SILENT } from '../../../src/domain/log.ts'
import { CredentialsRefused } from '../../../src/domain/platform.ts'
import { cleanup, createWorld, startedWorld, statuses, until, works } from './kit.ts'

const CHANNEL = '/data/PresenceBridge__chn'
const MARK = `salesforce:pubsub:replay:${CHANNEL}`
const positionOf = (marks: Map<string, string>) => Buffer.from(marks.get(MARK) ?? '', 'base64').readBigInt64BE()

describe('the Pub/Sub API', () => {
  test('brings statuses and work as they happen', async () => {
    const { model, told, jane, online, busy, links } = await startedWorld({ transport: 'pubsub' })
    expect(links).toEqual([true])
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    const item = model.work.assign(model.channel('chat')?.Id ?? '', jane)
    model.work.accept(item)
    model.work.close(item)
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    await until('both statuses came', () => statuses(told, jane).length === 2)
    expect(statuses(told, jane)).toEqual([online, busy])
    expect(works(told, jane)).toEqual([`${item} chat offered`, `${item} chat accepted`, `${item} chat closed`])
  })

  test('never runs dry: many more events than may be asked for at once come in their order', async () => {
    const { model, told, jane, lee } = await startedWorld({ transport: 'pubsub' })
    const chosen: string[] = []
    for (let round = 0; round < 250; round++) {
      for (const apiName of ['Online', 'Busy']) {
        model.setPresence({ user: jane, apiName, by: 'agent' })
        chosen.push(model.status(apiName)?.Id ?? '')
      }
    }
    model.setPresence({ user: lee, apiName: 'Online', by: 'agent' })
    await until('the last one came', () => statuses(told, lee).length === 1)
    expect(statuses(told, jane)).toEqual(chosen)
  })

  test('goes on after a restart where it was, also when only signs of life came since', async () => {
    const marks = new Map<string, string>()
    const first = await startedWorld({ transport: 'pubsub', marks, server: { pubsub: { keepAliveMs: 60 } } })
    const { server, model, told, jane, lee, online } = first
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('the event came', () => statuses(told, jane).length === 1)
    const afterEvent = positionOf(marks)
    // Told to nobody, so that only the sign of life knows of it.
    server.faults.loseEvents(true)
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    server.faults.loseEvents(false)
    await until('the position moved on', () => positionOf(marks) > afterEvent)
    await first.adapter.stop()
    model.setPresence({ user: lee, apiName: 'Online', by: 'agent' })
    const { stream, loginUrl } = first.settings
    const again = await createWorld({ marks, settings: { loginUrl, stream } })
    await again.adapter.start([jane, lee], again.sink)
    await until('what was missed came', () => again.told.length > 0)
    expect(statuses(again.told, lee)).toEqual([online])
    expect(statuses(again.told, jane)).toEqual([])
  })

  test('does not go back to a position that is older than a quarter of an hour', async () => {
    const marks = new Map([
      [MARK, Buffer.alloc(8, 0).toString('base64')],
      [`${MARK}:at`, String(Date.now() - 16 * 60_000)],
    ])
    const { adapter, model, sink, told, jane, lee, online } = await createWorld({ transport: 'pubsub', marks })
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await adapter.start([jane, lee], sink)
    model.setPresence({ user: lee, apiName: 'Online', by: 'agent' })
    await until('the new event came', () => told.length > 0)
    expect(told.map(({ user }) => user)).toEqual([lee])
    expect(statuses(told, lee)).toEqual([online])
  })

  test('takes the subscription to stand when no answer comes for a while, as it may be that none comes before the first event', async () => {
    const { links, model, told, jane } = await startedWorld({
      transport: 'pubsub',
      server: { pubsub: { lateHead: true } },
      adapter: { limits: { pubsub: { settleMs: 100 } } },
    })
    expect(links).toEqual([true])
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('the event came', () => statuses(told, jane).length === 1)
    expect(links).toEqual([true])
  })

  test('says what to check when the channel is missing', async () => {
    const { settings } = await createWorld({ transport: 'pubsub' })
    const { adapter, sink, links, jane } = await createWorld({
      settings: { loginUrl: settings.loginUrl, stream: { ...settings.stream, channel: '/data/Missing' } },
    })
    const refused = await adapter.start([jane], sink).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(CredentialsRefused)
    expect(String(refused)).toMatch(/\/data\/Missing.*NOT_FOUND.*permission set/)
    expect(links).toEqual([])
  })

  test('a lookup that knows nothing of the channel is told of, and has no last word', async () => {
    const warnings: string[] = []
    const log = { ...SILENT, warn: (context: object) => void warnings.push(String(Reflect.get(context, 'words'))) }
    const { adapter, server, sink, links, model, told, jane } = await createWorld({
      transport: 'pubsub',
      adapter: { log },
    })
    server.faults.refuseLookup(true)
    await adapter.start([jane], sink)
    expect(warnings).toEqual([expect.stringMatching(/NOT_FOUND.*permission set/)])
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('the event came', () => statuses(told, jane).length === 1)
    expect(links).toEqual([true])
  })

  test('leaves no subscription and no connection behind when stopped, also in the middle of a dial', async () => {
    const { adapter, server, model, told, jane } = await startedWorld({ transport: 'pubsub' })
    expect(server.subscribers()).toBe(1)
    await adapter.stop()
    await until('the subscription is gone', () => server.subscribers() === 0)
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    const second = await createWorld({ transport: 'pubsub', server: { pubsub: { lateHead: true } } })
    const starting = second.adapter.start([jane], second.sink).catch((error: unknown) => error)
    await until('it subscribes', () => second.server.faults.calls.subscriptions === 1)
    await second.adapter.stop()
    expect(await starting).toBeInstanceOf(Error)
    await until('that subscription is gone too', () => second.server.subscribers() === 0)
    expect(told).toEqual([])
    expect(second.links).toEqual([])
  })

  test('takes an event that comes twice once', async () => {
    const { adapter, server, model, told, jane, online, busy } = await startedWorld({ transport: 'pubsub' })
    server.faults.duplicateEvents(true)
    for (const apiName of ['Online', 'Busy', 'Online']) model.setPresence({ user: jane, apiName, by: 'agent' })
    await until('all came', () => statuses(told, jane).length === 3)
    expect(statuses(told, jane)).toEqual([online, busy, online])
    await until('the copies came', () => adapter.health().details.duplicates === 5)
    expect(adapter.health().details.events).toBe(5)
  })

  test('an event whose schema the org does not give asks for a reading, and the next ones are heard', async () => {
    const { server, model, told, gaps, links, jane, lee, online } = await startedWorld({ transport: 'pubsub' })
    server.faults.refuseSchemas('unknown')
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('a reading is asked for', () => gaps.length > 0)
    server.faults.refuseSchemas(null)
    model.setPresence({ user: lee, apiName: 'Online', by: 'agent' })
    await until('the next event came', () => statuses(told, lee).length === 1)
    expect(statuses(told, lee)).toEqual([online])
    expect(statuses(told, jane)).toEqual([])
    expect(links).toEqual([true])
  })

  test('an event whose schema cannot be had now is not lost', async () => {
    const { server, model, told, links, jane, online, busy } = await startedWorld({ transport: 'pubsub' })
    model.work.assign(model.channel('chat')?.Id ?? '', jane)
    await until('the position is kept', () => works(told, jane).length === 1)
    server.faults.refuseSchemas('unavailable')
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('the stream is given up', () => links.includes(false))
    model.setPresence({ user: jane, apiName: 'Busy', by: 'agent' })
    server.faults.refuseSchemas(null)
    await until('both came', () => statuses(told, jane).length === 2)
    expect(statuses(told, jane)).toEqual([online, busy])
  })

  test('speaks TLS with the authorities that Node trusts, and with no others', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    })
    const server = { pubsub: { tls: { certificate: cert, key } } }
    const before = tls.getCACertificates('default')
    const distrusting = await createWorld({ transport: 'pubsub', server })
    await expect(distrusting.adapter.start([distrusting.jane], distrusting.sink)).rejects.toThrow(/certificate/)
    tls.setDefaultCACertificates([...before, cert])
    cleanup(() => tls.setDefaultCACertificates(before))
    const { model, told, jane } = await startedWorld({ transport: 'pubsub', server })
    model.setPresence({ user: jane, apiName: 'Online', by: 'agent' })
    await until('the event came', () => statuses(told, jane).length === 1)
  })

  test('keeps a silent server for no longer than its limit although the path is alive', async () => {
    const warnings: string[] = []
    const log = { ...SILENT, info: ({ code, kind }: Record<string, unknown>) => void warnings.push(`${code} ${kind}`) }
    const { links } = await startedWorld({
      transport: 'pubsub',
      adapter: { log, limits: { pubsub: { silenceMs: 150 } } },
    })
    await until('the silence is noticed', () => links.includes(false))
    expect(warnings).toContain('salesforce_stream_ended silent')
  })
})
