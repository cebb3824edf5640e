// Every kind of mistake has a file here and, beside it, exactly what is said about it.
// After a deliberate change of words: UPDATE_BAD=1 npm run -s jest -- test/mapping/bad-files.test.ts, then read the difference.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { loadMapping } from '../../src/mapping/compile.ts'
import { renderFindings } from '../../src/mapping/render.ts'

const folder = new URL('./bad/', import.meta.url)
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length))

describe('a bad mapping file is told all its problems at once', () => {
  test.each(names)('%s', (name) => {
    const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8')
    const { findings, mapping } = loadMapping(text, { file: `${name}.yaml` })
    const said = renderFindings(findings, { format: 'text', color: false })
    const told = new URL(`${name}.txt`, folder)
    if (process.env.UPDATE_BAD) writeFileSync(told, said)
    expect(said).toBe(readFileSync(told, 'utf8'))
    expect(findings.length).toBeGreaterThan(0)
    expect(mapping === null).toBe(findings.some(({ severity }) => severity === 'error'))
  })
})
