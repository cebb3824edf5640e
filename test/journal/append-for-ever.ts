// A process that appends until it is killed, and says which decision it was told is on the disk. Run by the journal's tests.

import { SILENT } from '../../src/domain/log.ts'
import { openSqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { agentId, batch, entry } from './records.ts'

const [path = '', size = '20'] = process.argv.slice(2)
// Nobody may wait for this process: it ends with the one that started it, or after a minute.
setTimeout(() => process.exit(3), 60_000).unref()
process.on('disconnect', () => process.exit(3))

const journal = await openSqliteJournal({ path, log: SILENT })
let seq = journal.lastSeq()

async function appendOne(): Promise<void> {
  const entries = Array.from({ length: Number(size) }, (_, index) => entry(seq + index + 1))
  const last = seq + entries.length
  try {
    await journal.append(batch({ entries, states: new Map([[agentId('jane'), String(last)]]) }))
    seq = last
    process.send?.({ appended: last })
    setImmediate(() => void appendOne())
  } catch (error) {
    process.send?.({ failed: last, words: error instanceof Error ? error.message : String(error) })
    // Goes on when told to.
    process.once('message', () => void appendOne())
  }
}
void appendOne()
