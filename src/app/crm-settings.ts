// The CRM's part of the settings, and the endpoint for its consoles: what must go together, and the values that come of it.

import type { AuthSettings, CompanionSettings, SalesforceSettings } from '../platforms/salesforce/settings.ts'
import { addressOf, isLoopbackUrl, parseEndpoint } from './address.ts'
import type { SettingsFile } from './settings-schema.ts'

export type CrmSettings =
  | { readonly kind: 'sandbox' }
  | ({ readonly kind: 'salesforce' } & Omit<SalesforceSettings, 'companion' | 'callsPerMinute'>)

export type Add = (path: readonly string[], message: string, hint?: string) => void
export type Need = (path: readonly string[], value: unknown, why: string) => void

const ENDPOINT = 'api.pubsub.salesforce.com:7443'
const CHANNEL = '/data/PresenceBridge__chn'

export function checkCrm(file: SettingsFile, add: Add, need: Need): void {
  const { crm } = file
  need(['crm', 'login_url'], crm.login_url, "the org's My Domain address, https://NAME.my.salesforce.com")
  need(['crm', 'auth'], crm.auth, 'how the bridge logs in: client_id and client_secret')
  if (crm.auth?.flow === 'jwt') {
    need(['crm', 'auth', 'username'], crm.auth.username, 'the integration user that the bridge acts as')
    need(['crm', 'auth', 'private_key'], crm.auth.private_key, "the key of the app's certificate, as ${file:/path}")
  } else if (crm.auth !== undefined) {
    need(['crm', 'auth', 'client_secret'], crm.auth.client_secret, 'the consumer secret of the external client app')
  }
  const endpoint = crm.stream?.endpoint
  if (endpoint !== undefined && parseEndpoint(endpoint) === null) {
    const message = `Expected a host and port such as ${ENDPOINT}, got "${endpoint}".`
    add(['crm', 'stream', 'endpoint'], message, 'TLS is always used, except for http:// on this machine itself')
  }
  if (crm.writer === 'capacity')
    need(['crm', 'capacity'], crm.capacity, 'the service channel and object that stand for telephony work')
  if ((crm.writer ?? 'companion') === 'companion') {
    need(['companion'], file.companion, 'where the consoles connect; or set crm.writer to dry_run')
  }
  const tls = file.companion?.tls
  if (tls !== undefined && (tls.certificate.includes('PRIVATE KEY') || !tls.key.includes('PRIVATE KEY'))) {
    add(['companion', 'tls'], 'Expected the certificate in "certificate" and its private key in "key".')
  }
}

export function crmOf(crm: SettingsFile['crm']): CrmSettings {
  if (crm.kind === 'sandbox') return { kind: 'sandbox' }
  const loginUrl = (crm.login_url ?? '').replace(/\/+$/, '')
  return {
    kind: 'salesforce',
    loginUrl,
    apiVersion: crm.api_version ?? '67.0',
    auth: authOf(crm.auth, loginUrl),
    stream: {
      transport: crm.stream?.transport ?? 'pubsub',
      channel: crm.stream?.channel ?? CHANNEL,
      ...(crm.stream?.daily_events === undefined ? {} : { dailyEvents: crm.stream.daily_events }),
      endpoint: parseEndpoint(crm.stream?.endpoint ?? ENDPOINT) ?? { ...addressOf(ENDPOINT), plain: false },
    },
    writer: crm.writer ?? 'companion',
    capacity:
      crm.capacity === undefined
        ? null
        : {
            channel: crm.capacity.channel,
            object: crm.capacity.object,
            statusField: crm.capacity.status_field,
            openValue: crm.capacity.open_value ?? 'Open',
            doneValue: crm.capacity.done_value ?? 'Done',
          },
  }
}

function authOf(auth: SettingsFile['crm']['auth'], loginUrl: string): AuthSettings {
  const clientId = auth?.client_id ?? ''
  if (auth?.flow !== 'jwt') return { flow: 'client_credentials', clientId, clientSecret: auth?.client_secret ?? '' }
  const { username = '', private_key: privateKeyPem = '' } = auth
  return { flow: 'jwt', clientId, username, privateKeyPem, audience: auth.audience ?? audienceOf(loginUrl) }
}

/** The log-in host that assertions are made for: sandboxes have one of their own, and a stand-in on this machine is its own. */
function audienceOf(loginUrl: string): string {
  const url = URL.parse(loginUrl)
  if (url !== null && isLoopbackUrl(url)) return loginUrl
  return url?.hostname.includes('.sandbox.') ? 'https://test.salesforce.com' : 'https://login.salesforce.com'
}

export function companionOf(companion: NonNullable<SettingsFile['companion']>): CompanionSettings {
  return {
    listen: addressOf(companion.listen ?? '0.0.0.0:8788'),
    path: companion.path ?? '/companion',
    origins: companion.origins,
    publicKeyPem: companion.public_key,
    audience: companion.audience,
    tls: companion.tls ?? null,
  }
}
