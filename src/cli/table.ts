// A small table in a terminal: columns as wide as what is in them, numbers to the right.

import { columnsOf, shownText } from '../mapping/columns.ts'
import { padded } from '../mapping/matrix-layout.ts'
import type { Paint } from './paint.ts'

export type TableStyle = {
  /** Columns of numbers. */
  readonly numbers?: readonly number[]
  readonly paint: Paint
}

/** A line each, two blanks in. */
export function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { numbers = [], paint }: TableStyle,
): readonly string[] {
  const shown = [head, ...rows].map((row) => row.map(shownText))
  const widths = head.map((_, n) => Math.max(...shown.map((row) => columnsOf(row[n] ?? ''))))
  const line = (row: readonly string[]) =>
    row
      .map((text, n) => (numbers.includes(n) ? text.padStart(widths[n] ?? 0) : padded(text, widths[n] ?? 0)))
      .join('  ')
  return shown.map((row, n) => `  ${n === 0 ? paint('bold', line(row).trimEnd()) : line(row).trimEnd()}`)
}
