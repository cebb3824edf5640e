// A platform that is not there: at the start, and in the middle of the day.

import { afterEach, expect, test } from '@jest/globals'
import { type GenesysServer, serveGenesys } from '../../src/sandbox/genesys-cloud/server.ts'
import { type SalesforceServer, serveSalesforce } from '../../src/sandbox/salesforce/server.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'
import { eventually, type Floor, type FloorOptions, openFloor } from './harness.ts'
import { FINER } from './mappings.ts'
import type { Agent } from './person.ts'

/** Dialling again after a loss takes some tries with growing pauses. */
const BACK_MS = 15_000
const closes: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close()
})

/** The first agent is on queue on both sides. */
async function onQueue(options: Partial<FloorOptions> = {}): Promise<{ floor: Floor; ada: Agent }> {
  const floor = await openFloor({ mapping: FINER, ...options })
  closes.push(floor.close)
  const ada = floor.agent(0)
  ada.inCrm('On_Queue')
  ada.inTelephony('On Queue')
  return { floor, ada }
}

/** The platform comes back at its old address, with the memory that it had. */
async function telephonyIsBack({ centre }: Floor): Promise<GenesysServer> {
  const { clientId, clientSecret } = centre
  const port = Number(new URL(centre.genesys.server.url).port)
  const server = await serveGenesys(centre.genesys.model, { port, clientId, clientSecret })
  closes.push(server.close)
  return server
}

async function crmIsBack({ centre }: Floor): Promise<SalesforceServer> {
  const { clientId, clientSecret } = centre
  const { url, endpoint } = centre.salesforce.server
  const port = Number(new URL(url).port)
  const pubsub = { port: endpoint.port }
  const options = { port, pubsub, clientId, clientSecret, clock: REAL_CLOCK }
  const server = await serveSalesforce(centre.salesforce.model, options)
  closes.push(server.close)
  return server
}

test('without telephony at the start the bridge stays up, says so, and is ready once telephony is there', async () => {
  const { floor, ada } = await onQueue()
  await floor.centre.genesys.server.close()
  const bridge = floor.launch()

  const failing = await eventually(async () => {
    const readiness = await floor.ops.readyz()
    expect(readiness?.status).toBe(503)
    const check = readiness?.checks.find(({ name }) => name === 'telephony read')
    expect(check?.why).not.toBe('not read yet')
    return check
  })
  expect(failing?.ok).toBe(false)
  expect(failing?.why).toMatch(/refused|reach|connect/i)
  const { what } = await bridge.says('not_yet')
  expect(what).toContain('Genesys Cloud')

  await telephonyIsBack(floor)
  await floor.ready(bridge)
  await floor.openConsoles()
  ada.inTelephony('Meal')
  await eventually(() => expect(ada.shows().crm).toBe('Lunch'))
})

test('while telephony is away the bridge stays ready, and what was missed is followed afterwards', async () => {
  const { floor, ada } = await onQueue()
  const bridge = await floor.start()
  await floor.centre.genesys.server.close()
  const { side } = await bridge.says('link_down')
  expect(side).toBe('telephony')
  ada.inTelephony('Meal')
  const readiness = await floor.ops.readyz()
  expect(readiness?.status).toBe(200)
  expect(readiness?.checks.find(({ name }) => name === 'telephony link')?.why).toMatch(/^down for \d+ s/)

  await telephonyIsBack(floor)
  await eventually(() => expect(ada.shows()).toEqual({ crm: 'Lunch', telephony: 'Meal' }), BACK_MS)
  await bridge.decides({ side: 'crm', reason: 'mapped', outcome: 'confirmed' })
})

test('a write to telephony that is away waits, and goes out when telephony is back', async () => {
  const { floor, ada } = await onQueue()
  const bridge = await floor.start()
  await floor.centre.genesys.server.close()
  await bridge.says('link_down')
  ada.inCrm('Lunch')
  await eventually(async () => {
    const { writes } = await floor.ops.agent(ada.name)
    expect(writes).toMatchObject([{ side: 'telephony', status: 'Meal' }])
  })
  await telephonyIsBack(floor)
  await eventually(() => expect(ada.shows()).toEqual({ crm: 'Lunch', telephony: 'Meal' }), BACK_MS)
})

test.each(['pubsub', 'cometd'] as const)(
  'while the CRM is away (%s) nothing is lost, although no console tells of it either',
  async (transport) => {
    const { floor, ada } = await onQueue({ consolesClosed: true, transport })
    const bridge = await floor.start()
    await floor.centre.salesforce.server.close()
    const { side } = await bridge.says('link_down')
    expect(side).toBe('crm')
    ada.inCrm('Lunch')
    expect((await floor.ops.readyz())?.status).toBe(200)

    await crmIsBack(floor)
    await eventually(() => expect(ada.shows()).toEqual({ crm: 'Lunch', telephony: 'Meal' }), BACK_MS)
    await bridge.decides({ side: 'telephony', reason: 'mapped', outcome: 'confirmed' })
  },
)

test('while only the event stream of the CRM is away, the consoles tell and take what is needed', async () => {
  const { floor, ada } = await onQueue()
  const bridge = await floor.start()
  await floor.centre.salesforce.server.close()
  await bridge.says('link_down')
  ada.inCrm('Lunch')
  await eventually(() => expect(ada.shows()).toEqual({ crm: 'Lunch', telephony: 'Meal' }))
  ada.inTelephony('On Queue')
  await eventually(() => expect(ada.shows()).toEqual({ crm: 'On_Queue', telephony: 'On Queue' }))
  const before = floor.writes()

  await crmIsBack(floor)
  const isUp = (line: { code: string; side?: unknown }) => line.code === 'link_up' && line.side === 'crm'
  await eventually(() => expect(bridge.service().filter(isUp)).toHaveLength(2), BACK_MS)
  // When this has come through, the reading after the gap has been compared.
  ada.inTelephony('Break')
  await eventually(() => expect(ada.shows()).toEqual({ crm: 'Break', telephony: 'Break' }))
  expect(floor.writes()).toEqual({ crm: before.crm + 1, telephony: before.telephony })
})

test('what the CRM lost while telephony could not be opened yet is not forgotten', async () => {
  const { floor, ada } = await onQueue({ consolesClosed: true })
  const { salesforce, genesys } = floor.centre
  genesys.server.faults.failNext(2, 503, 'POST /api/v2/notifications/channels')
  const bridge = floor.launch()
  await eventually(() => expect(salesforce.server.subscribers()).toBe(1))
  await eventually(() => expect(bridge.service().some((l) => l.code === 'link_up' && l.side === 'crm')).toBe(true))
  salesforce.server.faults.loseEvents(true)
  ada.inCrm('Lunch')
  salesforce.server.faults.loseEvents(false)
  salesforce.server.faults.gapEvent()
  await bridge.says('gap')
  await floor.ready(bridge)
  await eventually(async () => expect((await floor.ops.agent(ada.name)).crm.status).toBe('Lunch'))
})
