// The ops server on a real socket, with what it logged and what was ordered.

import type { Log } from '../../src/domain/log.ts'
import type { Assets } from '../../src/ops/assets.ts'
import { createMetrics } from '../../src/ops/metrics.ts'
import { createOpsServer } from '../../src/ops/server.ts'
import { createFakeStatus, type FakeStatus } from '../ops/fake-status.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'

export const TOKEN = 'an-ops-token-of-some-length-4711'

export type OpsUnderTest = {
  readonly url: string
  readonly status: FakeStatus
  readonly logged: readonly string[]
  stop(): Promise<void>
}

/** `host` 0.0.0.0: reading needs the token too; it is still asked over 127.0.0.1. */
export async function openOps({
  host = '127.0.0.1',
  token = TOKEN,
}: {
  readonly host?: string
  readonly token?: string | null
} = {}): Promise<OpsUnderTest> {
  const status = createFakeStatus()
  const logged: string[] = []
  const write = (context: unknown, message: string) => void logged.push(`${JSON.stringify(context)} ${message}`)
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const server = createOpsServer({
    listen: { host, port: 0 },
    token,
    status,
    metrics: createMetrics({ process: false }),
    clock: REAL_CLOCK,
    log,
    assets: async () => ASSETS,
  })
  const { url } = await server.start()
  return { url: url.replace('0.0.0.0', '127.0.0.1'), status, logged, stop: () => server.stop() }
}

const SCRIPT = '/assets/page-0123456789ab.js'
const ASSETS: Assets = {
  script: SCRIPT,
  style: '/assets/page-0123456789ab.css',
  files: new Map([[SCRIPT, { body: 'void 0', type: 'text/javascript; charset=utf-8' }]]),
}
