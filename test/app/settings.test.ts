// The settings file: what it accepts, what it says about the rest, and what it never shows.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { loadSettings } from '../../src/app/settings.ts'
import { settingsFiles } from '../../src/app/settings-reference.ts'

const folder = mkdtempSync(join(tmpdir(), 'settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ENVIRONMENT = {
  SF_CLIENT_ID: 'sf-id',
  SF_CLIENT_SECRET: 'sf-secret',
  GC_CLIENT_ID: 'gc-id',
  GC_CLIENT_SECRET: 'gc-secret',
  OPS_TOKEN: 'ops-token',
}

const SANDBOX = 'mappings: m.yaml\ncrm: { kind: sandbox }\ntelephony: { kind: sandbox }\n'

function load(text: string, environment: Record<string, string> = ENVIRONMENT) {
  const file = join(folder, 'bridge.yaml')
  writeFileSync(file, text)
  return loadSettings(file, environment)
}

function codes(text: string, environment?: Record<string, string>): string[] {
  return load(text, environment).findings.map((f) => `${f.line}:${f.column} ${f.code}`)
}

describe('the example', () => {
  const example = readFileSync('config/bridge.example.yaml', 'utf8')

  test('is taken once its variables and files are there', () => {
    const key = join(folder, 'org-cert.pem')
    writeFileSync(key, 'PEM')
    const { findings, settings } = load(example.replace('/run/secrets/org-cert.pem', key))
    expect(findings).toEqual([])
    expect(settings?.crm).toMatchObject({
      kind: 'salesforce',
      auth: { flow: 'client_credentials', clientSecret: 'sf-secret' },
      writer: 'companion',
    })
    expect(settings?.companion).toMatchObject({ listen: { host: '0.0.0.0', port: 8788 }, publicKeyPem: 'PEM' })
    expect(settings?.journal.keepMs).toBe(90 * 86_400_000)
    expect(settings?.journal.maxBytes).toBe(10 * 2 ** 30)
    expect(settings?.callsPerMinute).toEqual({ crm: 60, telephony: 300 })
  })

  test('names every variable and file that is missing, with its place', () => {
    const { findings, settings } = load(example, {})
    expect(settings).toBeNull()
    expect(findings.filter((f) => f.code === 'missing-variable')).toHaveLength(6)
  })
})

test.each([
  ['mypurecloud.dee', 'did you mean "mypurecloud.de"?'],
  ['https://apps.mypurecloud.ie/', 'did you mean "mypurecloud.ie"?'],
  ['euw3.pure.cloud', 'did you mean "euw2.pure.cloud"?'],
  ['example.org/somewhere/else', 'one of mypurecloud.com, '],
])('the environment %s is no region: %s', (environment, hint) => {
  const text = `mappings: m.yaml
crm: { kind: salesforce, login_url: "https://acme.my.salesforce.com", auth: { client_id: a, client_secret: "\${SF_CLIENT_SECRET}" }, writer: dry_run }
telephony: { kind: genesys_cloud, environment: "${environment}", auth: { client_id: a, client_secret: "\${GC_CLIENT_SECRET}" } }
`
  const { findings, settings } = load(text)
  expect(settings).toBeNull()
  expect(findings).toMatchObject([{ line: 3, code: 'wrong-value', hint: expect.stringContaining(hint) }])
})

test('the proxy of the environment is part of the settings, and a wrong one is told without its value', () => {
  const proxy = 'http://proxy.example:3128'
  expect(load(SANDBOX, { HTTPS_PROXY: proxy, NO_PROXY: 'localhost' }).settings?.proxies).toEqual({
    HTTPS_PROXY: proxy,
    NO_PROXY: 'localhost',
  })
  expect(load(SANDBOX, {}).settings).not.toHaveProperty('proxies')
  const wrong = load(SANDBOX, { HTTPS_PROXY: 'hunter2hunter2' })
  expect(wrong.settings).toBeNull()
  expect(wrong.findings).toMatchObject([{ line: 1, message: expect.stringContaining('HTTPS_PROXY') }])
  expect(JSON.stringify(wrong.findings)).not.toContain('hunter2')
})

test('somebody is logged out of telephony for real only where the file says so', () => {
  const genesys = (more: string) =>
    load(
      `mappings: m.yaml
crm: { kind: salesforce, login_url: "https://acme.my.salesforce.com", auth: { client_id: "\${SF_CLIENT_ID}", client_secret: "\${SF_CLIENT_SECRET}" }, writer: dry_run }
telephony: { kind: genesys_cloud, environment: mypurecloud.de, auth: { client_id: "\${GC_CLIENT_ID}", client_secret: "\${GC_CLIENT_SECRET}" }${more} }
`,
    )
  expect(genesys('').settings?.telephony).toMatchObject({ logOut: 'presence' })
  expect(genesys(', log_out: tokens').settings?.telephony).toMatchObject({ logOut: 'tokens' })
  expect(genesys(', log_out: everything').findings).toMatchObject([{ code: 'wrong-value' }])
})

test('how it ends has its defaults, and a time that nobody would wait for is told', () => {
  expect(load(SANDBOX).settings?.stop).toEqual({ withinMs: 20_000, releaseBlocks: false })
  const given = load(`${SANDBOX}stop: { within: 50s, release_blocks: true }\n`)
  expect(given.settings?.stop).toEqual({ withinMs: 50_000, releaseBlocks: true })
  for (const within of ['4s', '11m'])
    expect(codes(`${SANDBOX}stop: { within: ${within} }\n`)).toEqual(['4:17 wrong-value'])
})

test('relative paths are relative to the settings file', () => {
  expect(load(SANDBOX).settings?.mappings).toBe(join(folder, 'm.yaml'))
})

describe('what is wrong', () => {
  test('is told all at once', () => {
    const text = `mappings: m.yaml
mode: lively
crm: { kind: salesforce, login_url: "http://acme.my.salesforce.com" }
telephony: { kind: pureconnect }
ops: { listen: 8787 }
resnyc: { every: 5 }
`
    const found = codes(text)
    expect(found.length).toBeGreaterThanOrEqual(5)
    expect(load(text).settings).toBeNull()
  })

  test.each([
    ['plain http to another machine', 'login_url: "http://acme.my.salesforce.com"', 'plain-address'],
    ['an address that is none', 'login_url: acme', 'wrong-value'],
  ])('%s', (_name, line, code) => {
    const crm = `crm: { kind: salesforce, ${line}, auth: { client_id: a, client_secret: "\${SF_CLIENT_SECRET}" }, writer: dry_run }`
    const text = `mappings: m.yaml\n${crm}\ntelephony: { kind: genesys_cloud, environment: mypurecloud.ie, auth: { client_id: a, client_secret: "\${GC_CLIENT_SECRET}" } }\n`
    expect(load(text).findings.map((f) => f.code)).toContain(code)
  })

  test('plain http to this machine is fine', () => {
    for (const host of ['127.0.0.1:1', 'localhost:1', '[::1]:1']) {
      const text = `mappings: m.yaml
crm: { kind: salesforce, login_url: "http://${host}", auth: { client_id: a, client_secret: "\${SF_CLIENT_SECRET}" }, writer: dry_run }
telephony: { kind: genesys_cloud, api_url: "http://${host}", login_url: "http://${host}", auth: { client_id: a, client_secret: "\${GC_CLIENT_SECRET}" } }
`
      expect(load(text).findings).toEqual([])
    }
  })

  test.each([
    ['ops: { listen: "8787" }'],
    ['ops: { listen: "127.0.0.1:99999" }'],
    ['rate_limits: { crm: 60 }'],
    ['rate_limits: { telephony: 0/min }'],
    ['journal: { keep: forever }'],
    ['journal: { max_size: 5MB }'],
    ['journal: { max_size: huge }'],
    ['resync: { every: 5 }'],
    ['log: { level: loud }'],
  ])('%s', (line) => {
    const { findings, settings } = load(`${SANDBOX}${line}\n`)
    expect(settings).toBeNull()
    expect(findings.map((f) => f.line)).toEqual([4])
  })

  test('one sandbox and one real platform do not go together', () => {
    expect(codes('mappings: m.yaml\ncrm: { kind: sandbox }\ntelephony: { kind: pureconnect }\n').length).toBe(2)
  })
})

describe('secrets', () => {
  test('one that is written out is a warning, and is never shown', () => {
    const { findings, settings } = load(`${SANDBOX}ops: { token: hunter2hunter2 }\n`)
    expect(findings.map((f) => [f.severity, f.code])).toEqual([['warning', 'written-secret']])
    expect(JSON.stringify(findings)).not.toContain('hunter2')
    expect(settings?.ops.token).toBe('hunter2hunter2')
  })

  test.each([
    ['in a file that is no YAML', 'ops: { token: hunter2hunter2\ncrm: [\n'],
    ['in quotes, in a file that is no YAML', 'ops: { "token": "hunter2 hunter2\n'],
    ['a number', 'ops: { token: 2202022020, listen: nowhere }\n'],
    ['a key over several lines', `crm: { auth: { private_key: "hunter2hunter2\n  ${'h2'.repeat(30)}\n`],
    ['from the environment', 'ops: { token: "${HIDDEN}", listen: hunter2hunter2 }\n'],
  ])('%s', (_what, text) => {
    const { findings } = load(`${SANDBOX}${text}`, { HIDDEN: 'hunter2hunter2' })
    expect(findings.length).toBeGreaterThan(0)
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|2202022020|h2h2/)
  })

  test('are not shown by other findings of the same line either', () => {
    const { findings } = load(`${SANDBOX}ops: { token: hunter2hunter2, listen: nowhere, tokne: x }\n`)
    expect(findings.length).toBeGreaterThan(1)
    expect(JSON.stringify(findings)).not.toContain('hunter2')
  })
})

test.each(settingsFiles().map(({ path, text }) => [path, text]))('%s is fresh (npm run generate)', (path, text) => {
  expect(readFileSync(path, 'utf8')).toBe(text)
})
