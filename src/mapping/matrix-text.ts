// A matrix for terminals and for plain files: columns that fit, long cells on several lines.

import { styleText } from 'node:util'
import { columnsOf, shownText } from './columns.ts'
import { padded, wrapped } from './matrix-layout.ts'
import type { Sheet, Table } from './matrix-words.ts'

/** Columns of a line: what a terminal beside an editor has. */
const WIDTH_MAX = 118
const GAP = '  '
/** No column is squeezed below this. */
const COLUMN_MIN = 10

type Style = Parameters<typeof styleText>[0]
type Paint = (style: Style, text: string) => string

export function matrixText({ title, facts, tables, notes }: Sheet, { color }: { readonly color: boolean }): string {
  // The caller has decided about colours, so the terminal is not asked again.
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
  const parts = [
    [paint('bold', shownText(title)), ...facts.flatMap((fact) => wrapped(fact, WIDTH_MAX))],
    ...tables.map((table) => tableLines(table, paint)),
    notes.flatMap((note) => wrapped(note, WIDTH_MAX)).map((line) => paint('dim', line)),
  ]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function tableLines({ heading, header, rows, work }: Table, paint: Paint): readonly string[] {
  const widths = widthsOf([header, ...rows.map(({ cells }) => cells)])
  const line = (cells: readonly string[], style: Style | null) =>
    cellLines(cells, widths).map((text) => (style === null ? text : paint(style, text)))
  return [
    paint('bold', heading),
    ...line(header, 'dim'),
    ...rows.flatMap(({ cells, takesWork }) => line(cells, takesWork ? 'green' : null)),
    '',
    paint('bold', work.heading),
    ...work.facts.flatMap(([name, fact]) =>
      wrapped(fact, WIDTH_MAX - 12).map((text, at) => `  ${(at === 0 ? name : '').padEnd(10)}${text}`),
    ),
  ]
}

/** One row as lines, every cell under its header. */
function cellLines(cells: readonly string[], widths: readonly number[]): readonly string[] {
  const columns = cells.map((cell, at) => wrapped(cell, widths[at] ?? COLUMN_MIN))
  const height = Math.max(...columns.map((lines) => lines.length))
  return Array.from({ length: height }, (_, row) =>
    columns
      .map((lines, at) => padded(lines[row] ?? '', widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  )
}

/** As wide as their longest cell; where that is too much the widest give way. */
function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((cells) => columnsOf(shownText(cells[at] ?? '')))))
  const room = WIDTH_MAX - GAP.length * (widths.length - 1)
  for (let over = sum(widths) - room; over > 0; over -= 1) {
    const widest = widths.indexOf(Math.max(...widths))
    const width = widths[widest] ?? 0
    if (width <= COLUMN_MIN) break
    widths[widest] = width - 1
  }
  return widths
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
