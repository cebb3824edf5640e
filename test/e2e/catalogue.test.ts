// `catalogue` and `check --live` as an admin runs them, against both platforms on real sockets.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { stringify } from 'yaml'
import { startProcess } from './bridge-process.ts'
import { freePorts } from './free-ports.ts'
import { type Floor, openFloor } from './harness.ts'
import { settingsOf } from './settings-file.ts'

let floor: Floor
beforeEach(async () => {
  floor = await openFloor({ mapping: '' })
})
afterEach(() => floor.close())

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** With other keys in the settings file, or other variables, where given. */
async function run(
  args: readonly string[],
  other: { readonly settings?: object; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const { file, environment } = settingsOf({ centre: floor.centre, ports: floor.ports })
  floor.write('bridge.yaml', stringify({ ...file, ...other.settings }))
  const command = startProcess(args, { ...environment, ...other.environment })
  const { code } = await command.ended
  return { code, ...command.printed() }
}

const inFolder = (file: string) => join(floor.folder, file)
const withSettings = () => ['--settings', inFolder('bridge.yaml')]

describe('catalogue', () => {
  test('shows both platforms’ statuses and channels, and touches nothing', async () => {
    const { code, stdout, stderr } = await run(['catalogue', ...withSettings()])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^crm: Salesforce, 8 statuses$/m)
    expect(stdout).toMatch(/^ {2}Missed Call +Missed_Call +no +yes +\d people +0N5\w{15}$/m)
    expect(stdout).toMatch(/^ {2}Not Responding +NOT_RESPONDING +no +no +NOT_RESPONDING$/m)
    expect(stdout).toMatch(/^ {2}channels: chat, case$/m)
    expect(floor.writes()).toEqual({ crm: 0, telephony: 0 })
  })

  test('shows the org’s routing and presence configurations, and what in them surprises', async () => {
    const { model } = floor.centre.salesforce
    Object.assign(model.configuration, { statusOnPushTimeout: 'Missed_Call' })
    const { stdout } = await run(['catalogue', ...withSettings(), '--side', 'crm'])
    expect(stdout.slice(stdout.indexOf('  Service channels')).trimEnd()).toBe(`  Service channels
    channel  capacity               taken in
    chat     while its tab is open  On Queue
    case     while its tab is open  On Queue

  Routing configurations
    routing       model          priority  takes  push time-out  queues
    chat routing  MostAvailable  1         1      none           chat queue
    case routing  MostAvailable  1         1      none           case queue
    ! "chat routing", "case routing" have no push time-out: work that was offered just before an agent is made busy stays offered until it is accepted or declined. Setup → Routing Configurations → Push Time-Out.

  Presence configurations
    configuration  capacity  accepts  may decline  on decline  on push time-out  for
    Capacity 5     5         by hand  yes          –           Missed Call       1 user, 0 profiles`)
  })

  test('of one side asks that side only', async () => {
    await run(['catalogue', ...withSettings(), '--side', 'telephony', '--save', inFolder('pulled.json')])
    const saved = JSON.parse(readFileSync(inFolder('pulled.json'), 'utf8'))
    expect(Object.keys(saved)).toEqual(['version', 'readAt', 'telephony'])
    const asked = new Set(floor.received().map(({ port }) => port))
    expect(asked).toEqual(new Set([Number(new URL(floor.centre.genesys.server.url).port)]))
  })

  test('--scaffold makes a mapping that holds against the same platforms, live and from a saved file', async () => {
    const made = await run(['catalogue', ...withSettings(), '--scaffold', '--save', inFolder('pulled.json')])
    expect(made.code).toBe(0)
    floor.write('mappings.yaml', made.stdout)
    const live = await run(['check', floor.mappingFile, '--live', ...withSettings()])
    expect(live).toMatchObject({ code: 0, stdout: expect.stringMatching(/^No problems found/) })
    const offline = await run(['check', floor.mappingFile, '--catalogue', inFolder('pulled.json')])
    expect(offline).toMatchObject({ code: 0, stdout: live.stdout })
  })

  test('with refused credentials ends with 2 and a sentence that does not tell the secret', async () => {
    const { code, stdout, stderr } = await run(['catalogue', ...withSettings()], {
      environment: { GC_CLIENT_SECRET: 'wrong-secret-1234' },
    })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^Genesys Cloud refused the bridge: .*check client_id and client_secret.*\.\n$/)
    expect(stderr).not.toContain('wrong-secret-1234')
  })

  test('of a platform that is down ends with 2 and a sentence', async () => {
    const [port = 0] = await freePorts(1)
    const telephony = {
      kind: 'genesys_cloud',
      api_url: `http://127.0.0.1:${port}`,
      login_url: `http://127.0.0.1:${port}`,
      auth: { client_id: '${GC_CLIENT_ID}', client_secret: '${GC_CLIENT_SECRET}' },
    }
    const { code, stdout, stderr } = await run(['catalogue', ...withSettings()], { settings: { telephony } })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^Genesys Cloud cannot be read now: .*\.\n$/)
  })
})

describe('check', () => {
  const MAPPING = `available: { crm: [On Queue], telephony: [On Queue] }
mapped:
  - { crm: On Queue, telephony: On Queue }
  - { crm: Lunsh, telephony: Meal }
no_sync: { telephony: [Idle, Not Responding] }
`

  test('--live finds a status that is not there, with the nearest one, and lists what the file does not mention', async () => {
    floor.write('mappings.yaml', MAPPING)
    const { code, stdout } = await run(['check', floor.mappingFile, '--live', ...withSettings()])
    expect(code).toBe(1)
    expect(stdout).toMatch(/mappings\.yaml:4:12 {2}error {2}There is no status "Lunsh" in the CRM\./)
    expect(stdout).toContain('did you mean "Lunch"?')
    floor.write('mappings.yaml', MAPPING.replace('Lunsh', 'Lunch'))
    const clean = await run(['check', floor.mappingFile, '--live', ...withSettings()])
    expect(clean.code).toBe(0)
    expect(clean.stderr).toContain('does not mention of the CRM: Break, Coaching, Busy, Missed Call, Away, Transition.')
  })

  test('--live beside a saved catalogue tells what is new since then', async () => {
    floor.write('mappings.yaml', MAPPING.replace('Lunsh', 'Lunch'))
    await run(['catalogue', ...withSettings(), '--save', inFolder('pulled.json')])
    floor.centre.salesforce.model.addStatus({ apiName: 'Chats', label: 'Chats', channels: ['chat'] })
    const saved = ['--catalogue', inFolder('pulled.json')]
    const { code, stdout, stderr } = await run(['check', floor.mappingFile, '--live', ...withSettings(), ...saved])
    expect(stderr).toContain('In the CRM "Chats" is new and takes work.')
    expect(stdout).toContain('The CRM also pushes work in "Chats", which is not listed as available.')
    expect(code).toBe(0)
  })

  test('--live finds whom a status is not granted to, and the status that nobody clicked', async () => {
    floor.write('mappings.yaml', MAPPING.replace('Lunsh', 'Lunch'))
    const { model } = floor.centre.salesforce
    Object.assign(model.configuration, { statusOnDecline: 'Away', statusOnPushTimeout: 'Missed_Call' })
    const person = { username: 'zoe@sandbox.example', email: 'zoe@sandbox.example', name: 'Zoe' }
    model.addUser({ ...person, granted: ['On_Queue'] })
    floor.centre.genesys.model.addUser(person)
    const saved = ['--catalogue', inFolder('pulled.json')]
    await run(['catalogue', ...withSettings(), '--save', inFolder('pulled.json')])
    const { code, stdout, stderr } = await run(['check', floor.mappingFile, '--live', ...withSettings()])
    expect(stdout).toContain('"Lunch" is not granted in the CRM to zoe@sandbox.example (1 of ')
    const surprises = [
      'The CRM puts agents into "Away" by itself when work is declined, and no row mentions it: a status that nobody clicked.',
      'The CRM puts agents into "Missed Call" by itself when work is not accepted in time, and no row mentions it: a status that nobody clicked.',
    ]
    for (const sentence of surprises) expect(stderr).toContain(`${floor.mappingFile}: ${sentence}\n`)
    expect(stderr).toContain('Salesforce, set-up: "chat routing", "case routing" have no push time-out: ')
    expect(code).toBe(0)
    const offline = await run(['check', floor.mappingFile, ...saved])
    for (const sentence of surprises) expect(offline.stderr).toContain(sentence)
  })

  test('--live names each missing right with the way to it, and ends with 1 although the mapping is well', async () => {
    floor.write('mappings.yaml', MAPPING.replace('Lunsh', 'Lunch'))
    const { setup } = floor.centre.salesforce.model
    setup.rights.viewAll.delete('AgentWork')
    setup.eventChannel?.members.delete('UserServicePresenceChangeEvent')
    const { code, stderr } = await run(['check', floor.mappingFile, '--live', ...withSettings()])
    expect(code).toBe(1)
    expect(stderr.split('\n').filter((line) => line.startsWith('Salesforce, a right'))).toEqual([
      'Salesforce, a right is missing: The run-as user does not see AgentWork of everybody (without it queries and events leave people ' +
        'out, silently): Setup → Permission Sets → Presence Bridge Integration → Object Settings → AgentWork → View All Records; ' +
        'where the object is not listed there, System Permissions → View All Data.',
      'Salesforce, a right is missing: UserServicePresenceChangeEvent is no member of /data/PresenceBridge__chn, so none of them will ' +
        'come: deploy the folder salesforce/ (platformEventChannelMembers).',
    ])
  })

  test('--live names the right whose lack keeps it from reading anything else, and ends with 1', async () => {
    floor.write('mappings.yaml', MAPPING)
    floor.centre.salesforce.model.setup.rights.viewSetup = false
    const { code, stderr } = await run(['check', floor.mappingFile, '--live', ...withSettings()])
    expect(code).toBe(1)
    expect(stderr).toContain(
      'Salesforce, a right is missing: The run-as user cannot see DeveloperName of presence statuses: Setup → Permission Sets → ' +
        'Presence Bridge Integration → System Permissions → View Setup and Configuration (or "View DeveloperName").\n',
    )
    expect(stderr).toContain('Salesforce, please look: Whether the run-as user sees UserServicePresence of everybody')
  })

  test('--live without settings, and a saved catalogue that is none, end with 2 and a sentence', async () => {
    floor.write('mappings.yaml', MAPPING)
    const bare = await run(['check', floor.mappingFile, '--live'])
    expect([bare.code, bare.stderr]).toEqual([
      2,
      '--live needs --settings: the file that says which platforms to ask.\n',
    ])
    const wrong = await run(['check', floor.mappingFile, '--catalogue', floor.mappingFile])
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/cannot be used: it is not JSON/)])
  })

  test('what was saved names no secret', async () => {
    const { environment } = settingsOf({ centre: floor.centre, ports: floor.ports })
    await run(['catalogue', ...withSettings(), '--save', inFolder('pulled.json')])
    const text = readFileSync(inFolder('pulled.json'), 'utf8')
    for (const secret of [environment.SF_CLIENT_SECRET, environment.GC_CLIENT_SECRET])
      expect(text).not.toContain(secret)
  })
})
