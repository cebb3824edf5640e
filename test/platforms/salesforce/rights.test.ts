// What the org does not let the bridge do is named, with the way through Setup; a right is never called missing on a guess.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import nock from 'nock'
import { tellRights } from '../../../src/app/rights.ts'
import { SILENT } from '../../../src/domain/log.ts'
import type { RightFinding } from '../../../src/domain/platform.ts'
import type { SalesforceSettings } from '../../../src/platforms/salesforce/settings.ts'
import { findRights } from '../../../src/platforms/salesforce/setup/rights.ts'
import type { SalesforceModel } from '../../../src/sandbox/salesforce/model.ts'
import { odd, openOrg } from './setup-kit.ts'

const STREAM = { transport: 'cometd', endpoint: { host: '127.0.0.1', port: 0, plain: true } } as const

async function org(settings: Partial<SalesforceSettings> = {}) {
  const opened = await openOrg({ settings })
  const { model, client } = opened
  model.addChannel('chat')
  model.addStatus({ apiName: 'Online', label: 'Online', channels: ['chat'] })
  model.addUser({ username: 'jane@acme.example' })
  return { ...opened, rights: () => findRights({ client, settings: opened.settings }) }
}

const notOk = (found: readonly RightFinding[]) => found.filter(({ state }) => state !== 'ok')
const lines = (found: readonly RightFinding[]) => notOk(found).map(({ state, sentence }) => `${state}: ${sentence}`)

test('an org that is set up as the guide says lacks nothing, and is asked ten times', async () => {
  const { server, rights } = await org()
  const found = await rights()
  expect(lines(found)).toEqual([])
  expect(found.map(({ what }) => what)).toEqual([
    'see the API names of presence statuses',
    'read the people',
    'read service channels',
    'read presence',
    'read work',
    "see everybody's presence",
    "see everybody's work",
    'hear change events',
    'hear change events',
  ])
  expect(server.faults.calls.rest).toBeLessThanOrEqual(10)
})

/** What may be wrong with an org, alone or with others; each with the sentence that must then be among the findings. */
const WRONGS: Readonly<Record<string, readonly [wrong: (model: SalesforceModel) => void, sentence: RegExp]>> = {
  'the API is off': [
    ({ setup }) => void Object.assign(setup.rights, { apiEnabled: false }),
    /^missing: The run-as user may not use the API: .*System Permissions → API Enabled\.$/,
  ],
  'Omni-Channel is off': [
    ({ setup }) => void Object.assign(setup, { omniChannelEnabled: false }),
    /^missing: The org has no presence statuses .*Omni-Channel Settings → Enable Omni-Channel/,
  ],
  'the set-up is hidden': [
    ({ setup }) => void Object.assign(setup.rights, { viewSetup: false }),
    /^missing: The run-as user cannot see DeveloperName of presence statuses: Setup → Permission Sets → .* → System Permissions → View Setup and Configuration \(or "View DeveloperName"\)\.$/,
  ],
  'presence of everybody is hidden': [
    ({ setup }) => void setup.rights.viewAll.delete('UserServicePresence'),
    /^missing: .*UserServicePresence of everybody.*View All Records/,
  ],
  'work of everybody is hidden': [
    ({ setup }) => void setup.rights.viewAll.delete('AgentWork'),
    /^missing: .*AgentWork of everybody.*View All Records/,
  ],
  'people are hidden': [
    ({ setup }) => void setup.rights.unreadable.add('User'),
    /^missing: The run-as user cannot read User: .*View All Users\.$/,
  ],
  'work is hidden': [
    ({ setup }) => void setup.rights.unreadable.add('AgentWork'),
    /^missing: The run-as user cannot read AgentWork/,
  ],
  'there is no channel': [
    ({ setup }) => void Object.assign(setup, { eventChannel: null }),
    /^missing: The org has no change-data channel \/data\/PresenceBridge__chn/,
  ],
  'the channel has no work': [
    ({ setup }) => void setup.eventChannel?.members.delete('AgentWorkChangeEvent'),
    /^missing: AgentWorkChangeEvent is no member of \/data\/PresenceBridge__chn/,
  ],
}

/** What is not seen because something else hides it. */
function hidden(name: string, all: readonly string[]): boolean {
  if (name !== 'the API is off' && all.includes('the API is off')) return true
  if (name === 'the set-up is hidden') return all.includes('Omni-Channel is off')
  const bySetup = /channel|everybody/.test(name)
  return (
    (bySetup && all.includes('the set-up is hidden')) ||
    (/has no work/.test(name) && all.includes('there is no channel'))
  )
}

test('whatever is wrong at the same time, each is named, and nothing else is called missing', async () => {
  const names = Object.keys(WRONGS)
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }), async (wrong) => {
      const { model, rights } = await org()
      for (const name of wrong) WRONGS[name]?.[0](model)
      const found = lines(await rights())
      const expected = wrong.filter((name) => !hidden(name, wrong))
      for (const name of expected) expect(found).toContainEqual(expect.stringMatching(WRONGS[name]?.[1] ?? /^$/))
      const explained = (line: string) => wrong.some((name) => WRONGS[name]?.[1].test(line) || echoes(name, line))
      for (const line of found) expect(`${explained(line) || !line.startsWith('missing')} ${line}`).toMatch(/^true/)
    }),
    { numRuns: 40 },
  )
})

/** Omni-Channel off is why its objects cannot be read either; nor has a channel that is not there members. */
function echoes(name: string, line: string): boolean {
  return name === 'Omni-Channel is off' && /cannot read (ServiceChannel|UserServicePresence|AgentWork)/.test(line)
}

const TOOLING = '/services/data/v67.0/tooling/query'
const asksFor = (object: string) => (query: object) => String(Reflect.get(query, 'q')).endsWith(`FROM ${object}`)

describe('what cannot be told', () => {
  test('without View Setup nothing is called missing that only the set-up shows', async () => {
    const { model, rights } = await org()
    Object.assign(model.setup.rights, { viewSetup: false, viewDeveloperName: true })
    expect(notOk(await rights()).map(({ state, what }) => [state, what])).toEqual([
      ['unknown', "see everybody's presence"],
      ['unknown', "see everybody's work"],
      ['unknown', 'hear change events'],
    ])
  })

  test('objects that are not listed among the permissions are no proof, unless View All Data is granted', async () => {
    const { model, rights } = await org()
    model.setup.rights.objectsListed = false
    expect(lines(await rights())).toEqual([
      expect.stringMatching(/^unknown: Whether .* UserServicePresence of everybody .*View All Data/),
      expect.stringMatching(/^unknown: Whether .* AgentWork of everybody .*View All Data/),
    ])
    model.setup.rights.viewAllData = true
    expect(lines(await rights())).toEqual([])
  })

  test('members whose events are told by id only are not called missing', async () => {
    const { server, rights } = await org()
    const member = { Id: '0v8000000000001AAA', DeveloperName: 'Own_Name', EventChannel: 'PresenceBridge__chn' }
    odd(server.url)
      .get(TOOLING)
      .query(asksFor('PlatformEventChannelMember'))
      .reply(200, { done: true, records: [{ ...member, SelectedEntity: '01I000000000001AAA' }] })
    expect(lines(await rights())).toEqual([
      expect.stringMatching(/^unknown: Whether UserServicePresenceChangeEvent/),
      expect.stringMatching(/^unknown: Whether AgentWorkChangeEvent/),
    ])
  })

  test('a channel that is named by its id is found', async () => {
    const { server, rights } = await org()
    const channel = '0YL000000000001AAA'
    const records = ['UserServicePresence', 'AgentWork'].map((entity, index) => ({
      Id: `0v800000000000${index}AAA`,
      DeveloperName: `M${index}`,
      EventChannel: channel.slice(0, 15),
      SelectedEntity: `${entity}ChangeEvent`,
    }))
    odd(server.url)
      .get(TOOLING)
      .query(asksFor('PlatformEventChannelMember'))
      .reply(200, { done: true, records })
      .get(TOOLING)
      .query(asksFor('PlatformEventChannel'))
      .reply(200, { done: true, records: [{ Id: channel, DeveloperName: 'PresenceBridge' }] })
    expect(lines(await rights())).toEqual([])
    expect(nock.isDone()).toBe(true)
  })

  test.each([
    ['cannot parse', 400, [{ errorCode: 'MALFORMED_QUERY', message: 'semi join sub-selects are not supported' }]],
    ['answers in another shape', 200, { done: true, records: [{ SobjectType: 7 }] }],
    ['has no such address for', 404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }]],
  ])('what the org %s is no missing right', async (_how, status, body) => {
    const { server, rights } = await org()
    const objects = (query: object) => /FROM (ObjectPermissions|PermissionSet) /.test(String(Reflect.get(query, 'q')))
    odd(server.url).get('/services/data/v67.0/query').times(2).query(objects).reply(status, body)
    odd(server.url).get(TOOLING).times(2).query(true).reply(status, body)
    expect(notOk(await rights()).map(({ state, what }) => [state, what])).toEqual([
      ['unknown', "see everybody's presence"],
      ['unknown', "see everybody's work"],
      ['unknown', 'hear change events'],
    ])
  })

  test('an org that is down is no org without rights', async () => {
    const { server, rights } = await org()
    server.faults.failNext(20, 503)
    await expect(rights()).rejects.toThrow(/did not answer/)
  })
})

test('at start the log has one line for each missing right, and none for the others or for a platform that cannot be asked', async () => {
  const { model, rights } = await org()
  model.setup.rights.viewAll.delete('AgentWork')
  model.setup.rights.objectsListed = true
  const warned: unknown[] = []
  const log = { ...SILENT, warn: (context: unknown) => void warned.push(context) }
  const silent = { title: 'Down', rights: () => Promise.reject(new Error('down')) }
  await tellRights({ adapters: { crm: { title: 'Salesforce', rights }, telephony: silent }, log })
  await tellRights({ adapters: { crm: { title: 'Salesforce' }, telephony: silent }, log })
  const sentence = expect.stringContaining('AgentWork of everybody')
  expect(warned).toEqual([{ code: 'right_missing', side: 'crm', what: "see everybody's work", sentence }])
})

test('the standard channel is looked at through its own members', async () => {
  const { rights } = await org({ stream: { ...STREAM, channel: '/data/ChangeEvents' } })
  expect(lines(await rights())).toEqual([
    expect.stringMatching(/^missing: UserServicePresenceChangeEvent .*Setup → Change Data Capture\.$/),
    expect.stringMatching(/^missing: AgentWorkChangeEvent/),
  ])
})

test('routing work items is looked at only where the bridge does that', async () => {
  const { model, rights } = await org({ writer: 'capacity' })
  model.setup.rights.unreadable.add('PendingServiceRouting')
  expect(lines(await rights())).toEqual([
    expect.stringMatching(/^missing: .*PendingServiceRouting: .*Pending Service Routings/),
  ])
  const other = await org()
  other.model.setup.rights.unreadable.add('PendingServiceRouting')
  expect(lines(await other.rights())).toEqual([])
})
