// The relay or the bridge in a process of its own, between fakes of its own, with all consoles connected.

import { closeSync, mkdirSync, openSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { type Child, startChild } from './child.ts'
import { freePort } from './fakes/listen.ts'
import type { LoadResult } from './messages.ts'
import { spreadOf, total } from './stats.ts'

export const TARGETS = {
  bare: { title: 'relay without journal', script: new URL('./relay.ts', import.meta.url), journal: false },
  relay: { title: 'relay', script: new URL('./relay.ts', import.meta.url), journal: true },
  bridge: { title: 'bridge', script: new URL('./bridge.ts', import.meta.url), journal: true },
} as const
export type TargetName = keyof typeof TARGETS

/** Processor times are of the measured process, of the fakes', and of everything else on the machine meanwhile. */
export type Loaded = Omit<LoadResult, 'latencies'> & {
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly cpuMs: number
  readonly fakesCpuMs: number
  readonly othersCpuMs: number
}

/** Bytes: resident as the process stood, resident and heap after a full garbage collection. */
export type Memory = { readonly uncollected: number; readonly rss: number; readonly heapUsed: number }

export type Session = {
  readonly target: TargetName
  readonly agents: number
  load(ratePerS: number, ms: number): Promise<Loaded>
  memory(): Promise<Memory>
  close(): Promise<void>
}

export async function openSession(args: { target: TargetName; agents: number; folder: string }): Promise<Session> {
  const { target, agents } = args
  const folder = join(args.folder, `${target}-${agents}`)
  mkdirSync(folder, { recursive: true })
  const stdout = openSync(join(folder, 'stdout.log'), 'w')
  const fakes = startChild(new URL('./fakes/main.ts', import.meta.url), { agents })
  const { kind: _, ...platforms } = await fakes.ready('fakes')
  const companionPort = await freePort()
  const { script, journal } = TARGETS[target]
  const subject = startChild(script, { agents, ...platforms, folder, companionPort, journal }, stdout)
  const close = async () => {
    await subject.stop()
    await fakes.stop()
    closeSync(stdout)
  }
  try {
    await subject.ready('running')
    await fakes.ask({ kind: 'connect', port: companionPort }, 'connected')
  } catch (error) {
    await close()
    throw error
  }
  return {
    target,
    agents,
    load: (ratePerS, ms) => load({ fakes, subject }, ratePerS, ms),
    memory: () => subject.ask({ kind: 'usage', collect: true }, 'usage'),
    close,
  }
}

async function load(pair: { fakes: Child; subject: Child }, ratePerS: number, ms: number): Promise<Loaded> {
  const cpuMs = async (child: Child) => (await child.ask({ kind: 'usage', collect: false }, 'usage')).cpuMs
  const look = async () => ({ subject: await cpuMs(pair.subject), fakes: await cpuMs(pair.fakes), machine: busyMs() })
  const before = await look()
  const { result } = await pair.fakes.ask({ kind: 'load', ratePerS, ms }, 'loaded')
  const after = await look()
  const own = { cpuMs: after.subject - before.subject, fakesCpuMs: after.fakes - before.fakes }
  const { latencies, ...counts } = result
  const { p50, p99, max } = spreadOf(latencies)
  return {
    ...counts,
    p50,
    p99,
    max,
    ...own,
    othersCpuMs: Math.max(0, after.machine - before.machine - own.cpuMs - own.fakesCpuMs),
  }
}

/** Time that all cores together have worked since the machine was started. */
function busyMs(): number {
  return total(cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq))
}
