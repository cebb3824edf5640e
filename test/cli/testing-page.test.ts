// What docs/testing-your-rules.md shows is so: its files work, its commands exist, and they say what it says they say.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Command } from 'commander'
import { check } from '../../src/cli/check.ts'
import { explain } from '../../src/cli/explain.ts'
import { addMappingCommands } from '../../src/cli/mapping-commands.ts'
import { matrix } from '../../src/cli/matrix.ts'
import { test as run } from '../../src/cli/test.ts'
import { captured } from './captured.ts'

const page = readFileSync('docs/testing-your-rules.md', 'utf8')
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
  language,
  text,
}))
const ofLanguage = (language: string) => blocks.filter((block) => block.language === language).map(({ text }) => text)
const FILES = ['mappings.yaml', 'meetings.yaml']
const commands = [
  ...ofLanguage('sh').join('').split('\n'),
  ...[...page.matchAll(/`(presence-bridge [^`]+)`/g)].map((m) => m[1] ?? ''),
]
  .map((line) => line.replace(/ > .*/, ''))
  .filter((line) => line !== '')

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-'))
  for (const [index, text] of ofLanguage('yaml').entries())
    writeFileSync(join(folder, FILES[index] ?? 'more.yaml'), text)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const inFolder = (file: string) => join(folder, file)
/** Without the folder, and with the times of this run. */
const shown = (out: string) => out.replaceAll(`${folder}/`, '').replace(/\(\d+ ms\)/g, '(n ms)')

test('every file on the page has its place', () => {
  expect(ofLanguage('yaml')).toHaveLength(FILES.length)
})

test('the mapping on the page has no findings', () => {
  const { io, out } = captured()
  expect(check([inFolder('mappings.yaml')], { strict: true, format: 'text' }, io)).toBe(0)
  expect(out()).toContain('No problems found')
})

describe('the commands on the page', () => {
  const program = new Command('presence-bridge')
  addMappingCommands({ program, io: captured().io })
  const known = new Map(program.commands.map((command) => [command.name(), command]))

  test.each(commands)('%s', (line) => {
    const [, name = '', ...words] = line.split(' ')
    expect(name).not.toBe('')
    const definition = known.get(name)
    const options = definition?.options.map(({ long }) => long)
    for (const option of words.filter((word) => word.startsWith('--'))) expect(options).toContain(option)
  })
})

describe('what the page shows is what comes', () => {
  const shownOf = (command: string) => {
    const at = blocks.findIndex(
      ({ language, text }) => language === 'sh' && text.trim().startsWith(`presence-bridge ${command}`),
    )
    const after = blocks[at + 1]
    if (at < 0 || after?.language !== 'text') throw new Error(`the page shows nothing of ${command}`)
    return { line: blocks[at]?.text.trim() ?? '', text: after.text.replace(/\(\d+ ms\)/g, '(n ms)') }
  }

  test('explain', async () => {
    const { line, text } = shownOf('explain')
    const { io, out } = captured()
    const { values } = parseArgs({
      args: line.split(' ').slice(3),
      // biome-ignore lint/suspicious/noThenProperty: the option is called so
      options: { crm: { type: 'string' }, telephony: { type: 'string' }, then: { type: 'string', multiple: true } },
    })
    const question = { crm: values.crm ?? null, telephony: values.telephony ?? null, happens: values.then ?? [] }
    const others = { work: [], profile: null, unlisted: false, format: 'text' as const }
    expect(await explain(inFolder('mappings.yaml'), { ...others, ...question }, io)).toBe(0)
    expect(shown(out())).toBe(text)
  })

  test.each([
    ['test mappings.yaml meetings.yaml\n', null, false],
    ['test mappings.yaml meetings.yaml --name queue --coverage', 'queue', true],
  ])('%s', async (command, name, coverage) => {
    const { text } = shownOf(command.trim())
    const { io, out } = captured()
    const options = { mappings: null, name, coverage, format: 'text' as const }
    expect(await run(FILES.map(inFolder), options, io)).toBe(0)
    // The page leaves out the end of a long list.
    if (coverage) expect(shown(out()).startsWith(text)).toBe(true)
    else expect(shown(out())).toBe(text)
  })

  test('matrix', () => {
    const { io, out } = captured()
    expect(matrix(inFolder('mappings.yaml'), { profile: null, format: 'markdown' }, io)).toBe(0)
    expect(out()).toContain('### The CRM')
  })
})
