// What an editor with the YAML language server offers someone who writes a mapping file: completion, explanations, mistakes underlined.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { getLanguageService } from 'yaml-language-server'

const root = new URL('../../', import.meta.url)
/** The first line of the example, which names the schema. */
const MODELINE = readFileSync(new URL('mappings.example.yaml', root), 'utf8').split('\n')[0]
const GOOD = `available: { crm: [On Queue], telephony: [On Queue] }
mapped:
  - { crm: On Queue, telephony: On Queue }
`

const service = getLanguageService({
  schemaRequestService: async (uri) => readFileSync(fileURLToPath(uri), 'utf8'),
  workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
})
service.configure({ validate: true, hover: true, completion: true })

let version = 0

/** A file beside the example; `|` is where the cursor stands. */
function open(text: string) {
  version += 1 // what was said of one version is remembered
  const whole = `${MODELINE}\n${text}`
  const cursor = Math.max(0, whole.indexOf('|'))
  const document = TextDocument.create(new URL('mappings.yaml', root).href, 'yaml', version, whole.replace('|', ''))
  return { document, position: document.positionAt(cursor) }
}

async function offered(text: string): Promise<readonly string[]> {
  const { document, position } = open(text)
  const { items } = await service.doComplete(document, position, false)
  return items.map(({ label }) => label)
}

async function explained(text: string): Promise<string> {
  const { document, position } = open(text)
  return JSON.stringify((await service.doHover(document, position))?.contents ?? null)
}

async function underlined(text: string): Promise<readonly string[]> {
  const { document } = open(text)
  const found = await service.doValidation(document, false)
  return found.map(({ message, range }) => `${document.getText(range)}: ${message}`)
}

describe('an editor', () => {
  test('offers the directions of a row', async () => {
    expect(await offered(`${GOOD}  - crm: Lunch\n    telephony: Meal\n    direction: |\n`)).toEqual(
      expect.arrayContaining(['both', 'to_crm', 'to_telephony']),
    )
  })

  test('offers the keys that may stand in a block', async () => {
    expect(await offered(`${GOOD}blocking:\n  telephony:\n    status: Busy\n    |\n`)).toEqual(
      expect.arrayContaining(['channels', 'from', 'min_items', 'wrap_up', 'release_after', 'on_override']),
    )
  })

  test('offers the words that may stand instead of a mapping', async () => {
    expect(await offered(`${GOOD}blocking:\n  telephony: |\n`)).toEqual(expect.arrayContaining(['off', 'on']))
  })

  test('offers the reasons that a story may expect', async () => {
    const story = 'tests:\n  - name: x\n    steps:\n      - crm: On Queue\n        expect:\n          reason: |\n'
    expect(await offered(`${GOOD}${story}`)).toEqual(expect.arrayContaining(['mapped', 'blocked', 'released']))
  })

  test('explains a key under the cursor', async () => {
    const text = `${GOOD}blocking:\n  telephony:\n    on_over|ride: allow\n`
    expect(await explained(text)).toContain('What happens when the agent picks an available status while blocked')
  })

  test('underlines a key that is not known, and a value that is none of those allowed', async () => {
    expect(await underlined(`${GOOD}blocking: { telephony: { chanels: [chat] } }\n`)).toEqual([
      expect.stringMatching(/^chanels: .*not allowed/),
    ])
    expect(await underlined(`${GOOD}  - { crm: Lunch, telephony: Meal, direction: to-crm }\n`)).toEqual([
      expect.stringMatching(/^to-crm: .*to_crm/),
    ])
    expect(await underlined(`${GOOD}login: folow\n`)).toEqual([expect.stringMatching(/^folow: .*follow/)])
  })

  test('has nothing against the example', async () => {
    const example = readFileSync(new URL('mappings.example.yaml', root), 'utf8')
    expect(await underlined(example.slice(example.indexOf('\n') + 1))).toEqual([])
  })
})
