// Reports of work items: what they say that is new (R16), what is remembered of it, and whose block is looked at because of it (R11, R14).

import { ENDED_WORK_MAX, OPEN_WORK_MAX } from '../domain/limits.ts'
import type { WorkReport } from '../domain/report.ts'
import { otherSide, type Side } from '../domain/side.ts'
import { isOpen, type WorkState } from '../domain/work.ts'
import { reviewBlock } from './block.ts'
import { countedItems } from './counting.ts'
import { arrived, endOverlaps } from './overlap.ts'
import { isStale, newest } from './stamp.ts'
import type { WorkItem } from './state.ts'
import { say, type Turn } from './turn.ts'

/** `begunAt`: the report comes from a reading that began then, and is newer than all that was heard before. */
export function workReported(turn: Turn, side: Side, report: WorkReport, begunAt: number | null): void {
  const s = turn[side]
  const known = s.work.find((w) => w.item === report.item)
  const verdict = judge(known, report, begunAt)
  if (verdict !== 'news') {
    // A repeat may be newer than what it repeats, and the end of something never heard of may have overtaken its beginning:
    // remembered, so that what comes late is known to be late.
    if (verdict === 'repeat') remember(turn, side, { ...report, state: known?.state ?? report.state }, known)
    say(turn, side, verdict)
    return
  }
  const other = otherSide(side)
  const before = countedItems(turn.rules.blocking[other], s)
  remember(turn, side, report, known)
  const after = countedItems(turn.rules.blocking[other], s)
  if (after > before) arrived(turn, side, report.item)
  reviewBlock(turn, other)
}

/** R16 for work: by item. The end of something never heard of is nothing new. */
function judge(known: WorkItem | undefined, report: WorkReport, begunAt: number | null): 'news' | 'repeat' | 'stale' {
  if (known === undefined) return isOpen(report.state) ? 'news' : 'repeat'
  const channel = report.channel ?? known.channel
  if (known.channel === channel && sameState(known.state, report.state)) return 'repeat'
  const newer = begunAt !== null && known.heardAt < begunAt
  return !newer && isStale(report.stamp, known.stamp) ? 'stale' : 'news'
}

/** However work ended, it ended: a second end is nothing new. */
function sameState(a: WorkState, b: WorkState): boolean {
  return a === b || (!isOpen(a) && !isOpen(b))
}

function remember(turn: Turn, side: Side, report: WorkReport, known: WorkItem | undefined): void {
  const s = turn[side]
  const item: WorkItem = {
    item: report.item,
    channel: report.channel ?? known?.channel ?? null,
    state: report.state,
    stamp: known === undefined ? report.stamp : newest(known.stamp, report.stamp),
    heardAt: turn.now,
  }
  const others = s.work.filter((w) => w.item !== report.item)
  s.work = bounded([...others, item])
  endOverlaps(turn)
}

/** Open items are kept, of the ended ones the newest; an absurd number of open ones loses its oldest. */
export function bounded(items: readonly WorkItem[]): readonly WorkItem[] {
  if (items.length <= ENDED_WORK_MAX) return items
  const open = items.filter((w) => isOpen(w.state)).slice(-OPEN_WORK_MAX)
  const ended = new Set(items.filter((w) => !isOpen(w.state)).slice(-ENDED_WORK_MAX))
  const kept = new Set(open)
  return items.filter((w) => kept.has(w) || ended.has(w))
}
