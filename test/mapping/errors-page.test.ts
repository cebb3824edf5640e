// The page of finding codes and the catalogue list the same codes, and every example on the page shows its own.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { loadSettings } from '../../src/app/settings.ts'
import type { Finding } from '../../src/domain/finding.ts'
import { loadMapping } from '../../src/mapping/compile.ts'
import { FINDING_CODES } from '../../src/mapping/finding-codes.ts'
import { renderFindings } from '../../src/mapping/render.ts'
import { PLATFORMS } from './platforms.ts'

/** `mark`: what stands behind "yaml": nothing, live, settings or repeat=N. */
type Example = { readonly code: string; readonly mark: string; readonly text: string }

const folder = mkdtempSync(join(tmpdir(), 'errors-page-'))
afterAll(() => rmSync(folder, { recursive: true }))

const page = readFileSync(new URL('../../docs/mapping-errors.md', import.meta.url), 'utf8')
const sections = page.split(/^### /m).slice(1)
const codes = sections.map((section) => section.split('\n')[0] ?? '')
const examples = sections.flatMap((section, index): Example[] => {
  const [, mark, text] = /^```yaml ?(\S*)\n([\s\S]*?)^```$/m.exec(section) ?? []
  return mark === undefined || text === undefined ? [] : [{ code: codes[index] ?? '', mark, text }]
})

function findingsOf({ mark, text }: Example): readonly Finding[] {
  const [, times] = /^repeat=(\d+)$/.exec(mark) ?? []
  if (times !== undefined) return findingsIn(repeated(text, Number(times)))
  if (mark === 'live') return loadMapping(text, { file: 'm.yaml', ...PLATFORMS }).findings
  if (mark !== 'settings') return findingsIn(text)
  const file = join(folder, 'bridge.yaml')
  writeFileSync(file, text)
  return loadSettings(file, { SF_SECRET: 'x', GC_SECRET: 'y' }).findings
}

function findingsIn(text: string): readonly Finding[] {
  return loadMapping(text.replace('␛', '\u001b'), { file: 'm.yaml', patience: 100_000 }).findings
}

/** The last line many times, N standing for its number. */
function repeated(text: string, times: number): string {
  const lines = text.trimEnd().split('\n')
  const last = lines.pop() ?? ''
  return [...lines, ...Array.from({ length: times }, (_none, index) => last.replaceAll('N', String(index)))].join('\n')
}

describe('the page of finding codes', () => {
  test('has one section for every code, and none for another', () => {
    expect([...codes].sort()).toEqual(Object.keys(FINDING_CODES).sort())
  })

  test.each(Object.entries(FINDING_CODES))('says how bad %s is', (code, { severity }) => {
    const word = severity === 'error' ? 'Error' : 'Warning'
    expect(page).toContain(`### ${code}\n\n**${word}.** `)
  })

  test('has an example for every code that a file is known to cause', () => {
    const without = codes.filter((code) => !examples.some((example) => example.code === code))
    expect(without.sort()).toEqual(['proof-blocked-available', 'proof-chase'])
  })

  test.each(examples)('shows $code in its example, and nothing else', (example) => {
    expect(findingsOf(example).map(({ code }) => code)).toEqual([example.code])
  })

  test('shows at its beginning what is really printed', () => {
    const [, shown] = /^```text\n([\s\S]*?)^```$/m.exec(page) ?? []
    const duplicate = examples.find(({ code }) => code === 'duplicate-row')
    const { findings } = loadMapping(duplicate?.text ?? '', { file: 'mappings.yaml' })
    expect(shown).toBe(renderFindings(findings, { format: 'text', color: false }))
  })
})
