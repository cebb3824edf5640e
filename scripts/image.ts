// Carries out the Dockerfile without a container engine, and starts what comes out: in folders of its own as the root file system, with the programs
// of this machine's /usr in place of the base image's, and Node from node_modules. Needs Linux, root and util-linux; npm ci takes most of its time.
// Shows that the steps work, that nothing but the journal's folder is written (the rest is mounted read-only), that the process runs as process 1
// and as an ordinary user, answers its probes, tells its version, and ends with 0 at SIGTERM.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyOf, type Instruction, pairsOf, readDockerfile, type Stage } from './dockerfile.ts'
import { inside, whyNotHere } from './root-fs.ts'
import { type Built, tryOut } from './trial.ts'

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url))
const REVISION = '0123456789abcdef0123456789abcdef01234567'

const obstacle = whyNotHere()
if (obstacle !== null) {
  console.error(obstacle)
  process.exit(2)
}
const work = mkdtempSync(join(tmpdir(), 'presence-bridge-image-'))
const stages = readDockerfile(readFileSync(join(REPOSITORY, 'Dockerfile'), 'utf8'))
const built = new Map<string, Built>()
try {
  const context = contextOf()
  let last: Built | null = null
  for (const [index, stage] of stages.entries()) {
    last = build(stage, { root: join(work, `stage-${index}`), context })
    built.set(stage.name ?? String(index), last)
  }
  const stage = stages.at(-1)
  if (last === null || stage === undefined) throw new Error('The Dockerfile has no stage.')
  console.log(
    `image: ${execFileSync('du', ['-sh', join(last.root, 'app')], { encoding: 'utf8' }).split('\t')[0]} in /app`,
  )
  await tryOut(stage, { ...last, work, revision: REVISION })
  console.log('image: everything works')
} finally {
  rmSync(work, { recursive: true, force: true })
}

/** What .dockerignore lets through: everything is left out but what it names. */
function contextOf(): string {
  const folder = join(work, 'context')
  mkdirSync(folder)
  const lines = readFileSync(join(REPOSITORY, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  if (lines[0] !== '**') throw new Error('The .dockerignore is expected to leave everything out first.')
  for (const line of lines.slice(1)) {
    if (!line.startsWith('!')) throw new Error(`.dockerignore: ${line} is not understood.`)
    cpSync(join(REPOSITORY, line.slice(1)), join(folder, line.slice(1)), { recursive: true })
  }
  return folder
}

function build(stage: Stage, { root, context }: { readonly root: string; readonly context: string }): Built {
  for (const folder of ['proc', 'dev', 'tmp', 'root', 'etc', 'var/lib', 'home/node'])
    mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n')
  let workdir = '/'
  const env: Record<string, string> = {
    ...ofThisMachine(),
    PATH: '/opt/node/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    HOME: '/root',
    npm_config_cache: '/opt/npm-cache',
    npm_config_prefer_offline: 'true',
  }
  for (const instruction of stage.instructions) {
    const { word, rest, line } = instruction
    console.log(`Dockerfile:${line} ${word} ${rest.slice(0, 90)}`)
    if (word === 'WORKDIR') {
      workdir = resolve(workdir, rest)
      mkdirSync(join(root, workdir), { recursive: true })
    } else if (word === 'ENV') Object.assign(env, pairsOf(instruction))
    else if (word === 'ARG') {
      const [name = '', value = ''] = rest.split('=')
      env[name] = name === 'REVISION' ? REVISION : value
    } else if (word === 'COPY') copy(instruction, { root, workdir, context })
    else if (word === 'RUN') inside(root, { script: `cd ${workdir} && ${rest}`, env })
  }
  return { root, workdir, env }
}

function copy(
  instruction: Instruction,
  to: { readonly root: string; readonly workdir: string; readonly context: string },
): void {
  const { from, sources, target } = copyOf(instruction)
  const origin = from === null ? to.context : built.get(from)?.root
  if (origin === undefined) throw new Error(`Line ${instruction.line}: there is no stage ${from}.`)
  const place = join(to.root, resolve(to.workdir, target))
  for (const source of sources) {
    const path = join(origin, source)
    if (!existsSync(path)) throw new Error(`Line ${instruction.line}: there is no ${source} to copy.`)
    // A folder's content is copied, a file into the folder that is named.
    const isFolder = statSync(path).isDirectory()
    cpSync(path, isFolder ? place : join(place, basename(source)), { recursive: true, verbatimSymlinks: true })
  }
}

/** How this machine reaches the registry: proxies, authorities. */
function ofThisMachine(): Record<string, string> {
  const passed = Object.entries(process.env).filter(([name]) => /proxy|NODE_EXTRA_CA_CERTS/i.test(name))
  return Object.fromEntries(passed.map(([name, value]) => [name, value ?? '']))
}
