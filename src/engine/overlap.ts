// R14: work on both sides at once although the side where it arrived was blocked. Remembered from the arrival until the first of the two ends.

import { OVERLAP_ITEMS_MAX, OVERLAPS_MAX } from '../domain/limits.ts'
import { otherSide, SIDES, type Side } from '../domain/side.ts'
import { isOpen } from '../domain/work.ts'
import { holders } from './counting.ts'
import { NONE, type Overlap, type SideState } from './state.ts'
import { isAvailable, type OverlapEnd, say, type Turn } from './turn.ts'

/** A counted item arrived on this side: it overlaps where the side's own block should have kept it out but does not show. */
export function arrived(turn: Turn, side: Side, item: string): void {
  const s = turn[side]
  if (s.block === null || !isAvailable(turn, side, s.observed)) return
  say(turn, side, 'overlap', s.block.rule)
  const beside = holders(turn.rules, side, turn).slice(-OVERLAP_ITEMS_MAX)
  if (beside.length === 0 || s.overlaps.some((o) => o.item === item)) return // in release_after there is no second item
  const overlap: Overlap = { item, beside: beside.map((w) => w.item), since: turn.now }
  s.overlaps = [...s.overlaps, overlap].slice(-OVERLAPS_MAX)
}

/** After any report of work. That report has a verdict of its own, so what is found here is always recorded. */
export function endOverlaps(turn: Turn): void {
  if (turn.crm.overlaps.length === 0 && turn.telephony.overlaps.length === 0) return
  for (const side of SIDES) {
    const s = turn[side]
    if (s.overlaps.length === 0) continue
    const lasting = s.overlaps.filter((o) => lasts(o, s, turn[otherSide(side)]))
    if (lasting.length === s.overlaps.length) continue
    const over = s.overlaps.filter((o) => !lasting.includes(o))
    turn.overlaps = [...turn.overlaps, ...over.map((o) => endOf(turn, side, o))]
    s.overlaps = lasting.length === 0 ? NONE : lasting
  }
}

function lasts({ item, beside }: Overlap, own: Readonly<SideState>, other: Readonly<SideState>): boolean {
  return isOpenOn(own, item) && beside.some((b) => isOpenOn(other, b))
}

function isOpenOn(side: Readonly<SideState>, item: string): boolean {
  return side.work.some((w) => w.item === item && isOpen(w.state))
}

function endOf(turn: Turn, side: Side, { item, since }: Overlap): OverlapEnd {
  return { side, item, from: since, ms: Math.max(0, turn.now - since) }
}
