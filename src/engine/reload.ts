// R26: new rules over an old state. Bases stay, blocks are counted anew, and only what does not exist any more is replaced.

import { SIDES, type Side } from '../domain/side.ts'
import { recountBlock } from './block.ts'
import { isChosen } from './chosen.ts'
import { exists, isAvailable, isLoggedIn, say, setBase, setFollowed, type Turn } from './turn.ts'

export function reloaded(turn: Turn): void {
  for (const side of SIDES) say(turn, side, 'reloaded')
  reconsider(turn)
}

/** Also at every other look at an agent: the rules may have changed while the bridge was away. */
export function reconsider(turn: Turn): void {
  for (const side of SIDES) {
    fallBack(turn, side)
    recountBlock(turn, side)
  }
}

/** A base that is gone, or the end of a transition status, falls back to the transition status of the new rules. */
function fallBack(turn: Turn, side: Side): void {
  const s = turn[side]
  const isGone = baseIsGone(turn, side)
  if (!isGone && (s.transition === null || exists(turn, side, s.transition.status))) return
  const transition = isLoggedIn(s) ? turn.rules.transition[side] : null
  if (transition !== null) {
    const { status, rule, ends } = transition
    setFollowed(turn, side, { kind: 'set', status, reason: 'reloaded', rule, ends })
  } else if (isGone) {
    setBase(turn, side, s.observed, { reason: 'reloaded', rule: null })
  } else {
    s.transition = null
  }
  say(turn, side, 'reloaded', transition?.rule ?? null)
}

/** It does not exist any more, or nobody chose it and new rules have made it available: then it may not be written (invariant 8). */
function baseIsGone(turn: Turn, side: Side): boolean {
  const s = turn[side]
  if (!exists(turn, side, s.base)) return true
  return isAvailable(turn, side, s.base) && s.base !== s.observed && !isChosen(s)
}
