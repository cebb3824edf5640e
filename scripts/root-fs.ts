// A folder as the root file system of a process: with the programs of this machine's /usr, read-only, and Node from node_modules.
// Everything is mounted in a world of the process's own, and gone with it.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url))
/** Of util-linux. */
export const UNSHARE = 'unshare'
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

/** Null: it can be done here. */
export function whyNotHere(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'It needs Linux, and root: it mounts file systems.'
  try {
    execFileSync(UNSHARE, ['--mount', '--pid', '--fork', 'true'], { stdio: 'ignore' })
    return null
  } catch {
    return 'It needs unshare of util-linux, and the right to use it.'
  }
}

/** The command that runs a script with `root` as its root file system, in a process world of its own. */
export function enter(
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

/** A step of the build: it may write. */
export function inside(
  root: string,
  args: { readonly script: string; readonly env: Readonly<Record<string, string>> },
): string {
  const command = enter(root, {
    script: `chroot ${root} /bin/sh -e -c '${args.script.replaceAll("'", `'\\''`)}'`,
    readOnly: false,
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
