// A file that changes is noticed once, whatever way it was replaced.

import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { watchFile } from '../../src/app/file-watch.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'

let folder: string
let clock: VirtualClock
let over: AbortController
let changes: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'))
  clock = createVirtualClock()
  over = new AbortController()
  changes = 0
})
afterEach(() => {
  over.abort()
  expect(clock.timers()).toBe(0)
  rmSync(folder, { recursive: true })
})

function watch(path: string): void {
  watchFile({ path, clock, signal: over.signal, changed: () => (changes += 1) })
}

test('edited in place, and renamed over', async () => {
  const path = join(folder, 'mappings.yaml')
  writeFileSync(path, 'one')
  watch(path)
  await clock.advance(10_000)
  expect(changes).toBe(0)
  writeFileSync(path, 'another')
  await clock.advance(10_000)
  expect(changes).toBe(1)
  writeFileSync(join(folder, 'new'), 'the third')
  renameSync(join(folder, 'new'), path)
  await clock.advance(10_000)
  expect(changes).toBe(2)
})

test('behind links that are turned to another folder, as Kubernetes updates a ConfigMap', async () => {
  for (const [version, text] of [
    ['..v1', 'one'],
    ['..v2', 'two'],
  ] as const) {
    mkdirSync(join(folder, version))
    writeFileSync(join(folder, version, 'mappings.yaml'), text)
  }
  symlinkSync('..v1', join(folder, '..data'))
  symlinkSync('..data/mappings.yaml', join(folder, 'mappings.yaml'))
  watch(join(folder, 'mappings.yaml'))
  symlinkSync('..v2', join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  await clock.advance(10_000)
  expect(changes).toBe(1)
})

test('gone for a moment and back as it was is no change, gone and back with something else is one', async () => {
  const path = join(folder, 'mappings.yaml')
  writeFileSync(path, 'one')
  watch(path)
  renameSync(path, `${path}.away`)
  await clock.advance(6_000)
  renameSync(`${path}.away`, path)
  await clock.advance(6_000)
  expect(changes).toBe(0)
  rmSync(path)
  await clock.advance(6_000)
  writeFileSync(path, 'something else')
  await clock.advance(6_000)
  expect(changes).toBe(1)
})

test('while somebody is still writing it is waited', async () => {
  const path = join(folder, 'mappings.yaml')
  writeFileSync(path, '')
  watch(path)
  for (let size = 1; size <= 5; size += 1) {
    writeFileSync(path, 'x'.repeat(size))
    await clock.advance(2_000)
    expect(changes).toBe(0)
  }
  await clock.advance(4_000)
  expect(changes).toBe(1)
})
