// The settings of a bridge between the sandbox platforms, and those platforms themselves.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { REAL_CLOCK } from '../app/real-clock.ts'
import type { Settings } from '../app/settings.ts'
import { EXAMPLE_ADDRESSES, openContactCentre, SANDBOX_AUDIENCE, SANDBOX_ORIGIN } from '../sandbox/contact-centre.ts'

const AGENTS = 8
const CONSOLES = { host: '127.0.0.1', port: 8788 }

export type Sandbox = {
  readonly settings: Settings
  /** Consoles connect and people begin to work. */
  openDoors(): void
  stop(): Promise<void>
}

/** `given`: the user's own settings with both kinds `sandbox`; null: the defaults, with a journal that is thrown away. */
export async function openSandbox(given: Settings | null): Promise<Sandbox> {
  const centre = await openContactCentre({
    clock: REAL_CLOCK,
    random: Math.random,
    agents: AGENTS,
    addresses: EXAMPLE_ADDRESSES,
  })
  const folder = given === null ? mkdtempSync(join(tmpdir(), 'presence-bridge-')) : null
  const listen = given?.companion?.listen ?? CONSOLES
  const { clientId, clientSecret } = centre
  const settings: Settings = {
    name: given?.name ?? 'sandbox',
    mappings: given?.mappings ?? fileURLToPath(new URL('../../mappings.example.yaml', import.meta.url)),
    shadow: given?.shadow ?? false,
    crm: {
      kind: 'salesforce',
      loginUrl: centre.salesforce.server.url,
      apiVersion: '67.0',
      auth: { flow: 'client_credentials', clientId, clientSecret },
      stream: {
        transport: 'pubsub',
        channel: '/data/PresenceBridge__chn',
        endpoint: centre.salesforce.server.endpoint,
      },
      writer: 'companion',
      capacity: null,
    },
    telephony: {
      kind: 'genesys_cloud',
      logOut: 'presence',
      environment: null,
      apiUrl: centre.genesys.server.url,
      loginUrl: centre.genesys.server.url,
      clientId,
      clientSecret,
    },
    companion: {
      listen,
      path: '/companion',
      origins: [SANDBOX_ORIGIN],
      publicKeyPem: centre.publicKeyPem,
      audience: SANDBOX_AUDIENCE,
      tls: null,
    },
    ops: given?.ops ?? { listen: { host: '127.0.0.1', port: 8787 }, token: null },
    journal: given?.journal ?? { path: join(folder ?? '.', 'journal.sqlite'), keepMs: 86_400_000, maxBytes: 2 ** 30 },
    resyncEveryMs: given?.resyncEveryMs ?? 300_000,
    callsPerMinute: given?.callsPerMinute ?? { crm: 60, telephony: 300 },
    ...(given?.stop && { stop: given.stop }),
    log: given?.log ?? { level: 'info', format: null },
    authorities: [],
  }
  return {
    settings,
    openDoors() {
      centre.openConsoles(`ws://${listen.host}:${listen.port}/companion`)
      centre.openDoors()
    },
    async stop() {
      await centre.stop()
      if (folder !== null) rmSync(folder, { recursive: true, force: true })
    },
  }
}
