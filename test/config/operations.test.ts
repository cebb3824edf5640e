// The operations page: its links lead to headings that there are, and what it tells to set or to call exists.

import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createMetrics } from '../../src/ops/metrics.ts'

const PAGE = 'docs/operations.md'
const text = readFileSync(PAGE, 'utf8')
const SOURCES = globSync('src/**/*.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

/** As GitHub makes them of headings. */
function anchorsOf(file: string): ReadonlySet<string> {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  return new Set([...headings].map(([, heading = '']) => slug(heading)))
}

test('every link to a heading finds one', () => {
  const links = [...text.matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)].map(([, file = '', anchor = '']) => ({ file, anchor }))
  expect(links.length).toBeGreaterThan(20)
  const lost = links.filter(
    ({ file, anchor }) => !anchorsOf(file === '' ? PAGE : join(dirname(PAGE), file)).has(anchor),
  )
  expect(lost).toEqual([])
})

test('every metric that it names exists', () => {
  const known = new Set(
    createMetrics()
      .list()
      .map(({ name }) => name),
  )
  const named = [...text.matchAll(/`(presence_bridge_\w+)/g)].map((found) => found[1] ?? '')
  expect(named.filter((name) => !known.has(name))).toEqual([])
})

test('every command that it names is one of the program', () => {
  const program = [
    'src/cli/bridge-commands.ts',
    'src/cli/journal-commands.ts',
    'src/cli/mapping-commands.ts',
    'src/cli/main.ts',
  ]
  const sources = program.map((file) => readFileSync(file, 'utf8')).join('\n')
  const named = new Set([...text.matchAll(/`presence-bridge ([a-z]+)/g)].map((found) => found[1] ?? ''))
  expect(named.size).toBeGreaterThan(4)
  for (const command of named) expect(sources).toContain(`'${command}'`)
})

test('every code of the service log that it names is said somewhere', () => {
  const codes = [
    'stop_overdue',
    'blocks_given_back',
    'journal_back',
    'journal_open',
    'link_down',
    'reload_refused',
    'promise_broken',
    'stuck_block',
    'salesforce_deaf',
    'certificate_expires',
    'clock_skew',
  ]
  for (const code of codes) {
    expect(text).toContain(`\`${code}\``)
    expect(SOURCES).toContain(`'${code}'`)
  }
})
