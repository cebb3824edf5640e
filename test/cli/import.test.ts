// What `import` prints, writes and ends with.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { type ImportArgs, importFiles } from '../../src/cli/import.ts'
import { loadMapping } from '../../src/mapping/compile.ts'
import { captured } from './captured.ts'

const folder = mkdtempSync(join(tmpdir(), 'import-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CLEAN = 'crm,telephony\nOn Queue,On Queue\nLunch,Meal\n'
const ARGS: ImportArgs = { from: 'auto', out: null, force: false, availableCrm: [], availableTelephony: [] }

function run(text: string, args: Partial<ImportArgs> = {}) {
  const file = join(folder, 'source')
  writeFileSync(file, text)
  const { io, out, err } = captured()
  const code = importFiles([file], { ...ARGS, ...args }, io)
  return { code, out: out(), err: err().replaceAll(file, 'source') }
}

describe('import', () => {
  test('ends with 0 where all was taken, and prints a file that check has nothing against', () => {
    const { code, out } = run(CLEAN)
    expect(code).toBe(0)
    expect(loadMapping(out, { file: 'm.yaml' }).findings).toEqual([])
  })

  test('ends with 1 where something was left out, and lists it with the line of the source', () => {
    const { code, out, err } = run(`${CLEAN}Break,\n`)
    expect(code).toBe(1)
    expect(err).toContain('source:4: left out: "Break" has no status on the other side.')
    expect(out).toContain('# LEFT OUT (line 4): "Break" has no status on the other side.')
  })

  test('ends with 2 and one sentence with the place where a source cannot be read', () => {
    expect(run('crm,telephony\nLunch,"Meal\n')).toEqual({
      code: 2,
      out: '',
      err: 'source:2:7: A quote is opened here and never closed.\n',
    })
  })

  test('ends with 2 where there is no such file', () => {
    const { io, err } = captured()
    expect(importFiles([join(folder, 'none')], ARGS, io)).toBe(2)
    expect(err()).toMatch(/none cannot be read: /)
  })

  test('says which lines a person must fill in', () => {
    const { out, err, code } = run('crm,telephony\nLunch,Meal\n')
    const [, line = ''] = /To be filled in: mappings\.yaml:(\d+)/.exec(err) ?? []
    expect(out.split('\n')[Number(line) - 1]).toContain('# FILL IN: no name tells in which statuses the CRM')
    expect(code).toBe(0)
  })

  test('shows what check says of the file, and ends with 1 where that is an error', () => {
    const { code, err } = run('crm,telephony\nOn Queue,Not Responding\n', { availableTelephony: ['On Queue'] })
    expect(code).toBe(1)
    expect(err).toContain('[status-not-settable]')
  })

  test('overwrites nothing unless forced', () => {
    const out = join(folder, 'mappings.yaml')
    expect(run(CLEAN, { out })).toMatchObject({ code: 0, out: '' })
    const first = readFileSync(out, 'utf8')
    expect(run(CLEAN.replace('Meal', 'Food'), { out })).toMatchObject({
      code: 2,
      err: `${out} is there already; --force overwrites it.\n`,
    })
    expect(readFileSync(out, 'utf8')).toBe(first)
    expect(run(CLEAN.replace('Meal', 'Food'), { out, force: true }).code).toBe(0)
    expect(readFileSync(out, 'utf8')).toContain('Food')
  })

  test('leaves nothing behind where the source cannot be read', () => {
    const out = join(folder, 'never.yaml')
    run('<a', { out })
    expect(existsSync(out)).toBe(false)
  })
})
