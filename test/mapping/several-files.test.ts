// `check` of several files at once, some of which are not what they seem.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { check } from '../../src/cli/check.ts'

const folder = mkdtempSync(join(tmpdir(), 'several-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

const GOOD = 'available: { crm: [On Queue], telephony: [On Queue] }\nmapped: [{ crm: On Queue, telephony: On Queue }]\n'

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function run(files: readonly string[], format: 'text' | 'json' = 'text') {
  const said = { out: '', err: '' }
  const io = { out: (text: string) => (said.out += text), err: (text: string) => (said.err += text), color: false }
  return { code: check(files, { strict: false, format }, io), said }
}

test('a file that is not there is told, and the mistakes of the others all the same', () => {
  const { code, said } = run([join(folder, 'nowhere.yaml'), file('slip.yaml', `${GOOD}login: folow\n`)])
  expect(code).toBe(2)
  expect(said.err).toContain('nowhere.yaml cannot be read')
  expect(said.out).toMatch(/slip\.yaml:3:8 {2}error[\s\S]*\n1 error in .*slip\.yaml\n$/)
})

test('the mistakes of all files are counted together, and stand in one array for programs', () => {
  const files = [file('one.yaml', `${GOOD}login: folow\n`), file('two.yaml', GOOD), file('three.yaml', 'mapped: 7\n')]
  const text = run(files)
  expect(text.code).toBe(1)
  expect(text.said.out).toMatch(/\n3 errors in 2 files\n$/)
  const found: unknown = JSON.parse(run(files, 'json').said.out)
  expect(found).toMatchObject([{ file: files[0] }, { file: files[2] }, { file: files[2] }])
})

test('a file in another encoding is told as such', () => {
  const utf16 = Buffer.from(`\uFEFF${GOOD}`, 'utf16le')
  const latin1 = Buffer.from(`${GOOD}no_sync: { crm: [Käse] }\n`, 'latin1')
  for (const content of [utf16, latin1]) {
    const { code, said } = run([file('other.yaml', content)])
    expect(code).toBe(1)
    expect(said.out).toContain('save the file with the encoding UTF-8')
    expect(said.out).toMatch(/\n1 error in .*other\.yaml\n$/)
  }
})
