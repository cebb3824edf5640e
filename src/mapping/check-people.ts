// Who is named where: pairs, exclusions and profiles, as far as the file alone tells.

import { SIDES, sideName } from '../domain/side.ts'
import { repeated } from './check-rows.ts'
import { type Name, placeAt, type RulesDraft, readRules } from './draft.ts'
import { didYouMean } from './nearest.ts'
import type { Complaint, Place } from './position.ts'
import type { MappingFile } from './schema.ts'
import type { Path, Tree } from './tree.ts'

type People = { readonly file: MappingFile; readonly tree: Tree }

export function checkPeople(file: MappingFile, tree: Tree): readonly Complaint[] {
  const people = { file, tree }
  return [...checkPairs(people), ...checkExplicit(people), ...checkProfiles(people), ...checkLists(people)]
}

/** One person, however the name is written. */
export function folded(name: string): string {
  return name.trim().toLowerCase()
}

function checkPairs({ file, tree }: People): readonly Complaint[] {
  const profiles = new Set((file.profiles ?? []).map(({ name }) => name))
  const excluded = new Map(
    namesAt(tree, file.agents?.exclude, ['agents', 'exclude']).map((name) => [keyOf(name), name]),
  )
  const paired = { crm: new Map<string, Name>(), telephony: new Map<string, Name>() }
  return (file.agents?.pairs ?? []).flatMap((pair, index) => {
    const path = ['agents', 'pairs', index]
    const twice = SIDES.flatMap((side) => {
      const name = { value: pair[side], place: placeAt(tree, [...path, side]) }
      const earlier = paired[side].get(keyOf(name))
      paired[side].set(keyOf(name), earlier ?? name)
      if (earlier) return [again(name, earlier, `is paired in line ${earlier.place.line} too`)]
      const exclusion = excluded.get(keyOf(name))
      return exclusion ? [again(name, exclusion, `of ${sideName(side)} is paired and excluded`)] : []
    })
    return [...twice, ...unknownProfile(pair.profile, profiles, placeAt(tree, [...path, 'profile']))]
  })
}

function keyOf({ value }: Name): string {
  return folded(value)
}

export function namesAt(tree: Tree, names: readonly string[] | undefined, path: Path): readonly Name[] {
  return (names ?? []).map((value, index) => ({ value, place: placeAt(tree, [...path, index]) }))
}

function again({ value, place }: Name, earlier: Name, what: string): Complaint {
  const related = [{ place: earlier.place, message: 'named here' }]
  const hint = 'one person can be matched once only'
  return { code: 'person-twice', place, message: `"${value}" ${what}.`, hint, related }
}

function unknownProfile(profile: string | undefined, known: ReadonlySet<string>, place: Place): readonly Complaint[] {
  if (profile === undefined || known.has(profile)) return []
  const message = `There is no profile "${profile}".`
  return [{ code: 'unknown-profile', place, message, hint: didYouMean(profile, known) }]
}

function checkExplicit({ file: { agents }, tree }: People): readonly Complaint[] {
  if (agents?.match_by !== 'explicit' || (agents.pairs ?? []).length > 0) return []
  const message = 'People are matched by explicit pairs only, and there are none: nobody would be kept in step.'
  return [{ code: 'explicit-without-pairs', place: placeAt(tree, ['agents', 'match_by']), message, hint: 'add pairs' }]
}

function checkProfiles({ file, tree }: People): readonly Complaint[] {
  const first = new Map<string, Place>()
  const emptied = new Set(emptyOfPeople(file))
  return (file.profiles ?? []).flatMap(({ name, ...profile }, index) => {
    const place = placeAt(tree, ['profiles', index, 'name'])
    const complaints: Complaint[] = []
    const earlier = first.get(name)
    first.set(name, earlier ?? place)
    if (earlier) {
      const message = `The profile in line ${earlier.line} is called "${name}" too.`
      const related = [{ place: earlier, message: 'first here' }]
      complaints.push({ code: 'duplicate-profile', place, message, hint: 'give it another name', related })
    }
    if (isEmptyProfile(readRules(tree, profile, ['profiles', index]))) {
      const message = `The profile "${name}" changes nothing.`
      complaints.push({ code: 'empty-profile', place, message, hint: 'name what is different in it, or remove it' })
    }
    if (emptied.has(index)) complaints.push(withoutMembers(name, place))
    return complaints
  })
}

export function withoutMembers(name: string, place: Place): Complaint {
  const message = `Nobody is in the profile "${name}".`
  return { code: 'profile-without-members', place, message, hint: 'say who is, with agents or where' }
}

/** Profiles, by their index, that name nobody, or only people who are excluded. */
function emptyOfPeople({ agents, profiles = [] }: MappingFile): readonly number[] {
  const paired = new Set((agents?.pairs ?? []).map(({ profile }) => profile))
  const excluded = new Set((agents?.exclude ?? []).map(folded))
  return profiles.flatMap(({ name, agents: members = [], where }, index) => {
    const some = members.some((member) => !excluded.has(folded(member)))
    return some || Object.keys(where ?? {}).length > 0 || paired.has(name) ? [] : [index]
  })
}

function isEmptyProfile(own: RulesDraft): boolean {
  const { transition, unmapped, noSync, conflict, blocking, limits, ...plain } = own
  const deep = [transition, unmapped, noSync, conflict, blocking, limits]
  return [...Object.values(plain), ...deep.flatMap((value) => Object.values(value))].every(
    (value) => value === undefined,
  )
}

/** Names that stand twice in one list, or in the lists of two profiles. */
function checkLists({ file, tree }: People): readonly Complaint[] {
  const first = new Map<string, { readonly profile: string; readonly place: Place }>()
  const excluded = namesAt(tree, file.agents?.exclude, ['agents', 'exclude'])
  const members = (file.profiles ?? []).flatMap(({ name: profile, agents }, index) => {
    const names = namesAt(tree, agents, ['profiles', index, 'agents'])
    const rivals = names.flatMap((name): readonly Complaint[] => {
      const earlier = first.get(keyOf(name))
      if (!earlier) first.set(keyOf(name), { profile, place: name.place })
      if (!earlier || earlier.profile === profile) return []
      const message = `"${name.value}" is in the profile "${earlier.profile}" too, which wins.`
      const related = [{ place: earlier.place, message: 'the first profile wins' }]
      const hint = 'remove the name from one of the two'
      return [{ code: 'agent-in-two-profiles', place: name.place, message, hint, related }]
    })
    return [...rivals, ...repeated(names, keyOf)]
  })
  return [...repeated(excluded, keyOf), ...members]
}
