// The systemd unit: starts what the image starts, gives it time to end, and hands over the secrets that the settings name.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { lastOf, listOf, readDockerfile } from '../../scripts/dockerfile.ts'
import { STOP_DEFAULT } from '../../src/app/settings.ts'

/** Where systemd is installed. */
const ANALYZE = 'systemd-analyze'
const FILE = 'config/systemd/presence-bridge.service'
const lines = readFileSync(FILE, 'utf8').split('\n')

function all(key: string): readonly string[] {
  return lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1))
}

test('it starts the program as the image does', () => {
  const image = readDockerfile(readFileSync('Dockerfile', 'utf8')).at(-1)
  const words = ['ENTRYPOINT', 'CMD'].flatMap((word) =>
    listOf((image && lastOf(image, word)) ?? { word, rest: '[]', line: 0 }),
  )
  const [node, ...rest] = all('ExecStart')[0]?.split(' ') ?? []
  expect(node).toBe('/usr/bin/node')
  expect(rest).toEqual(words.slice(1))
})

test('it is given longer to end than it takes, and is not started again where that does not help', () => {
  expect(Number(all('TimeoutStopSec')[0]) * 1_000).toBeGreaterThanOrEqual(STOP_DEFAULT.withinMs + 5_000)
  expect(all('RestartPreventExitStatus')).toEqual(['2'])
  expect(all('MemoryDenyWriteExecute')).toEqual([])
})

test('it hands over each secret that the Kubernetes settings name, too', () => {
  const settings = readFileSync('config/kubernetes/stand-alone/bridge.yaml', 'utf8')
  const named = [...settings.matchAll(/\$\{file:[^}]*\/([^/}]+)\}/g)].map((found) => found[1])
  expect(
    all('LoadCredential')
      .map((line) => line.split(':')[0])
      .sort(),
  ).toEqual(named.sort())
})

const found = spawnSync(ANALYZE, ['--version']).status === 0
const ifFound = found ? test : test.skip
ifFound(`systemd understands all of it${found ? '' : ' (skipped: systemd-analyze is not installed here)'}`, () => {
  const { stdout, stderr } = spawnSync(ANALYZE, ['verify', FILE], { encoding: 'utf8' })
  // What is not installed here is no fault of the unit.
  const said = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('presence-bridge.service'))
  expect(said.filter((line) => !/not executable|No such file/.test(line))).toEqual([])
})
