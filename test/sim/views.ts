// An agent as the checks look at it.

import type { Member } from '../../src/app/agents.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import type { BySide, Side, StatusId } from '../../src/domain/side.ts'
import { isOpen } from '../../src/domain/work.ts'
import type { Stand, View } from './checks.ts'
import type { Person } from './person.ts'
import type { World } from './world.ts'

export function peopleOf({ platforms }: World, { users }: Member): BySide<Person> {
  return { crm: platforms.crm.person(users.crm), telephony: platforms.telephony.person(users.telephony) }
}

/** Null: the bridge has not read this agent. */
export function viewOf(world: World, member: Member, records: readonly LogRecord[]): View | null {
  const entry = world.entry(member)
  if (entry === null || !entry.started) return null
  const { rules, state } = entry
  const isPaused = entry.paused !== null || world.paused.has(member.agent)
  const withheld = isPaused || rules.mode === 'shadow'
  return { rules, hash: world.rules.hash, people: peopleOf(world, member), state, withheld, records }
}

export function standOf(world: World, member: Member): Stand {
  const people = peopleOf(world, member)
  const entry = world.entry(member)
  const of = (side: Side) => {
    const state = entry?.state[side]
    const open = (state?.work ?? []).filter((w) => isOpen(w.state)).map((w) => `${w.item} ${w.state}`)
    const base = state?.base ?? ('?' as StatusId)
    return { shows: people[side].status, base, block: state?.block?.phase ?? null, open: open.sort() }
  }
  return { crm: of('crm'), telephony: of('telephony') }
}
