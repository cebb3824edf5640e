// Whether a story speaks of what the mapping knows. A status that no rule names is fine (that is what R4 and R5 are about);
// one that is nearly the name of another is a slip.

import { distance } from 'fastest-levenshtein'
import type { Rules } from '../domain/rules.ts'
import { type BySide, sideName } from '../domain/side.ts'
import { eachSide } from './draft.ts'
import { didYouMean, loosely } from './nearest.ts'
import type { Complaint } from './position.ts'
import { type Story, storyReferences } from './story.ts'

export type Vocabulary = { readonly statuses: BySide<ReadonlySet<string>>; readonly profiles: ReadonlySet<string> }

export function storyVocabulary(rules: Rules): Vocabulary {
  const names = eachSide((side) => new Set([...rules.statuses[side]].flatMap((id) => [id, rules.label(side, id)])))
  return { statuses: names, profiles: new Set(rules.profiles.keys()) }
}

export function checkStory(story: Story, vocabulary: Vocabulary): readonly Complaint[] {
  return [...checkProfile(story, vocabulary), ...checkNames(story, vocabulary)]
}

function checkProfile({ profile, profilePlace }: Story, { profiles }: Vocabulary): readonly Complaint[] {
  if (profile === null || profiles.has(profile)) return []
  const message = `There is no profile "${profile}".`
  return [{ code: 'unknown-profile', place: profilePlace, message, hint: didYouMean(profile, profiles) }]
}

function checkNames(story: Story, { statuses }: Vocabulary): readonly Complaint[] {
  return storyReferences(story).flatMap(({ side, status, place }) => {
    const near = statuses[side].has(status) ? undefined : slipOf(status, statuses[side])
    if (near === undefined) return []
    const message = `The mapping has no status "${status}" in ${sideName(side)}.`
    return [{ code: 'story-status-unknown', place, message, hint: `did you mean "${near}"?` }]
  })
}

/** One letter more, less or other; a looser measure would take "Meeting" for "Meal". */
function slipOf(status: string, names: ReadonlySet<string>): string | undefined {
  const loose = [...names].find((name) => loosely(name) === loosely(status))
  return loose ?? (status.length > 4 ? closest(status, names) : undefined)
}

function closest(status: string, names: ReadonlySet<string>): string | undefined {
  return [...names].find((name) => distance(name, status) === 1)
}
