// What may happen to an agent who is at rest: the next change, work, a timer, or two changes at once.

import type { Ruleset } from '../../domain/rules.ts'
import { otherSide, SIDES, type Side, type StatusId } from '../../domain/side.ts'
import { isOpen, type OpenState, type WorkState } from '../../domain/work.ts'
import type { Verdict } from '../../engine/conclude.ts'
import type { AgentState, Timer } from '../../engine/state.ts'
import { beginRun, happen, hear, type Run, settle } from './run.ts'

export type StatusMove = {
  readonly kind: 'status'
  readonly side: Side
  readonly status: StatusId
}
export type WorkMove = {
  readonly kind: 'work'
  readonly side: Side
  /** `channel` null: not known (yet). */
  readonly news: readonly { readonly item: string; readonly channel: string | null; readonly state: WorkState }[]
}
export type TimerMove = { readonly kind: 'timer'; readonly side: Side; readonly timer: 'release' | 'transition' }
/** `before`: both are heard before any write goes out; `after`: the second one when the writes of the first have landed. */
export type PairMove = {
  readonly kind: 'pair'
  readonly first: StatusMove
  readonly second: StatusMove
  readonly heard: 'before' | 'after'
}
export type Move = StatusMove | WorkMove | TimerMove | PairMove

/** The time of every exploration, ms: later than the stamps of what was there before, and never told. */
export const NOW = 1_000_000_000
/** Not reached. */
const NEVER = 2 * NOW

/** How a move that begins at rest ends. */
export type Played = {
  readonly state: AgentState
  readonly chases: boolean
  /** What the last event's decisions said. */
  readonly verdicts: readonly Verdict[]
}

export function play(rules: Ruleset, state: AgentState, move: Move): Played {
  const run = beginRun(rules, move.kind === 'timer' ? fallenDue(state, move) : state, NOW)
  const rests = perform(run, move)
  return { state: run.state, chases: !rests, verdicts: run.verdicts }
}

/** At the time that the run has got to. False: the bridge chases itself. */
export function perform(run: Run, move: Move): boolean {
  switch (move.kind) {
    case 'status':
      report(run, move)
      return settle(run)
    case 'work':
      return move.news.every(({ item, channel, state }) => {
        hear(run, move.side, { kind: 'work', item, channel, state, stamp: { at: run.now } })
        return settle(run)
      })
    case 'timer':
      happen(run, { kind: 'timer' })
      return settle(run)
    case 'pair':
      report(run, move.first)
      if (move.heard === 'after' && !settle(run)) return false
      report(run, move.second)
      return settle(run)
  }
}

function report(run: Run, { side, status }: StatusMove): void {
  hear(run, side, { kind: 'status', status, stamp: { at: run.now }, by: 'agent' })
}

/** A channel that counts; null where all do, also one that is not known yet. */
function channelOf(rules: Ruleset, side: Side): string | null {
  const [first] = rules.blocking[otherSide(side)]?.channels ?? []
  return first ?? null
}

export function timerOf(state: AgentState, { side, timer }: Pick<TimerMove, 'side' | 'timer'>): Timer | null {
  return timer === 'release' ? (state[side].block?.release ?? null) : state[side].transition
}

/** Only this timer is due; at rest the others are not (see `canonical`). */
function fallenDue(state: AgentState, { side, timer }: TimerMove): AgentState {
  const s = state[side]
  if (timer === 'transition')
    return { ...state, [side]: { ...s, transition: s.transition && { ...s.transition, due: NOW } } }
  const block = s.block?.release ? { ...s.block, release: { ...s.block.release, due: NOW } } : s.block
  return { ...state, [side]: { ...s, block } }
}

export function notDue<T extends Timer>(timer: T): T {
  return { ...timer, due: NEVER, order: 0 }
}

/** Timers and work: what may happen next without anybody choosing a status. */
export function unchosen(rules: Ruleset, state: AgentState): readonly (WorkMove | TimerMove)[] {
  return SIDES.flatMap((side) => [...timersOf(state, side), ...workOf(rules, state, side)])
}

export function timersOf(state: AgentState, side: Side): readonly TimerMove[] {
  const timers = ['release', 'transition'] as const
  return timers.flatMap((timer) => (timerOf(state, { side, timer }) ? [{ kind: 'timer', side, timer } as const] : []))
}

/**
 * Items are counted, not told apart, so all but the last of `min_items` come and stay; the last one lives through every state that a rule
 * may tell from the one before. Work that blocks nothing is left out.
 */
function workOf(rules: Ruleset, state: AgentState, side: Side): readonly WorkMove[] {
  const blocking = rules.blocking[otherSide(side)]
  if (blocking === null) return []
  const states: readonly WorkState[] = lifeOf(blocking)
  const open = state[side].work.filter((work) => isOpen(work.state))
  const last = `w${blocking.minItems}`
  const now = open.find(({ item }) => item === last)?.state
  const missing =
    open.length > 0 ? [] : Array.from({ length: blocking.minItems - 1 }, (_none, index) => `w${index + 1}`)
  const channel = channelOf(rules, side)
  const others = missing.map((item) => ({ item, channel, state: 'accepted' as const }))
  const to = (next: WorkState): WorkMove => ({
    kind: 'work',
    side,
    news: [...others, { item: last, channel, state: next }],
  })
  if (now === undefined) return states.map(to)
  return [...states.slice(states.indexOf(now) + 1).map(to), to('closed')]
}

export function lifeOf({ from, wrapUp }: NonNullable<Ruleset['blocking'][Side]>): readonly OpenState[] {
  const begins: readonly OpenState[] = from === 'offered' ? ['offered'] : ['offered', 'accepted']
  return wrapUp ? begins : [...begins, 'wrap_up']
}
