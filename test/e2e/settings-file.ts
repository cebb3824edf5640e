// The settings of a bridge between the stand-in platforms as an operator would write them: every secret in the environment.

import type { ContactCentre } from '../../src/sandbox/contact-centre.ts'
import { SANDBOX_AUDIENCE, SANDBOX_ORIGIN } from '../../src/sandbox/contact-centre.ts'

export const OPS_TOKEN = 'ops-token-for-tests-2f6d'

export function settingsOf(args: {
  readonly centre: ContactCentre
  readonly ports: { readonly ops: number; readonly companion: number }
  /** Of the CRM's event stream; the default where left out. */
  readonly transport?: 'pubsub' | 'cometd'
}): { readonly file: Readonly<Record<string, unknown>>; readonly environment: Readonly<Record<string, string>> } {
  const { centre, ports } = args
  const { host, port } = centre.salesforce.server.endpoint
  const endpoint = `http://${host}:${port}`
  const file = {
    name: 'e2e',
    mappings: './mappings.yaml',
    crm: {
      kind: 'salesforce',
      login_url: centre.salesforce.server.url,
      auth: { flow: 'client_credentials', client_id: '${SF_CLIENT_ID}', client_secret: '${SF_CLIENT_SECRET}' },
      stream: { endpoint, ...(args.transport && { transport: args.transport }) },
    },
    telephony: {
      kind: 'genesys_cloud',
      api_url: centre.genesys.server.url,
      login_url: centre.genesys.server.url,
      auth: { client_id: '${GC_CLIENT_ID}', client_secret: '${GC_CLIENT_SECRET}' },
    },
    companion: {
      listen: `127.0.0.1:${ports.companion}`,
      path: '/companion',
      origins: [SANDBOX_ORIGIN],
      public_key: '${ORG_KEY}',
      audience: SANDBOX_AUDIENCE,
    },
    ops: { listen: `127.0.0.1:${ports.ops}`, token: '${OPS_TOKEN}' },
    journal: { path: './data/journal.sqlite', keep: '1d' },
    log: { level: 'info', format: 'json' },
  }
  const environment = {
    SF_CLIENT_ID: centre.clientId,
    SF_CLIENT_SECRET: centre.clientSecret,
    GC_CLIENT_ID: centre.clientId,
    GC_CLIENT_SECRET: centre.clientSecret,
    ORG_KEY: centre.publicKeyPem,
    OPS_TOKEN,
  }
  return { file, environment }
}
