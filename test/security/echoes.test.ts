// Platforms that repeat in their errors what they were sent: the real bridge, on real sockets, shows nothing of it anywhere.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { eventually, type Floor, openFloor } from '../e2e/harness.ts'
import { FINER } from '../e2e/mappings.ts'
import { type EchoProxy, openEchoProxy, SHAPES } from './echo-proxy.ts'

const JWT = /eyJ[\w-]{10,}\.eyJ/
/** Nothing as long as this of any secret may be seen: a part of it helps to guess the rest. */
const PART_CHARS = 10
const down: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of down.splice(0).reverse()) await close()
})

/** What people choose, and what machines make. */
const secret = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9]{8}$/), fc.stringMatching(/^[ -~]{10,50}$/))
  // A dollar sign with a brace would be a variable; blanks at the end are no part of a secret.
  .map(([head, rest]) => `${head}${rest.replace(/[${}\s]/g, '~')}z`)

type Round = {
  readonly crm: string
  readonly telephony: string
  readonly ops: string
  readonly status: number
}

const round: fc.Arbitrary<Round> = fc.record({
  crm: secret,
  telephony: secret,
  ops: fc.stringMatching(/^[A-Za-z0-9]{24}$/),
  status: fc.constantFrom(400, 401, 403, 404, 409, 500, 503),
})

test.each(SHAPES)(
  'no secret comes out of anywhere: answers of the shape "%s"',
  async (shape) => {
    const [sample] = fc.sample(round, 1)
    if (sample === undefined) throw new Error('There is no sample.')
    const told = JSON.stringify({ shape, ...sample })
    const { floor, bridge, proxies } = await openEchoing(sample)
    try {
      const ada = floor.agent(0)
      const { crm, telephony } = proxies
      for (const proxy of [crm, telephony]) proxy.echo({ shape, status: sample.status })
      floor.centre.genesys.server.faults.expireTokens()
      floor.centre.salesforce.server.faults.expireTokens()
      ada.inCrm('Break')
      await floor.ops.order('resync', { all: true, by: 'olivia' }, sample.ops)
      await bridge.decides({ side: 'telephony', reason: 'mapped' }, 15_000)
      await eventually(() => expect(Math.min(crm.echoed(), telephony.echoed())).toBeGreaterThan(1), 15_000)
      const repeats = shape === 'platform' || shape === 'oauth'
      // It has arrived: else nothing would be proved.
      if (repeats) await eventually(() => expect(bridge.printed().stdout).toContain('•••'), 15_000)
      const hidden = [sample.crm, sample.telephony, sample.ops, ...crm.credentials(), ...telephony.credentials()]
      const shown = await everythingShown(floor, bridge.printed())
      // It has arrived: else nothing would be proved.
      expect(shown).toContain(ada.name)
      // Who sends the bridge elsewhere does not get its token there.
      expect([crm.followed(), telephony.followed()]).toEqual([0, 0])
      if (shape === 'platform' || shape === 'oauth') expect(shown).toContain('•••')
      expect({ told, parts: partsOf(hidden, shown) }).toEqual({ told, parts: [] })
      expect(shown).not.toMatch(JWT)
    } finally {
      for (const close of down.splice(0).reverse()) await close()
    }
  },
  60_000,
)

async function openEchoing(sample: Round) {
  const proxies = { crm: await openEchoProxy(), telephony: await openEchoProxy() }
  const floor = await openFloor({ mapping: FINER })
  down.push(() => floor.close(), ...Object.values(proxies).map((proxy) => () => proxy.close()))
  const { clientId, clientSecret, salesforce, genesys } = floor.centre
  const login = (mine: string) => Buffer.from(`${clientId}:${mine}`).toString('base64')
  proxies.crm.passTo(salesforce.server.url, [
    { from: encodeURIComponent(sample.crm), to: encodeURIComponent(clientSecret) },
    { from: new URLSearchParams({ x: sample.crm }).toString().slice(2), to: clientSecret },
    { from: login(sample.crm), to: login(clientSecret) },
  ])
  proxies.telephony.passTo(genesys.server.url, [{ from: login(sample.telephony), to: login(clientSecret) }])
  floor.agent(0).inCrm('On_Queue')
  floor.agent(0).inTelephony('On Queue')
  const bridge = floor.launch({ settings: settingsThrough(floor, proxies), environment: environmentOf(sample) })
  await floor.ready(bridge)
  await floor.openConsoles()
  return { floor, bridge, proxies }
}

function settingsThrough(
  { centre }: Floor,
  { crm, telephony }: { readonly crm: EchoProxy; readonly telephony: EchoProxy },
) {
  const { host, port } = centre.salesforce.server.endpoint
  return {
    log: { level: 'debug', format: 'json' },
    crm: {
      kind: 'salesforce',
      login_url: crm.url,
      auth: { client_id: '${SF_CLIENT_ID}', client_secret: '${SF_CLIENT_SECRET}' },
      stream: { endpoint: `http://${host}:${port}` },
    },
    telephony: {
      kind: 'genesys_cloud',
      api_url: telephony.url,
      login_url: telephony.url,
      auth: { client_id: '${GC_CLIENT_ID}', client_secret: '${GC_CLIENT_SECRET}' },
    },
  }
}

function environmentOf(sample: Round): Readonly<Record<string, string>> {
  return {
    SF_CLIENT_SECRET: sample.crm,
    GC_CLIENT_SECRET: sample.telephony,
    OPS_TOKEN: sample.ops,
  }
}

async function everythingShown(
  floor: Floor,
  printed: { readonly stdout: string; readonly stderr: string },
): Promise<string> {
  const name = floor.agent(0).name
  const paths = [
    '/',
    '/metrics',
    '/readyz',
    '/livez',
    '/api/status',
    '/api/agents',
    `/api/agents/${name}`,
    '/api/log',
    '/api/mapping',
    '/api/nothing',
  ]
  const pages = await Promise.all(paths.map((path) => floor.ops.text(path)))
  const folder = dirname(floor.journal)
  const journal = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
  return [...pages, ...journal, printed.stdout, printed.stderr].join('\n')
}

/** As it is, and as JSON, addresses and basic logins write it. */
function partsOf(hidden: readonly string[], shown: string): readonly string[] {
  // What stands before the mark in a token of Salesforce is the id of the org, which is no secret.
  const random = hidden.map((one) => one.replace(/^00D\w+!/, ''))
  const all = random.flatMap((one) => [
    one,
    encodeURIComponent(one),
    JSON.stringify(one).slice(1, -1),
    Buffer.from(`x:${one}`).toString('base64'),
  ])
  return [...new Set(all)].flatMap((one) => {
    for (let at = 0; at + PART_CHARS <= one.length; at += 1) {
      const part = one.slice(at, at + PART_CHARS)
      if (shown.includes(part)) return [part]
    }
    return []
  })
}
