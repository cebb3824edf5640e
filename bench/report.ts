// What came out of the comparison, as tables, with the goals beside it.

import { type Compared, ceilingOf, rateOf } from './compare.ts'
import { AGENTS_MANY } from './plan.ts'
import { type Loaded, TARGETS } from './session.ts'
import { megabytes, millis, type Table, whole, yesNo } from './table.ts'

const GOALS = { p50: 1.5, p99: 2, memory: 1.4, ceiling: 5_000, callsAChange: 1 }

export function compareTables(compared: readonly Compared[]): readonly Table[] {
  const many = compared.filter(({ agents }) => agents === AGENTS_MANY)
  return [steadyTable(compared), risingTable(many), memoryTable(many), goalsTable(many)]
}

function steadyTable(compared: readonly Compared[]): Table {
  return {
    title: 'Steady load, event sent to write received (p50, p99: median of the rounds)',
    head: [
      '',
      'agents',
      'changes/s',
      'p50',
      'p99',
      'max',
      'lost',
      'unasked',
      'calls a change',
      'CPU a change',
      'CPU of others',
    ],
    rows: compared.map(({ target, agents, steady }) => [
      TARGETS[target].title,
      whole(agents),
      whole(rateOf(steady)),
      ...timesOf(steady),
      whole(steady.lost + steady.held),
      whole(steady.unasked),
      callsAChange(steady).toFixed(2),
      millis(steady.cpuMs / steady.sent),
      percent(steady.othersCpuMs / steady.tookMs),
    ]),
  }
}

function risingTable(compared: readonly Compared[]): Table {
  return {
    title: `Rising load, ${whole(AGENTS_MANY)} agents, until p99 is past 50 ms or something is lost`,
    head: ['', 'changes/s', 'p50', 'p99', 'max', 'lost or held', 'CPU', 'CPU of the fakes', 'CPU of others'],
    rows: compared.flatMap(({ target, rising }) =>
      rising.map((step) => [
        TARGETS[target].title,
        whole(rateOf(step)),
        ...timesOf(step),
        whole(step.lost + step.held),
        percent(step.cpuMs / step.tookMs),
        percent(step.fakesCpuMs / step.tookMs),
        percent(step.othersCpuMs / step.tookMs),
      ]),
    ),
  }
}

function memoryTable(compared: readonly Compared[]): Table {
  return {
    title: `Resident memory with ${whole(AGENTS_MANY)} consoles connected`,
    head: ['', 'before any change', 'after the load', 'of it heap', 'as it stood, before a collection'],
    rows: compared.map(({ target, before, after }) => [
      TARGETS[target].title,
      megabytes(before.rss),
      megabytes(after.rss),
      megabytes(after.heapUsed),
      megabytes(after.uncollected),
    ]),
  }
}

function goalsTable(compared: readonly Compared[]): Table {
  const relay = compared.find(({ target }) => target === 'relay')
  const bridge = compared.find(({ target }) => target === 'bridge')
  if (!relay || !bridge) throw new Error('Both the relay and the bridge are measured.')
  const { steady } = bridge
  const p50 = steady.p50 / relay.steady.p50
  const p99 = steady.p99 / relay.steady.p99
  const memory = bridge.after.rss / relay.after.rss
  const calls = callsAChange(steady)
  const ceiling = ceilingOf(bridge)
  const wrong = steady.lost + steady.held + steady.unasked
  return {
    title: `Goals (against the relay with its journal; ${whole(AGENTS_MANY)} agents)`,
    head: ['goal', 'wanted', 'measured', 'met'],
    rows: [
      ['p50 of the bridge against the relay', times(GOALS.p50, '≤ '), times(p50), yesNo(p50 <= GOALS.p50)],
      ['p99 of the bridge against the relay', times(GOALS.p99, '≤ '), times(p99), yesNo(p99 <= GOALS.p99)],
      ['changes/s carried', `≥ ${whole(GOALS.ceiling)}`, whole(ceiling), yesNo(ceiling >= GOALS.ceiling)],
      ['changes/s carried by the relay', '', whole(ceilingOf(relay)), ''],
      ['lost or unasked writes', '0', whole(wrong), yesNo(wrong === 0)],
      ['API calls a synced change', '1', calls.toFixed(2), yesNo(calls === GOALS.callsAChange)],
      [
        'memory of the bridge against the relay',
        times(GOALS.memory, '≤ '),
        times(memory),
        yesNo(memory <= GOALS.memory),
      ],
    ],
  }
}

/** A change in telephony costs one command to a console and no call; one in the crm costs one call. */
function callsAChange({ crmChanges, patches, otherCalls }: Loaded): number {
  return (patches + otherCalls) / crmChanges
}

function timesOf({ p50, p99, max }: Loaded): readonly string[] {
  return [p50, p99, max].map(millis)
}

function times(factor: number, before = ''): string {
  return `${before}${factor.toFixed(2)} ×`
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`
}
