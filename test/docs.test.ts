// What the pages promise stands in the sources.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { REASONS } from '../src/domain/reason.ts'
import { WRITE_OUTCOMES } from '../src/domain/record.ts'

const read = (path: string) => readFileSync(path, 'utf8')
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync('docs')
    .filter((f) => f.endsWith('.md'))
    .map((f) => `docs/${f}`),
]

test('the sync log page explains every reason in the catalogue’s words, and every outcome', () => {
  const page = read('docs/sync-log.md')
  for (const [code, words] of Object.entries(REASONS)) expect(page).toContain(`| \`${code}\` | ${words} |`)
  for (const outcome of WRITE_OUTCOMES) expect(page).toContain(`\`${outcome}\``)
})

describe('links', () => {
  test.each(pages)('of %s lead somewhere', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((m) => join(dirname(page), m[1] ?? ''))
    expect(links.filter((link) => !existsSync(link))).toEqual([])
  })
})
