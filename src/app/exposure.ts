// Whether work could reach an agent on one side while they handle work on the other, why, and for how long: what all blocking is about, measured.

import type { Clock } from '../domain/clock.ts'
import type { ExposureCause, ExposureRecord } from '../domain/record.ts'
import type { Blocking } from '../domain/rules.ts'
import { otherSide, SIDES, type Side } from '../domain/side.ts'
import { isEnough } from '../engine/counting.ts'
import { NONE, type SideState } from '../engine/state.ts'
import { liveWrite } from '../engine/turn.ts'
import type { AgentEntry } from './agents.ts'

/** `shadow`: of the whole bridge. */
export function exposuresOf(entry: AgentEntry, shadow: boolean): readonly ExposureRecord[] {
  let found: ExposureRecord[] | null = null
  for (const side of SIDES) {
    const cause = causeOn(entry, side, shadow || entry.rules.mode === 'shadow')
    if (cause === null) continue
    found ??= []
    found.push({ side, cause })
  }
  return found ?? NONE
}

function causeOn({ state, rules, paused }: AgentEntry, side: Side, shadow: boolean): ExposureCause | null {
  const s = state[side]
  if (!rules.available[side].has(s.observed)) return null
  const blocking = rules.blocking[side]
  if (!isWorking(blocking, state[otherSide(side)])) return null
  if (blocking === null) return 'not_blocked'
  if (s.block?.phase === 'gave_way') return 'gave_way'
  if (paused !== null) return 'paused'
  if (shadow) return 'shadow'
  if (state.frozen !== null) return 'frozen'
  return causeOfWrite(s)
}

function causeOfWrite(s: Readonly<SideState>): ExposureCause {
  return whyNotWritten(s) ?? (liveWrite(s)?.phase === 'turned_away' ? 'not_taken' : 'under_way')
}

/** Null: nothing keeps what is wanted from being written. */
export function whyNotWritten({ stuck }: Readonly<SideState>): 'refused' | 'failed' | 'ignored' | null {
  switch (stuck?.kind) {
    case 'refused':
    case 'failed':
      return stuck.kind
    case 'unconfirmed':
    case 'retrying':
      return 'ignored'
    case undefined:
      return null
  }
}

/** By the rules for blocks; where there are none, by what anybody calls work. */
function isWorking(blocking: Blocking | null, worked: Readonly<SideState>): boolean {
  if (blocking !== null) return isEnough(blocking, worked)
  return worked.work.some(({ state }) => state === 'accepted' || state === 'wrap_up')
}

export type ExposureWatch = {
  /** After a step. What stands in its record: undefined where there is nothing to tell. */
  look(entry: AgentEntry): readonly ExposureRecord[] | undefined
  /** Tells the time of what goes on, up to now. */
  tick(): void
}

export function createExposureWatch(deps: {
  readonly clock: Pick<Clock, 'now'>
  readonly shadow: boolean
  /** So much longer; may be told in pieces. */
  readonly told: (exposed: ExposureRecord & { readonly ms: number }) => void
}): ExposureWatch {
  const { clock } = deps
  const exposed = new Map<AgentEntry, { readonly list: readonly ExposureRecord[]; since: number }>()

  function tell(known: { readonly list: readonly ExposureRecord[]; since: number }): void {
    const now = clock.now()
    for (const exposure of known.list) deps.told({ ...exposure, ms: Math.max(0, now - known.since) })
    known.since = now
  }

  return {
    look(entry) {
      const list = exposuresOf(entry, deps.shadow)
      const before = exposed.get(entry)
      if (before === undefined && list.length === 0) return undefined
      if (before !== undefined) tell(before)
      if (list.length === 0) exposed.delete(entry)
      else exposed.set(entry, { list, since: clock.now() })
      return list
    },
    tick() {
      for (const known of exposed.values()) tell(known)
    },
  }
}
