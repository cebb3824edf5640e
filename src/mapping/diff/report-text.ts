// The comparison for terminals.

import { styleText } from 'node:util'
import { shownText } from '../columns.ts'
import { wrapped } from '../matrix-layout.ts'
import type { Entry, Report, Section } from './report.ts'

/** Columns of a line of prose; stories are left as they are, to be pasted. */
const WIDTH_MAX = 110
const MARGIN = '   '

type Style = Parameters<typeof styleText>[0]
type Paint = (style: Style, text: string) => string

export function diffText(report: Report, { color }: { readonly color: boolean }): string {
  // The caller has decided about colours, so the terminal is not asked again.
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
  const parts = [
    paint('bold', shownText(report.title)),
    ...report.sections.flatMap((section) => sectionParts(section, paint)),
    ...listPart('Profiles', report.profiles, paint),
    ...listPart('People', report.people, paint),
    wrapped(report.verdict, WIDTH_MAX).join('\n'),
  ]
  return `${parts.join('\n\n')}\n`
}

function sectionParts({ profile, summary, entries, notes, settings }: Section, paint: Paint): readonly string[] {
  const heading =
    profile === null ? summary : `Profile ${profile}: ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`
  return [
    paint('bold', shownText(heading)),
    ...entries.map((entry, index) => entryPart(entry, index + 1, paint)),
    ...notes.flatMap((note) => wrapped(note, WIDTH_MAX).join('\n')),
    ...listPart('Timings, limits and other settings', settings, paint),
  ]
}

function entryPart({ sentence, rest, reasonOnly, story }: Entry, number: number, paint: Paint): string {
  const lead = `${number}. `
  const [first = '', ...others] = wrapped(`${sentence}.`, WIDTH_MAX - lead.length)
  const below = (text: string) => wrapped(text, WIDTH_MAX - MARGIN.length).map((line) => MARGIN + line)
  return [
    paint(reasonOnly ? 'dim' : 'yellow', lead + first),
    ...others.map((line) => paint(reasonOnly ? 'dim' : 'yellow', MARGIN + line)),
    ...(rest === null ? [] : below(rest)),
    ...(story === null ? [] : story.split('\n').map((line) => paint('dim', `${MARGIN}  ${shownText(line)}`))),
  ].join('\n')
}

function listPart(heading: string, items: readonly string[], paint: Paint): readonly string[] {
  if (items.length === 0) return []
  const lines = items.flatMap((item) =>
    wrapped(item, WIDTH_MAX - 2).map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`)),
  )
  return [[paint('bold', heading), ...lines].join('\n')]
}
