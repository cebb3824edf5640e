// The companion in a real browser, as it is deployed, against the bridge's endpoint: what an agent sees.

import { existsSync, mkdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Browser, chromium, type Page } from 'playwright-core'
import { createOrgCertificate } from '../../src/sandbox/salesforce/certificate.ts'
import {
  AUDIENCE,
  cleanup,
  companionUrl,
  createWorld,
  publicKeyPem,
  sign,
  until,
  type World,
  writeOptions,
} from '../platforms/salesforce/kit.ts'
import { createModelToolkit } from './model-toolkit.ts'
import { servePage } from './page-server.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const SCREENSHOTS = 'test/salesforce-org/screenshots'
const WAIT_MS = 8_000

let browser: Browser

beforeAll(async () => {
  if (!existsSync(CHROMIUM))
    throw new Error(`There is no browser at ${CHROMIUM}: apt-get install chromium, or say in CHROMIUM where one is.`)
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
}, 60_000)

afterAll(async () => await browser?.close())

/** An org, a bridge, and the page from which it takes companions. */
async function setUp() {
  let endpoint = ''
  const site = await servePage({ connectSrc: () => endpoint })
  cleanup(site.close)
  const world = await createWorld({
    settings: {
      companion: {
        listen: { host: '127.0.0.1', port: 0 },
        path: '/companion',
        origins: [site.origin],
        publicKeyPem,
        audience: AUDIENCE,
        tls: null,
      },
    },
  })
  // Before anything else, so that the bridge can say whose console it is.
  await world.adapter.roster()
  await world.adapter.start([world.jane, world.lee], world.sink)
  endpoint = companionUrl(world.adapter).replace('/companion', '')
  world.model.setPresence({ user: world.jane, apiName: 'Online', by: 'agent' })
  const distrust = () => {
    endpoint = ''
  }
  return { world, site, distrust }
}

type Circumstances = {
  readonly origin: string
  readonly signToken?: (user: string) => Promise<string>
  readonly apexFails?: string
  /** What chance gives, from 0 to 1. */
  readonly chance?: number
}

/** Jane's console tab. */
async function openTab(world: World, { origin, signToken, apexFails, chance }: Circumstances) {
  const context = await browser.newContext({ viewport: { width: 372, height: 300 }, deviceScaleFactor: 2 })
  cleanup(() => context.close())
  const page = await context.newPage()
  if (chance !== undefined) await page.addInitScript(`Math.random = () => ${chance}`)
  const errors: string[] = []
  let tokens = 0
  // Kept: a bridge that is gone has no port any more.
  const endpoint = companionUrl(world.adapter)
  page.on('pageerror', (error) => void errors.push(error.message))
  const toolkit = createModelToolkit({
    model: world.model,
    user: world.jane,
    tell: (event) => void page.evaluate(`window.omniEvent?.(${JSON.stringify(event)})`).catch(() => {}),
  })
  cleanup(toolkit.close)
  await page.exposeFunction('askToolkit', (method: string, args: Record<string, string> | null) =>
    answered(() => toolkit.carryOut({ method, args })),
  )
  await page.exposeFunction('askApex', (method: string) =>
    answered(async () => {
      if (apexFails !== undefined) throw new Error(apexFails)
      if (method === 'token') tokens += 1
      if (method === 'settings') return { ...settingsOf(world), endpoint }
      return {
        token: await (signToken ?? ((user) => sign(user, AUDIENCE)))(world.jane),
        issuedAt: Date.now(),
      }
    }),
  )
  await page.goto(origin)
  return { page, errors, tokens: () => tokens, detail: page.locator('.detail') }
}

/** As answers travel: an exception of the test's own world would lose its words on the way into the page. */
async function answered(question: () => unknown) {
  try {
    return { ok: true, result: await question() }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

function settingsOf(world: World) {
  const statuses = (world.model.rows('ServicePresenceStatus') ?? []).map((row) => ({
    id: row.Id,
    apiName: row.DeveloperName,
    label: row.MasterLabel,
  }))
  return { audience: AUDIENCE, statuses }
}

async function reads(page: Page, selector: string, text: string | RegExp, timeout = WAIT_MS): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).waitFor({ timeout })
}

/** For people to look at: SCREENSHOTS=1. */
async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== '1') return
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.locator('.panel').screenshot({ path: `${SCREENSHOTS}/companion-${name}.png` })
}

describe('a console', () => {
  test('that is connected says so, and shows what the bridge did last', async () => {
    const { world, site } = await setUp()
    const { page, errors } = await openTab(world, site)
    await reads(page, '.title', /^Connected$/)
    expect(await world.adapter.setStatus(world.jane, world.busy, writeOptions(world.online))).toEqual({
      kind: 'accepted',
    })
    expect(world.model.presence(world.jane)).toBe('Busy')
    await reads(page, '.last .sentence', 'Jane takes a call.')
    await reads(page, '.agent', 'jane@acme.example')
    await picture(page, 'connected')
    expect(errors).toEqual([])
  })

  test('tells the bridge what the agent does', async () => {
    const { world, site } = await setUp()
    const { page } = await openTab(world, site)
    await reads(page, '.title', /^Connected$/)
    const before = world.told.length
    world.model.setPresence({ user: world.jane, apiName: 'Busy', by: 'agent' })
    const told = await until('the change arrived by way of the console', () =>
      world.told.slice(before).find(({ report }) => report.kind === 'status' && report.by === 'agent'),
    )
    expect(told.report).toMatchObject({ status: world.busy })
  })

  test('says why a change was not made', async () => {
    const { world, site } = await setUp()
    const { page } = await openTab(world, site)
    await reads(page, '.title', /^Connected$/)
    world.model.refuse(world.jane, true)
    expect((await world.adapter.setStatus(world.jane, world.busy, writeOptions())).kind).toBe('refused')
    await reads(page, '.last .sentence', 'Jane takes a call.')
    await reads(page, '.last .failure', 'Not done: The user has no access to this presence status.')
    await picture(page, 'not-done')
  })

  test('whose bridge goes away waits, counts down, and tries at once when asked or when the page comes back', async () => {
    const { world, site } = await setUp()
    const { page, tokens } = await openTab(world, { ...site, chance: 0.999 })
    await reads(page, '.title', /^Connected$/)
    await world.adapter.stop()
    await reads(page, '.title', 'Not connected, trying again')
    await reads(page, '.detail', 'cannot be reached')
    for (const ask of [
      "document.querySelector('button').click()",
      "document.dispatchEvent(new Event('resume'))",
      "window.dispatchEvent(new Event('online'))",
    ]) {
      // Longer than what is waited for below.
      await reads(page, '.countdown', /in ([78]|\d\d) s/, 15_000)
      await picture(page, 'waiting')
      const before = tokens()
      const poking = await page.evaluate(`setInterval(() => ${ask}, 300)`)
      await until('it dials long before the countdown is over', () => tokens() > before)
      await page.evaluate(`clearInterval(${poking})`)
    }
  }, 60_000)

  test('of an origin that the bridge does not take stops and says so', async () => {
    const { world, site } = await setUp()
    const { page, detail } = await openTab(world, { origin: site.otherOrigin })
    await reads(page, '.title', 'Refused by the bridge')
    expect(await detail.textContent()).toContain('does not accept consoles from this Salesforce address')
    await picture(page, 'refused-origin')
    expect(await page.locator('.countdown').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Try now' }).count()).toBe(1)
  })

  test('with a token that the bridge does not take says so', async () => {
    const { world, site } = await setUp()
    const stranger = createOrgCertificate()
    const { page } = await openTab(world, { ...site, signToken: (user) => stranger.sign(user, AUDIENCE) })
    await reads(page, '.title', 'Refused, trying again')
    await reads(page, '.detail', 'did not accept this console’s token')
    await picture(page, 'refused-token')
  })

  test('shows what Apex says is missing', async () => {
    const { world, site } = await setUp()
    const words = 'The custom metadata record Presence Bridge Setting "Default" is missing.'
    const { page } = await openTab(world, { ...site, apexFails: words })
    await reads(page, '.detail', words)
  })

  test('whose endpoint is no trusted site of the org is not connected', async () => {
    const { world, site, distrust } = await setUp()
    distrust()
    const { page } = await openTab(world, site)
    await reads(page, '.detail', 'must be a trusted URL of this org')
    expect(world.adapter.companions()).toBe(0)
  })
})

test('a second tab says that it follows, and takes over when the first is closed', async () => {
  const { world, site } = await setUp()
  const first = await openTab(world, site)
  await reads(first.page, '.title', /^Connected$/)
  const second = await openTab(world, site)
  await reads(second.page, '.title', 'Connected, another tab leads')
  await picture(second.page, 'second-tab')
  await first.page.close()
  await reads(second.page, '.title', /^Connected$/)
})

test('the state is told to screen readers, and not by colour alone', async () => {
  const { world, site } = await setUp()
  const { page } = await openTab(world, site)
  await reads(page, '.title', /^Connected$/)
  const region = page.getByRole('region', { name: 'Presence bridge' })
  expect(await region.getByRole('status').first().textContent()).toMatch(/Connected/)
  expect(await page.locator('.mark').getAttribute('aria-hidden')).toBe('true')
  expect(await page.locator('.mark').textContent()).toBe('✓')
  await world.adapter.stop()
  await page.getByRole('timer').first().waitFor({ timeout: WAIT_MS })
  expect(await page.locator('[role=status] [role=timer]').count()).toBe(0)
})
