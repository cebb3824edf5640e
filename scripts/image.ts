// Carries out the Dockerfile without a container engine, and starts what comes out: in folders of its own as the root file system, with the programs
// of this machine's /usr in place of the base image's, and Node from node_modules. Needs Linux, root and util-linux; npm ci takes most of its time.
// Shows that the steps work, that nothing but the journal's folder is written (the rest is mounted read-only), that the process runs as process 1
// and as an ordinary user, answers its probes, tells its version, and ends with 0 at SIGTERM.

import { execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../test/e2e/free-ports.ts'
import { copyOf, type Instruction, lastOf, listOf, pairsOf, readDockerfile, type Stage } from './dockerfile.ts'

/** Of util-linux. */
const UNSHARE = 'unshare'
const REPOSITORY = fileURLToPath(new URL('../', import.meta.url))
/** From this machine into every root file system, read-only. */
const SYSTEM = [
  'usr',
  'bin',
  'sbin',
  'lib',
  'lib64',
  'etc/ssl',
  'etc/alternatives',
  'etc/resolv.conf',
  'etc/hosts',
  'etc/nsswitch.conf',
]
/** One step of the Dockerfile; npm ci is the longest. */
const STEP_MS = 240_000
const READY_MS = 30_000
const STOP_MS = 10_000
const REVISION = '0123456789abcdef0123456789abcdef01234567'

type Built = { readonly root: string; readonly workdir: string; readonly env: Readonly<Record<string, string>> }

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
  await run(stage, last)
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
    else if (word === 'RUN') inside(root, { script: `cd ${workdir} && ${rest}`, env, readOnly: false })
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

/** The command that runs a script with `root` as its root file system, in a process world of its own. */
function enter(
  root: string,
  args: { readonly script: string; readonly readOnly: boolean; readonly mounts: string },
): readonly string[] {
  const node = dirname(dirname(realpathSync(join(REPOSITORY, 'node_modules/node/bin/node'))))
  const npm = dirname(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())))
  const mounts = SYSTEM.filter((path) => existsSync(`/${path}`)).map((path) => `bind /${path} ${root}/${path}`)
  const steps = [
    'set -e',
    // A mount of its own, so that it can be made read-only without what lies in it.
    `mount --bind ${root} ${root}`,
    'bind() { if [ -d "$1" ]; then mkdir -p "$2"; else mkdir -p "$(dirname "$2")"; touch "$2"; fi; mount --bind "$1" "$2"; mount -o remount,bind,ro "$2"; }',
    ...mounts,
    `mkdir -p ${root}/opt/node/bin ${root}/opt/npm ${root}/opt/npm-cache`,
    `bind ${node} ${root}/opt/node-home`,
    `bind ${npm} ${root}/opt/npm`,
    `ln -sf /opt/node-home/bin/node ${root}/opt/node/bin/node`,
    `ln -sf /opt/npm/bin/npm-cli.js ${root}/opt/node/bin/npm`,
    `mount -t proc proc ${root}/proc`,
    `mount --rbind /dev ${root}/dev`,
    args.mounts,
    args.readOnly ? `mount -o remount,bind,ro ${root}` : `mount --bind ${npmCache()} ${root}/opt/npm-cache`,
    `exec ${args.script}`,
  ]
  return ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', steps.filter((step) => step !== '').join('\n')]
}

function npmCache(): string {
  const cache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim()
  mkdirSync(cache, { recursive: true })
  return cache
}

function inside(
  root: string,
  args: { readonly script: string; readonly env: Readonly<Record<string, string>>; readonly readOnly: boolean },
): string {
  const command = enter(root, {
    script: `chroot ${root} /bin/sh -e -c '${args.script.replaceAll("'", `'\\''`)}'`,
    readOnly: args.readOnly,
    mounts: '',
  })
  return execFileSync(UNSHARE, command, {
    env: args.env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: STEP_MS,
    killSignal: 'SIGKILL',
  })
}

/** How this machine reaches the registry: proxies, authorities. */
function ofThisMachine(): Record<string, string> {
  const passed = Object.entries(process.env).filter(([name]) => /proxy|NODE_EXTRA_CA_CERTS/i.test(name))
  return Object.fromEntries(passed.map(([name, value]) => [name, value ?? '']))
}

/** Starts the entrypoint as an engine would with a read-only root and a volume for the journal. */
async function run(stage: Stage, { root, workdir, env }: Built): Promise<void> {
  const entrypoint = lastOf(stage, 'ENTRYPOINT')
  const command = lastOf(stage, 'CMD')
  const user = lastOf(stage, 'USER')?.rest.split(':')
  const [uid = '0', gid = uid] = user ?? []
  if (entrypoint === null || command === null || uid === '0')
    throw new Error('ENTRYPOINT, CMD and an ordinary USER are expected.')
  const [ops = 0, companion = 0] = await freePorts(2)
  const at = `http://127.0.0.1:${ops}`
  const volume = join(work, 'volume')
  const settings = join(work, 'settings')
  mkdirSync(volume)
  mkdirSync(settings)
  execFileSync('chown', [`${uid}:${gid}`, volume])
  writeFileSync(
    join(settings, 'bridge.yaml'),
    [
      'mappings: /app/mappings.example.yaml',
      'crm: { kind: sandbox }',
      'telephony: { kind: sandbox }',
      `companion: { listen: "127.0.0.1:${companion}", origins: [], public_key: none, audience: none }`,
      `ops: { listen: "127.0.0.1:${ops}" }`,
      'journal: { path: /var/lib/presence-bridge/journal.sqlite }',
      '',
    ].join('\n'),
  )
  mkdirSync(join(root, 'etc/presence-bridge'), { recursive: true })
  const mounts = `bind ${settings} ${root}/etc/presence-bridge\nmount --bind ${volume} ${root}/var/lib/presence-bridge`
  const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')
  // The shell only goes to the folder, and becomes the process.
  const as = (words: readonly string[]) =>
    enter(root, {
      script: `chroot --userspec=${uid}:${gid} ${root} /bin/sh -c 'cd ${workdir} && exec "$@"' sh ${quoted(words)}`,
      readOnly: true,
      mounts,
    })
  const told = execFileSync(UNSHARE, as([...listOf(entrypoint), '--version']), { env, encoding: 'utf8' }).trim()
  expectThat(told.endsWith(`+${REVISION.slice(0, 12)}`), `--version tells the revision: ${told}`)

  const child = spawn(UNSHARE, as([...listOf(entrypoint), ...listOf(command)]), {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  const ended = new Promise<number | null>((done) => child.once('close', done))
  try {
    await answers(`${at}/livez`)
    await answers(`${at}/readyz`)
    const metrics = await (await fetch(`${at}/metrics`)).text()
    expectThat(metrics.includes(`revision="${REVISION.slice(0, 12)}"`), 'the metrics tell the revision')
    const page = await fetch(`${at}/`)
    expectThat(page.ok, `the page is answered ${page.status}`)
    const [, script = ''] = /src="([^"]+)"/.exec(await page.text()) ?? []
    expectThat((await fetch(`${at}${script}`)).ok, `the page's script ${script} is there`)
    const health = /CMD (\[.*\])$/.exec(lastOf(stage, 'HEALTHCHECK')?.rest ?? '')?.[1] ?? ''
    const check = listOf({ word: 'CMD', rest: health.replace(':8787/', `:${ops}/`), line: 0 })
    execFileSync(process.execPath, check.slice(1))
    console.log('image: HEALTHCHECK says healthy')
    // The process that unshare started is process 1 of its world; a signal to it is what an engine sends.
    const pid = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0])
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    expectThat(/^NSpid:\s+\d+\s+1$/m.test(status), 'it is process 1')
    expectThat(new RegExp(`^Uid:\\s+${uid}\\s`, 'm').test(status), `it runs as user ${uid}`)
    const began = performance.now()
    process.kill(pid, 'SIGTERM')
    const code = await Promise.race([
      ended,
      new Promise<string>((done) => setTimeout(() => done('too late'), STOP_MS).unref()),
    ])
    expectThat(code === 0, `SIGTERM ends it with ${code} after ${Math.round(performance.now() - began)} ms`)
    expectThat(existsSync(join(volume, 'journal.sqlite')), 'the journal is in the volume')
  } catch (error) {
    console.error(printed.split('\n').slice(-20).join('\n'))
    throw error
  } finally {
    child.kill('SIGKILL')
  }
}

async function answers(url: string): Promise<void> {
  const end = performance.now() + READY_MS
  for (;;) {
    const status = await fetch(url).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) return console.log(`image: ${new URL(url).pathname} says 200`)
    if (performance.now() > end) throw new Error(`${url} was last answered ${status}.`)
    await new Promise((done) => setTimeout(done, 100))
  }
}

function expectThat(ok: boolean, what: string): void {
  if (!ok) throw new Error(`Not so: ${what}`)
  console.log(`image: ${what}`)
}
