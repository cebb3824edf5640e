// Decisions a second that the engine makes on one core, with a mix of events as a busy contact centre has it. Beside it stands
// a loop that only looks up a map: what an answer without any memory or rules would cost.

import type { Report } from '../src/domain/report.ts'
import type { Ruleset } from '../src/domain/rules.ts'
import { otherSide, type Side, type StatusId } from '../src/domain/side.ts'
import type { Input } from '../src/engine/input.ts'
import { type AgentState, dueTimer, markSent, newAgent } from '../src/engine/state.ts'
import { type Step, step } from '../src/engine/step.ts'
import { loadMapping } from '../src/mapping/compile.ts'
import { AGENTS_MANY, type Plan } from './plan.ts'
import { type Table, whole, yesNo } from './table.ts'
import { MOVED_AMONG, mappingText, STATUSES } from './world.ts'

const GOAL = 200_000
/** Between two looks at the machine's clock. */
const ROUND = 20_000

export type EngineSpeed = {
  readonly eventsPerS: number
  readonly lookUpsPerS: number
  /** What the events were, by the decision that they led to. */
  readonly mix: ReadonlyMap<string, number>
}

type Mind = {
  state: AgentState
  readonly shows: Record<Side, number>
  /** The echo that is to come, and the last report of the agent. */
  echo: { readonly side: Side; readonly status: StatusId } | null
  last: Extract<Input, { kind: 'report' }> | null
  /** The open work item; null: none. */
  work: string | null
}

export function benchEngine(plan: Plan): EngineSpeed {
  const rules = rulesOfBench()
  const minds = Array.from({ length: AGENTS_MANY }, newMind)
  const day = createDay(rules, minds)
  for (const mind of minds) day.begin(mind)
  for (let at = 0; at < 10 * ROUND; at++) day.next()
  day.mix.clear()
  const eventsPerS = perSecond(plan.engineMs, () => day.next())
  return { eventsPerS, lookUpsPerS: perSecond(plan.engineMs, createLookUp(minds.length)), mix: new Map(day.mix) }
}

export function engineTable({ eventsPerS, lookUpsPerS, mix }: EngineSpeed): Table {
  const all = [...mix.values()].reduce((sum, count) => sum + count, 0)
  const shares = [...mix]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 9)
    .map(([reason, count]) => `${reason} ${Math.round((count / all) * 100)}%`)
  return {
    title: `Engine: one core, ${whole(AGENTS_MANY)} agents (${shares.join(', ')})`,
    head: ['loop', 'events/s', `goal ≥ ${whole(GOAL)}`],
    rows: [
      ['engine', whole(eventsPerS), yesNo(eventsPerS >= GOAL)],
      ['only a map look-up', whole(lookUpsPerS), ''],
    ],
  }
}

export function rulesOfBench(): Ruleset {
  const { mapping, findings } = loadMapping(mappingText(), { file: 'mappings.yaml' })
  if (mapping === null) throw new Error(findings.map(({ message }) => message).join('; '))
  return mapping.rules.top
}

function newMind(): Mind {
  return { state: newAgent(), shows: { crm: 0, telephony: 0 }, echo: null, last: null, work: null }
}

/** Feeds one event after the other: agents in turn, each living through changes, echoes, repeats, work and timers. */
function createDay(rules: Ruleset, minds: readonly Mind[]) {
  const mix = new Map<string, number>()
  let now = 1_700_000_000_000
  let seq = 0
  let random = 1

  function decide(mind: Mind, input: Input): Step {
    seq += 1
    const result = step({ state: mind.state, input, rules, now, seq, writing: true })
    mind.state = result.state
    for (const order of result.orders) {
      if (order.kind !== 'write') continue
      mind.state = markSent(mind.state, { side: order.side, seq, now })
      mind.echo = { side: order.side, status: order.status }
    }
    return result
  }

  function report(mind: Mind, side: Side, told: Report): Step {
    const input = { kind: 'report', side, report: told, begunAt: null } as const
    mind.last = input
    return decide(mind, input)
  }

  function begin(mind: Mind): void {
    const reading = { status: statusAt(0), stamp: { at: now }, work: [] }
    decide(mind, { kind: 'start', readings: { crm: reading, telephony: reading } })
  }

  function change(mind: Mind, side: Side): Step {
    mind.shows[side] = (mind.shows[side] + 1) % MOVED_AMONG
    const status = statusAt(mind.shows[side])
    mind.shows[otherSide(side)] = mind.shows[side]
    return report(mind, side, { kind: 'status', status, stamp: { at: now }, by: 'agent' })
  }

  function work(mind: Mind): Step {
    const open = mind.work === null
    const item = mind.work ?? `chat-${seq}`
    mind.work = open ? item : null
    return report(mind, 'crm', {
      kind: 'work',
      item,
      channel: 'chat',
      state: open ? 'offered' : 'closed',
      stamp: { at: now },
    })
  }

  /** What is due comes first; else a repeat of the last report, work, or a change. */
  function event(mind: Mind, dice: number): Step {
    if (dueTimer(mind.state, now) !== null) return decide(mind, { kind: 'timer' })
    if (mind.echo !== null) {
      const { side, status } = mind.echo
      mind.echo = null
      return report(mind, side, { kind: 'status', status, stamp: { at: now }, by: 'unknown' })
    }
    if (dice < 20 && mind.last !== null) return decide(mind, mind.last)
    if (dice < 50) return work(mind)
    return change(mind, dice % 2 === 0 ? 'crm' : 'telephony')
  }

  /** An agent hears something every six seconds or so: far more than people do, so that timers and blocks overlap with the rest. */
  function next(): void {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
    now += 3
    const mind = minds[(random >>> 8) % minds.length]
    if (mind === undefined) return
    const reason = event(mind, (random >>> 16) % 100).verdicts[0]?.reason ?? 'nothing'
    mix.set(reason, (mix.get(reason) ?? 0) + 1)
  }

  return { begin, next, mix }
}

function createLookUp(agents: number): () => void {
  const partners = new Map(STATUSES.map(({ label }) => [label, label]))
  const shown = Array.from({ length: agents }, () => 'On Queue')
  let turn = 0
  return () => {
    const label = STATUSES[turn % MOVED_AMONG]?.label ?? ''
    shown[turn % agents] = partners.get(label) ?? ''
    turn += 1
  }
}

function perSecond(ms: number, act: () => void): number {
  let count = 0
  const begun = performance.now()
  let tookMs = 0
  while (tookMs < ms) {
    for (let at = 0; at < ROUND; at++) act()
    count += ROUND
    tookMs = performance.now() - begun
  }
  return (count / tookMs) * 1_000
}

function statusAt(index: number): StatusId {
  return (STATUSES[index]?.label ?? '') as StatusId
}
