// One run of the relay or the bridge between fakes of their own: how fast it is, what it uses.

import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, startChild } from './child.ts'
import { freePort } from './fakes/listen.ts'
import type { LoadResult } from './messages.ts'
import type { Plan } from './plan.ts'

export const TARGETS = {
  relay: { title: 'relay', script: new URL('./relay.ts', import.meta.url), journal: true },
  bare: { title: 'relay without journal', script: new URL('./relay.ts', import.meta.url), journal: false },
  bridge: { title: 'bridge', script: new URL('./bridge.ts', import.meta.url), journal: true },
} as const
export type TargetName = keyof typeof TARGETS

/** A write later than this, at the 99th percentile, is too late: the ceiling is below. */
const CEILING_P99_MS = 50

/** Processor time is of the measured process only. */
export type Loaded = LoadResult & { readonly ratePerS: number; readonly cpuMs: number; readonly fakesCpuMs: number }

export type Session = {
  readonly target: TargetName
  readonly agents: number
  readonly steady: Loaded
  /** The rising load, up to the first one that was too much; empty where it was not asked for. */
  readonly rising: readonly Loaded[]
  /** Resident bytes with all consoles connected: before the first change, and after the last. */
  readonly restingHeapBytes: number
  readonly restingBytes: number
  readonly usedBytes: number
}

export async function runSession(args: {
  readonly target: TargetName
  readonly agents: number
  readonly plan: Plan
  readonly rising: boolean
  readonly folder: string
}): Promise<Session> {
  const { target, agents, plan } = args
  const folder = join(args.folder, `${target}-${agents}`)
  mkdirSync(folder, { recursive: true })
  const stdout = openSync(join(folder, 'stdout.log'), 'w')
  const fakes = startChild(new URL('./fakes/main.ts', import.meta.url), { agents })
  let subject: Child | null = null
  try {
    const { kind: _, ...platforms } = await fakes.ready('fakes')
    const companionPort = await freePort()
    const { script, journal } = TARGETS[target]
    subject = startChild(script, { agents, ...platforms, folder, companionPort, journal }, stdout)
    await subject.ready('running')
    await fakes.ask({ kind: 'connect', port: companionPort }, 'connected')
    const resting = await subject.ask({ kind: 'usage', collect: true }, 'usage')
    const pair = { fakes, subject }
    await loadAt(pair, plan.steadyRate, plan.warmUpMs)
    const steady = await loadAt(pair, plan.steadyRate, plan.steadyMs)
    const rising = args.rising ? await rise(pair, plan) : []
    const used = await subject.ask({ kind: 'usage', collect: true }, 'usage')
    return {
      target,
      agents,
      steady,
      rising,
      restingBytes: resting.rss,
      restingHeapBytes: resting.heapUsed,
      usedBytes: used.rss,
    }
  } finally {
    await subject?.stop()
    await fakes.stop()
    closeSync(stdout)
  }
}

/** The highest load that was carried: every write came, and in time. 0: none. */
export function ceilingOf({ rising }: Session): number {
  return Math.max(0, ...rising.filter(carried).map(({ sent, tookMs }) => (sent / tookMs) * 1_000))
}

export function carried({ lost, held, p99 }: LoadResult): boolean {
  return lost === 0 && held === 0 && p99 !== null && p99 <= CEILING_P99_MS
}

type Pair = { readonly fakes: Child; readonly subject: Child }

async function rise(pair: Pair, plan: Plan): Promise<readonly Loaded[]> {
  const steps: Loaded[] = []
  for (const rate of plan.rates) {
    const step = await loadAt(pair, rate, plan.stepMs)
    steps.push(step)
    if (!carried(step)) break
  }
  return steps
}

async function loadAt({ fakes, subject }: Pair, ratePerS: number, ms: number): Promise<Loaded> {
  const usage = { kind: 'usage', collect: false } as const
  const before = [await subject.ask(usage, 'usage'), await fakes.ask(usage, 'usage')] as const
  const { result } = await fakes.ask({ kind: 'load', ratePerS, ms }, 'loaded')
  const after = [await subject.ask(usage, 'usage'), await fakes.ask(usage, 'usage')] as const
  const cpuMs = after[0].cpuMs - before[0].cpuMs
  return { ...result, ratePerS, cpuMs, fakesCpuMs: after[1].cpuMs - before[1].cpuMs }
}
