// The real process logged in by a signed assertion: what it tells of rights and budgets, and that it never tells its key.

import { generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { serveSalesforce } from '../../../src/sandbox/salesforce/server.ts'
import type { BridgeProcess } from '../../e2e/bridge-process.ts'
import { eventually, type Floor, openFloor } from '../../e2e/harness.ts'
import { FINER } from '../../e2e/mappings.ts'
import { REAL_CLOCK } from '../../support/real-clock.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
/** The org's clock: ours is four minutes late. */
const AHEAD_MS = 240_000

let floor: Floor
let bridge: BridgeProcess
let org: Awaited<ReturnType<typeof serveSalesforce>>

beforeAll(async () => {
  floor = await openFloor({ mapping: FINER })
  const { model } = floor.centre.salesforce
  model.setup.rights.viewAll.delete('AgentWork')
  org = await serveSalesforce(model, {
    clock: { ...REAL_CLOCK, now: () => Date.now() + AHEAD_MS },
    port: 0,
    clientId: 'app',
    clientSecret: 'not used',
    certificate: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  })
  const auth = { flow: 'jwt', client_id: 'app', username: model.setup.runAs.username, private_key: '${SF_KEY}' }
  const stream = { transport: 'cometd', daily_events: 200 }
  const crm = { kind: 'salesforce', login_url: org.url, auth, stream, writer: 'dry_run' }
  const log = { level: 'debug', format: 'json' }
  bridge = floor.launch({ settings: { crm, log }, environment: { SF_KEY: KEY.replaceAll('\n', '\\n') } })
  await floor.ready(bridge)
})
afterAll(async () => {
  await floor?.close()
  await org?.close()
})

test('it is ready although the clocks differ, and says by how much', async () => {
  const { aheadS } = await bridge.says('clock_skew')
  expect(Math.abs(Number(aheadS) - AHEAD_MS / 1000)).toBeLessThanOrEqual(2)
})

test('the log at start names the right that is missing, and no other', async () => {
  const said = await bridge.says('right_missing')
  expect(said).toMatchObject({
    side: 'crm',
    what: "see everybody's work",
    sentence: expect.stringContaining('View All'),
  })
  expect(bridge.service().filter(({ code }) => code === 'right_missing')).toHaveLength(1)
})

test('budgets stand in the metrics, the API and on the page, and grow with what happens', async () => {
  const deliveries = async () =>
    /budget_used\{side="crm",budget="event_deliveries"\} (\d+)/.exec(await floor.ops.text('/metrics'))?.[1]
  const before = Number(await deliveries())
  floor.agent(0).inCrm('Lunch')
  await eventually(async () => expect(Number(await deliveries())).toBeGreaterThan(before))
  const metrics = await floor.ops.text('/metrics')
  expect(metrics).toContain('presence_bridge_budget_limit{side="crm",budget="event_deliveries"} 200\n')
  expect(metrics).toMatch(/^presence_bridge_budget_used\{side="crm",budget="api_calls"\} \d+$/m)
  const { links } = JSON.parse(await floor.ops.text('/api/status'))
  const [crm] = links.filter(({ side }: { side: string }) => side === 'crm')
  expect(crm.budgets).toEqual([
    { name: 'api_calls', used: org.faults.calls.rest, limit: 100_000, forecast: null, words: expect.any(String) },
    expect.objectContaining({ name: 'event_deliveries', limit: 200 }),
  ])
  expect(crm.budgets[0].words).toContain(` of 100,000 API calls in 24 h`)
})

test('neither key nor assertion is shown or kept', async () => {
  org.faults.expireTokens()
  org.faults.unknownClients()
  await bridge.says('link_down')
  await eventually(() => expect(org.faults.calls.tokens).toBeGreaterThan(2))
  const pages = await Promise.all(['/', '/metrics', '/api/status', '/api/log'].map((path) => floor.ops.text(path)))
  const folder = dirname(floor.journal)
  const kept = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'))
  const { stdout, stderr } = bridge.printed()
  const shown = [...pages, ...kept, stdout, stderr].join('\n')
  for (const line of KEY.split('\n').filter(({ length }) => length > 40)) expect(shown).not.toContain(line)
  expect(shown).not.toMatch(/eyJ[\w-]{10,}\.eyJ/)
})
