// A real browser on the page, and everything that must never happen in it.

import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { SILENT } from '../../src/domain/log.ts'
import { createAssets } from '../../src/ops/assets.ts'
import { createMetrics } from '../../src/ops/metrics.ts'
import { createOpsServer } from '../../src/ops/server.ts'
import type { FakeStatus } from '../ops/fake-status.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const TOKEN = 'a-long-token'

/** Made of the sources once for all tests, before the first one. */
const assets = createAssets()

export async function launch(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error(`There is no browser at ${CHROMIUM}: apt-get install chromium, or say in CHROMIUM where one is.`)
  await assets()
  return await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
}

export async function serve(status: FakeStatus, port = 0) {
  const server = createOpsServer({
    listen: { host: '127.0.0.1', port },
    token: TOKEN,
    status,
    metrics: createMetrics({ process: false }),
    clock: REAL_CLOCK,
    log: SILENT,
    assets,
  })
  const { url } = await server.start()
  return { url, port: Number(new URL(url).port), stop: () => server.stop() }
}

export type Visit = {
  readonly page: Page
  /** Errors, violations of the policy, requests to anybody else: of all of them there must be none. */
  readonly wrong: string[]
  close(): Promise<void>
}

export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('pageerror', (error) => void wrong.push(`error: ${error.message}`))
  page.on('console', (message) => {
    // A line that breaks is told by the browser itself; violations of the policy are errors, too.
    const expected = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|status of 401/.test(
      message.text(),
    )
    if (['error', 'warning'].includes(message.type()) && !expected) wrong.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) wrong.push(`request: ${request.url()}`)
  })
  await page.goto(url)
  return { page, wrong, close: () => context.close() }
}
