// A crash: the trace that tells where, nothing of what hangs on the error, and no secret in it.

import { execFile } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'

const SECRET = 'hunter2-hunter2-hunter2'
const TOKEN = 'kT3xJ9mQv2LpZr8WnYb5Hc1DsFg7Ae4UiOqXl0NyRtBzKv6PjMwE'

/** A process that says how it crashes, ended by what is given. */
function crashing(how: string): Promise<{ readonly code: number; readonly stderr: string }> {
  const program = `
    import { crashDiscreetly } from './src/cli/crash.ts'
    import { createScrub } from './src/domain/scrub.ts'
    const { words: blank } = createScrub(['${SECRET}'])
    crashDiscreetly({ blank, io: { out() {}, err: (text) => process.stderr.write(text), color: false } })
    const error = Object.assign(new Error('POST https://x:${SECRET}@login.example refused Bearer ${TOKEN}'), {
      request: { headers: { authorization: 'Basic ${SECRET}' } }, cause: new Error('${SECRET}') })
    ${how}
    setTimeout(() => {}, 5_000)
  `
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program]
  return new Promise((resolve) => {
    execFile('node_modules/.bin/node', args, (error, _, stderr) => resolve({ code: Number(error?.code ?? 0), stderr }))
  })
}

describe('ends the process with its trace alone', () => {
  test.each([
    ['an error that nobody caught', 'setImmediate(() => { throw error })'],
    ['a promise that nobody caught', 'Promise.reject(error)'],
    [
      'an event that nobody heard',
      "import('node:events').then(({ EventEmitter }) => new EventEmitter().emit('error', error))",
    ],
  ])('%s', async (_, how) => {
    const { code, stderr } = await crashing(how)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Error: POST https:\/\/•••@login\.example refused Bearer •••\n {4}at /)
    for (const hidden of [SECRET, TOKEN, 'authorization', 'cause']) expect(stderr).not.toContain(hidden)
  })
})
