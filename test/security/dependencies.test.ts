// What is installed with the bridge was looked at by somebody.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import {
  BUILT_IN,
  dependenciesPage,
  directOf,
  LICENCES,
  type Lock,
  nameOf,
  REASONS,
  readLock,
  runtimeOf,
  SCRIPTS,
  treeOf,
} from '../../scripts/dependencies.ts'

const lock = readLock()
const all = runtimeOf(lock)

test('the page is fresh: node scripts/dependencies.ts writes it', () => {
  expect(readFileSync('docs/dependencies.md', 'utf8')).toBe(dependenciesPage(lock))
})

describe('every package', () => {
  test('that is used directly has a reason, and no reason is left over', () => {
    expect(Object.keys(REASONS).sort()).toEqual(directOf(lock))
    const dev = Object.keys(lock['']?.devDependencies ?? {})
    expect(Object.keys(BUILT_IN).filter((name) => !dev.includes(name))).toEqual([])
  })

  test('has a licence that is allowed', () => {
    const built = Object.keys(BUILT_IN).flatMap((name) => [...treeOf(lock, name)])
    const wrong = [...all, ...built].filter((path) => !LICENCES.has(lock[path]?.license ?? ''))
    expect(wrong.map((path) => `${path}: ${lock[path]?.license}`)).toEqual([])
  })

  test('that wants to run something when it is installed was looked at', () => {
    const scripts = all.filter((path) => lock[path]?.hasInstallScript === true).map(nameOf)
    expect(scripts.sort()).toEqual(Object.keys(SCRIPTS).sort())
  })
})

test('a package without a reason would be seen, and one further up is found as Node finds it', () => {
  const more: Lock = {
    '': { dependencies: { a: '1' } },
    'node_modules/a': { version: '1', license: 'MIT', dependencies: { b: '1', c: '1' } },
    'node_modules/a/node_modules/b': { version: '1', license: 'GPL-3.0', dependencies: { c: '1' } },
    'node_modules/b': { version: '2', license: 'MIT' },
    'node_modules/c': { version: '1', license: 'MIT', dependencies: { a: '1' } },
  }
  expect([...treeOf(more, 'a')].sort()).toEqual(['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c'])
  expect(dependenciesPage(more)).toContain('| `a` 1 | ? | ? | 3 | MIT |')
})
