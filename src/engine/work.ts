// Reports of work items: what they say that is new (R16), what is remembered of it, and whose block is looked at because of it (R11, R14).

import { ENDED_WORK_MAX, OPEN_WORK_MAX } from '../domain/limits.ts'
import type { WorkReport } from '../domain/report.ts'
import { otherSide, type Side } from '../domain/side.ts'
import { isOpen, type WorkState } from '../domain/work.ts'
import { reviewBlock } from './block.ts'
import { countedItems } from './counting.ts'
import { arrived, endOverlaps } from './overlap.ts'
import { isStale, newest } from './stamp.ts'
import type { SideState, WorkItem } from './state.ts'
import { say, type Turn } from './turn.ts'

/** `begunAt`: the report comes from a reading that began then, and is newer than all that was heard before. */
export function workReported(turn: Turn, side: Side, report: WorkReport, begunAt: number | null): void {
  const s = turn[side]
  const known = s.work.find((w) => w.item === report.item)
  const verdict = known === undefined ? judgeUnknown(s, report, begunAt) : judge(known, report, begunAt)
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

type Judgement = 'news' | 'repeat' | 'stale'

/** The end of something never heard of is nothing new. What a reading finds open is open. */
function judgeUnknown(s: Readonly<SideState>, report: WorkReport, begunAt: number | null): Judgement {
  if (!isOpen(report.state)) return 'repeat'
  return begunAt === null && report.stamp.at <= s.forgottenAt ? 'stale' : 'news'
}

/** R16 for work: by item. */
function judge(known: WorkItem, report: WorkReport, begunAt: number | null): Judgement {
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
    heardAt: Math.max(known?.heardAt ?? turn.heardAt, turn.heardAt),
  }
  const others = s.work.filter((w) => w.item !== report.item)
  const items = [...others, item]
  s.work = bounded(items)
  if (s.work !== items) s.forgottenAt = forgottenAt(s, items)
  endOverlaps(turn)
}

/** Open items are kept, of the ended ones the newest; an absurd number of open ones loses its oldest. */
export function bounded(items: readonly WorkItem[]): readonly WorkItem[] {
  const open = items.reduce((count, w) => (isOpen(w.state) ? count + 1 : count), 0)
  let spareOpen = open - OPEN_WORK_MAX
  let spareEnded = items.length - open - ENDED_WORK_MAX
  if (spareOpen <= 0 && spareEnded <= 0) return items
  return items.filter((w) => (isOpen(w.state) ? spareOpen-- : spareEnded--) <= 0)
}

/** Of the ended items that go, the newest time stays: an unknown item from before it is one of those and no new one. */
function forgottenAt(s: Readonly<SideState>, items: readonly WorkItem[]): number {
  let at = s.forgottenAt
  for (const w of items) if (!isOpen(w.state) && !s.work.includes(w)) at = Math.max(at, w.stamp.at)
  return at
}
