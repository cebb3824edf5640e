// All of it is on the disk when it returns, nothing of it when it throws.

import type { DatabaseSync } from 'node:sqlite'
import { assert } from '../domain/assert.ts'
import { isDamage } from './file.ts'

export function inTransaction<T>(db: DatabaseSync, action: () => T): T {
  assert(db.isOpen, 'The journal is closed.')
  try {
    db.exec('BEGIN IMMEDIATE')
    const result = action()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite rolls back by itself on a full disk and on some I/O errors (https://www.sqlite.org/lang_transaction.html).
    if (db.isTransaction) db.exec('ROLLBACK')
    if (isDamage(error)) throw error
    // The text of a node error begins with its kind, which tells nobody anything.
    const why = String(error).replace(/^\w*Error: /, '')
    throw new Error(`The journal could not be written: ${why}.`, { cause: error })
  }
}
