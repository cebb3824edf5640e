// A stand-in org and a client before it, without the adapter around; everything is taken down after each test.

import { afterEach } from '@jest/globals'
import nock from 'nock'
import type { Clock } from '../../../src/domain/clock.ts'
import { type Log, SILENT } from '../../../src/domain/log.ts'
import { createClient } from '../../../src/platforms/salesforce/client.ts'
import type { AuthSettings, SalesforceSettings } from '../../../src/platforms/salesforce/settings.ts'
import { createRateLimiter } from '../../../src/platforms/shared/rate-limit.ts'
import { createSalesforceModel } from '../../../src/sandbox/salesforce/model.ts'
import { type SalesforceServerOptions, serveSalesforce } from '../../../src/sandbox/salesforce/server.ts'
import { REAL_CLOCK } from '../../support/real-clock.ts'

export const CLIENT_ID = 'client'
export const CLIENT_SECRET = 'client-secret-7f3a91'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  nock.cleanAll()
  nock.restore()
  for (const task of cleanups.splice(0).reverse()) await task()
})

// Only where an answer is to be odd: its sockets do not bear that a server closes while others still dial.
nock.restore()
export function odd(url: string) {
  if (!nock.isActive()) nock.activate()
  return nock(url, { allowUnmocked: true })
}

type OrgOptions = {
  /** Ours, and the org's where it is not given one. */
  readonly clock?: Clock
  readonly log?: Log
  readonly server?: Partial<SalesforceServerOptions>
  readonly settings?: Partial<SalesforceSettings>
  /** Client credentials where left out; by the address of the org. */
  readonly auth?: (url: string) => AuthSettings
}

export async function openOrg(options: OrgOptions = {}) {
  const { clock = REAL_CLOCK } = options
  const model = createSalesforceModel({ clock: options.server?.clock ?? clock, random: () => 0 })
  const credentials = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }
  const server = await serveSalesforce(model, { clock, port: 0, ...credentials, ...options.server })
  cleanups.push(server.close)
  const settings: SalesforceSettings = {
    loginUrl: server.url,
    apiVersion: '67.0',
    auth: options.auth?.(server.url) ?? { flow: 'client_credentials', ...credentials },
    stream: {
      transport: 'cometd',
      channel: '/data/PresenceBridge__chn',
      endpoint: { host: '127.0.0.1', port: 0, plain: true },
    },
    callsPerMinute: 6_000,
    writer: 'companion',
    capacity: null,
    companion: null,
    ...options.settings,
  }
  const limiter = createRateLimiter({ clock, callsPerMinute: settings.callsPerMinute })
  const client = createClient({ settings, clock, log: options.log ?? SILENT, limiter, call() {}, random: () => 0 })
  cleanups.push(client.stop)
  return { model, server, client, settings }
}
