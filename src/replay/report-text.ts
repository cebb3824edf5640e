// The replay for terminals.

import { styleText } from 'node:util'
import { shownText } from '../mapping/columns.ts'
import { wrapped } from '../mapping/matrix-layout.ts'
import type { Entry, Report } from './report.ts'

type Style = Parameters<typeof styleText>[0]
type Layout = { readonly paint: (style: Style, text: string) => string; readonly width: number }

const MARGIN = '   '

export function replayText(report: Report, options: { readonly color: boolean; readonly width: number }): string {
  const { color, width } = options
  // The caller has decided about colours, so the terminal is not asked again.
  const paint: Layout['paint'] = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
  const layout = { paint, width }
  const parts = [
    paint('bold', wrapped(report.title, width).join('\n')),
    wrapped(report.verdict, width).join('\n'),
    ...listPart(null, report.totals, layout),
    ...report.entries.map((entry, index) => entryPart(entry, index + 1, layout)),
    ...(report.listed.length === 0 ? [] : [report.listed.map((line) => linePart(line, layout)).join('\n')]),
    ...report.notes.map((note) => wrapped(note, width).join('\n')),
    ...listPart('Not played as it was', report.leftOut, layout),
  ]
  return `${parts.join('\n\n')}\n`
}

function entryPart({ sentence, facts }: Entry, number: number, layout: Layout): string {
  const { paint, width } = layout
  const lead = `${number}. `
  const [first = '', ...others] = wrapped(`${sentence}.`, width - lead.length)
  return [
    paint('yellow', lead + first),
    ...others.map((line) => paint('yellow', MARGIN + line)),
    ...facts.flatMap((fact) => hanging(`- ${fact}`, MARGIN, width)),
  ].join('\n')
}

function linePart({ when, sentence }: Report['listed'][number], { width }: Layout): string {
  const below = ' '.repeat(when.length + 2)
  return wrapped(sentence, width - below.length)
    .map((line, at) => `${at === 0 ? `${when}  ` : below}${line}`)
    .join('\n')
}

function listPart(heading: string | null, items: readonly string[], { paint, width }: Layout): readonly string[] {
  if (items.length === 0) return []
  const lines = items.flatMap((item) => hanging(`- ${item}`, '', width))
  return [[...(heading === null ? [] : [paint('bold', shownText(heading))]), ...lines].join('\n')]
}

/** Further lines stand under the text, not under its dash. */
function hanging(text: string, margin: string, width: number): readonly string[] {
  return wrapped(text, width - margin.length - 2).map((line, at) => `${margin}${at === 0 ? '' : '  '}${line}`)
}
