// R21: somebody seen for the first time. The pair is taken as it is, or one side follows the other at once.

import type { Reading, WorkReading } from '../domain/report.ts'
import { type BySide, otherSide, SIDES, type Side } from '../domain/side.ts'
import { recountBlock } from './block.ts'
import { follow } from './follow.ts'
import { believable } from './stamp.ts'
import { NONE, type WorkItem } from './state.ts'
import { isLoggedIn, say, setBase, setFollowed, type Turn } from './turn.ts'
import { bounded } from './work.ts'

export function start(turn: Turn, readings: BySide<Reading>): void {
  for (const side of SIDES) {
    const { status, stamp, work } = believable(readings[side], turn.now)
    const s = turn[side]
    s.observed = status
    s.stamp = stamp
    s.heardAt = turn.now
    s.work = itemsOf(work ?? [], turn.now)
    s.overlaps = NONE
    setBase(turn, side, status, { reason: 'adopted', rule: null })
    say(turn, side, 'adopted')
  }
  if (turn.rules.startup !== 'adopt') lead(turn, turn.rules.startup)
  for (const side of SIDES) recountBlock(turn, side) // open work blocks in every case
}

/** Each item once, whatever a platform lists. */
function itemsOf(work: readonly WorkReading[], now: number): readonly WorkItem[] {
  if (work.length === 0) return NONE
  const items = new Map(work.map((w) => [w.item, { ...believable(w, now), heardAt: now }]))
  return bounded([...items.values()])
}

function lead(turn: Turn, side: Side): void {
  const other = otherSide(side)
  const question = { lead: side, from: null, to: turn[side].base, base: turn[other].base }
  const answer = follow(turn.rules, { ...question, loggedIn: isLoggedIn(turn[other]) })
  if (answer.kind === 'set') setFollowed(turn, other, answer)
  say(turn, other, answer.reason, answer.rule)
}
