// What the file says about people, against the people whom the platforms really have.

import type { Person } from '../domain/platform.ts'
import { type BySide, otherSide, SIDES, sideName } from '../domain/side.ts'
import { folded, namesAt, withoutMembers } from './check-people.ts'
import { eachSide, type Name, placeAt } from './draft.ts'
import { NEAREST_PEOPLE_MAX } from './limits.ts'
import { didYouMean } from './nearest.ts'
import type { MatchResult } from './people.ts'
import type { Complaint } from './position.ts'
import type { MappingFile } from './schema.ts'
import type { Tree } from './tree.ts'

export type Roster = { readonly people: BySide<readonly Person[]>; readonly matched: MatchResult }
type Named = { readonly file: MappingFile; readonly tree: Tree; readonly roster: Roster }

export function checkRoster(named: Named): readonly Complaint[] {
  return [...unknownPeople(named), ...profilesOfNobody(named)]
}

/** Excluding somebody who is gone harms nobody, so exclusions are not looked at. */
function unknownPeople({ file, tree, roster }: Named): readonly Complaint[] {
  const names = eachSide((side) => new Set(roster.people[side].flatMap(namesOf)))
  const paired = (file.agents?.pairs ?? []).flatMap((pair, index) =>
    SIDES.map((side) => ({ side, value: pair[side], place: placeAt(tree, ['agents', 'pairs', index, side]) })),
  )
  const strangers = paired.filter(({ side, value }) => !names[side].has(folded(value)))
  const members = (file.profiles ?? []).flatMap(({ agents }, index) =>
    namesAt(tree, agents, ['profiles', index, 'agents']),
  )
  const absent = members.filter(({ value }) => SIDES.every((side) => !names[side].has(folded(value))))
  return [
    ...strangers.map(({ side, ...name }, index) => {
      const swapped = names[otherSide(side)].has(folded(name.value)) ? swappedHint(name) : undefined
      return unknown(name, `in ${sideName(side)}`, swapped ?? nearestOf(name, names[side], index))
    }),
    ...absent.map((name, index) =>
      unknown(name, 'on either side', nearestOf(name, [...names.crm, ...names.telephony], index)),
    ),
  ]
}

function swappedHint({ value }: Name): string {
  return `the other side has "${value}": are the two sides swapped?`
}

function nearestOf({ value }: Name, names: Iterable<string>, index: number): string | undefined {
  return index < NEAREST_PEOPLE_MAX ? didYouMean(folded(value), names) : undefined
}

function unknown({ value, place }: Name, where: string, hint: string | undefined): Complaint {
  return { code: 'unknown-person', place, message: `Nobody is called "${value}" ${where}.`, hint }
}

function namesOf({ username, email }: Person): readonly string[] {
  return [username, email ?? ''].map(folded).filter((name) => name !== '')
}

function profilesOfNobody({ file, tree, roster }: Named): readonly Complaint[] {
  const inhabited = new Set(roster.matched.agents.map(({ profile }) => profile))
  return (file.profiles ?? []).flatMap(({ name }, index) =>
    inhabited.has(name) ? [] : [withoutMembers(name, placeAt(tree, ['profiles', index, 'name']))],
  )
}
