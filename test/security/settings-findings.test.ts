// Settings with mistakes in them: whatever was mistyped and wherever, no finding shows a secret, neither one from outside nor one that is written out.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { loadSettings } from '../../src/app/settings.ts'
import { renderFindings } from '../../src/mapping/render.ts'

const folder = mkdtempSync(join(tmpdir(), 'settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const WRITTEN = { sf: 'Wr1tten-out-sf-9fK2', gc: 'Wr1tten-out-gc-7Lm4', ops: 'Wr1tten-out-ops-3Xw8' }
const ENVIRONMENT = {
  SF: 'Fr0m-outside-sf-2Zq6',
  GC: 'Fr0m-outside-gc-8Vb1',
  OPS: 'Fr0m-outside-ops-5Hj3',
  HTTPS_PROXY: 'htp:/bridge:Fr0m-outside-proxy-4Td9@proxy:3128',
}
const HIDDEN = [...Object.values(WRITTEN), 'Fr0m-outside']

const file = fc.boolean().map((written) => {
  const value = (name: 'sf' | 'gc' | 'ops') => (written ? WRITTEN[name] : `\${${name.toUpperCase()}}`)
  return `name: acme
mappings: ./mappings.yaml
crm:
  kind: salesforce
  login_url: https://acme.my.salesforce.com
  auth: { flow: client_credentials, client_id: sf-client, client_secret: "${value('sf')}" }
telephony:
  kind: genesys_cloud
  environment: mypurecloud.com
  auth:
    client_id: gc-client
    client_secret: ${value('gc')}
companion: { origins: ["https://acme.lightning.force.com"], public_key: "x", audience: acme }
ops: { listen: 127.0.0.1:8787, token: '${value('ops')}' }
`
})

const mistake = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 12 }) }),
  fc.record({
    kind: fc.constant('put' as const),
    at: fc.nat(),
    text: fc.constantFrom(
      ' ',
      ':',
      '"',
      "'",
      '{',
      '}',
      '[',
      ',',
      '\n',
      '\t',
      '- ',
      '#',
      '&a ',
      '*a',
      '|',
      '>',
      '!!int ',
      'x',
      '0',
    ),
  }),
  fc.record({ kind: fc.constant('lines' as const), from: fc.nat(), to: fc.nat() }),
)

function mistyped(
  text: string,
  mistakes: readonly (typeof mistake extends fc.Arbitrary<infer M> ? M : never)[],
): string {
  return mistakes.reduce((now, one) => {
    if (one.kind === 'lines') {
      const lines = now.split('\n')
      const moved = lines.splice(one.from % lines.length, 1)
      lines.splice(one.to % (lines.length + 1), 0, ...moved)
      return lines.join('\n')
    }
    const at = one.at % (now.length + 1)
    return one.kind === 'cut'
      ? now.slice(0, at) + now.slice(at + one.length)
      : now.slice(0, at) + one.text + now.slice(at)
  }, text)
}

test('nothing of a secret is shown', () => {
  let found = 0
  fc.assert(
    fc.property(file, fc.array(mistake, { minLength: 1, maxLength: 4 }), (text, mistakes) => {
      const path = join(folder, 'bridge.yaml')
      const wrong = mistyped(text, mistakes)
      writeFileSync(path, wrong)
      const { findings } = loadSettings(path, ENVIRONMENT)
      if (findings.length > 0) found += 1
      const shown = (['text', 'json', 'github'] as const)
        .map((format) => renderFindings(findings, { format, color: false }))
        .join('\n')
      // What is left of it after the mistakes, as long as it is long enough to be one.
      const left = HIDDEN.flatMap((secret) => [secret.slice(0, 14), secret.slice(-14), secret]).filter(
        (part) => wrong.includes(part) || part.startsWith('Fr0m'),
      )
      expect(left.filter((part) => shown.includes(part))).toEqual([])
    }),
    { numRuns: 1_000 },
  )
  expect(found).toBeGreaterThan(500)
})
