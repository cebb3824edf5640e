// The commands as processes: how they end, and what the shell is told.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from '@jest/globals'

const CLI = ['--disable-warning=ExperimentalWarning', 'src/cli/main.ts']
const SMALL = 'test/cli/files/small.yaml'

test('Ctrl-C ends the watching, and that is no failure', async () => {
  const watching = spawn(process.execPath, [...CLI, 'test', 'test/cli/files/failing.yaml', '--watch'])
  let out = ''
  for await (const chunk of watching.stdout) {
    out += chunk
    if (out.includes('Ctrl-C ends it.')) break
  }
  const ended = watching.exitCode === null ? once(watching, 'exit') : Promise.resolve([watching.exitCode])
  watching.kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect(out).toContain('1 story passed, 1 failed')
})

test('a status that does not exist is told with the one that was meant, and the shell that nothing could be done', () => {
  const args = ['explain', SMALL, '--crm', 'Online', '--telephony', 'On Queue', '--then', 'telephony=Brake']
  const { status, stdout, stderr } = spawnSync(process.execPath, [...CLI, ...args], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(`${SMALL} names no status "Brake" in telephony: did you mean "Break"?`)
})
