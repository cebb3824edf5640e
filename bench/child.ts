// A process of the benchmark, seen from both ends: it is asked one thing at a time and answers it, and ends with whoever started it.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type Answer, answer, type Order, order } from './messages.ts'

/** Longer than any step of the plan. */
const PATIENCE_MS = 120_000

export type Child = {
  /** The first thing that it says by itself. */
  ready<K extends Answer['kind']>(kind: K): Promise<Extract<Answer, { kind: K }>>
  ask<K extends Answer['kind']>(asked: Order, kind: K): Promise<Extract<Answer, { kind: K }>>
  stop(): Promise<void>
}

/** `stdout`: a file descriptor for what it prints. */
export function startChild(script: URL, config: object, stdout: number | 'inherit' = 'inherit'): Child {
  const child = fork(script, [JSON.stringify(config)], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8', '--expose-gc', ...profiling()],
    // As the image runs it.
    env: { ...process.env, MALLOC_ARENA_MAX: '1' },
    stdio: ['ignore', stdout, 'inherit', 'ipc'],
  })
  const heard: Answer[] = []
  let wake = () => {}
  let ended = false
  child.on('message', (message) => {
    heard.push(answer.parse(message))
    wake()
  })
  child.on('exit', () => {
    ended = true
    wake()
  })

  async function hear<K extends Answer['kind']>(kind: K): Promise<Extract<Answer, { kind: K }>> {
    const until = performance.now() + PATIENCE_MS
    while (heard.length === 0) {
      if (ended) throw new Error(`${script.pathname} ended before it answered`)
      if (performance.now() > until) throw new Error(`${script.pathname} did not answer "${kind}"`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PATIENCE_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    const said = heard.shift()
    if (said?.kind === 'failed') throw new Error(`${script.pathname}: ${said.why}`)
    if (said?.kind !== kind) throw new Error(`${script.pathname} said "${said?.kind}" instead of "${kind}"`)
    return said as Extract<Answer, { kind: K }>
  }

  return {
    ready: hear,
    ask(asked, kind) {
      child.send(asked)
      return hear(kind)
    },
    async stop() {
      if (ended) return
      child.send({ kind: 'stop' })
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await once(child, 'exit')
      clearTimeout(timer)
    },
  }
}

/** BENCH_PROFILE=folder keeps a processor profile of every process there. */
function profiling(): readonly string[] {
  const folder = process.env.BENCH_PROFILE
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

/** The other end: what the process was started with. */
export function configOfProcess(): unknown {
  return JSON.parse(process.argv[2] ?? '{}')
}

export function tell(said: Answer): void {
  process.send?.(said)
}

/** Answers "usage" by itself; ends the process after "stop", or when nobody is left to answer to. */
export function serveOrders(handle: (asked: Order) => Promise<void>, stop: () => Promise<void>): void {
  process.on('disconnect', () => process.exit(1))
  process.on('message', (message) => {
    const asked = order.parse(message)
    if (asked.kind === 'usage') return tell(usage(asked.collect))
    const done = asked.kind === 'stop' ? stop().then(() => process.exit(0)) : handle(asked)
    done.catch((error: unknown) => tell({ kind: 'failed', why: String(error) }))
  })
}

function usage(collect: boolean): Answer {
  const { rss: uncollected } = process.memoryUsage()
  if (collect) collectAll()
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return { kind: 'usage', uncollected, rss, heapUsed, cpuMs: (user + system) / 1_000 }
}

/** `last-resort` also gives back the pages that V8 would keep for the garbage to come: what is left is what the process needs. */
function collectAll(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
