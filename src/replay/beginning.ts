// Where an agent stood before the first record, as far as later ones tell: a reading's work does not stand in the record, and a journal may begin
// in the middle of a shift.

import type { LogRecord } from '../domain/record.ts'
import { OFFLINE, otherSide, type Side } from '../domain/side.ts'
import { isOpen, type OpenState, type WorkState } from '../domain/work.ts'
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

/** Work of which the records tell how it goes on or ends, and not how it came. */
export function openBefore(records: readonly LogRecord[]): readonly OpenItem[] {
  const met = new Set<string>()
  const known = { crm: new Set<string>(), telephony: new Set<string>() }
  const open: OpenItem[] = []
  for (const record of records) {
    const { kind, side, item, channel = null, state: now } = record.event
    if (kind !== 'work' || side === undefined || item === undefined || !isWorkState(now)) continue
    const key = `${side} ${item}`
    const state = met.has(key) ? null : stateBefore(record, { side, now, isAlone: known[side].size === 0 })
    met.add(key)
    if (isOpen(now)) known[side].add(item)
    else known[side].delete(item)
    if (state !== null) open.push({ side, item, channel, state })
  }
  return open
}

/** Of an item, before the first that is told of it; null: it was not there. */
function stateBefore(
  record: LogRecord,
  { side, now, isAlone }: { readonly side: Side; readonly now: WorkState; readonly isAlone: boolean },
): OpenState | null {
  const kind = reportKind(record, side, null)
  if (kind === 'repeat') return isOpen(now) ? now : null
  if (kind !== 'news' || now === 'offered') return null
  const other = record.decisions.find((d) => d.side === otherSide(side))?.reason
  // What goes on while no other item is known held the block itself.
  if (isOpen(now)) return isAlone && (other === 'still_blocked' || other === 'holding') ? 'accepted' : null
  return other === 'not_counted' ? 'offered' : 'accepted' // what counted while it was open was most likely in hand
}
