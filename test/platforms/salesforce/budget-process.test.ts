// The real process and an org whose daily calls run out: it reads less and less, and at the end it does not storm.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { serveSalesforce } from '../../../src/sandbox/salesforce/server.ts'
import type { BridgeProcess } from '../../e2e/bridge-process.ts'
import { eventually, type Floor, openFloor } from '../../e2e/harness.ts'
import { FINER } from '../../e2e/mappings.ts'
import { REAL_CLOCK } from '../../support/real-clock.ts'

const DAILY_CALLS = 80

let floor: Floor
let bridge: BridgeProcess
let org: Awaited<ReturnType<typeof serveSalesforce>>

beforeAll(async () => {
  floor = await openFloor({ mapping: FINER })
  const { clientId, clientSecret, salesforce } = floor.centre
  const options = { clock: REAL_CLOCK, port: 0, clientId, clientSecret, dailyCalls: DAILY_CALLS }
  org = await serveSalesforce(salesforce.model, options)
  const auth = { client_id: '${SF_CLIENT_ID}', client_secret: '${SF_CLIENT_SECRET}' }
  const crm = { kind: 'salesforce', login_url: org.url, auth, stream: { transport: 'cometd' }, writer: 'dry_run' }
  const settings = { crm, resync: { every: '50ms' }, rate_limits: { crm: '6000/min', telephony: '6000/min' } }
  bridge = floor.launch({ settings })
  await floor.ready(bridge)
})
afterAll(async () => {
  await floor?.close()
  await org?.close()
})

test('readings are made less often, step by step, then the org is left alone while telephony is read as before', async () => {
  const telephony = Number(new URL(floor.centre.genesys.server.url).port)
  const paces = () =>
    bridge.service().flatMap(({ code, side, every }) => (code === 'reading_pace' ? [`${side} ${every}`] : []))
  await eventually(() => expect(paces()).toEqual(['crm 2', 'crm 4', 'crm 12']), 15_000)
  await bridge.says('api_limit', 15_000)
  const [asked, calls] = [org.faults.calls.rest, floor.received().filter(({ port }) => port === telephony).length]
  expect(asked).toBeLessThanOrEqual(DAILY_CALLS + 4)
  await eventually(() => {
    const now = floor.received().filter(({ port }) => port === telephony).length
    expect(now - calls).toBeGreaterThan(20)
  }, 15_000)
  expect(org.faults.calls.rest).toBe(asked)
  expect(bridge.service().filter(({ code }) => code === 'api_limit')).toHaveLength(1)
})

test('what the event stream tells is decided all the same', async () => {
  const past = Date.now()
  floor.agent(0).inTelephony('Available')
  floor.agent(0).inCrm('Lunch')
  await bridge.decides({ side: 'telephony', reason: 'mapped', outcome: 'confirmed', after: past })
  await eventually(() => expect(floor.agent(0).shows().telephony).toBe('Meal'))
})
