// The replay as Markdown, for the ticket or the pull request that changes the rules.

import { shownText } from '../mapping/columns.ts'
import type { Entry, Report } from './report.ts'

export function replayMarkdown({ title, verdict, totals, entries, listed, notes, leftOut }: Report): string {
  const parts = [
    `## ${escaped(title)}`,
    escaped(verdict),
    ...listParts(null, totals),
    ...(entries.length === 0 ? [] : [entries.map(entryLines).join('\n')]),
    ...listParts('Each of them', listed.map(lineWords)),
    ...notes.map(escaped),
    ...listParts('Not played as it was', leftOut),
  ]
  return `${parts.join('\n\n')}\n`
}

function entryLines({ sentence, facts }: Entry, index: number): string {
  const below = facts.map((text) => `   - ${escaped(text)}`)
  return [`${index + 1}. ${escaped(sentence)}.`, ...below].join('\n')
}

function lineWords({ when, sentence }: Report['listed'][number]): string {
  return `${when}: ${sentence}`
}

function listParts(heading: string | null, items: readonly string[]): readonly string[] {
  if (items.length === 0) return []
  const list = items.map((item) => `- ${escaped(item)}`).join('\n')
  return heading === null ? [list] : [`**${heading}**`, list]
}

/** A status may have any name; it stays text. */
function escaped(text: string): string {
  return shownText(text).replace(/[\\`*_{}[\]<>#|~&]/g, (character) => `\\${character}`)
}
