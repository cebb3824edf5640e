// Which profile a matched person is in: the first in file order that lists them, or whose groups they are in.

import type { Person } from '../domain/platform.ts'
import { type BySide, SIDES } from '../domain/side.ts'
import type { ProfileMembers } from './mapping.ts'

type Group = 'department' | 'division' | 'team'
type Ranked = { readonly name: string; readonly rank: number }

const GROUPS: readonly Group[] = ['department', 'division', 'team']

export function createProfileChooser(profiles: readonly ProfileMembers[]): (people: BySide<Person>) => string | null {
  const ranked = profiles.map(({ name }, rank): Ranked => ({ name, rank }))
  const listed = new Map<string, Ranked>()
  for (const [rank, { name, agents }] of profiles.entries()) {
    for (const agent of agents) if (!listed.has(lower(agent))) listed.set(lower(agent), { name, rank })
  }
  return (people) => {
    const names = SIDES.flatMap((side) => [people[side].username, people[side].email ?? ''])
    const byName = names.flatMap((name) => listed.get(lower(name)) ?? [])
    const byGroup = ranked.find(({ rank }) => fits(profiles[rank]?.where ?? null, people))
    const [first] = [...byName, ...(byGroup ? [byGroup] : [])].sort((a, b) => a.rank - b.rank)
    return first?.name ?? null
  }
}

/** Every group that is given fits; the two systems may each know some of them. */
function fits(where: ProfileMembers['where'], people: BySide<Person>): boolean {
  if (!where) return false
  return GROUPS.every((group) => {
    const wanted = where[group]
    return wanted === undefined || SIDES.some((side) => lower(people[side].groups[group] ?? '') === lower(wanted))
  })
}

function lower(name: string): string {
  return name.trim().toLowerCase()
}
