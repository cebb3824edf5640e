// What every table of two columns has in common: which columns were not used, and rows with a hole in them.

import type { CsvRow } from './csv-table.ts'
import { type FoundEntry, type LeftOut, nameOf, type Origin } from './found.ts'

/** `header`: the first row names the columns. */
export function unusedColumns(
  first: CsvRow,
  used: readonly (number | null)[],
  { file, header }: { readonly file: string; readonly header: boolean },
): readonly FoundEntry[] {
  return first.cells.flatMap((cell, index): readonly FoundEntry[] => {
    if (used.includes(index)) return []
    const which = header && cell !== '' ? `column "${nameOf(cell)}"` : `column ${index + 1}`
    return [{ kind: 'left_out', origin: { file, line: first.line }, words: `Nothing of the ${which} was used.` }]
  })
}

export function pairOf(
  { cells }: CsvRow,
  columns: { readonly crm: number; readonly telephony: number },
  origin: Origin,
): { readonly kind: 'pair'; readonly crm: string; readonly telephony: string } | LeftOut {
  const crm = nameOf(cells[columns.crm] ?? '')
  const telephony = nameOf(cells[columns.telephony] ?? '')
  if (crm !== '' && telephony !== '') return { kind: 'pair', crm, telephony }
  const words =
    crm === telephony ? 'Neither side has a status.' : `"${crm}${telephony}" has no status on the other side.`
  return { kind: 'left_out', origin, words }
}
