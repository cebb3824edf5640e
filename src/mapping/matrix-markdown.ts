// A matrix as Markdown, for pull requests and wikis.

import { shownText } from './columns.ts'
import type { Sheet, Table } from './matrix-words.ts'

export function matrixMarkdown({ title, facts, tables, notes }: Sheet): string {
  const parts = [`## ${escaped(title)}`, facts.map(item).join('\n'), ...tables.map(tableOf), notes.map(item).join('\n')]
  return `${parts.join('\n\n')}\n`
}

function tableOf({ heading, header, rows, work }: Table): string {
  const lines = [
    `### ${escaped(heading)}`,
    '',
    row(header),
    row(header.map(() => '---')),
    ...rows.map(({ cells, takesWork }) =>
      row(cells.map((cell, at) => (at === 0 && takesWork ? `**${escaped(cell.trim())}**` : escaped(cell)))),
    ),
    '',
    work.facts.length === 0 ? escaped(work.heading) : `${escaped(work.heading)}:`,
    ...(work.facts.length === 0 ? [] : ['', ...work.facts.map(([name, fact]) => `- ${name}: ${escaped(fact)}`)]),
  ]
  return lines.join('\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function item(text: string): string {
  return `- ${escaped(text)}`
}

/** A status may have any name; in a table it stays text. */
function escaped(text: string): string {
  return shownText(text).replace(/[\\`*_{}[\]<>#|~&]/g, (character) => `\\${character}`)
}
