// Who is matched with whom, and whose rules are whose: the differences as the two files state them, since nobody was asked who there is.

import type { Matching, ProfileMembers } from '../mapping.ts'
import type { Both } from './twins.ts'

/** One plain sentence each, without a full stop. */
export function peopleChanges({ before, now }: Both<Matching>): readonly string[] {
  return [
    ...(before.by === now.by ? [] : [`people are matched by ${now.by}, before by ${before.by}`]),
    ...listChanges(exclusions(before), exclusions(now), 'excluded'),
    ...listChanges(pairs(before), pairs(now), 'paired'),
    ...membersChanges({ before, now }),
    ...orderChanges({ before, now }),
  ]
}

/** By what is compared, as people wrote it. */
type Entries = ReadonlyMap<string, string>

function exclusions({ exclude }: Matching): Entries {
  return entries(exclude)
}

function pairs(matching: Matching): Entries {
  const told = matching.pairs.map(({ crm, telephony, profile }) => {
    return `${crm} with ${telephony}${profile === null ? '' : `, profile ${profile}`}`
  })
  return entries(told)
}

/** The profiles of one of the files only are named elsewhere. */
function membersChanges({ before, now }: Both<Matching>): readonly string[] {
  return now.profiles.flatMap((profile) => {
    const old = before.profiles.find(({ name }) => name === profile.name)
    if (old === undefined) return []
    const listed = listChanges(entries(old.agents), entries(profile.agents), `listed in profile ${profile.name}`)
    const [was, is] = [whereWords(old.where), whereWords(profile.where)]
    return was === is ? listed : [...listed, `profile ${profile.name} is for ${is}, before for ${was}`]
  })
}

/** The first profile that fits is the one that holds. */
function orderChanges({ before, now }: Both<Matching>): readonly string[] {
  const common = (own: Matching, other: Matching) =>
    own.profiles.map(({ name }) => name).filter((name) => other.profiles.some((profile) => profile.name === name))
  const [was, is] = [common(before, now).join(', '), common(now, before).join(', ')]
  return was === is ? [] : [`profiles are tried in the order ${is}, before ${was}`]
}

function whereWords(where: ProfileMembers['where']): string {
  const groups = Object.entries(where ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return groups.length === 0 ? 'those it lists' : groups.map(([group, name]) => `${group} ${name}`).join(' and ')
}

function listChanges(before: Entries, now: Entries, what: string): readonly string[] {
  const added = [...now].filter(([key]) => !before.has(key)).map(([, name]) => `now ${what}: ${name}`)
  const removed = [...before].filter(([key]) => !now.has(key)).map(([, name]) => `no longer ${what}: ${name}`)
  return [...added, ...removed]
}

function entries(names: readonly string[]): Entries {
  return new Map(names.map((name) => [name.trim().toLowerCase(), name]))
}
