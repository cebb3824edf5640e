// The line of a rule is quoted from the file as it is in force, never from one that was changed since.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { createRuleText } from '../../src/app/rule-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'presence-bridge-rule-text-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'mappings.yaml')
const TEXT = 'version: 1\nmapped:\n  - { crm: Lunch, telephony: Meal }\n'
const rules = { file, hash: `sha256:${createHash('sha256').update(TEXT).digest('hex')}` }

test('a rule is quoted as it is written', () => {
  writeFileSync(file, TEXT)
  const text = createRuleText(() => null)
  expect(text.quote(rules, `${file}:3`)).toBe('- { crm: Lunch, telephony: Meal }')
  expect(text.quote(rules, `${file}:99`)).toBeNull()
  expect(text.quote(rules, 'no line')).toBeNull()
  expect(text.quote(rules, null)).toBeNull()
})

test('a file that was changed is not quoted, unless it was read before or the journal has it', () => {
  writeFileSync(file, TEXT)
  const readBefore = createRuleText(() => null)
  expect(readBefore.text(rules)).toBe(TEXT)
  writeFileSync(file, TEXT.replace('Meal', 'Supper'))
  expect(readBefore.text(rules)).toBe(TEXT)
  expect(createRuleText(() => null).text(rules)).toBeNull()
  const catalogue = { crm: { statuses: [], channels: [] }, telephony: { statuses: [], channels: [] } }
  const kept = { hash: rules.hash, time: '2026-11-21T10:00:00Z', file, text: TEXT, catalogue }
  const mapping = (hash?: string) => (hash === rules.hash ? kept : null)
  expect(createRuleText(() => ({ mapping })).text(rules)).toBe(TEXT)
})
