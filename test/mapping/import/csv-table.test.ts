// CSV as spreadsheets write it: whatever stands in a cell comes out of it again, at the line where it stood.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseCsv } from '../../../src/mapping/import/csv-table.ts'

const cell = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', ',', ';', '\t', '\n', "'", '='), maxLength: 6 })
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
const style = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  bom: fc.boolean(),
  lastEnd: fc.boolean(),
})

type Style = { readonly delimiter: string; readonly end: string; readonly bom: boolean; readonly lastEnd: boolean }

function written(rows: readonly (readonly string[])[], { delimiter, end, bom, lastEnd }: Style): string {
  const lines = rows.map((row) =>
    row.map((text) => `"${text.replaceAll('"', '""').replaceAll('\n', end)}"`).join(delimiter),
  )
  return `${bom ? '\uFEFF' : ''}${lines.join(end)}${lastEnd ? end : ''}`
}

function cellsOf(text: string): readonly (readonly string[])[] {
  const read = parseCsv(text)
  return read.kind === 'table' ? read.rows.map(({ cells }) => cells) : []
}

describe('a table of quoted cells', () => {
  test('comes back as it was written, whatever the delimiter, the line end and the byte order mark', () => {
    fc.assert(
      fc.property(table, style, (rows, how) => {
        expect(cellsOf(written(rows, how))).toEqual(rows)
      }),
    )
  })

  test('knows the line of each row, also behind cells of several lines', () => {
    fc.assert(
      fc.property(table, style, (rows, how) => {
        const read = parseCsv(written(rows, how))
        const heights = rows.map((row) => row.join('').split('\n').length)
        const lines = heights.map((_, index) => 1 + heights.slice(0, index).reduce((sum, height) => sum + height, 0))
        expect(read.kind === 'table' && read.rows.map(({ line }) => line)).toEqual(lines)
      }),
    )
  })
})

test('any text at all is a table or a sentence with a place in it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', '\t'), maxLength: 40 }),
      (text) => {
        const read = parseCsv(text)
        if (read.kind === 'table') return
        const lines = text.split(/\r\n?|\n/)
        expect(read.line).toBeLessThanOrEqual(lines.length)
        expect(lines[(read.line ?? 0) - 1]?.[(read.column ?? 0) - 1]).toBe('"')
      },
    ),
  )
})

describe('the details', () => {
  test('cells without quotes lose the blanks around them, and blank lines are no rows', () => {
    expect(parseCsv('a , b\n\n  \nc,d\n')).toEqual({
      kind: 'table',
      rows: [
        { line: 1, cells: ['a', 'b'] },
        { line: 4, cells: ['c', 'd'] },
      ],
    })
  })

  test('the delimiter is what the first line has most of outside quotes, or what Excel was told', () => {
    expect(cellsOf('"a,b,c";d')).toEqual([['a,b,c', 'd']])
    expect(cellsOf('sep=;\na,b;c')).toEqual([['a,b', 'c']])
  })

  test('a quote that is never closed is told with its place', () => {
    const words = 'A quote is opened here and never closed.'
    expect(parseCsv('a,b\nc, "d\n')).toEqual({ kind: 'unreadable', words, line: 2, column: 4 })
  })

  test('text behind a closing quote is told with its place', () => {
    const words = 'Something stands behind the closing quote of this cell.'
    expect(parseCsv('"a"b,c\n')).toEqual({ kind: 'unreadable', words, line: 1, column: 1 })
  })

  test('a file of too many rows is refused', () => {
    expect(parseCsv('a,b\n'.repeat(2_001))).toMatchObject({ kind: 'unreadable' })
    expect(parseCsv('a,b\n'.repeat(2_000))).toMatchObject({ kind: 'table' })
  })
})
