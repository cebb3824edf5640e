// Who is named where: pairs, exclusions and profiles.

import { SIDES, sideName } from '../domain/side.ts'
import { isEmptyProfile } from './check-names.ts'
import { type Name, placeAt, readRules } from './draft.ts'
import { didYouMean } from './nearest.ts'
import type { Complaint } from './position.ts'
import type { MappingFile } from './schema.ts'
import type { Path, Tree } from './tree.ts'

export function checkPeople(file: MappingFile, tree: Tree): readonly Complaint[] {
  return [
    ...checkPairs(file, tree),
    ...checkExplicit(file, tree),
    ...checkProfiles(file, tree),
    ...checkMembers(file, tree),
  ]
}

function checkPairs(file: MappingFile, tree: Tree): readonly Complaint[] {
  const pairs = file.agents?.pairs ?? []
  const profiles = new Set((file.profiles ?? []).map(({ name }) => name))
  const excluded = new Set((file.agents?.exclude ?? []).map((name) => name.toLowerCase()))
  const named = { crm: new Map<string, number>(), telephony: new Map<string, number>() }
  return pairs.flatMap((pair, index) => {
    const path = ['agents', 'pairs', index]
    const twice = SIDES.flatMap((side) => {
      const name = { value: pair[side], place: placeAt(tree, [...path, side]) }
      const earlier = named[side].get(pair[side].toLowerCase())
      named[side].set(pair[side].toLowerCase(), name.place.line)
      if (earlier !== undefined) return [again(name, `is paired in line ${earlier} too`)]
      return excluded.has(pair[side].toLowerCase()) ? [again(name, `of ${sideName(side)} is paired and excluded`)] : []
    })
    return [...twice, ...unknownProfile(pair.profile, profiles, placeOf(tree, [...path, 'profile']))]
  })
}

function placeOf(tree: Tree, path: Path): Name['place'] {
  return placeAt(tree, path)
}

function again({ value, place }: Name, what: string): Complaint {
  return { code: 'person-twice', place, message: `"${value}" ${what}.`, hint: 'one person can be matched once only' }
}

function unknownProfile(
  profile: string | undefined,
  known: ReadonlySet<string>,
  place: Name['place'],
): readonly Complaint[] {
  if (profile === undefined || known.has(profile)) return []
  return [
    { code: 'unknown-profile', place, message: `There is no profile "${profile}".`, hint: didYouMean(profile, known) },
  ]
}

function checkExplicit({ agents }: MappingFile, tree: Tree): readonly Complaint[] {
  if (agents?.match_by !== 'explicit' || (agents.pairs ?? []).length > 0) return []
  const message = 'People are matched by explicit pairs only, and there are none: nobody would be kept in step.'
  return [{ code: 'explicit-without-pairs', place: placeAt(tree, ['agents', 'match_by']), message, hint: 'add pairs' }]
}

function checkProfiles(file: MappingFile, tree: Tree): readonly Complaint[] {
  const lines = new Map<string, number>()
  const paired = new Set((file.agents?.pairs ?? []).map(({ profile }) => profile))
  return (file.profiles ?? []).flatMap((profile, index) => {
    const place = placeAt(tree, ['profiles', index, 'name'])
    const complaints: Complaint[] = []
    const earlier = lines.get(profile.name)
    const say = (code: Complaint['code'], message: string) => complaints.push({ code, place, message })
    if (earlier !== undefined)
      say('duplicate-profile', `The profile in line ${earlier} is called "${profile.name}" too.`)
    if (isEmptyProfile(readRules(tree, profile, ['profiles', index])))
      say('empty-profile', `The profile "${profile.name}" changes nothing.`)
    const members = (profile.agents ?? []).length + Object.keys(profile.where ?? {}).length
    if (members === 0 && !paired.has(profile.name))
      say('profile-without-members', `Nobody is in the profile "${profile.name}".`)
    lines.set(profile.name, place.line)
    return complaints
  })
}

function checkMembers({ profiles = [] }: MappingFile, tree: Tree): readonly Complaint[] {
  const first = new Map<string, string>()
  return profiles.flatMap(({ name, agents = [] }, index) =>
    agents.flatMap((agent, at) => {
      const earlier = first.get(agent.toLowerCase())
      if (earlier === undefined) first.set(agent.toLowerCase(), name)
      if (earlier === undefined || earlier === name) return []
      const message = `"${agent}" is in the profile "${earlier}" too, which wins.`
      return [
        { code: 'agent-in-two-profiles', place: placeAt(tree, ['profiles', index, 'agents', at]), message },
      ] as const
    }),
  )
}
