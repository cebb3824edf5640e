// Two mapping files against each other: their rules by exploration, profile by profile, and what no exploration shows as the files say it.

import type { Ruleset } from '../../domain/rules.ts'
import type { Side, StatusId } from '../../domain/side.ts'
import { eachSide } from '../draft.ts'
import type { Mapping } from '../mapping.ts'
import { compareRules, type Group, type RulesDiff } from './groups.ts'
import { peopleChanges } from './people-changes.ts'
import { type Label, type SettingChange, settingChanges } from './setting-changes.ts'
import type { Both } from './twins.ts'

/** The rules that hold for some people: the top level's, or a profile's. */
export type Part = {
  /** null: the top level. */
  readonly profile: string | null
  readonly rules: Both<Ruleset>
  readonly diff: RulesDiff
  /** What the top level does not say already. */
  readonly own: readonly Group[]
  /** How many of the top level's differences are those of the profile too. */
  readonly shared: number
  readonly settings: readonly SettingChange[]
}

export type MappingsDiff = {
  readonly files: Both<string>
  readonly parts: readonly Part[]
  readonly profiles: { readonly added: readonly string[]; readonly removed: readonly string[] }
  readonly people: readonly string[]
  readonly labels: Both<Label>
}

export type MappingsOptions = {
  /** Only this profile; null: the top level and every profile that both files have. */
  readonly profile: string | null
  readonly patience?: number | undefined
}

/** Stands for all statuses that neither file names. */
const STRANGER = 'Any other status' as StatusId

export function compareMappings(mappings: Both<Mapping>, { profile, patience }: MappingsOptions): MappingsDiff {
  const { before, now } = mappings
  const labels = { before: before.rules.label, now: now.rules.label }
  const statuses = eachSide((side) => statusesOf(mappings, side))
  const compared = new Map<string, RulesDiff>()
  const compare = (rules: Both<Ruleset>): RulesDiff => {
    const print = `${fingerprint(rules.before)}\n${fingerprint(rules.now)}`
    const known = compared.get(print) ?? compareRules(rules, { statuses, patience })
    compared.set(print, known)
    return known
  }
  const partOf = (name: string | null, rules: Both<Ruleset>): Part => {
    const diff = compare(rules)
    const settings = settingChanges(rules, labels)
    return { profile: name, rules, diff, own: diff.groups, shared: 0, settings }
  }
  const names = [...now.rules.profiles.keys()]
  const common = names.filter((name) => before.rules.profiles.has(name) && (profile ?? name) === name)
  const top = profile === null ? [partOf(null, { before: before.rules.top, now: now.rules.top })] : []
  const parts = common.map((name) => {
    const [old, next] = [before.rules.profiles.get(name), now.rules.profiles.get(name)]
    if (old === undefined || next === undefined) throw new Error('Both files have the profile')
    return withoutRepeats(partOf(name, { before: old, now: next }), top[0])
  })
  return {
    files: { before: before.rules.file, now: now.rules.file },
    parts: [...top, ...parts],
    profiles: profile === null ? profilesOf(mappings) : { added: [], removed: [] },
    people: profile === null ? peopleChanges({ before: before.matching, now: now.matching }) : [],
    labels,
  }
}

/** Whether anything at all is to be told. */
export function isDifferent({ parts, profiles, people }: MappingsDiff): boolean {
  const inParts = parts.some(({ diff, settings }) => diff.groups.length > 0 || settings.length > 0)
  return inParts || profiles.added.length + profiles.removed.length + people.length > 0
}

/** Also where only a part could be compared. */
export function isComplete({ parts }: MappingsDiff): boolean {
  return parts.every(({ diff }) => diff.incomplete === null)
}

function profilesOf({ before, now }: Both<Mapping>): MappingsDiff['profiles'] {
  const [old, next] = [before.rules.profiles, now.rules.profiles]
  return {
    added: [...next.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !next.has(name)),
  }
}

function withoutRepeats(part: Part, top: Part | undefined): Part {
  if (top === undefined) return part
  const known = new Set(top.diff.groups.map(({ cause }) => cause.key))
  const own = part.diff.groups.filter(({ cause }) => !known.has(cause.key))
  const said = new Set(top.settings.map((change) => JSON.stringify(change)))
  const settings = part.settings.filter((change) => !said.has(JSON.stringify(change)))
  return { ...part, own, shared: part.diff.groups.length - own.length, settings }
}

function statusesOf({ before, now }: Both<Mapping>, side: Side): readonly StatusId[] {
  return [...new Set([...now.rules.statuses[side], ...before.rules.statuses[side], STRANGER])]
}

/** All that an outcome, or the line that is told with it, depends on. */
function fingerprint({ profile: _name, related: _asked, ...rules }: Ruleset): string {
  return JSON.stringify(rules, (_key, value: unknown) => {
    if (value instanceof Map) return [...value]
    return value instanceof Set ? [...value] : value
  })
}
