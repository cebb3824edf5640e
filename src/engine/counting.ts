// Which work items of one side count for the block of the other one (R11).

import type { Blocking, Ruleset } from '../domain/rules.ts'
import { otherSide, type Side } from '../domain/side.ts'
import type { AgentState, SideState, WorkItem } from './state.ts'

/** How many items of this side count for a block of the other one. */
export function countedItems(blocking: Blocking | null, side: Readonly<SideState>): number {
  if (blocking === null) return 0
  let count = 0
  for (const item of side.work) if (counts(blocking, item)) count += 1
  return count
}

/** Whether so many items count that the other side of theirs is to be blocked. */
export function isEnough(blocking: Blocking, worked: Readonly<SideState>): boolean {
  return countedItems(blocking, worked) >= blocking.minItems
}

/** The items that hold the block of `side`: they are open on the other one. */
export function holders(rules: Ruleset, side: Side, state: Pick<AgentState, Side>): readonly WorkItem[] {
  const blocking = rules.blocking[side]
  return blocking === null ? [] : state[otherSide(side)].work.filter((item) => counts(blocking, item))
}

/** The state first: most of what is remembered has ended. */
function counts(blocking: Blocking, { state, channel }: WorkItem): boolean {
  switch (state) {
    case 'offered':
      return blocking.from === 'offered' && isListed(blocking, channel)
    case 'accepted':
      return isListed(blocking, channel)
    case 'wrap_up':
      return blocking.wrapUp && isListed(blocking, channel)
    default:
      return false
  }
}

function isListed({ channels }: Blocking, channel: string | null): boolean {
  return channel === null || channels === null || channels.has(channel.toLowerCase())
}
