// R20: what a reading says that is not known yet, as reports. A reading that says nothing new gives none.

import type { Reading, Report } from '../domain/report.ts'
import type { Side } from '../domain/side.ts'
import { isOpen } from '../domain/work.ts'
import { unstick } from './own-writes.ts'
import { believable, isOlder, newest } from './stamp.ts'
import type { AgentState, WorkItem } from './state.ts'

/**
 * `begunAt`: when the reading began, ms since 1970 by the bridge's clock. Work that is known as open, was heard of before the reading began
 * and is not in it has ended: after the last that was said of it, so that this is known to be late should it be said again.
 */
export function reportsOf(state: AgentState, side: Side, reading: Reading, begunAt: number): readonly Report[] {
  const s = state[side]
  const reports: Report[] = []
  const pending = s.own.some((w) => w.phase === 'sent' && w.status === reading.status)
  if (reading.status !== s.observed || pending) {
    reports.push({ kind: 'status', status: reading.status, stamp: reading.stamp, by: 'unknown' })
  }
  if (reading.work === undefined) return reports
  const found = new Set<string>()
  for (const work of reading.work) {
    found.add(work.item)
    const known = s.work.find((w) => w.item === work.item)
    if (known?.state !== work.state || (work.channel !== null && known.channel !== work.channel)) {
      reports.push({ kind: 'work', ...work })
    }
  }
  for (const item of s.work) {
    if (!isOpen(item.state) || found.has(item.item) || item.heardAt >= begunAt) continue
    const stamp = { ...item.stamp, at: item.stamp.at + 1 }
    reports.push({ kind: 'work', item: item.item, channel: item.channel, state: 'closed', stamp })
  }
  return reports
}

/**
 * After what a reading says was decided: it is as new as it says where it only shows what is known, so that what was said between is known to
 * be late. The same object where nothing is newer.
 */
export function dated(state: AgentState, side: Side, reading: Reading, now: number): AgentState {
  const s = state[side]
  const { stamp, status } = believable(reading, now)
  const found = new Map((reading.work ?? []).map((w) => [w.item, w]))
  const redated = (item: WorkItem): WorkItem => {
    const read = found.get(item.item)
    if (read?.state !== item.state) return item
    const told = believable(read, now).stamp
    return isOlder(item.stamp, told) ? { ...item, stamp: newest(item.stamp, told) } : item
  }
  const work = s.work.map(redated)
  const isNewer = status === s.observed && isOlder(s.stamp, stamp)
  if (!isNewer && work.every((item, at) => item === s.work[at])) return state
  const after = { ...s, work, stamp: isNewer ? newest(s.stamp, stamp) : s.stamp }
  if (isNewer) unstick(after) // R23: what was refused there may be possible now, such as after a log-in that nobody heard of
  return { ...state, [side]: after }
}
