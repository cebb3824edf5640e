// The comparison as Markdown, for the pull request that changes the rules.

import { shownText } from '../columns.ts'
import type { Entry, Report, Section } from './report.ts'

export function diffMarkdown({ title, verdict, sections, profiles, people }: Report): string {
  const parts = [
    `## ${escaped(title)}`,
    escaped(verdict),
    ...sections.flatMap(sectionParts),
    ...listParts('Profiles', profiles),
    ...listParts('People', people),
  ]
  return `${parts.join('\n\n')}\n`
}

function sectionParts({ profile, summary, entries, notes, settings }: Section): readonly string[] {
  return [
    `### ${escaped(profile === null ? 'The rules' : `Profile ${profile}`)}`,
    `${escaped(summary)}.`,
    ...(entries.length === 0 ? [] : [entries.map(entryLines).join('\n').trimEnd()]),
    ...notes.map(escaped),
    ...listParts('Timings, limits and other settings', settings),
  ]
}

function entryLines({ sentence, rest, story }: Entry): string {
  const more = rest === null ? '' : `<br>${escaped(rest)}`
  const lines =
    story === null ? [] : ['', '  ```yaml', ...story.split('\n').map((line) => `  ${shownText(line)}`), '  ```', '']
  return [`- ${escaped(sentence)}.${more}`, ...lines].join('\n')
}

function listParts(heading: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`**${heading}**`, items.map((item) => `- ${escaped(item)}`).join('\n')]
}

/** A status may have any name; it stays text. */
function escaped(text: string): string {
  return shownText(text).replace(/[\\`*_{}[\]<>#|~&]/g, (character) => `\\${character}`)
}
