// What is older than the journal has to keep goes, a slice at a time, with other work in between.

import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { KeptJournal } from '../journal/kept-journal.ts'

const EVERY_MS = 3_600_000
const ROWS = 5_000
/** Between two slices: other work comes first. */
const PAUSE_MS = 1_000

/** Goes on until the signal is aborted. */
export function keepWithin(deps: {
  readonly journal: KeptJournal
  readonly keepMs: number
  readonly maxBytes: number
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}): void {
  const { journal, keepMs, maxBytes, clock, log, signal } = deps

  async function slice(): Promise<void> {
    let more = false
    try {
      more = (await journal.prune({ olderThanMs: clock.now() - keepMs, maxBytes, maxRows: ROWS })) === ROWS
    } catch (error) {
      log.warn({ code: 'prune_failed', why: String(error) }, 'Old decisions could not be removed')
    }
    plan(more ? PAUSE_MS : EVERY_MS)
  }

  function plan(afterMs: number): void {
    if (signal.aborted) return
    const cancel = clock.after(afterMs, () => {
      signal.removeEventListener('abort', cancel)
      void slice()
    })
    signal.addEventListener('abort', cancel, { once: true })
  }

  plan(PAUSE_MS)
}
