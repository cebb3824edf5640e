// What the pages promise stands in the sources.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { REASONS } from '../src/domain/reason.ts'
import { WRITE_OUTCOMES } from '../src/domain/record.ts'
import { loadMapping } from '../src/mapping/compile.ts'
import { judge } from '../src/stories/judge.ts'
import { runStory } from '../src/stories/run.ts'

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

function noReload(): never {
  throw new Error('There is no other file to reload.')
}

/** Whole mapping files that stand in the pages. */
const examples = pages.flatMap((page) =>
  [...read(page).matchAll(/^```yaml\n([\s\S]*?)^```/gm)]
    .map((found) => ({ text: found[1] ?? '', line: read(page).slice(0, found.index).split('\n').length + 1 }))
    .filter(({ text }) => text.startsWith('version: 1'))
    .map(({ text, line }) => ({ where: `${page}:${line}`, text })),
)

describe('the mapping file of', () => {
  test.each(examples)('$where is right, and its stories pass', async ({ where, text }) => {
    const { findings, mapping } = loadMapping(text, { file: where })
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    if (mapping === null) throw new Error(where)
    const misses: string[] = []
    for (const story of mapping.stories) {
      const results = await runStory(story, mapping.rules, noReload)
      misses.push(...judge(results).map(({ what, expected, got }) => `${story.name}: ${what} ${expected} ≠ ${got}`))
    }
    expect(misses).toEqual([])
  })

  test('there are some', () => expect(examples.length).toBeGreaterThan(10))
})
