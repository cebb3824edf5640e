// Secrets stay secret: nothing that the bridge prints, keeps or shows has one.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { FINER } from './mappings.ts'
import { OPS_TOKEN } from './settings-file.ts'

/** Bearer tokens and the consoles' JWTs are long; anything shorter is a word. */
const SECRET_CHARS_MIN = 12
/** The beginning of every JSON Web Token. */
const JWT = /eyJ[\w-]{10,}\.eyJ/
let floor: Floor
let bridge: BridgeProcess

beforeAll(async () => {
  const settings = { log: { level: 'debug', format: 'json' } }
  floor = await openFloor({ mapping: FINER, settings })
  floor.agent(0).inCrm('On_Queue')
  floor.agent(0).inTelephony('On Queue')
  bridge = await floor.start()
})
afterAll(async () => await floor?.close())

/** The secrets that the bridge was given, and all that it sent to the platforms to prove who it is. */
function secrets(): readonly string[] {
  const sent = floor.received().flatMap(({ authorization }) => authorization?.split(' ').at(-1) ?? [])
  const { clientId, clientSecret } = floor.centre
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  return [...new Set([clientSecret, OPS_TOKEN, basic, ...sent])].filter(({ length }) => length >= SECRET_CHARS_MIN)
}

async function everythingShown(): Promise<string> {
  const paths = [
    '/',
    '/metrics',
    '/readyz',
    '/api/status',
    '/api/agents',
    `/api/agents/${floor.agent(0).name}`,
    '/api/log',
  ]
  const pages = await Promise.all(paths.map((path) => floor.ops.text(path)))
  const folder = dirname(floor.journal)
  const journal = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'))
  const { stdout, stderr } = bridge.printed()
  return [...pages, ...journal, stdout, stderr].join('\n')
}

test('neither logs, journal, metrics, page nor API show a secret, also when platforms refuse them', async () => {
  const ada = floor.agent(0)
  ada.inTelephony('Meal')
  await eventually(() => expect(ada.shows().crm).toBe('Lunch'))
  const { salesforce, genesys } = floor.centre
  genesys.server.faults.expireTokens()
  salesforce.server.faults.expireTokens()
  genesys.server.faults.evictChannels()
  salesforce.server.faults.unknownClients()
  await bridge.says('link_down')
  ada.inCrm('On_Queue')
  await eventually(() => expect(ada.shows().telephony).toBe('On Queue'), 15_000)
  genesys.server.faults.refuseWrites(ada.telephony)
  ada.inCrm('Break')
  await bridge.decides({ side: 'telephony', reason: 'refused' })
  await floor.ops.order('pause', { all: true, by: 'olivia', reason: 'a trial' })
  await floor.ops.order('reload', {})

  const known = secrets()
  expect(known.length).toBeGreaterThan(4)
  const shown = await everythingShown()
  expect(shown).toContain(ada.name)
  expect(known.filter((secret) => shown.includes(secret))).toEqual([])
  expect(shown).not.toMatch(JWT)
  expect(shown).not.toContain('PRIVATE KEY')
})
