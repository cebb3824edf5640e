// What can wait in the inbox, and what is decided when its turn comes.

import type { Clock } from '../domain/clock.ts'
import type { Reading } from '../domain/report.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import type { Input } from '../engine/input.ts'
import { dated, reportsOf } from '../engine/reading.ts'
import type { AgentState } from '../engine/state.ts'
import type { AgentEntry } from './agents.ts'
import type { Decider } from './decider.ts'
import { planWake } from './wakes.ts'

/** One side of one agent as it was read, and when the reading began. */
type Taken = { readonly reading: Reading; readonly begunAt: number }

export type Item = { readonly entry: AgentEntry } & (
  | { readonly kind: 'input'; readonly input: Input; readonly what: string | null }
  /** R20 */
  | { readonly kind: 'reading'; readonly side: Side; readonly taken: Taken }
  /** R21: somebody of whom something was stored, as both sides are now. */
  | { readonly kind: 'resume'; readonly taken: BySide<Taken> }
  /** Due timers fire before and after everything else about an agent; this is for when there is nothing else. */
  | { readonly kind: 'wake' }
)

export function createTake(deps: {
  readonly clock: Clock
  readonly decider: Decider
  /** The agent has a timer that is due. */
  readonly wake: (entry: AgentEntry) => void
}): (item: Item) => void {
  const { clock } = deps
  const { decide, fireTimers } = deps.decider

  function read(entry: AgentEntry, side: Side, { reading, begunAt }: Taken): void {
    for (const report of reportsOf(entry.state, side, reading, begunAt))
      decide(entry, { kind: 'report', side, report, begunAt }, null)
    entry.state = dated(entry.state, side, reading, clock.now())
  }

  function resume(entry: AgentEntry, taken: BySide<Taken>): void {
    for (const side of inOrder(entry.state, taken)) read(entry, side, taken[side])
    decide(entry, { kind: 'compare', side: null, sentBefore: clock.now(), taken: 'lost' }, null)
  }

  return (item) => {
    const { entry } = item
    // What fell due while the bridge was down fires after what has happened meanwhile is known (R21).
    if (item.kind !== 'resume') fireTimers(entry)
    if (item.kind === 'input') decide(entry, item.input, item.what)
    else if (item.kind === 'reading') read(entry, item.side, item.taken)
    else if (item.kind === 'resume') resume(entry, item.taken)
    fireTimers(entry)
    planWake(entry, clock, () => deps.wake(entry))
  }
}

/** What only shows an own write of before goes first, so that what follows is decided about what is shown now; else by the platforms' times. */
function inOrder(state: AgentState, taken: BySide<Taken>): readonly Side[] {
  const isEcho = (side: Side) => state[side].own.some((write) => write.status === taken[side].reading.status)
  const when = (side: Side) => (isEcho(side) ? 0 : taken[side].reading.stamp.at)
  return [...SIDES].sort((a, b) => when(a) - when(b))
}
