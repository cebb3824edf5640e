// The writes that the bridge asked for and whose echo may still come (R16).

import { OWN_WRITES_MAX } from '../domain/limits.ts'
import type { Stamp } from '../domain/report.ts'
import type { Side, StatusId } from '../domain/side.ts'
import { isOlder } from './stamp.ts'
import { NONE, type OwnWrite, type SideState } from './state.ts'
import type { Turn } from './turn.ts'

/** What was not sent is forgotten; what was sent stays until its echo or `confirm_within`. */
export function supersede(turn: Turn, side: Side): void {
  const s = turn[side]
  if (s.own.length === 0) return
  const sent = s.own.filter((w) => w.phase === 'sent')
  s.own = sent.length === 0 ? NONE : sent.map((w) => (w.superseded ? w : { ...w, superseded: true }))
}

export function without(own: SideState['own'], write: OwnWrite): SideState['own'] {
  return own.length === 1 && own[0] === write ? NONE : own.filter((w) => w !== write)
}

/** Forgets superseded writes whose echo is not expected any more. */
export function expire(turn: Turn, side: Side): void {
  const s = turn[side]
  if (s.own.length === 0) return
  const oldest = turn.now - turn.rules.confirmWithinMs
  if (s.own.some((w) => w.superseded && w.at < oldest)) s.own = s.own.filter((w) => !w.superseded || w.at >= oldest)
}

/**
 * Takes out the write that the report confirms, the oldest one first; null: the report is no echo.
 * A report older than what was known when a write was decided cannot be its echo, unless it comes from a reading (`stamp` null).
 */
export function confirm(turn: Turn, side: Side, status: StatusId, stamp: Stamp | null): OwnWrite | null {
  const s = turn[side]
  if (s.own.length === 0) return null
  const write = s.own.find(
    (w) => w.phase === 'sent' && w.status === status && (stamp === null || !isOlder(stamp, w.seen)),
  )
  if (write === undefined) return null
  s.own = without(s.own, write)
  if (s.ignored?.status === status) unstick(s)
  return write
}

/**
 * The side shows what the live write asked for and nothing else is under way, so the write is no longer waited for. Its own echo may still come
 * (two writes of one status, reported in the wrong order), so it is remembered like a superseded one.
 */
export function satisfy(turn: Turn, side: Side): void {
  const s = turn[side]
  const live = s.own.at(-1)
  if (live === undefined || live.superseded || live.phase !== 'sent') return
  if (live.status === s.observed && s.own.every((w) => w.status === live.status)) supersede(turn, side)
}

/** Forgets why a status was not written: something has changed. */
export function unstick(s: SideState): void {
  s.stuck = null
  s.ignored = null
  s.retry = null
}

/** Registers a write as wanted from now on. */
export function ask(turn: Turn, side: Side, write: { seq: number; status: StatusId; withheld: boolean }): void {
  const s = turn[side]
  supersede(turn, side)
  const own: OwnWrite = {
    seq: write.seq,
    status: write.status,
    at: turn.now,
    phase: write.withheld ? 'withheld' : 'queued',
    taken: false,
    superseded: false,
    seen: s.stamp,
  }
  s.own = s.own.length === 0 ? [own] : [...s.own, own].slice(-OWN_WRITES_MAX)
}
