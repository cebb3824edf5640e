// Every kind of mistake has a file of its own, named after its code, and beside it exactly what is said about it. `live/` is checked against
// the platforms of platforms.ts, `settings/` holds settings files, `all-at-once/` has files with many mistakes.
// After a deliberate change of words: UPDATE_BAD=1 npm run -s jest -- test/mapping/bad-files.test.ts, then read the difference.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { loadSettings } from '../../src/app/settings.ts'
import type { Finding } from '../../src/domain/finding.ts'
import { loadMapping } from '../../src/mapping/compile.ts'
import { FINDING_CODES } from '../../src/mapping/finding-codes.ts'
import { renderFindings } from '../../src/mapping/render.ts'
import { PLATFORMS } from './platforms.ts'

type Checked = { readonly findings: readonly Finding[]; readonly takesEffect: boolean }

/** Too large to be kept as a file. */
const MADE = { 'file-too-large': '#'.repeat(1_000_001) }
/** Enough for all files but the one that is too rich to be proved. */
const PATIENCE = 100_000
/** What no file is known to cause: the proof would catch a mistake in the rules of the bridge itself. */
const GUARDS = ['proof-chase', 'proof-blocked-available']

const folder = new URL('./bad/', import.meta.url)
const mappings = namesIn('.')
const live = namesIn('live')
const settings = namesIn('settings')

function namesIn(part: string): readonly string[] {
  const names = readdirSync(new URL(`${part}/`, folder)).filter((name) => name.endsWith('.yaml'))
  return names.map((name) => `${part}/${name.slice(0, -'.yaml'.length)}`)
}

function codeOf(name: string): string | undefined {
  return basename(name).split('.')[0]
}

function check(name: string): Checked {
  const url = new URL(`${name}.yaml`, folder)
  if (settings.includes(name)) {
    const { findings, settings } = loadSettings(fileURLToPath(url), { SF_SECRET: 'x', GC_SECRET: 'y' })
    const file = `${basename(name)}.yaml`
    return { findings: findings.map((finding) => ({ ...finding, file })), takesEffect: settings !== null }
  }
  const platforms = live.includes(name) ? PLATFORMS : {}
  const { findings, mapping } = loadMapping(readFileSync(url, 'utf8'), {
    file: `${basename(name)}.yaml`,
    patience: PATIENCE,
    ...platforms,
  })
  return { findings, takesEffect: mapping !== null }
}

/** What stands beside the file is what is said. */
function expectToldAsBefore(name: string, findings: readonly Finding[]): void {
  const said = renderFindings(findings, { format: 'text', color: false })
  const told = new URL(`${name}.txt`, folder)
  if (process.env.UPDATE_BAD) writeFileSync(told, said)
  expect(said).toBe(readFileSync(told, 'utf8'))
}

describe('a file with one mistake is told this one mistake', () => {
  test.each([...mappings, ...live, ...settings])('%s', (name) => {
    const { findings, takesEffect } = check(name)
    expectToldAsBefore(name, findings)
    expect(findings.map(({ code }) => code)).toEqual([codeOf(name)])
    expect(takesEffect).toBe(findings[0]?.severity === 'warning')
  })

  test('file-too-large', () => {
    const { findings, mapping } = loadMapping(MADE['file-too-large'], { file: 'm.yaml' })
    expect(findings.map(({ code }) => code)).toEqual(['file-too-large'])
    expect(mapping).toBeNull()
  })

  test('and every code has such a file', () => {
    const shown = new Set([...mappings, ...live, ...settings].map(codeOf))
    const missing = Object.keys(FINDING_CODES).filter((code) => !shown.has(code) && !(code in MADE))
    expect(missing.sort()).toEqual([...GUARDS].sort())
    expect([...shown].filter((code) => !(code && code in FINDING_CODES))).toEqual([])
  })

  test('which without the platforms would go unseen', () => {
    const codes = live.flatMap((name) => {
      const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8')
      const { findings } = loadMapping(text, { file: 'm.yaml', patience: PATIENCE })
      return findings.flatMap(({ code }) => (code === codeOf(name) ? [name] : []))
    })
    expect(codes).toEqual([])
  })
})

describe('a file with many mistakes is told all of them at once', () => {
  test.each(namesIn('all-at-once'))('%s', (name) => {
    const { findings, takesEffect } = check(name)
    expectToldAsBefore(name, findings)
    expect(findings.length).toBeGreaterThan(1)
    expect(takesEffect).toBe(findings.every(({ severity }) => severity === 'warning'))
  })
})
