// The block of a side: it starts, stands, is held and ends as the work on the other side demands (R11, R12).

import { STUCK_BLOCK_MS } from '../domain/limits.ts'
import type { Blocking } from '../domain/rules.ts'
import { otherSide, type Side } from '../domain/side.ts'
import { isEnough } from './counting.ts'
import type { Block } from './state.ts'
import { isAvailable, isLoggedIn, newTimer, say, type Turn } from './turn.ts'

/** After the work on the other side changed. */
export function reviewBlock(turn: Turn, side: Side): void {
  const s = turn[side]
  const blocking = turn.rules.blocking[side]
  const enough = blocking !== null && isEnough(blocking, turn[otherSide(side)])
  if (s.block === null) {
    if (enough) startBlock(turn, side, blocking)
    else say(turn, side, 'not_counted')
  } else if (enough || s.block.phase === 'holding') {
    if (enough && s.block.phase === 'holding') s.block = { ...s.block, phase: 'standing', release: null }
    say(turn, side, 'still_blocked', s.block.rule)
  } else {
    letGo(turn, side, s.block, blocking?.releaseAfterMs ?? 0)
  }
}

/** R26: counts anew by the rules that are in force now. */
export function recountBlock(turn: Turn, side: Side): void {
  const s = turn[side]
  const blocking = turn.rules.blocking[side]
  if (s.block !== null && blocking !== null) s.block = keepStatus(turn, side, s.block, blocking)
  const enough = blocking !== null && isEnough(blocking, turn[otherSide(side)])
  if (s.block === null && enough) startBlock(turn, side, blocking)
  else if (s.block !== null && !enough && (s.block.phase !== 'holding' || blocking === null))
    letGo(turn, side, s.block, blocking?.releaseAfterMs ?? 0)
  else if (s.block !== null && enough && s.block.phase === 'holding')
    s.block = { ...s.block, phase: 'standing', release: null }
}

/**
 * A block keeps its status, so that a new mapping rewrites nobody, unless that does not exist any more or has become available. That it shows
 * still does not help: it could not be written again.
 */
function keepStatus(turn: Turn, side: Side, block: Block, { status, rule }: Blocking): Block {
  const isGone = turn.rules.statuses[side]?.has(block.status) === false
  const stays = !isGone && !isAvailable(turn, side, block.status)
  if (stays || block.status === status) return block
  say(turn, side, 'reloaded', rule)
  return { ...block, status, rule }
}

function startBlock(turn: Turn, side: Side, blocking: Blocking): void {
  const s = turn[side]
  s.block = {
    phase: 'standing',
    status: blocking.status,
    rule: blocking.rule,
    since: turn.now,
    reasserts: 0,
    release: null,
    stuck: newTimer(turn, STUCK_BLOCK_MS),
  }
  const shows = isLoggedIn(s) && isAvailable(turn, side, s.base)
  say(turn, side, shows ? 'blocked' : 'blocked_quiet', blocking.rule)
}

/** R12: too few items count now. */
function letGo(turn: Turn, side: Side, block: Block, releaseAfterMs: number): void {
  const s = turn[side]
  if (block.phase === 'gave_way' || releaseAfterMs === 0) {
    s.block = null
    say(turn, side, 'released', block.rule)
    return
  }
  s.block = { ...block, phase: 'holding', release: newTimer(turn, releaseAfterMs) }
  say(turn, side, 'holding', block.rule)
}

/** It stands too long: told again and again until it ends. */
export function tellStuck(turn: Turn, side: Side): void {
  const s = turn[side]
  if (s.block === null) return
  s.block = { ...s.block, stuck: newTimer(turn, STUCK_BLOCK_MS) }
  say(turn, side, 'still_blocked', s.block.rule)
}
