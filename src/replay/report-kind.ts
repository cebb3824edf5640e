// What a recorded report was: something that somebody did, or only the bridge's own doing told back, told again or told too late.

import type { LogRecord } from '../domain/record.ts'
import { OFFLINE, otherSide, type Side } from '../domain/side.ts'
import { END_STATES, OPEN_STATES, type WorkState } from '../domain/work.ts'

export type ReportKind = 'news' | 'echo' | 'repeat' | 'stale' | 'suspect'

const NO_NEWS: ReadonlySet<string> = new Set<ReportKind>(['echo', 'repeat', 'stale', 'suspect'])

/** `asked`: what the bridge has written on this side and not heard of yet. */
export function reportKind(record: LogRecord, side: Side, asked: string | null): ReportKind {
  const own = record.decisions.find((d) => d.side === side)
  if (own !== undefined && NO_NEWS.has(own.reason)) return own.reason as ReportKind
  if (record.event.kind !== 'status' || own?.reason !== 'blocked') return 'news'
  // What is written at once hides the reason. Every change is told about the other side too, but for a log-in.
  const isChange = record.event.from === OFFLINE || record.decisions.some((d) => d.side === otherSide(side))
  if (isChange) return 'news'
  if (record.event.from === record.event.to) return 'repeat'
  return record.event.to === asked ? 'echo' : 'news'
}

const STATES: ReadonlySet<string> = new Set([...OPEN_STATES, ...END_STATES])

export function isWorkState(state: string | undefined): state is WorkState {
  return state !== undefined && STATES.has(state)
}
