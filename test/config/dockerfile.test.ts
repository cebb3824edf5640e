// The Dockerfile against the rest of the project; `node scripts/image.ts` carries it out.

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { copyOf, lastOf, listOf, readDockerfile } from '../../scripts/dockerfile.ts'

const stages = readDockerfile(readFileSync('Dockerfile', 'utf8'))
const [first] = stages
const last = stages.at(-1)
if (first === undefined || last === undefined) throw new Error('The Dockerfile has no stage.')
const { bin, engines, scripts } = z
  .object({
    bin: z.record(z.string(), z.string()),
    engines: z.object({ node: z.string() }),
    scripts: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')))

test('both stages stand on the Node that the package asks for', () => {
  for (const { from } of stages) expect(`>=${/^node:(\d+)/.exec(from)?.[1]}`).toBe(engines.node)
})

test('what is copied from the project exists and is let through by .dockerignore, which lets nothing else through', () => {
  const wanted = stages.flatMap(({ instructions }) =>
    instructions
      .filter(({ word }) => word === 'COPY')
      .map(copyOf)
      .flatMap(({ from, sources }) => (from === null ? sources : [])),
  )
  expect(wanted.filter((path) => !existsSync(path))).toEqual([])
  const [all, ...through] = readFileSync('.dockerignore', 'utf8').trim().split('\n')
  expect(all).toBe('**')
  expect(through.map((line) => line.replace('!', '')).sort()).toEqual([...wanted].sort())
})

test('it starts what the package calls its program, with the same flags as npm start', () => {
  const entrypoint = listOf(lastOf(last, 'ENTRYPOINT') ?? { word: '', rest: '[]', line: 0 })
  expect(entrypoint.at(-1)).toBe(bin['presence-bridge'])
  const flags = (words: readonly string[]) => words.filter((word) => word.startsWith('--'))
  expect(flags(entrypoint)).toEqual(flags((scripts.start ?? '').split(' ')))
})

test('it runs as an ordinary user, by number, and what it may write belongs to that user', () => {
  const [uid, gid] = lastOf(last, 'USER')?.rest.split(':') ?? []
  expect(Number(uid)).toBeGreaterThan(0)
  const volume = lastOf(last, 'VOLUME')?.rest
  expect(last.instructions.map(({ rest }) => rest)).toContain(`install -d -o ${uid} -g ${gid} -m 0700 ${volume}`)
})

test('ports and the health check are those of the example settings', () => {
  const example = readFileSync('config/bridge.example.yaml', 'utf8')
  const ports = lastOf(last, 'EXPOSE')?.rest.split(' ') ?? []
  for (const port of ports) expect(example).toContain(`:${port}`)
  expect(lastOf(last, 'HEALTHCHECK')?.rest).toContain(`http://127.0.0.1:${ports[0]}/livez`)
})

test('no variable or argument of it is a secret', () => {
  for (const { instructions } of stages)
    for (const { word, rest } of instructions)
      if (word === 'ENV' || word === 'ARG') expect(rest).not.toMatch(/secret|token|password|key/i)
})

test('a Dockerfile that is not understood is told with its line', () => {
  expect(() => readDockerfile('FROM a\nADD x /y\n')).toThrow('Line 2: ADD is not understood.')
  expect(() => readDockerfile('RUN x\n')).toThrow('Line 1: RUN before the first FROM.')
})
