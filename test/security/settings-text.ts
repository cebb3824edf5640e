// Settings with a secret in every place that can have one.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSettings, type Settings } from '../../src/app/settings.ts'

const TEXT = `mappings: ./mappings.yaml
crm:
  kind: salesforce
  login_url: https://acme.my.salesforce.com
  auth: { client_id: sf-client, client_secret: "\${SF_SECRET}" }
telephony:
  kind: genesys_cloud
  environment: mypurecloud.com
  auth: { client_id: gc-client, client_secret: "\${GC_SECRET}" }
companion:
  origins: [https://acme.lightning.force.com]
  public_key: "a certificate"
  audience: acme
  tls: { certificate: "a certificate", key: "\${TLS_KEY}" }
ops: { token: "\${OPS_TOKEN}" }
`

const ENVIRONMENT = {
  SF_SECRET: 'sf-client-secret',
  GC_SECRET: 'gc-client-secret',
  OPS_TOKEN: 'the-ops-token',
  TLS_KEY:
    '-----BEGIN PRIVATE KEY-----\nMIIBVAIBADANBgkqhkiG9w0BAQEFAASC\nAT4wggE6AgEAAkEAq7BFUpkGp3+LQmlQ\n-----END PRIVATE KEY-----',
  HTTPS_PROXY: 'http://bridge:pr0xy%26pass@proxy.example:3128',
}

export function parseSettingsText(): Settings {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'))
  const file = join(folder, 'bridge.yaml')
  try {
    writeFileSync(file, TEXT)
    const { settings, findings } = loadSettings(file, ENVIRONMENT)
    if (settings === null) throw new Error(JSON.stringify(findings))
    return settings
  } finally {
    rmSync(folder, { recursive: true })
  }
}
