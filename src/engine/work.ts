// Work items and the blocks they make (R11, R12, R14). Work on one side blocks the other.

import { ENDED_WORK_MAX, OPEN_WORK_MAX } from '../domain/limits.ts'
import type { WorkReport } from '../domain/report.ts'
import type { Blocking } from '../domain/rules.ts'
import { otherSide, type Side } from '../domain/side.ts'
import { isOpen, type WorkState } from '../domain/work.ts'
import { isStale, newest } from './stamp.ts'
import type { Block, SideState, WorkItem } from './state.ts'
import { isAvailable, isLoggedIn, newTimer, say, type Turn } from './turn.ts'

/** `begunAt`: the report comes from a reading that began then, and is newer than all that was heard before. */
export function workReported(turn: Turn, side: Side, report: WorkReport, begunAt: number | null): void {
  const s = turn[side]
  const known = s.work.find((w) => w.item === report.item)
  const verdict = judge(known, report, begunAt)
  if (verdict !== 'news') {
    // A repeat may be newer than what it repeats, and the end of something never heard of may have overtaken its beginning:
    // remembered, so that what comes late is known to be late.
    if (verdict === 'repeat') remember(s, { ...report, state: known?.state ?? report.state }, known, turn.now)
    say(turn, side, verdict)
    return
  }
  const other = otherSide(side)
  const before = countedItems(turn.rules.blocking[other], s)
  remember(s, report, known, turn.now)
  const after = countedItems(turn.rules.blocking[other], s)
  if (after > before && overlaps(turn, side)) say(turn, side, 'overlap', s.block?.rule ?? null)
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

function remember(s: SideState, report: WorkReport, known: WorkItem | undefined, now: number): void {
  const item: WorkItem = {
    item: report.item,
    channel: report.channel ?? known?.channel ?? null,
    state: report.state,
    stamp: known === undefined ? report.stamp : newest(known.stamp, report.stamp),
    heardAt: now,
  }
  const others = s.work.filter((w) => w.item !== report.item)
  s.work = bounded([...others, item])
}

/** Open items are kept, of the ended ones the newest; an absurd number of open ones loses its oldest. */
function bounded(items: readonly WorkItem[]): readonly WorkItem[] {
  if (items.length <= ENDED_WORK_MAX) return items
  const open = items.filter((w) => isOpen(w.state)).slice(-OPEN_WORK_MAX)
  const ended = new Set(items.filter((w) => !isOpen(w.state)).slice(-ENDED_WORK_MAX))
  const kept = new Set(open)
  return items.filter((w) => kept.has(w) || ended.has(w))
}

/** How many items of this side count for a block of the other one. */
function countedItems(blocking: Blocking | null, side: Readonly<SideState>): number {
  if (blocking === null) return 0
  let count = 0
  for (const item of side.work) if (counts(blocking, item)) count += 1
  return count
}

function counts(blocking: Blocking, item: WorkItem): boolean {
  if (item.channel !== null && blocking.channels !== null && !blocking.channels.has(item.channel.toLowerCase()))
    return false
  switch (item.state) {
    case 'offered':
      return blocking.from === 'offered'
    case 'accepted':
      return true
    case 'wrap_up':
      return blocking.wrapUp
    default:
      return false
  }
}

/** R14: work arrived on a side whose own block should have kept it out but does not show. */
function overlaps(turn: Turn, side: Side): boolean {
  const s = turn[side]
  return s.block !== null && isAvailable(turn, side, s.observed)
}

/** Starts, keeps, holds or ends the block of a side after the work on the other side changed (R11, R12). */
function reviewBlock(turn: Turn, side: Side): void {
  const s = turn[side]
  const blocking = turn.rules.blocking[side]
  const enough = blocking !== null && countedItems(blocking, turn[otherSide(side)]) >= blocking.minItems
  if (s.block === null) {
    if (enough) startBlock(turn, side, blocking)
    else say(turn, side, 'not_counted')
  } else if (enough || s.block.phase === 'holding') {
    if (enough && s.block.phase === 'holding') s.block = { ...s.block, phase: 'standing', release: null }
    say(turn, side, 'still_blocked', s.block.rule)
  } else {
    letGo(turn, side, s.block, blocking?.releaseAfterMs ?? 0)
  }
}

function startBlock(turn: Turn, side: Side, blocking: Blocking): void {
  const s = turn[side]
  s.block = {
    phase: 'standing',
    status: blocking.status,
    rule: blocking.rule,
    since: turn.now,
    reasserts: 0,
    release: null,
  }
  const shows = isLoggedIn(s) && isAvailable(turn, side, s.base)
  say(turn, side, shows ? 'blocked' : 'blocked_quiet', blocking.rule)
}

/** R12: too few items count now. */
function letGo(turn: Turn, side: Side, block: Block, releaseAfterMs: number): void {
  const s = turn[side]
  if (block.phase === 'gave_way' || releaseAfterMs === 0) {
    s.block = null
    say(turn, side, 'released', block.rule)
    return
  }
  s.block = { ...block, phase: 'holding', release: newTimer(turn, releaseAfterMs) }
  say(turn, side, 'holding', block.rule)
}

/** R26: counts anew by the rules that are in force now. A block keeps its status, unless that has become available. */
export function recountBlock(turn: Turn, side: Side): void {
  const s = turn[side]
  if (s.block !== null && isAvailable(turn, side, s.block.status)) {
    s.block = { ...s.block, status: turn.rules.blocking[side]?.status ?? s.block.status }
  }
  const blocking = turn.rules.blocking[side]
  const enough = blocking !== null && countedItems(blocking, turn[otherSide(side)]) >= blocking.minItems
  if (s.block === null && enough) startBlock(turn, side, blocking)
  else if (s.block !== null && !enough && s.block.phase !== 'holding')
    letGo(turn, side, s.block, blocking?.releaseAfterMs ?? 0)
}
