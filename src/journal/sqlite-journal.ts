// The journal in one SQLite file: a decision is durable when its `append` resolves, and all of a batch or nothing of it is there.
// Written by a thread of its own, so that nothing else waits for the disk; read here.

import { Worker } from 'node:worker_threads'
import type { JournalReader } from '../domain/journal.ts'
import type { Log } from '../domain/log.ts'
import { openForReading } from './file.ts'
import type { ForgettingHand } from './forgetting.ts'
import { checkSequence, type KeptJournal } from './kept-journal.ts'
import { readerOf } from './reader.ts'
import { rowsOf } from './rows.ts'
import type { WriterAnswer, WriterOrder } from './writer-thread.ts'

/** Sources run as they are; the published package has them built. */
const WRITER_THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './writer-thread.ts' : './writer-thread.js',
  import.meta.url,
)

/** Kept in a file: what decisions are asked for when the bridge does not run can be asked for here as well. */
export type FileJournal = KeptJournal & {
  history(): JournalReader
  /** One step of forgetting a person; see `forgetSomeone`. */
  readonly forget: ForgettingHand
}

/**
 * Rejects with an Error with one plain sentence where the file cannot be used. A damaged file is set aside, loudly, and a new one begun; when
 * that happens while it is open, `replaced` is called: what agents are in must be stored anew.
 */
export async function openSqliteJournal(deps: {
  readonly path: string
  readonly log: Log
  readonly replaced?: () => void
}): Promise<FileJournal> {
  const { path, log } = deps
  const writer = startWriter(path)
  const opened = await writer.opened
  if (opened.damage !== null) log.error({ code: 'journal_damaged', ...opened.damage }, DAMAGED)
  let reader = readerOf(openForReading(path))
  let last = reader.lastSeq()
  let closed: Promise<void> | null = null
  log.info({ code: 'journal_open', path, lastSeq: last }, 'The journal is open.')

  async function ordered(order: WriterOrder): Promise<Done> {
    const done = await writer.order(order)
    if (done.damage === null) return done
    log.error({ code: 'journal_damaged', ...done.damage }, DAMAGED)
    reader.close()
    reader = readerOf(openForReading(path))
    deps.replaced?.()
    return done
  }

  async function close(): Promise<void> {
    reader.close()
    await writer.order({ kind: 'close' })
  }

  return {
    lastSeq: () => last,
    states: () => reader.states(),
    mark: (key) => reader.mark(key),
    query: (filter) => reader.query(filter),
    history: () => reader,
    async append(batch) {
      if (closed !== null) throw new Error('The journal is closed.')
      checkSequence(batch, last)
      const before = last
      last = batch.entries.at(-1)?.seq ?? last
      try {
        await ordered({ kind: 'append', rows: rowsOf(batch) })
      } catch (error) {
        last = before
        throw error
      }
    },
    async prune(limits) {
      return (await ordered({ kind: 'prune', limits })).pruned
    },
    async forget(step) {
      return (await ordered({ kind: 'forget', step })).forgot
    },
    close: () => (closed ??= close()),
  }
}

const DAMAGED =
  'The journal was damaged; it was set aside and a new one begun. What people are in is read from the platforms'

/** For reports and the command line, also while a bridge is writing the same file. */
export function openJournalReader({ path }: { path: string }): JournalReader {
  return readerOf(openForReading(path))
}

type Done = Extract<WriterAnswer, { ok: true }>

function startWriter(path: string): { readonly opened: Promise<Done>; order(order: WriterOrder): Promise<Done> } {
  const thread = new Worker(WRITER_THREAD, { workerData: path })
  /** Answers come in the order of the orders. */
  const waiting: { resolve: (done: Done) => void; reject: (error: Error) => void }[] = []
  let over: string | null = null

  thread.on('message', (answer: WriterAnswer) => {
    const asked = waiting.shift()
    if (answer.ok) asked?.resolve(answer)
    else asked?.reject(new Error(answer.words))
  })
  const end = (words: string) => {
    over ??= words
    for (const { reject } of waiting.splice(0)) reject(new Error(over))
  }
  thread.on('error', (error) => end(`The journal could not be written: its thread ended (${String(error)}).`))
  thread.on('exit', () => end('The journal is closed.'))

  function answer(): Promise<Done> {
    return new Promise((resolve, reject) => {
      if (over !== null) reject(new Error(over))
      else waiting.push({ resolve, reject })
    })
  }

  return {
    opened: answer(),
    order(order) {
      if (over === null) thread.postMessage(order)
      return answer()
    },
  }
}
