// What `check` says of files that are clean, that are not quite, and that are wrong.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { check } from '../../src/cli/check.ts'

const folder = mkdtempSync(join(tmpdir(), 'check-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CLEAN = `version: 1
available: { crm: [On Queue], telephony: [On Queue] }
mapped: { crm: On Queue, telephony: On Queue }
transition: { crm: Transition, telephony: Available }
`

function run(text: string, options: { strict?: boolean; format?: 'text' | 'json' | 'github' } = {}) {
  const file = join(folder, 'mappings.yaml')
  writeFileSync(file, text)
  let out = ''
  const io = { out: (more: string) => (out += more), err: (more: string) => (out += more), color: false }
  const code = check([file], { strict: false, format: 'text', ...options }, io)
  return { out, code }
}

describe('check', () => {
  test('says of a clean file how many states were explored', () => {
    const { out, code } = run(CLEAN)
    expect(out).toMatch(/^No problems found; \d+ states explored\.\n$/)
    expect(code).toBe(0)
  })

  test('says it of a file with warnings too, after them', () => {
    const { out, code } = run(CLEAN.replace('crm: [On Queue]', 'crm: [On Queue, Online]'))
    expect(out).toMatch(/1 warning.*\n\d+ states explored\.\n$/)
    expect(code).toBe(0)
  })

  test('says nothing of states where an error stands in the way', () => {
    const { out, code } = run(CLEAN.replace('telephony: Available', 'telephony: On Queue'))
    expect(out).not.toContain('explored')
    expect(code).toBe(1)
  })

  test('refuses what exploration finds, with the story', () => {
    const { out, code } = run(`${CLEAN}exclusive: true\n`)
    expect(out).toContain('[proof-both-available]')
    expect(out).toContain('- { telephony: On Queue, expect: { crm: On Queue, telephony: On Queue } }')
    expect(code).toBe(1)
  })

  test('leaves json and github to the findings', () => {
    expect(JSON.parse(run(CLEAN, { format: 'json' }).out)).toEqual([])
    expect(run(CLEAN, { format: 'github' }).out).toBe('')
  })
})
