// The bridge as it runs in service, in a process of its own: the daemon with its adapters, journal, metrics and sync log. Only the rate
// limits are so high that they do not get in the way.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Daemon } from '../src/app/daemon.ts'
import { REAL_CLOCK } from '../src/app/real-clock.ts'
import type { Settings } from '../src/app/settings.ts'
import { createLogs } from '../src/ops/service-log.ts'
import { configOfProcess, serveOrders, tell } from './child.ts'
import { type TargetConfig, targetConfig } from './messages.ts'
import { API_VERSION, AUDIENCE, CHANNEL, CREDENTIALS, mappingText, ORIGIN } from './world.ts'

const CALLS_PER_MINUTE = 1_000_000_000
const HOUR_MS = 3_600_000

const config = targetConfig.parse(configOfProcess())
const logs = createLogs({ level: 'warn', format: 'json', stdout: process.stdout })
const daemon = new Daemon({
  settings: settingsOf(config),
  clock: REAL_CLOCK,
  random: Math.random,
  log: logs.service,
  sync: ({ record }) => logs.sync(record),
  version: 'bench',
})

serveOrders(
  async () => {},
  async () => {
    await daemon.stop()
    await logs.flush()
  },
)
await daemon.open()
await daemon.run()
tell({ kind: 'running' })

function settingsOf({
  folder,
  genesysUrl,
  salesforceUrl,
  publicKeyPem,
  companionPort,
  resyncMs,
}: TargetConfig): Settings {
  const mappings = join(folder, 'mappings.yaml')
  writeFileSync(mappings, mappingText())
  return {
    name: 'bench',
    mappings,
    shadow: false,
    crm: {
      kind: 'salesforce',
      loginUrl: salesforceUrl,
      apiVersion: API_VERSION,
      auth: { flow: 'client_credentials', ...CREDENTIALS },
      stream: { transport: 'cometd', channel: CHANNEL, endpoint: { host: '127.0.0.1', port: 0, plain: true } },
      writer: 'companion',
      capacity: null,
    },
    telephony: {
      kind: 'genesys_cloud',
      logOut: 'presence',
      environment: null,
      apiUrl: genesysUrl,
      loginUrl: genesysUrl,
      ...CREDENTIALS,
    },
    companion: {
      listen: { host: '127.0.0.1', port: companionPort },
      path: '/companion',
      origins: [ORIGIN],
      publicKeyPem,
      audience: AUDIENCE,
      tls: null,
    },
    ops: { listen: { host: '127.0.0.1', port: 0 }, token: null },
    journal: { path: join(folder, 'journal.sqlite'), keepMs: 90 * 24 * HOUR_MS, maxBytes: 2 ** 40 },
    resyncEveryMs: resyncMs ?? HOUR_MS,
    callsPerMinute: { crm: CALLS_PER_MINUTE, telephony: CALLS_PER_MINUTE },
    log: { level: 'warn', format: 'json' },
    authorities: [],
  }
}
