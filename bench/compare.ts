// The relay and the bridge on the same machine in the same run: they take turns, round after round, so that what else the machine
// does meanwhile falls on all of them alike.

import { AGENTS_FEW, AGENTS_MANY, type Plan } from './plan.ts'
import { type Loaded, type Memory, openSession, type Session, TARGETS, type TargetName } from './session.ts'
import { median, total } from './stats.ts'
import { whole } from './table.ts'

/** A write later than this, at the 99th percentile, is too late: the ceiling is below. */
const CEILING_P99_MS = 50
const TRIES_MORE = 2
const ORDER: readonly TargetName[] = ['bare', 'relay', 'bridge']

export type Compared = {
  readonly target: TargetName
  readonly agents: number
  /** p50 and p99 are the medians of the rounds, max is that of all, the rest are sums. */
  readonly steady: Loaded
  /** The rising load, up to the first step that was too much; empty where it was not asked for. */
  readonly rising: readonly Loaded[]
  /** With all consoles connected: before the first change, and at rest again after the last. */
  readonly before: Memory
  readonly after: Memory
}

export async function compare(plan: Plan, folder: string, say: (line: string) => void): Promise<readonly Compared[]> {
  return [
    ...(await compareWith({ agents: AGENTS_FEW, rising: false, plan, folder, say })),
    ...(await compareWith({ agents: AGENTS_MANY, rising: true, plan, folder, say })),
  ]
}

type Comparison = {
  readonly agents: number
  readonly rising: boolean
  readonly plan: Plan
  readonly folder: string
  readonly say: (line: string) => void
}

async function compareWith({ agents, rising, plan, folder, say }: Comparison): Promise<readonly Compared[]> {
  const sessions: Session[] = []
  try {
    for (const target of ORDER) {
      say(`${whole(agents)} agents: ${TARGETS[target].title} starts`)
      sessions.push(await openSession({ target, agents, folder }))
    }
    const before = await inTurn(sessions, (session) => session.memory())
    await inTurn(sessions, (session) => session.load(plan.steadyRate, plan.warmUpMs))
    say(`${whole(agents)} agents: steady load`)
    const rounds: (readonly Loaded[])[] = []
    for (let round = 0; round < plan.rounds; round++) {
      rounds.push(await inTurn(sessions, (session) => session.load(plan.steadyRate, plan.roundMs)))
    }
    if (rising) say(`${whole(agents)} agents: rising load`)
    const steps = await inTurn(sessions, (session) => (rising ? rise(session, plan) : Promise.resolve([])))
    const after = await inTurn(sessions, (session) => session.memory())
    return sessions.map(({ target }, index) => ({
      target,
      agents,
      steady: together(rounds.map((round) => at(round, index))),
      rising: at(steps, index),
      before: at(before, index),
      after: at(after, index),
    }))
  } finally {
    for (const session of sessions) await session.close()
  }
}

/** The highest load that was carried: every write came, and in time. 0: none. */
export function ceilingOf({ rising }: Compared): number {
  return Math.max(0, ...rising.filter(carried).map(rateOf))
}

export function rateOf({ sent, tookMs }: Loaded): number {
  return (sent / tookMs) * 1_000
}

function carried({ lost, held, p99 }: Loaded): boolean {
  return lost === 0 && held === 0 && p99 <= CEILING_P99_MS
}

async function rise(session: Session, plan: Plan): Promise<readonly Loaded[]> {
  const steps: Loaded[] = []
  for (const rate of plan.rates) {
    let step = await session.load(rate, plan.stepMs)
    // Again where only the time was missed: a machine that others use stands still now and then.
    for (let again = 0; again < TRIES_MORE && step.lost + step.held === 0 && !carried(step); again++) {
      step = await session.load(rate, plan.stepMs)
    }
    steps.push(step)
    if (!carried(step)) break
  }
  return steps
}

async function inTurn<T>(sessions: readonly Session[], ask: (session: Session) => Promise<T>): Promise<readonly T[]> {
  const answers: T[] = []
  for (const session of sessions) answers.push(await ask(session))
  return answers
}

function together(rounds: readonly Loaded[]): Loaded {
  const sum = (of: (round: Loaded) => number) => total(rounds.map(of))
  return {
    sent: sum((round) => round.sent),
    received: sum((round) => round.received),
    lost: sum((round) => round.lost),
    held: sum((round) => round.held),
    unasked: sum((round) => round.unasked),
    tookMs: sum((round) => round.tookMs),
    p50: median(rounds.map(({ p50 }) => p50)),
    p99: median(rounds.map(({ p99 }) => p99)),
    max: Math.max(...rounds.map(({ max }) => max)),
    crmChanges: sum((round) => round.crmChanges),
    patches: sum((round) => round.patches),
    otherCalls: sum((round) => round.otherCalls),
    cpuMs: sum((round) => round.cpuMs),
    fakesCpuMs: sum((round) => round.fakesCpuMs),
    othersCpuMs: sum((round) => round.othersCpuMs),
  }
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index]
  if (value === undefined) throw new Error('Every session was asked.')
  return value
}
