// The relay and the bridge, one after the other on the same machine in the same run, and how far apart they are.

import { AGENTS_FEW, AGENTS_MANY, type Plan } from './plan.ts'
import { ceilingOf, type Loaded, runSession, type Session, TARGETS, type TargetName } from './session.ts'
import { megabytes, millis, type Table, whole, yesNo } from './table.ts'

const GOALS = { p50: 1.5, p99: 2, memory: 1.4, ceiling: 5_000, callsAChange: 1 }
const ORDER: readonly TargetName[] = ['bare', 'relay', 'bridge']

export async function compare(plan: Plan, folder: string, say: (line: string) => void): Promise<readonly Session[]> {
  const sessions: Session[] = []
  for (const agents of [AGENTS_FEW, AGENTS_MANY]) {
    for (const target of ORDER) {
      say(`${TARGETS[target].title}, ${whole(agents)} agents …`)
      sessions.push(await runSession({ target, agents, plan, rising: agents === AGENTS_MANY, folder }))
    }
  }
  return sessions
}

export function compareTables(sessions: readonly Session[]): readonly Table[] {
  const many = sessions.filter(({ agents }) => agents === AGENTS_MANY)
  return [steadyTable(sessions), risingTable(many), memoryTable(many), goalsTable(many)]
}

function steadyTable(sessions: readonly Session[]): Table {
  return {
    title: 'Steady load, event sent to write received',
    head: ['', 'agents', 'changes/s', 'p50', 'p99', 'max', 'lost', 'unasked', 'calls a change', 'CPU a change'],
    rows: sessions.map(({ target, agents, steady }) => [
      TARGETS[target].title,
      whole(agents),
      whole(rateOf(steady)),
      ...timesOf(steady),
      whole(steady.lost + steady.held),
      whole(steady.unasked),
      callsAChange(steady).toFixed(2),
      millis(steady.cpuMs / steady.sent),
    ]),
  }
}

function risingTable(sessions: readonly Session[]): Table {
  return {
    title: `Rising load, ${whole(AGENTS_MANY)} agents, until p99 is past 50 ms or something is lost`,
    head: ['', 'changes/s', 'p50', 'p99', 'max', 'lost or held', 'CPU', 'CPU of the fakes'],
    rows: sessions.flatMap(({ target, rising }) =>
      rising.map((step) => [
        TARGETS[target].title,
        whole(rateOf(step)),
        ...timesOf(step),
        whole(step.lost + step.held),
        percent(step.cpuMs / step.tookMs),
        percent(step.fakesCpuMs / step.tookMs),
      ]),
    ),
  }
}

function memoryTable(sessions: readonly Session[]): Table {
  return {
    title: `Resident memory with ${whole(AGENTS_MANY)} consoles connected`,
    head: ['', 'before any change', 'after the load'],
    rows: sessions.map(({ target, restingBytes, usedBytes }) => [
      TARGETS[target].title,
      megabytes(restingBytes),
      megabytes(usedBytes),
    ]),
  }
}

function goalsTable(sessions: readonly Session[]): Table {
  const relay = sessions.find(({ target }) => target === 'relay')
  const bridge = sessions.find(({ target }) => target === 'bridge')
  if (!relay || !bridge) throw new Error('Both the relay and the bridge are measured.')
  const p50 = ratio(bridge.steady.p50, relay.steady.p50)
  const p99 = ratio(bridge.steady.p99, relay.steady.p99)
  const memory = bridge.restingBytes / relay.restingBytes
  const used = bridge.usedBytes / relay.usedBytes
  const calls = callsAChange(bridge.steady)
  const ceiling = ceilingOf(bridge)
  const { steady } = bridge
  return {
    title: `Goals (relay: with journal; ${whole(AGENTS_MANY)} agents)`,
    head: ['goal', 'wanted', 'measured', 'met'],
    rows: [
      ['p50 of the bridge against the relay', `≤ ${GOALS.p50} ×`, `${p50.toFixed(2)} ×`, yesNo(p50 <= GOALS.p50)],
      ['p99 of the bridge against the relay', `≤ ${GOALS.p99} ×`, `${p99.toFixed(2)} ×`, yesNo(p99 <= GOALS.p99)],
      ['changes/s carried', `≥ ${whole(GOALS.ceiling)}`, whole(ceiling), yesNo(ceiling >= GOALS.ceiling)],
      ['changes/s carried by the relay', '', whole(ceilingOf(relay)), ''],
      ['nothing lost, nothing unasked', '0', whole(steady.lost + steady.held + steady.unasked), yesNo(clean(steady))],
      ['API calls a synced change', '1', calls.toFixed(2), yesNo(calls === GOALS.callsAChange)],
      [
        'memory at rest against the relay',
        `≤ ${GOALS.memory} ×`,
        `${memory.toFixed(2)} ×`,
        yesNo(memory <= GOALS.memory),
      ],
      ['memory after the load', '', `${used.toFixed(2)} ×`, ''],
    ],
  }
}

function clean({ lost, held, unasked }: Loaded): boolean {
  return lost + held + unasked === 0
}

/** A change in telephony costs one command to a console and no call; one in the crm costs one call. */
function callsAChange({ crmChanges, patches, otherCalls }: Loaded): number {
  return (patches + otherCalls) / crmChanges
}

function timesOf({ p50, p99, max }: Loaded): readonly string[] {
  return [p50, p99, max].map((ms) => millis(ms ?? Number.NaN))
}

function rateOf({ sent, tookMs }: Loaded): number {
  return (sent / tookMs) * 1_000
}

function ratio(a: number | null, b: number | null): number {
  return (a ?? Number.NaN) / (b ?? Number.NaN)
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`
}
