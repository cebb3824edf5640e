// The shape of the house, kept by a test: layers that only point down, a pure engine, no cycles, every room on the map, a story for every rule.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { REASONS } from '../src/domain/reason.ts'
import { loadStories } from '../src/mapping/stories.ts'
import type { Story } from '../src/mapping/story.ts'

const LAYERS: Readonly<Record<string, number>> = {
  domain: 0,
  engine: 1,
  mapping: 2,
  platforms: 2,
  journal: 2,
  outbox: 2,
  ops: 2,
  history: 2,
  app: 3,
  page: 3,
  sandbox: 3,
  stories: 4,
  replay: 4,
  cli: 5,
}
/** Rooms of one layer know each other only through the ports of the domain. */
const VENDOR_WORDS = /salesforce|genesys|omni|cometd|pureconnect/i
const VENDOR_ROOMS = /^src\/(platforms|sandbox)\//
/** Where vendors are put together, and where people read their names. */
const VENDORS_ALLOWED = new Set([
  'src/app/adapters.ts',
  'src/app/crm-settings.ts',
  'src/app/settings.ts',
  'src/app/settings-schema.ts',
  'src/cli/start.ts',
  'src/cli/sandbox.ts',
])

const RULES = Array.from({ length: 27 }, (_, n) => `R${n}`)

type Import = { readonly from: string; readonly to: string }

const files = walk('src')
const imports = files.flatMap(importsOf)

describe('the layers', () => {
  test('every folder of src has its layer', () => {
    expect(readdirSync('src').sort()).toEqual(Object.keys(LAYERS).sort())
  })

  test('arrows go down only, and rooms of one layer do not know each other', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [a, b] = [room(from), room(to)]
      return a !== b && (LAYERS[a] ?? 0) <= (LAYERS[b] ?? 99)
    })
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  test('vendors do not know each other', () => {
    const vendor = (file: string) => /^src\/(?:platforms|sandbox)\/([^/]+)\//.exec(file)?.[1]
    const wrong = imports.filter(({ from, to }) => {
      const [a, b] = [vendor(from), vendor(to)]
      return a !== undefined && b !== undefined && a !== b && b !== 'shared'
    })
    expect(wrong).toEqual([])
  })

  test('no file imports itself through others', () => {
    expect(cycles()).toEqual([])
  })
})

test('the engine is pure: no clock, no chance, no I/O', () => {
  const wrong = files
    .filter((f) => f.startsWith('src/engine/') || f.startsWith('src/domain/'))
    .flatMap((f) => {
      const found = code(f).match(
        /\bDate\b|Math\.random|setTimeout|setInterval|setImmediate|from 'node:|\bprocess\.|\bfetch\(/g,
      )
      return (found ?? []).map((what) => `${f}: ${what}`)
    })
  expect(wrong).toEqual([])
})

test('settings are read in one place: nothing else looks at the environment', () => {
  const allowed = new Set(['src/cli/settings.ts', 'src/cli/output.ts'])
  const wrong = files.filter((f) => !allowed.has(f) && /process\.env/.test(code(f)))
  expect(wrong).toEqual([])
})

test('vendor words stay in the vendor rooms', () => {
  const wrong = files
    .filter((f) => !VENDOR_ROOMS.test(f) && !VENDORS_ALLOWED.has(f))
    .filter((f) => VENDOR_WORDS.test(code(f).replace(/'[^'\n]*'|`[^`]*`/g, '')))
  expect(wrong).toEqual([])
})

test('every room stands in ARCHITECTURE.md', () => {
  const map = readFileSync('ARCHITECTURE.md', 'utf8')
  const missing = Object.keys(LAYERS).filter((name) => !map.includes(`src/${name}/`))
  expect(missing).toEqual([])
})

test('every file begins by saying what it is for', () => {
  const wrong = files.filter((f) => !/^(#!.*\n)?\/\/ \S/.test(readFileSync(f, 'utf8')))
  expect(wrong).toEqual([])
})

test('no file grows past what one concept needs', () => {
  const long = files.filter((f) => readFileSync(f, 'utf8').split('\n').length > 330)
  expect(long).toEqual([])
})

describe('the stories', () => {
  const stories = storiesOfRules()

  test('show every rule and every reason, and cite no rule that does not exist', () => {
    expect(gaps(stories)).toEqual([])
  })

  test.each([
    [
      'the last story of a rule',
      (all: readonly Story[]) => all.filter(({ name }) => !name.startsWith('R26:')),
      'R26 has no story',
    ],
    [
      'what is expected of a reason',
      (all: readonly Story[]) => all.map(withoutReasons),
      'overlap is expected by no story',
    ],
  ])('would be missed without %s', (_what, without, gap) => {
    expect(gaps(without(stories))).toContain(gap)
  })

  test('would be told that a rule does not exist', () => {
    const [first] = stories
    const invented = first === undefined ? [] : [{ ...first, name: 'R27: what nobody has decided (R3)' }]
    expect(gaps([...stories, ...invented])).toEqual(['R27 does not exist'])
  })
})

function storiesOfRules(): readonly Story[] {
  const names = readdirSync('test/stories').filter((name) => name.endsWith('.yaml'))
  const paths = names.filter((name) => !name.endsWith('.mappings.yaml')).map((name) => join('test/stories', name))
  return paths.flatMap((file) => loadStories(readFileSync(file, 'utf8'), { file }).stories)
}

/** A story shows the rule that its name begins with; it may cite others. */
function gaps(stories: readonly Story[]): readonly string[] {
  const cited = new Set(stories.flatMap(({ name }) => name.match(/\bR\d+\b/g) ?? []))
  const expected: ReadonlySet<string> = new Set(
    stories.flatMap(({ steps }) => steps.flatMap((step) => step.expect?.reason ?? [])),
  )
  const reasons = Object.keys(REASONS).filter((reason) => !expected.has(reason))
  return [
    ...RULES.filter((rule) => !stories.some(({ name }) => name.startsWith(`${rule}: `))).map(
      (r) => `${r} has no story`,
    ),
    ...reasons.map((reason) => `${reason} is expected by no story`),
    ...[...cited].filter((rule) => !RULES.includes(rule)).map((rule) => `${rule} does not exist`),
  ]
}

function withoutReasons(story: Story): Story {
  return { ...story, steps: story.steps.map((step) => ({ ...step, expect: null })) }
}

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return walk(path)
    return /\.tsx?$/.test(path) ? [path] : []
  })
}

function importsOf(from: string): Import[] {
  const found = readFileSync(from, 'utf8').matchAll(/from '(\.[^']+)'/g)
  return [...found].map((m) => ({ from, to: relative('.', normalize(join(dirname(from), m[1] ?? ''))) }))
}

function room(file: string): string {
  return file.split('/')[1] ?? ''
}

/** The file without comments. */
function code(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '')
}

/** Type-only imports count as well: a cycle of types is still two files that are one. */
function cycles(): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
  const found: string[] = []
  const done = new Set<string>()
  const visit = (file: string, path: string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0) found.push([...path.slice(at), file].join(' → '))
    if (at >= 0 || done.has(file)) return
    for (const to of next.get(file) ?? []) visit(to, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  return found
}
