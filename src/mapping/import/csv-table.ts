// CSV text to rows of cells: quotes (RFC 4180), a byte order mark, any line end, and commas, semicolons or tabs between cells,
// as the spreadsheets of different countries write them. Own code because every row must know its line in the file.

import { type Unreadable, unreadable } from './found.ts'
import { ENTRIES_MAX } from './limits.ts'

export type CsvRow = {
  /** From 1; of the row's first character. */
  readonly line: number
  readonly cells: readonly string[]
}

export type CsvTable = { readonly kind: 'table'; readonly rows: readonly CsvRow[] }

type Delimiter = ',' | ';' | '\t'
const DELIMITERS: readonly Delimiter[] = [',', ';', '\t']

/** One cell and what ends it. Blanks around quotes are let through, though the RFC knows none. */
const CELL: Readonly<Record<Delimiter, RegExp>> = {
  ',': / *(?:"([^"]*(?:""[^"]*)*)" *|([^,\n]*))(,|\n|$)/y,
  ';': / *(?:"([^"]*(?:""[^"]*)*)" *|([^;\n]*))(;|\n|$)/y,
  '\t': / *(?:"([^"]*(?:""[^"]*)*)" *|([^\t\n]*))(\t|\n|$)/y,
}

/** Blank lines are no rows. Cells without quotes come without the blanks around them. */
export function parseCsv(text: string): CsvTable | Unreadable {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const declared = /^sep=([,;\t])\n/.exec(plain) // how Excel is told
  const delimiter = DELIMITERS.find((d) => d === declared?.[1]) ?? delimiterOf(plain)
  const pattern = new RegExp(CELL[delimiter])
  pattern.lastIndex = declared?.[0].length ?? 0
  const rows: CsvRow[] = []
  let line = declared === null ? 1 : 2
  let begins = line
  let cells: string[] = []
  for (;;) {
    const at = pattern.lastIndex
    const found = pattern.exec(plain)
    const [whole = '', quoted, bare = '', end = ''] = found ?? []
    if (quoted === undefined && bare.startsWith('"')) return badQuote(plain, at, line)
    cells.push(quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"'))
    line += whole.split('\n').length - 1
    if (end === delimiter) continue
    if (cells.length > 1 || cells[0] !== '' || quoted !== undefined) rows.push({ line: begins, cells })
    if (rows.length > ENTRIES_MAX) return unreadable(`More than ${ENTRIES_MAX} rows are no map of presences.`)
    if (end === '') return { kind: 'table', rows }
    cells = []
    begins = line
  }
}

function badQuote(text: string, at: number, line: number): Unreadable {
  const start = text.indexOf('"', at)
  const column = start - text.lastIndexOf('\n', start)
  const closes = /^"[^"]*(?:""[^"]*)*"/.exec(text.slice(start))
  const words =
    closes === null
      ? 'A quote is opened here and never closed.'
      : 'Something stands behind the closing quote of this cell.'
  return unreadable(words, { line, column })
}

/** The one that the first line has most of, outside quotes. */
function delimiterOf(text: string): Delimiter {
  const [first = ''] = text
    .trimStart()
    .replace(/"[^"]*"/g, '')
    .split('\n')
  const count = (delimiter: Delimiter) => first.split(delimiter).length
  return DELIMITERS.reduce<Delimiter>((best, d) => (count(d) > count(best) ? d : best), ',')
}
