// Where an agent stood before the first record, as far as later ones tell: a reading's work does not stand in the record, and a journal may begin
// in the middle of a shift.

import type { LogRecord } from '../domain/record.ts'
import { OFFLINE, otherSide, type Side } from '../domain/side.ts'
import { isOpen } from '../domain/work.ts'
import type { OpenItem } from './cause.ts'
import { isWorkState, reportKind } from './report-kind.ts'

/** What a side showed; where it was blocked, what it showed behind the block, so that the same block comes of it. */
export function statusBefore(records: readonly LogRecord[], side: Side): string {
  return behindBlock(records, side) ?? firstShown(records, side)
}

/** What the first record that speaks of the side says of it; of a side that none speaks of nothing follows. */
function firstShown(records: readonly LogRecord[], side: Side): string {
  for (const { event, decisions } of records) {
    if (event.kind === 'status' && event.side === side && event.from !== undefined) return event.from
    const decision = decisions.find((d) => d.side === side)
    if (decision !== undefined) return decision.from
  }
  return OFFLINE
}

/** What a block was released to that was there before; null: there was none, or something else was chosen meanwhile. */
function behindBlock(records: readonly LogRecord[], side: Side): string | null {
  for (const record of records) {
    const { event } = record
    if (event.kind === 'status' && event.side !== undefined && reportKind(record, event.side, null) === 'news')
      return null
    const decision = record.decisions.find((d) => d.side === side)
    if (decision?.reason === 'released') return decision.to
    if (decision?.reason === 'blocked' || decision?.reason === 'blocked_quiet') return null
  }
  return null
}

/** Of what came first after it. */
const GOES_ON: ReadonlySet<string> = new Set(['still_blocked', 'holding'])

/** Work of which the records tell how it goes on or ends, and not how it came. */
export function openBefore(records: readonly LogRecord[]): readonly OpenItem[] {
  const met = new Set<string>()
  const open: OpenItem[] = []
  for (const record of records) {
    const { side, item, channel = null, state } = record.event
    if (record.event.kind !== 'work' || side === undefined || item === undefined || !isWorkState(state)) continue
    const key = `${side} ${item}`
    if (met.has(key)) continue
    met.add(key)
    if (reportKind(record, side, null) !== 'news' || state === 'offered') continue
    const other = record.decisions.find((d) => d.side === otherSide(side))?.reason
    if (!isOpen(state) || (other !== undefined && GOES_ON.has(other))) open.push({ side, item, channel })
  }
  return open
}
