// The comparison for programs. Other people's programs read these names.

import { isComplete, type MappingsDiff } from './compare.ts'
import { type Entry, reportOf, type Section } from './report.ts'

export function diffJson(diff: MappingsDiff): string {
  const { sections } = reportOf(diff)
  const parts = diff.parts.map(({ profile, diff: compared, shared, settings }) => ({
    profile,
    compared: compared.compared,
    complete: compared.incomplete === null,
    sameAsTopLevel: shared,
    differences: entriesOf(sections, profile).map(entryJson),
    settings,
  }))
  const { files, profiles, people } = diff
  return `${JSON.stringify({ before: files.before, now: files.now, complete: isComplete(diff), parts, profiles, people }, null, 2)}\n`
}

function entriesOf(sections: readonly Section[], profile: string | null): readonly Entry[] {
  return sections.find((section) => section.profile === profile)?.entries ?? []
}

function entryJson({ sentence, situations, reasonOnly, stories }: Entry): object {
  return { sentence, situations, reasonOnly, storyBefore: stories?.before ?? null, storyNow: stories?.now ?? null }
}
