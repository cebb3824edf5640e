// The image at work: its entrypoint with a read-only root file system, a volume for the journal and settings for the sandbox.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '../test/e2e/free-ports.ts'
import { lastOf, listOf, type Stage } from './dockerfile.ts'
import { enter, UNSHARE } from './root-fs.ts'

const READY_MS = 30_000
const STOP_MS = 10_000

export type Built = {
  readonly root: string
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
}

/** Starts the entrypoint as an engine would with a read-only root and a volume for the journal. */
export async function tryOut(
  stage: Stage,
  { root, workdir, env, work, revision }: Built & { readonly work: string; readonly revision: string },
): Promise<void> {
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
  expectThat(told.endsWith(`+${revision.slice(0, 12)}`), `--version tells the revision: ${told}`)

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
    expectThat(metrics.includes(`revision="${revision.slice(0, 12)}"`), 'the metrics tell the revision')
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
