// The thread in which the journal is written: takes orders one after the other and answers each when the disk has it.

import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../domain/assert.ts'
import type { Damage } from './file.ts'
import type { ForgetAnswer, ForgetStep } from './forget.ts'
import type { PruneLimits } from './kept-journal.ts'
import type { JournalRows } from './rows.ts'
import { openWriter, type Writer } from './writer.ts'

export type WriterOrder =
  | { readonly kind: 'append'; readonly rows: JournalRows }
  | { readonly kind: 'prune'; readonly limits: PruneLimits }
  | { readonly kind: 'forget'; readonly step: ForgetStep }
  | { readonly kind: 'close' }

/** One for each order, in their order; the first one tells whether the file could be opened. */
export type WriterAnswer =
  | { readonly ok: true; readonly damage: Damage | null; readonly pruned: number; readonly forgot: ForgetAnswer }
  | { readonly ok: false; readonly words: string }

const port = parentPort
assert(port !== null, 'The journal writes in a thread of its own.')

const done = (more: { damage?: Damage | null; pruned?: number; forgot?: ForgetAnswer } = {}): WriterAnswer => ({
  ok: true,
  damage: more.damage ?? null,
  pruned: more.pruned ?? 0,
  forgot: more.forgot ?? {},
})

function attempt(action: () => WriterAnswer): WriterAnswer {
  try {
    return action()
  } catch (error) {
    return { ok: false, words: error instanceof Error ? error.message : String(error) }
  }
}

let writer: Writer | null = null
port.postMessage(
  attempt(() => {
    const opened = openWriter(String(workerData))
    writer = opened.writer
    return done({ damage: opened.damage })
  }),
)

// Where the file could not be opened nobody has anything to order.
if (writer === null) port.close()
port.on('message', (order: WriterOrder) => {
  port.postMessage(attempt(() => carryOut(order)))
  if (order.kind === 'close') port.close()
})

function carryOut(order: WriterOrder): WriterAnswer {
  assert(writer !== null, 'The journal is closed.')
  switch (order.kind) {
    case 'append':
      return done({ damage: writer.append(order.rows) })
    case 'prune':
      return done(writer.prune(order.limits))
    case 'forget':
      return done(writer.forget(order.step))
    case 'close':
      writer.close()
      writer = null
      return done()
  }
}
