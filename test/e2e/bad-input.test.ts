// What the bridge says, and how it ends, where it cannot run like this.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { hold, letGo } from './free-ports.ts'
import { type Floor, type FloorOptions, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'

const SECRET = 'wrong-secret-7f3a91'
let floor: Floor
const running: BridgeProcess[] = []

beforeAll(async () => {
  floor = await openFloor({ mapping: SCENARIO_B })
})
afterAll(async () => await floor?.close())
afterEach(async () => {
  for (const bridge of running) bridge.signal('SIGKILL')
  await Promise.all(running.splice(0).map((bridge) => bridge.ended))
  floor.write('mappings.yaml', SCENARIO_B)
})

function launch(other?: Pick<FloorOptions, 'settings' | 'environment'>): BridgeProcess {
  const bridge = floor.launch(other)
  running.push(bridge)
  return bridge
}

/** Resolves with what went to stderr, once the process has ended by itself. */
async function endsWith2(bridge: BridgeProcess): Promise<string> {
  expect(await bridge.ended).toEqual({ code: 2, signal: null })
  const { stdout, stderr } = bridge.printed()
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .*\.ts:\d+/m) // a sentence, not a stack
  return stderr
}

test('every problem of a settings file is told at once, with its place', async () => {
  const stderr = await endsWith2(
    launch({
      settings: {
        mode: 'sideways',
        colour: 'red',
        ops: { listen: 'somewhere', token: '${NOT_THERE}' },
        crm: { kind: 'salesforce' },
      },
    }),
  )
  expect(stderr).toMatch(/bridge\.yaml:\d+:\d+/)
  for (const part of ['"colour"', 'sideways', 'somewhere', 'NOT_THERE', '"login_url"']) {
    expect(stderr).toContain(part)
  }
})

test('a settings file that is no YAML is told with its line', async () => {
  const bridge = floor.launchText('crm: {kind: salesforce\ntelephony: [')
  running.push(bridge)
  expect(await endsWith2(bridge)).toMatch(/bridge\.yaml:\d+:\d+/)
})

test('a settings file that is missing is named', async () => {
  const bridge = floor.launchFile('nowhere.yaml')
  running.push(bridge)
  expect(await endsWith2(bridge)).toMatch(/The settings file .*nowhere\.yaml cannot be read/)
})

test('plain http to another machine is refused', async () => {
  const auth = { client_id: 'x', client_secret: '${GC_CLIENT_SECRET}' }
  const url = 'http://10.1.2.3:8080'
  const stderr = await endsWith2(
    launch({ settings: { telephony: { kind: 'genesys_cloud', api_url: url, login_url: url, auth } } }),
  )
  expect(stderr).toContain('Plain http is accepted for this machine itself only')
  expect(stderr).not.toContain(floor.centre.clientSecret)
})

test('a mapping file with errors does not run, and says where they are', async () => {
  floor.write('mappings.yaml', SCENARIO_B.replace('telephony: Available }', 'telephony: On Queue }'))
  expect(await endsWith2(launch())).toMatch(/mappings\.yaml:\d+:\d+/)
})

test('a status that the live platform does not know is named, with the nearest one that it does', async () => {
  floor.write('mappings.yaml', SCENARIO_B.replace('{ crm: On Queue,', '{ crm: On Queu,'))
  const stderr = await endsWith2(launch())
  expect(stderr).toContain('On Queu"')
  expect(stderr).toMatch(/did you mean "On Queue"/)
})

test('a missing mapping file is named', async () => {
  expect(await endsWith2(launch({ settings: { mappings: './none.yaml' } }))).toContain('none.yaml')
})

test('an address of the ops server that is taken is named', async () => {
  const other = await hold(floor.ports.ops)
  const stderr = await endsWith2(launch())
  expect(stderr).toContain(`127.0.0.1:${floor.ports.ops}`)
  expect(stderr).toContain('another program')
  await letGo(other)
})

test('an address of the consoles that is taken is named', async () => {
  const other = await hold(floor.ports.companion)
  const stderr = await endsWith2(launch())
  expect(stderr).toContain(`127.0.0.1:${floor.ports.companion}`)
  expect(stderr).toContain('companion.listen')
  await letGo(other)
})

test('a journal that cannot be written is named', async () => {
  const stderr = await endsWith2(launch({ settings: { journal: { path: './mappings.yaml/journal.sqlite' } } }))
  expect(stderr).toContain('mappings.yaml/journal.sqlite')
})

test('a journal that is no journal is left alone', async () => {
  writeFileSync(
    join(floor.folder, 'notes.txt'),
    'these are notes, and they are long enough to be read as something else\n'.repeat(100),
  )
  const stderr = await endsWith2(launch({ settings: { journal: { path: './notes.txt' } } }))
  expect(stderr).toContain('notes.txt')
})

test('a second bridge on the same journal does not start', async () => {
  const first = launch()
  await first.says('journal_open')
  const listen = `127.0.0.1:${floor.ports.companion}` // never reached: the journal comes first
  const stderr = await endsWith2(launch({ settings: { ops: { listen } } }))
  expect(stderr).toContain('in use by another running bridge')
  await floor.ready(first)
})

test.each([
  ['SF_CLIENT_SECRET', 'crm', /client id and secret/i],
  ['GC_CLIENT_SECRET', 'telephony', /client_id and client_secret/],
])(
  'with a wrong %s the bridge stays up, is not ready, and says what to check without the secret',
  async (name, side, advice) => {
    const bridge = launch({ environment: { [name]: SECRET } })
    const line = await bridge.says('credentials_refused')
    expect(line.why).toMatch(advice)
    const readiness = await floor.ops.readyz()
    expect(readiness?.status).toBe(503)
    expect(readiness?.checks.find((check) => check.name === `${side} read`)?.why).toMatch(advice)
    const { stdout, stderr } = bridge.printed()
    expect(`${stdout}${stderr}${JSON.stringify(readiness)}`).not.toContain(SECRET)
    bridge.signal('SIGTERM')
    expect(await bridge.ended).toEqual({ code: 0, signal: null })
  },
)

test('people who are in one system only are counted, and left alone', async () => {
  floor.centre.salesforce.model.addUser({ username: 'zoe@sandbox.example' })
  floor.centre.genesys.model.addUser({ name: 'Yann', email: 'yann@sandbox.example' })
  const bridge = launch({ settings: { log: { level: 'debug', format: 'json' } } })
  await floor.ready(bridge)
  expect(await bridge.says('people')).toMatchObject({ agents: 1, unmatched: 2 })
  const left = bridge.service().filter(({ code }) => code === 'unmatched')
  expect(left.map(({ side, person }) => `${side}: ${person}`).sort()).toEqual([
    'crm: zoe@sandbox.example',
    'telephony: yann@sandbox.example',
  ])
  expect((await floor.ops.agents()).map(({ agent }) => agent)).toEqual(['ada@sandbox.example'])
})
