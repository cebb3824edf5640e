// Single cells of the file's rows. Only this room writes them, so a wrong one is a fault of ours; a schema library would cost every command its loading.

import type { SQLOutputValue } from 'node:sqlite'
import { assert } from '../domain/assert.ts'

export type Row = Readonly<Record<string, SQLOutputValue>>

export function textIn(row: Row, column: string): string {
  const cell = row[column]
  assert(typeof cell === 'string', `The column ${column} of the journal has no text.`)
  return cell
}

/** What this room wrote from a value of the type, into the column `json`. */
export function parsedIn<T>(row: Row): T {
  return JSON.parse(textIn(row, 'json')) as T
}
