// presence-bridge test --watch: runs again when a file has changed, however it was replaced.

import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type TestOptions, watchTests } from '../../src/cli/test.ts'
import { createVirtualClock } from '../../src/stories/virtual-clock.ts'
import { captured } from './captured.ts'

const OPTIONS: TestOptions = { mappings: null, name: null, coverage: false, format: 'text' }
const SMALL = 'test/cli/files/small.yaml'
const STORY = `mappings: small.yaml
stories:
  - name: a break
    start: { crm: Online, telephony: On Queue }
    steps:
      - { telephony: Break, expect: { crm: Break } }
`
const ROUNDS_MAX = 100_000

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function begin(file: string, { terminal = false } = {}) {
  const clock = createVirtualClock(0)
  const over = new AbortController()
  const { io, out, err } = captured()
  const watching = watchTests([file], OPTIONS, io, { clock, signal: over.signal, terminal })
  const runs = () => out().split('Ctrl-C ends it.').length - 1
  return {
    out,
    err,
    runs,
    /** Until so many runs are over; not by time, as nothing but the run itself is waited for. */
    async ran(count: number) {
      for (let round = 0; runs() < count; round += 1) {
        if (round > ROUNDS_MAX) throw new Error(`It did not run ${count} times:\n${out()}${err()}`)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    pass: (ms: number) => clock.advanceTo(clock.now() + ms),
    async end() {
      over.abort()
      return await watching
    },
  }
}

function plainFolder(): string {
  copyFileSync(SMALL, join(folder, 'small.yaml'))
  const file = join(folder, 'stories.yaml')
  writeFileSync(file, STORY)
  return file
}

describe('watching', () => {
  test('runs once and then waits, and ends well when it is told to', async () => {
    const watch = begin(plainFolder())
    await watch.ran(1)
    await watch.pass(60_000)
    expect(watch.runs()).toBe(1)
    expect(watch.out()).toContain('1 story passed, 0 failed')
    expect(watch.out()).toContain('Watching 2 files')
    expect(await watch.end()).toBe(0)
  })

  test('runs again when the stories are edited', async () => {
    const file = plainFolder()
    const watch = begin(file)
    await watch.ran(1)
    writeFileSync(file, STORY.replace('crm: Break', 'crm: Coaching'))
    await watch.pass(1_000)
    await watch.ran(2)
    expect(watch.out()).toContain('expected Coaching')
    await watch.end()
  })

  test('runs again when the mapping is renamed over', async () => {
    const watch = begin(plainFolder())
    await watch.ran(1)
    const text = readFileSync(SMALL, 'utf8').replace('[Break, Coaching]', '[Coaching, Break]')
    writeFileSync(join(folder, 'new'), text)
    renameSync(join(folder, 'new'), join(folder, 'small.yaml'))
    await watch.pass(1_000)
    await watch.ran(2)
    expect(watch.out()).toContain('got Coaching')
    await watch.end()
  })

  test('runs again when a mounted folder is swapped behind its link', async () => {
    const versions = { v1: STORY, v2: STORY.replace('crm: Break', 'crm: Coaching') }
    for (const [version, text] of Object.entries(versions)) {
      mkdirSync(join(folder, version))
      copyFileSync(SMALL, join(folder, version, 'small.yaml'))
      writeFileSync(join(folder, version, 'stories.yaml'), text)
    }
    symlinkSync('v1', join(folder, '..data'))
    for (const name of ['small.yaml', 'stories.yaml']) symlinkSync(join('..data', name), join(folder, name))
    const watch = begin(join(folder, 'stories.yaml'))
    await watch.ran(1)
    symlinkSync('v2', join(folder, '..tmp'))
    renameSync(join(folder, '..tmp'), join(folder, '..data'))
    await watch.pass(1_000)
    await watch.ran(2)
    expect(watch.out()).toContain('expected Coaching')
    await watch.end()
  })

  test('outlives a file that is gone for a while, and one that is broken', async () => {
    const file = plainFolder()
    const watch = begin(file)
    await watch.ran(1)
    rmSync(file)
    await watch.pass(1_000)
    await watch.ran(2)
    expect(watch.err()).toContain('stories.yaml cannot be read')
    writeFileSync(file, 'stories: [')
    await watch.pass(1_000)
    await watch.ran(3)
    expect(watch.err()).toContain('stories.yaml:1:')
    writeFileSync(file, STORY)
    await watch.pass(1_000)
    await watch.ran(4)
    expect(watch.out().match(/1 story passed, 0 failed/g)).toHaveLength(2)
    expect(await watch.end()).toBe(0)
  })

  test('clears the screen in a terminal and nowhere else', async () => {
    const file = plainFolder()
    const [plain, terminal] = [begin(file), begin(file, { terminal: true })]
    await plain.ran(1)
    await terminal.ran(1)
    expect(plain.out()).not.toContain('\u001b')
    expect(terminal.out().startsWith('\u001b[2J')).toBe(true)
    await plain.end()
    await terminal.end()
  })
})
