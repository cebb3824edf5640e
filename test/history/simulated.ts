// Days of the simulator with what the bridge knew at each decision: what a timeline made of the records must show.

import type { AgentEntry, Member } from '../../src/app/agents.ts'
import type { ServiceEvent } from '../../src/domain/history.ts'
import type { JournalEntry } from '../../src/domain/journal.ts'
import type { Ruleset } from '../../src/domain/rules.ts'
import { type AgentId, otherSide, type Side } from '../../src/domain/side.ts'
import { isOpen, type WorkState } from '../../src/domain/work.ts'
import type { WorkItem } from '../../src/engine/state.ts'
import { showingBlock } from '../../src/engine/target.ts'
import type { Schedule } from '../sim/acts.ts'
import { START, World } from '../sim/world.ts'

export type Known = {
  readonly shows: string
  readonly block: 'standing' | 'quiet' | 'holding' | 'gave_way' | null
  readonly open: readonly string[]
  /** It shows a status in which work comes, and what should keep it away, or where nothing should, any work, is open on the other side. */
  readonly exposed: boolean
}

/** After one decision. */
type Moment = { readonly agent: AgentId; readonly time: string; readonly crm: Known; readonly telephony: Known }

export type Day = {
  readonly agents: readonly AgentId[]
  readonly entries: readonly JournalEntry[]
  readonly service: readonly ServiceEvent[]
  /** In the order of decision. */
  readonly moments: readonly Moment[]
  readonly from: string
  readonly to: string
  /** What the platforms really show in the end. */
  readonly shows: ReadonlyMap<AgentId, { readonly crm: string; readonly telephony: string }>
  /** Nothing went wrong. */
  readonly calm: boolean
}

export async function playDay(schedule: Schedule): Promise<Day> {
  /** Numbers of decisions that were lost in a crash are given again. */
  const known = new Map<string, Moment>()
  const service: ServiceEvent[] = []
  let last: string | null = null
  const world = new World(schedule, {
    told() {},
    decided({ seq, record }) {
      last = record.time
      const member = world.members.find(({ agent }) => agent === record.agent)
      const entry = member === undefined ? null : world.entry(member)
      if (entry !== null) known.set(keyOf({ seq, record }), momentOf(entry, record.time))
    },
    called() {},
    answered() {},
    given() {},
    outcome() {},
    logged() {},
    booted() {
      const time = new Date(world.clock.now()).toISOString()
      service.push({ time, kind: 'started', words: 'began', ...(last === null ? {} : { aliveUntil: last }) })
    },
    reloaded() {},
  })
  world.boot()
  await world.clock.settle()
  for (const act of schedule.acts) {
    await world.clock.advanceTo(START + act.at)
    world.play(act)
    await world.clock.settle()
  }
  world.heal()
  await world.clock.advanceTo(world.clock.now() + 60_000)
  const shows = new Map(world.members.map((member) => [member.agent, shownBy(world, member)]))
  void world.runtime?.stop()
  await world.clock.advanceTo(world.clock.now() + 60_000)
  const entries = world.disk.open().query({ limit: 100_000 })
  return {
    agents: world.members.map(({ agent }) => agent),
    entries,
    service,
    moments: entries.flatMap((entry) => known.get(keyOf(entry)) ?? []),
    from: new Date(START).toISOString(),
    to: new Date(world.clock.now()).toISOString(),
    shows,
    calm: schedule.calm,
  }
}

function keyOf({ seq, record }: JournalEntry): string {
  return `${seq} ${record.time} ${record.agent}`
}

function shownBy({ platforms }: World, { users }: Member): { readonly crm: string; readonly telephony: string } {
  return { crm: platforms.crm.person(users.crm).status, telephony: platforms.telephony.person(users.telephony).status }
}

function momentOf(entry: AgentEntry, time: string): Moment {
  return { agent: entry.member.agent, time, crm: knownOf(entry, 'crm'), telephony: knownOf(entry, 'telephony') }
}

function knownOf({ state, rules }: AgentEntry, side: Side): Known {
  const s = state[side]
  const phase = s.block?.phase ?? null
  return {
    shows: s.observed,
    block: phase === 'standing' && showingBlock(rules, side, s) === null ? 'quiet' : phase,
    exposed: rules.available[side].has(s.observed) && isAtWork(state[otherSide(side)].work, rules.blocking[side]),
    open: s.work
      .filter((w) => isOpen(w.state as WorkState))
      .map((w) => w.item)
      .sort(),
  }
}

/** By a naive reading of R11. */
function isAtWork(work: readonly WorkItem[], rule: Ruleset['blocking'][Side]): boolean {
  const accepted = work.filter(({ state }) => state === 'accepted' || state === 'wrap_up')
  if (rule === null) return accepted.length > 0
  const open = rule.from === 'offered' ? work.filter(({ state }) => isOpen(state)) : accepted
  const counted = open.filter(({ state }) => rule.wrapUp || state !== 'wrap_up')
  return (
    counted.filter(({ channel }) => channel === null || (rule.channels?.has(channel) ?? true)).length >= rule.minItems
  )
}
