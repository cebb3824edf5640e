// The settings file as a person writes it: the one source of its checks and of its reference.

import type { z } from 'zod'
import { choice, duration, list, mapping, optional, required, text, wholeNumber, yesNo } from '../mapping/fields.ts'

const secret = text('a secret, best as ${NAME} or ${file:/path}')
const address = text('an address such as 127.0.0.1:8787')
const url = text('an address such as https://acme.my.salesforce.com')
const rate = text('a rate such as 300/min')
const pem = text('a certificate or key in PEM form, best as ${file:/path}')

const crm = mapping('the CRM with its kind', {
  kind: required(choice(['salesforce', 'sandbox']), 'What it is.'),
  login_url: optional(url, "The org's My Domain address.", { examples: ['https://acme.my.salesforce.com'] }),
  api_version: optional(text('a version such as "67.0"'), 'The version of the API that is used.', { default: '67.0' }),
  auth: optional(
    mapping('how the bridge logs in', {
      flow: optional(choice(['client_credentials', 'jwt']), 'The OAuth flow.', { default: 'client_credentials' }),
      client_id: required(text('a client id'), 'Consumer key of the external client app.'),
      client_secret: optional(secret, 'Consumer secret of the external client app.'),
      username: optional(text('a user name'), 'For the jwt flow: the integration user.'),
      private_key: optional(pem, 'For the jwt flow: the key that signs.'),
      audience: optional(
        url,
        'For the jwt flow: the log-in host; https://test.salesforce.com for sandboxes, https://login.salesforce.com otherwise, unless given.',
      ),
    }),
    'How the bridge logs in.',
  ),
  stream: optional(
    mapping('where change events come from', {
      transport: optional(choice(['pubsub', 'cometd']), 'How events are heard.', { default: 'pubsub' }),
      channel: optional(text('a channel'), 'The change-data channel.', { default: '/data/PresenceBridge__chn' }),
      endpoint: optional(text('host:port'), 'For pubsub: the endpoint; always with TLS.', {
        default: 'api.pubsub.salesforce.com:7443',
      }),
      daily_events: optional(
        wholeNumber({ min: 1, max: 1_000_000_000 }),
        'Events that the org may be sent in 24 hours, by its edition and add-ons; only to warn in time.',
        { default: 50_000 },
      ),
    }),
    'Where change events come from.',
  ),
  writer: optional(choice(['companion', 'capacity', 'dry_run']), 'How presence is written.', { default: 'companion' }),
  capacity: optional(
    mapping('what stands for telephony work', {
      channel: required(text('a service channel'), 'Developer name of the service channel of the object.'),
      object: required(text('an object such as Phone_Work__c'), 'API name of the object.'),
      status_field: required(text('a field such as Status__c'), 'API name of its status field.'),
      open_value: optional(text('a value'), 'The status that takes capacity.', { default: 'Open' }),
      done_value: optional(text('a value'), 'The status that gives it back.', { default: 'Done' }),
    }),
    'For the capacity writer (experimental): the work item that stands for telephony work.',
  ),
  ca: optional(pem, 'A certificate authority to trust besides those of the system.'),
})

const telephony = mapping('the telephony desktop with its kind', {
  kind: required(choice(['genesys_cloud', 'pureconnect', 'desktop', 'sandbox']), 'What it is.'),
  environment: optional(
    text('a region such as mypurecloud.com'),
    'The region of the organisation: the host that its desktop is at, or the region at Amazon (eu-central-1).',
  ),
  api_url: optional(url, 'Instead of environment: the address of the API.'),
  login_url: optional(url, 'Instead of environment: the address of the log-in service.'),
  auth: optional(
    mapping('how the bridge logs in', {
      client_id: required(text('a client id'), 'Id of the OAuth client (client credentials).'),
      client_secret: required(secret, 'Its secret.'),
    }),
    'How the bridge logs in.',
  ),
  log_out: optional(
    choice(['presence', 'tokens']),
    'What writing Offline does: the person only shows as Offline, or is logged out as well (all tokens deleted; never during a conversation).',
    { default: 'presence' },
  ),
  ca: optional(pem, 'A certificate authority to trust besides those of the system.'),
})

export const settingsFile = mapping('a settings file', {
  name: optional(text('a name'), 'The name of this bridge, for people.', { default: 'presence-bridge' }),
  mappings: required(text('a file name'), 'The mapping file; relative to this file.'),
  mode: optional(choice(['live', 'shadow']), 'In shadow mode everything is decided and recorded, nothing is written.', {
    default: 'live',
  }),
  crm: required(crm, 'The CRM.'),
  telephony: required(telephony, 'The telephony desktop.'),
  companion: optional(
    mapping('the public endpoint for consoles', {
      listen: optional(address, 'Where consoles connect.', { default: '0.0.0.0:8788' }),
      path: optional(text('a path such as /companion'), 'The path of the endpoint.', { default: '/companion' }),
      origins: required(
        list('a list of origins', text('an origin')),
        'The origins of the consoles; nobody else is let in.',
      ),
      public_key: required(pem, "The org's certificate, or its public key."),
      audience: required(text('a word'), 'What tokens must be made for.'),
      tls: optional(
        mapping('a certificate and its key', {
          certificate: required(pem, 'The certificate of the endpoint, with those that it depends on.'),
          key: required(pem, 'Its private key.'),
        }),
        'Where the endpoint speaks TLS itself; left out, it stands behind an ingress that does.',
      ),
    }),
    'The public endpoint for the console companion.',
  ),
  ops: optional(
    mapping('the private endpoint for operations', {
      listen: optional(address, 'Where probes, metrics and the page are.', { default: '127.0.0.1:8787' }),
      token: optional(secret, 'Needed for changes, and for reading from other machines.'),
    }),
    'The private endpoint for operations.',
  ),
  journal: optional(
    mapping('the journal', {
      path: optional(text('a file name'), 'The file; relative to this file.', { default: './data/journal.sqlite' }),
      keep: optional(text('a time such as 90d'), 'How long decisions are kept.', { default: '90d' }),
      max_size: optional(
        text('a size such as 10GB'),
        'How large the file may grow: past it the oldest decisions go, however young they are.',
        { default: '10GB' },
      ),
    }),
    'Where decisions are recorded.',
  ),
  resync: optional(
    mapping('how often both sides are read again', {
      every: optional(duration(), 'The time between two readings.', { default: '5m' }),
    }),
    'The periodic reading that repairs drift nobody reported.',
  ),
  rate_limits: optional(
    mapping('a rate for each side', {
      crm: optional(rate, 'API calls to the CRM.', { default: '60/min' }),
      telephony: optional(rate, 'API calls to telephony.', { default: '300/min' }),
    }),
    'API calls; commands to consoles are not counted.',
  ),
  stop: optional(
    mapping('how the bridge ends', {
      within: optional(
        duration(),
        'How long it may take once it was told to stop; then it ends all the same. Less than what the process is given before it is killed (Kubernetes: 30 s).',
        { default: '20s' },
      ),
      release_blocks: optional(
        yesNo(),
        'Whether blocks are given back first: agents take work again on both sides. For taking the bridge out of service, not for restarts.',
        { default: false },
      ),
    }),
    'What happens at SIGTERM.',
  ),
  log: optional(
    mapping('the logs', {
      level: optional(choice(['debug', 'info', 'warn', 'error']), 'What the service log shows.', { default: 'info' }),
      format: optional(choice(['json', 'pretty']), 'Default: pretty in a terminal, json otherwise.'),
    }),
    'The logs on stdout.',
  ),
})

export type SettingsFile = z.infer<typeof settingsFile>
