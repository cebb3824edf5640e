// How the bridge bears everybody's consoles: a log-in storm, an idle while, and the return of all of them after a restart of the bridge. The
// bridge is the daemon as installed, in a process of its own; consoles are real WebSockets with signed tokens.

import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { builtBridge } from './built.ts'
import { type Child, startChild } from './child.ts'
import { freePort } from './fakes/listen.ts'
import { AGENTS_FEW, AGENTS_MANY } from './plan.ts'
import { spreadOf } from './stats.ts'
import { megabytes, millis, type Table, whole, yesNo } from './table.ts'

const GOAL_BYTES = 200 * 1_048_576
/** Between two readings of both sides in service; here they come more often so that some are seen. */
const RESYNC_IN_SERVICE_MS = 300_000
const HOUR_MS = 3_600_000

type Plan = { readonly agents: number; readonly spreadMs: number; readonly idleMs: number; readonly resyncMs: number }
const FULL: Plan = { agents: AGENTS_MANY, spreadMs: 60_000, idleMs: 45_000, resyncMs: 20_000 }
const QUICK: Plan = { agents: AGENTS_FEW, spreadMs: 3_000, idleMs: 5_000, resyncMs: 2_000 }

type Storm = {
  readonly what: string
  readonly tookMs: number
  readonly waits: readonly number[]
  readonly tries: number
  readonly commands: number
  readonly cpuMs: number
}

type Usage = Awaited<ReturnType<typeof usageOf>>

export type CompanionFigures = {
  readonly plan: Plan
  readonly storms: readonly Storm[]
  readonly memory: readonly { readonly when: string; readonly usage: Usage }[]
  readonly idle: { readonly ms: number; readonly cpuMs: number; readonly calls: Calls }
}

type Calls = { readonly crm: number; readonly telephony: number }

export async function benchCompanions(
  base: string,
  say: (line: string) => void,
  quick: boolean,
): Promise<CompanionFigures> {
  const plan = quick ? QUICK : FULL
  const folder = join(base, 'companions')
  mkdirSync(folder, { recursive: true })
  const script = builtBridge(folder)
  const stdout = openSync(join(folder, 'stdout.log'), 'w')
  const fakes = startChild(new URL('./companions-fakes.ts', import.meta.url), { agents: plan.agents })
  const { kind: _, ...platforms } = await fakes.ready('fakes')
  const companionPort = await freePort()
  const { agents, resyncMs } = plan
  const config = { agents, ...platforms, folder, companionPort, journal: true, resyncMs }
  const begin = async () => {
    const child = startChild(script, config, stdout)
    await child.ready('running')
    return child
  }
  let bridge = await begin()
  const memory: { when: string; usage: Usage }[] = []
  const remember = async (when: string) => memory.push({ when, usage: await usageOf(bridge, true) })
  try {
    await remember('no console yet')
    say(`${whole(agents)} agents log in within ${plan.spreadMs / 1_000} s`)
    const login = await stormOf('log-in storm', bridge, () =>
      fakes.ask({ kind: 'storm', port: companionPort, spreadMs: plan.spreadMs }, 'served'),
    )
    await remember('all consoles connected')
    say('idle')
    const idle = await idleOf({ bridge, fakes }, plan.idleMs)
    await remember('after the idle while')
    say('the bridge stops and starts again')
    await bridge.stop()
    const from = performance.now()
    bridge = await begin()
    const startMs = performance.now() - from
    const back = await stormOf('return after a restart', bridge, () => fakes.ask({ kind: 'return' }, 'served'))
    await remember('after their return')
    return { plan, storms: [login, { ...back, tookMs: back.tookMs + startMs }], memory, idle }
  } finally {
    await bridge.stop()
    await fakes.stop()
    closeSync(stdout)
  }
}

async function stormOf(
  what: string,
  bridge: Child,
  run: () => Promise<Omit<Storm, 'what' | 'cpuMs'> & { readonly kind: 'served' }>,
): Promise<Storm> {
  const before = await usageOf(bridge, false)
  const { kind: _, ...served } = await run()
  return { what, ...served, cpuMs: (await usageOf(bridge, false)).cpuMs - before.cpuMs }
}

async function idleOf(
  { bridge, fakes }: { bridge: Child; fakes: Child },
  ms: number,
): Promise<CompanionFigures['idle']> {
  const before = { cpu: (await usageOf(bridge, false)).cpuMs, calls: await callsOf(fakes) }
  await new Promise((resolve) => setTimeout(resolve, ms))
  const calls = await callsOf(fakes)
  const cpuMs = (await usageOf(bridge, false)).cpuMs - before.cpu
  const { crm, telephony } = before.calls
  return { ms, cpuMs, calls: { crm: calls.crm - crm, telephony: calls.telephony - telephony } }
}

async function usageOf(child: Child, collect: boolean) {
  const { kind: _, ...usage } = await child.ask({ kind: 'usage', collect }, 'usage')
  return usage
}

async function callsOf(fakes: Child): Promise<Calls> {
  const { kind: _, ...calls } = await fakes.ask({ kind: 'calls' }, 'calls')
  return calls
}

export function companionTables({ plan, storms, memory, idle }: CompanionFigures): readonly Table[] {
  const readings = idle.ms / plan.resyncMs
  const anHour = (calls: number) => whole((calls / readings) * (HOUR_MS / RESYNC_IN_SERVICE_MS))
  const most = Math.max(...memory.map(({ usage }) => usage.uncollected))
  return [
    {
      title: `${whole(plan.agents)} consoles: from each one's first try until it is served`,
      head: ['', 'all served after', 'p50', 'p99', 'longest', 'tries', 'commands', 'CPU'],
      rows: storms.map(({ what, tookMs, waits, tries, commands, cpuMs }) => {
        const { p50, p99, max } = spreadOf(waits)
        return [
          what,
          millis(tookMs),
          millis(p50),
          millis(p99),
          millis(max),
          whole(tries),
          whole(commands),
          millis(cpuMs),
        ]
      }),
    },
    {
      title: 'Resident memory of the bridge',
      head: ['', 'as it stood', 'after a collection', 'of it heap'],
      rows: memory.map(({ when, usage }) => [
        when,
        megabytes(usage.uncollected),
        megabytes(usage.rss),
        megabytes(usage.heapUsed),
      ]),
    },
    {
      title: `Idle for ${idle.ms / 1_000} s with both sides read every ${plan.resyncMs / 1_000} s`,
      head: ['', 'measured', `an hour, read every ${RESYNC_IN_SERVICE_MS / 60_000} min`],
      rows: [
        ['CRM calls', whole(idle.calls.crm), anHour(idle.calls.crm)],
        ['telephony calls', whole(idle.calls.telephony), anHour(idle.calls.telephony)],
        ['CPU', `${((idle.cpuMs / idle.ms) * 100).toFixed(1)} % of a core`, ''],
      ],
    },
    {
      title: 'Goal',
      head: ['', 'measured', 'goal', 'met'],
      rows: [['resident memory at its highest', megabytes(most), '< 200 MB', yesNo(most < GOAL_BYTES)]],
    },
  ]
}
