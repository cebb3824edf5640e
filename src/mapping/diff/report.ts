// The comparison of two mapping files as paragraphs of plain text, which every format lays out in its own way.

import { isDifferent, type MappingsDiff, type Part } from './compare.ts'
import type { Group } from './groups.ts'
import { GROUPS_MAX, NAMED_MAX } from './limits.ts'
import { type StoryInput, storyOf, storyOfBoth } from './story.ts'
import { effectWords, eventWords, restWords } from './words.ts'

export type Entry = {
  /** "In telephony, going to "Meal": the CRM was …, now it is …". */
  readonly sentence: string
  /** Of how many more situations it is true; null: of none. */
  readonly rest: string | null
  readonly situations: number
  readonly reasonOnly: boolean
  /** True now, with what was expected before as a comment; null: there is none. */
  readonly story: string | null
  readonly stories: { readonly before: string; readonly now: string } | null
}

export type Section = {
  /** null: the top level. */
  readonly profile: string | null
  readonly summary: string
  readonly entries: readonly Entry[]
  /** What stands between the entries and the settings: what is the same as above, what could not be told. */
  readonly notes: readonly string[]
  /** "conflict.window: 2s → 5s". */
  readonly settings: readonly string[]
}

export type Report = {
  readonly title: string
  readonly verdict: string
  readonly sections: readonly Section[]
  readonly profiles: readonly string[]
  readonly people: readonly string[]
}

export function reportOf(diff: MappingsDiff): Report {
  const { files, parts, profiles, people } = diff
  const [top, ...others] = parts
  const isTold = (part: Part) => part.own.length + part.settings.length > 0 || part.diff.incomplete !== null
  const told =
    top === undefined ? [] : [top, ...others.filter((part) => isTold(part) || part.shared !== top.own.length)]
  return {
    title: `${files.before} → ${files.now}`,
    verdict: verdictOf(diff),
    sections: told.map((part) => sectionOf(diff, part)),
    profiles: [
      ...profiles.added.map((name) => `profile ${name} is new`),
      ...profiles.removed.map((name) => `profile ${name} is gone`),
    ],
    people,
  }
}

function verdictOf(diff: MappingsDiff): string {
  const compared = diff.parts.reduce((sum, part) => sum + part.diff.compared, 0)
  const looked = `${counted(compared, 'situation')} with what may happen next ${compared === 1 ? 'was' : 'were'} compared`
  const whole = diff.parts.every((part) => part.diff.incomplete === null)
    ? looked
    : `${looked}, which is not all of them`
  return `${isDifferent(diff) ? '' : 'No difference: '}${whole}.`
}

function sectionOf(diff: MappingsDiff, part: Part): Section {
  const { own, shared, settings, profile } = part
  const entries = own.map((group) => entryOf(diff, part, group))
  return {
    profile,
    summary: own.length === 0 ? 'The same outcome everywhere' : `${counted(own.length, 'difference')}`,
    entries: entries.slice(0, GROUPS_MAX),
    notes: [
      ...(entries.length > GROUPS_MAX ? [`… and ${entries.length - GROUPS_MAX} more differences.`] : []),
      ...(shared > 0
        ? [`${counted(shared, 'difference')} of the top level ${shared === 1 ? 'is' : 'are'} the same here.`]
        : []),
      ...(part.diff.incomplete === null ? [] : [`Not everything was compared: ${part.diff.incomplete}.`]),
    ],
    settings: settings.map(({ name, before, now }) => `${name}: ${before} → ${now}`),
  }
}

function entryOf({ labels }: MappingsDiff, { profile }: Part, group: Group): Entry {
  const { told, count, visible, about } = group
  const rest = restWords(group, labels.now)
  const base = { rest, situations: count, reasonOnly: !visible }
  if (told === null) {
    const names = about.slice(0, NAMED_MAX).map(({ side, status }) => labels.now(side, status))
    const sentence = `Something that no story shows in any timing${names.length > 0 ? `, about ${names.join(', ')}` : ''}`
    return { ...base, sentence, story: null, stories: null }
  }
  const event = eventWords({ cause: group.cause, told }, labels.now)
  const input: StoryInput = { told, name: event.replaceAll('"', ''), profile, labels }
  return {
    ...base,
    sentence: `${event}: ${effectWords(told, labels)}`,
    story: storyOfBoth(input),
    stories: { before: storyOf(input, 'before'), now: storyOf(input, 'now') },
  }
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`
}
