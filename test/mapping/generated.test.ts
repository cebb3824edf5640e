// What is generated, and the example that people start from, fit the sources.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { loadMapping } from '../../src/mapping/compile.ts'
import { FINDING_CODES } from '../../src/mapping/finding-codes.ts'
import { generatedFiles } from '../../src/mapping/generated.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

describe('generated files', () => {
  test.each(generatedFiles().map(({ path, text }) => [path, text]))('%s is fresh (npm run generate)', (path, text) => {
    expect(read(path)).toBe(text)
  })

  test('the reference page explains every finding code', () => {
    const page = read('docs/mapping-reference.md')
    for (const code of Object.keys(FINDING_CODES))
      expect(page).toContain(`| [\`${code}\`](mapping-errors.md#${code}) |`)
    for (const { explains } of Object.values(FINDING_CODES)) expect(page).toContain(explains)
  })
})

describe('the example mapping', () => {
  test('has nothing to find fault with, and names its schema first', () => {
    const text = read('mappings.example.yaml')
    const { findings, mapping } = loadMapping(text, { file: 'mappings.example.yaml' })
    expect(findings).toEqual([])
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./config/mappings.schema.json')
    expect(mapping?.stories.length).toBeGreaterThanOrEqual(6)
  })

  test('its stories show mapped, transition, blocked, released, reasserted and log-in', () => {
    const { mapping } = loadMapping(read('mappings.example.yaml'), { file: 'mappings.example.yaml' })
    const reasons = new Set(
      mapping?.stories.flatMap(({ steps }) => steps.flatMap(({ expect: held }) => held?.reason ?? [])),
    )
    for (const reason of ['mapped', 'transition', 'blocked', 'released', 'reasserted', 'login'] as const) {
      expect(reasons).toContain(reason)
    }
  })
})
