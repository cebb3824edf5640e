// How all agents stand at one moment: counted when somebody asks for it, in one walk, so that no event pays for it.

import { STUCK_BLOCK_MS } from '../domain/limits.ts'
import { EXPOSURE_CAUSES } from '../domain/record.ts'
import { OFFLINE, SIDES, type Side } from '../domain/side.ts'
import { isOpen } from '../domain/work.ts'
import type { AgentState, OwnWrite } from '../engine/state.ts'
import { target } from '../engine/target.ts'
import { isBlocked, liveWrite } from '../engine/turn.ts'
import type { AgentFigures } from '../ops/metrics.ts'
import {
  DRIFT_CAUSES,
  type DriftCause,
  HELD_BY,
  type HeldBy,
  LOGGED_IN,
  type LoggedIn,
} from '../ops/metrics-catalogue.ts'
import type { AgentEntry } from './agents.ts'
import { exposuresOf, whyNotWritten } from './exposure.ts'

/** A write takes a moment, and one that a platform ignores is read back after `confirm_within`, 10 s by default: what is longer is drift. */
export const DRIFT_AFTER_MS = 15_000

type Counting = {
  -readonly [K in keyof AgentFigures['sides']['crm']]: AgentFigures['sides']['crm'][K] extends Readonly<
    Record<infer C extends string, number>
  >
    ? Record<C, number>
    : AgentFigures['sides']['crm'][K]
}

/** `shadow`: of the whole bridge. */
export function agentFigures(
  entries: readonly AgentEntry[],
  args: { readonly now: number; readonly shadow: boolean },
): AgentFigures {
  const loggedIn = zeros(LOGGED_IN)
  const held = zeros(HELD_BY)
  const sides = { crm: newCounting(), telephony: newCounting() }
  for (const entry of entries) {
    loggedIn[whereLoggedIn(entry.state)] += 1
    const by = heldBy(entry, args.shadow)
    if (by !== null) held[by] += 1
    for (const side of SIDES) countSide(sides[side], { entry, side, by, now: args.now })
    for (const { side, cause } of exposuresOf(entry, args.shadow)) sides[side].exposed[cause] += 1
  }
  return { agents: entries.length, loggedIn, held, sides }
}

function countSide(
  counting: Counting,
  args: { readonly entry: AgentEntry; readonly side: Side; readonly by: HeldBy | null; readonly now: number },
): void {
  const { entry, side, now } = args
  const s = entry.state[side]
  if (entry.rules.available[side].has(s.observed)) counting.available += 1
  if (s.work.some(({ state }) => isOpen(state))) counting.working += 1
  if (s.block !== null && isBlocked(s)) {
    const { since } = s.block
    counting.blocked += 1
    if (since <= now - STUCK_BLOCK_MS) counting.stuck += 1
    counting.oldestBlock = Math.min(counting.oldestBlock ?? since, since)
  }
  const cause = driftOf(args)
  if (cause !== null) counting.drifting[cause] += 1
}

function whereLoggedIn({ crm, telephony }: AgentState): LoggedIn {
  if (crm.observed === OFFLINE) return telephony.observed === OFFLINE ? 'none' : 'telephony'
  return telephony.observed === OFFLINE ? 'crm' : 'both'
}

function heldBy({ faulty, paused, rules, state }: AgentEntry, shadow: boolean): HeldBy | null {
  if (faulty) return 'broken_promise'
  if (paused !== null) return 'paused'
  if (shadow || rules.mode === 'shadow') return 'shadow'
  return state.frozen === null ? null : 'frozen'
}

/** Null: the side shows its target, or is on its way there, or nobody is logged in there and the bridge logs nobody in. */
function driftOf(args: {
  readonly entry: AgentEntry
  readonly side: Side
  readonly by: HeldBy | null
  readonly now: number
}): DriftCause | null {
  const { entry, side, by, now } = args
  const s = entry.state[side]
  const wanted = target(entry.rules, side, s)
  if (s.observed === wanted || s.observed === OFFLINE || !entry.started) return null
  if (by !== null) return by === 'broken_promise' ? 'paused' : by
  return whyNotWritten(s) ?? driftOfWrite(liveWrite(s), { now, decidedAt: entry.decidedAt ?? 0 })
}

/** A state changes with a decision only: what differs does so since the last one, or since the write that it led to. */
function driftOfWrite(
  write: OwnWrite | null,
  { now, decidedAt }: { now: number; decidedAt: number },
): DriftCause | null {
  if (now - Math.min(decidedAt, write?.at ?? now) < DRIFT_AFTER_MS) return null
  if (write === null) return 'unexplained'
  return write.taken ? 'not_confirmed' : 'not_taken'
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>
}

function newCounting(): Counting {
  return {
    available: 0,
    working: 0,
    blocked: 0,
    stuck: 0,
    oldestBlock: null,
    drifting: zeros(DRIFT_CAUSES),
    exposed: zeros(EXPOSURE_CAUSES),
  }
}
