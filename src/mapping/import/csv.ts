// Plain CSV: a column for each side and, where there is one, a column for the direction. The first line may name the columns;
// where it does not, the first column is the CRM's and the second one telephony's.

import type { Side } from '../../domain/side.ts'
import { loosely } from '../nearest.ts'
import { pairOf, unusedColumns } from './csv-columns.ts'
import { type CsvRow, parseCsv } from './csv-table.ts'
import {
  type Direction,
  type FoundEntry,
  type ImportSource,
  nameOf,
  type Origin,
  type ReadResult,
  unreadable,
} from './found.ts'

type Columns = { readonly crm: number; readonly telephony: number; readonly direction: number | null }

const HEADERS: Readonly<Record<Side | 'direction', readonly string[]>> = {
  crm: ['crm', 'crm status', 'crm presence', 'salesforce', 'salesforce status', 'omni-channel', 'omni-channel status'],
  telephony: ['telephony', 'telephony status', 'telephony presence', 'phone', 'phone status', 'genesys', 'desktop'],
  direction: ['direction', 'way'],
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  '': 'both',
  both: 'both',
  bothways: 'both',
  twoway: 'both',
  bidirectional: 'both',
  tocrm: 'to_crm',
  totelephony: 'to_telephony',
}

/** Arrows point from column to column as they stand, so their meaning depends on the order of the columns. */
const ARROWS: Readonly<Record<string, 'both' | 'right' | 'left'>> = {
  '<->': 'both',
  '<=>': 'both',
  '<>': 'both',
  '↔': 'both',
  '=': 'both',
  '->': 'right',
  '=>': 'right',
  '>': 'right',
  '→': 'right',
  '<-': 'left',
  '<=': 'left',
  '<': 'left',
  '←': 'left',
}

export function readCsv({ file, text }: ImportSource): ReadResult {
  const table = parseCsv(text)
  if (table.kind === 'unreadable') return table
  const [first] = table.rows
  if (first === undefined) return unreadable('There is no row in it.')
  if (table.rows.every(({ cells }) => cells.length < 2))
    return unreadable('There is only one column: no comma, semicolon or tab stands between two statuses.', { line: 1 })
  const named = columnsOf(first)
  const columns = named ?? { crm: 0, telephony: 1, direction: columnOfDirections(table.rows) }
  const rows = named === null ? table.rows : table.rows.slice(1)
  const remarks =
    named === null ? ['No line names the columns: the first is taken for the CRM, the second for telephony.'] : []
  const entries = [
    ...unusedColumns(first, [columns.crm, columns.telephony, columns.direction], { file, header: named !== null }),
    ...rows.map((row) => entryOf(row, columns, { file, line: row.line })),
  ]
  return { kind: 'found', found: { title: 'a table of statuses', entries, blocks: [], remarks } }
}

function columnsOf({ cells }: CsvRow): Columns | null {
  const find = (what: Side | 'direction') => {
    const words = HEADERS[what].map(loosely)
    return cells.findIndex((cell) => words.includes(loosely(cell)))
  }
  const [crm, telephony, direction] = [find('crm'), find('telephony'), find('direction')]
  if (crm < 0 || telephony < 0) return null
  return { crm, telephony, direction: direction < 0 ? null : direction }
}

/** Without a header the third column is the direction only if it says nothing else. */
function columnOfDirections(rows: readonly CsvRow[]): number | null {
  const said = rows.map(({ cells }) => cells[2] ?? '')
  return said.some((cell) => cell !== '') && said.every((cell) => directionOf(cell, false) !== null) ? 2 : null
}

function entryOf(row: CsvRow, columns: Columns, origin: Origin): FoundEntry {
  const pair = pairOf(row, columns, origin)
  if (pair.kind === 'left_out') return pair
  const said = columns.direction === null ? '' : (row.cells[columns.direction] ?? '')
  const direction = directionOf(said, columns.telephony < columns.crm)
  if (direction !== null)
    return { kind: 'row', crm: [pair.crm], telephony: [pair.telephony], direction, origins: [origin] }
  const words = `"${pair.crm}" and "${pair.telephony}": the direction "${nameOf(said)}" is none of both, to_crm and to_telephony.`
  return { kind: 'left_out', origin, words }
}

/** `swapped`: telephony stands left of the CRM. */
function directionOf(text: string, swapped: boolean): Direction | null {
  const arrow = ARROWS[text.trim()]
  if (arrow === undefined) return DIRECTIONS[loosely(text)] ?? null
  if (arrow === 'both') return 'both'
  return (arrow === 'right') === swapped ? 'to_crm' : 'to_telephony'
}
