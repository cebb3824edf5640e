// The page in a real browser, as support staff and admins use it.

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { BOARD_GATHER_MS } from '../../src/ops/limits.ts'
import { parseRoute } from '../../src/page/route.ts'
import type { FakeStatus } from '../ops/fake-status.ts'
import { logRecord } from '../ops/fake-status.ts'
import { launch, serve, TOKEN, type Visit, visit } from './browser.ts'
import { agentOf, createCrowd, rowOf } from './crowd.ts'

const THOUSANDS = 10_000
const WITHIN = { timeout: 10_000 }

let browser: Browser
beforeAll(async () => {
  browser = await launch()
}, 60_000)
afterAll(async () => await browser?.close())

const visits: Visit[] = []
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  const wrong = visits.flatMap((one) => one.wrong)
  await Promise.all(visits.splice(0).map((one) => one.close()))
  await Promise.all(stops.splice(0).map((stop) => stop()))
  expect(wrong).toEqual([])
})

async function open(
  args: { agents?: number; hash?: string; status?: FakeStatus; options?: BrowserContextOptions } = {},
) {
  const status = args.status ?? createCrowd({ agents: args.agents ?? 40, now: Date.now() })
  const server = await serve(status)
  stops.push(() => server.stop())
  const visited = await visit(browser, `${server.url}/${args.hash ?? ''}`, args.options)
  visits.push(visited)
  return { status, server, page: visited.page }
}

/** An agent's row, wherever it is on the board. */
const row = (page: Page, n: number) =>
  page.locator('[role=row]').filter({ has: page.locator(`a[href="#/agents/${encodeURIComponent(agentOf(n))}"]`) })
const reads = async (page: Page, text: string | RegExp) => await page.getByText(text).first().waitFor(WITHIN)

describe('the board', () => {
  test('shows ten thousand agents with few rows in the document, at once, and a change within a second', async () => {
    const { page, status } = await open({ agents: THOUSANDS })
    await reads(page, '10,000 agents')
    const paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    expect(paint).toBeLessThan(1_000)
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001')
    expect(await page.locator('.grid-rows [role=row]').count()).toBeLessThan(60)

    // Who is exposed stands first; one who is not in sight becomes the most urgent.
    const began = performance.now()
    const normal = rowOf(8_000, Date.now())
    const telephony = { status: 'On Queue', takesWork: true, exposed: 'refused' } as const
    status.board.change({ ...normal, name: ' Zed', troubles: ['exposed'], telephony })
    await row(page, 8_000).waitFor(WITHIN)
    expect(performance.now() - began).toBeLessThan(1_000 + BOARD_GATHER_MS)
    expect(await row(page, 8_000).getAttribute('aria-rowindex')).toBe('2')

    await page.getByRole('grid').press('End')
    await page.locator('[aria-rowindex="10001"]').waitFor(WITHIN)
    expect(await page.locator('.grid-rows [role=row]').count()).toBeLessThan(60)
  })

  test('finds and filters, keeps both in the address, and takes names as text', async () => {
    const { page } = await open()
    await reads(page, '40 agents')
    await page.keyboard.press('/')
    await page.keyboard.type('BOLD')
    await reads(page, '1 of 40 agents')
    expect(await row(page, 1).textContent()).toContain('Lee <b>Bold</b>')
    expect(page.url()).toContain('q=BOLD')
    await page.keyboard.press('Escape')
    await page.getByLabel('Profile', { exact: true }).selectOption('chat-only')
    await reads(page, '7 of 40 agents')
    await page.getByLabel('Profile', { exact: true }).selectOption('')
    await page.getByRole('button', { name: /^Exposed/ }).click()
    await reads(page, '1 of 40 agents')
    await page.reload()
    await reads(page, '1 of 40 agents')
    expect(await row(page, 5).textContent()).toContain('should be Available')
  })

  test('is walked with the keyboard, into an agent and back', async () => {
    const { page } = await open()
    await reads(page, '40 agents')
    await page.keyboard.press('/')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    const active = await page.getByRole('grid').getAttribute('aria-activedescendant')
    expect(active).toBe('row-1')
    const name = await page.locator(`#${active} .who a`).textContent()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: name ?? '' }).waitFor(WITHIN)
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByRole('heading', { name: 'Keys' }).waitFor(WITHIN)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached', ...WITHIN })
    await page.keyboard.press('Escape')
    await reads(page, '40 agents')
    expect(await page.getByRole('grid').getAttribute('aria-activedescendant')).toBe('row-1')
    await page.keyboard.press('4')
    await page.getByRole('heading', { name: 'Health' }).waitFor(WITHIN)
  })

  test('says that the line is lost, and comes back by itself with what changed meanwhile', async () => {
    const status = createCrowd({ agents: 40, now: Date.now() })
    const { page, server } = await open({ status })
    await reads(page, '40 agents')
    await server.stop()
    await reads(page, /^Connection lost\. What you see is from/)
    status.board.change({ ...rowOf(3, Date.now()), crm: { status: 'Training' } })
    const again = await serve(status, server.port)
    stops.push(again.stop)
    await row(page, 3).getByText('Training').waitFor({ timeout: 10_000 })
    await page.getByText(/^Connection lost\. What/).waitFor({ state: 'detached', ...WITHIN })
  })
})

describe("an agent's page", () => {
  test('says where they stand and why, draws both lanes, and leads from the drawing to the decision', async () => {
    const status = createCrowd({ agents: 40, now: Date.now() })
    const time = new Date(Date.now() - 50 * 60_000).toISOString()
    for (const sentence of ['Telephony was blocked.', 'Telephony was released.'])
      status.decide(logRecord(agentOf(1), sentence, { time }))
    status.decide(logRecord(agentOf(2), 'Somebody else.'))
    const { page } = await open({ status, hash: `#/agents/${encodeURIComponent(agentOf(1))}` })
    await reads(page, 'Lee <b>Bold</b> is On Queue in the CRM and On Queue in telephony.')
    await reads(page, '- { crm: On Queue, telephony: On Queue }')
    const drawing = page.getByRole('group', { name: 'Both sides over time' })
    const mark = (words: RegExp) => drawing.getByRole('button', { name: words })
    await mark(/chat in CRM for 12 m/).waitFor(WITHIN)
    expect(await mark(/Could be offered work in Telephony .* being written/).count()).toBe(1)
    expect(await mark(/No link to telephony for 3 m/).count()).toBe(1)
    await mark(/Available written in Telephony: confirmed after 143 ms/)
      .first()
      .focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowRight')
    await page.getByRole('button', { name: 'Show the decision' }).click()
    const line = page.locator('.log details[open]')
    await line.getByText('decision 1').waitFor(WITHIN)
    expect(await page.locator('.log').textContent()).not.toContain('Somebody else')

    // It stays in sight where the filters of the log leave it out.
    await page.getByLabel('Find in the log').fill('released')
    await page.locator('.log.apart').getByText('decision 1').waitFor(WITHIN)
  })

  test('moves in time by hand, and says in the address which time it shows', async () => {
    const { page } = await open({ hash: `#/agents/${encodeURIComponent(agentOf(1))}` })
    const drawing = page.locator('.drawing')
    await drawing.getByRole('button').first().waitFor(WITHIN)
    const box = await drawing.boundingBox()
    const middle = { x: (box?.x ?? 0) + 300, y: (box?.y ?? 0) + 150 }
    await page.mouse.move(middle.x, middle.y)
    await page.mouse.down()
    await page.mouse.move(middle.x + 400, middle.y, { steps: 5 })
    await page.mouse.up()
    const shown = () => parseRoute(new URL(page.url()).hash).query
    const { from, to } = shown()
    expect(Number(to) - Number(from)).toBe(3_600_000)
    expect(Number(to)).toBeLessThan(Date.now() - 1_000_000)
    await page.getByRole('button', { name: 'Closer' }).click()
    expect(Number(shown().to) - Number(shown().from)).toBe(1_800_000)
    await page.getByRole('button', { name: '4h', exact: true }).click()
    expect(shown()).toEqual({ span: '4h' })
    await page.getByText('As a table').click()
    await page.getByRole('region', { name: 'Timeline as a table' }).getByText('chat in CRM for 12 m').waitFor(WITHIN)
  })

  test('of nobody says so', async () => {
    const { page } = await open({ hash: '#/agents/nobody' })
    await reads(page, 'Nobody of the name "nobody" is kept in step.')
    visits[0]?.wrong.splice(0) // the browser tells of the 404
  })
})

describe('the sync log', () => {
  test('is live, filtered, held, and opened', async () => {
    const status = createCrowd({ agents: 40, now: Date.now() })
    status.decide(logRecord(agentOf(1), 'Lee went On Queue.'))
    status.decide(
      logRecord(agentOf(2), 'An echo.', {
        decisions: [{ side: 'crm', reason: 'echo', from: 'Busy', to: 'Busy' }],
        writes: [],
      }),
    )
    const { page } = await open({ status, hash: '#/log' })
    await reads(page, 'Lee went On Queue.')
    await page.getByLabel('Writes').selectOption('any')
    await page.getByText('An echo.').waitFor({ state: 'detached', ...WITHIN })
    await page.getByRole('button', { name: 'Pause' }).click()
    status.decide(logRecord(agentOf(3), 'A third one <i>came</i>.'))
    await page.getByRole('button', { name: 'Continue (1 new)' }).click()
    await page.getByText('A third one <i>came</i>.').click()
    await reads(page, 'R3: the status of the other side leads here')
    await page.getByLabel('Find in the log').fill('went on queue')
    await page.getByText('A third one').waitFor({ state: 'detached', ...WITHIN })
    await page.getByLabel('Agent', { exact: true }).fill(agentOf(3))
    await reads(page, 'Nothing that was read so far fits.')
  })
})

describe('an order', () => {
  test('needs the token, says whom and why, and keeps the token for the tab alone', async () => {
    const { page, status } = await open()
    await reads(page, '40 agents')
    await page.getByText('Admin', { exact: true }).click()
    await page.getByRole('button', { name: 'Pause all 40 agents' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('training')
    await dialog.getByLabel('Your name').fill('Sam')
    await dialog.getByLabel('Token').fill('wrong')
    await dialog.getByRole('button', { name: 'Pause all' }).click()
    await reads(page, 'The bridge does not take this token.')
    expect(status.orders).toEqual([])
    await dialog.getByLabel('Token').fill(TOKEN)
    await dialog.getByRole('button', { name: 'Pause all' }).click()
    await reads(page, /Pause all 40 agents: done/)
    expect(status.orders).toEqual([
      { action: 'pause', order: { target: { kind: 'all' }, reason: 'training', by: 'Sam' } },
    ])
    await page.getByText('Admin', { exact: true }).click()
    await page.getByRole('button', { name: 'Reload the mapping' }).click()
    expect(await dialog.getByLabel('Token').count()).toBe(0)
    await dialog.getByRole('button', { name: 'Reload the mapping' }).click()
    await reads(page, /Reload the mapping: done/)
    expect(page.url()).not.toContain(TOKEN)
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(TOKEN)
  })
})

describe('everybody can use it', () => {
  const views = ['#/agents', `#/agents/${agentOf(4)}`, '#/log', '#/charts', '#/health', '#/mapping']

  test.each(['light', 'dark'] as const)('axe finds nothing serious in any view, %s', async (colorScheme) => {
    const status = createCrowd({ agents: 400, now: Date.now() })
    for (let n = 0; n < 20; n += 1) status.decide(logRecord(agentOf(4), `Decision ${n}.`))
    const { page } = await open({ status, options: { colorScheme } })
    await page.evaluate(axe.source)
    for (const view of views) {
      await page.evaluate(`location.hash = ${JSON.stringify(view)}`)
      await page
        .locator(READY[view] ?? 'h2')
        .first()
        .waitFor(WITHIN)
      const found = await page.evaluate(
        'axe.run(document).then(({ violations }) => violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id, nodes }) => `${id}: ${nodes[0].html}`))',
      )
      expect({ view, found }).toEqual({ view, found: [] })
    }
  })

  const READY: Readonly<Record<string, string>> = {
    '#/agents': '.grid-rows [role=row]',
    '#/log': '.log li',
    '#/charts': '.uplot',
    '#/health': '.meter, .checks',
    '#/mapping': 'table',
  }

  test('on a phone nothing is wider than the screen, and dark is what the button says', async () => {
    const { page } = await open({ options: { viewport: { width: 380, height: 740 } } })
    await row(page, 5).waitFor(WITHIN)
    for (const view of views) {
      await page.evaluate(`location.hash = ${JSON.stringify(view)}`)
      await page
        .locator('h2')
        .first()
        .waitFor({ state: 'attached', ...WITHIN })
      expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(380)
    }
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const light = await background()
    await page.getByRole('button', { name: 'Colours: as the system has them' }).click()
    await page.getByRole('button', { name: 'Colours: light' }).click()
    await page.getByRole('button', { name: 'Colours: dark' }).waitFor(WITHIN)
    expect(await background()).not.toBe(light)
  })
})
