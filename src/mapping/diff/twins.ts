// The same agent under two sets of rules: the same bases, the same open work, and what each of the two makes of it.

import type { Ruleset } from '../../domain/rules.ts'
import { type BySide, SIDES, type Side, type StatusId } from '../../domain/side.ts'
import { type Alphabet, commonAlphabet } from '../explore/alphabet.ts'
import type { Move, TimerMove, WorkMove } from '../explore/move.ts'
import { type Control, type Controls, createControls, withFreshBlocks } from '../explore/rest.ts'
import { unbroken } from '../explore/run.ts'
import { type Shape, shapeOf } from '../explore/shape.ts'
import { createSuccessors, type Outcome, type Successors } from '../explore/successors.ts'
import { movesUnder } from './vocabulary.ts'

export const VERSIONS = ['before', 'now'] as const
/** A value under the old rules and one under the new ones. */
export type Both<T> = { readonly before: T; readonly now: T }

/** What one of the two makes of an agent. */
export type Half = {
  readonly rules: Ruleset
  readonly shape: Shape
  readonly controls: Controls
  readonly successors: Successors
}

/** A move that nobody chooses; -1 where it is none under these rules: a timer that does not run. */
type JointMove = { readonly move: WorkMove | TimerMove; readonly at: Both<number> }

/** Blocks, work and timers under both. */
export type Joint = Both<Control> & {
  readonly id: number
  readonly moves: readonly JointMove[]
  /** Sides that one of the two blocks and the other does not, or not like that: what follows from it was told when it began. */
  readonly apart: BySide<boolean>
  readonly hurried: boolean
  /** Nothing is open, nothing runs. */
  readonly isPlain: boolean
}

export type Twins = Both<Half> & {
  readonly alphabet: Alphabet
  readonly joints: Joint[]
  /** Also for controls that are out of step: see `inStep`. */
  jointOf(before: Control, now: Control): Joint
}

export function createTwins(given: Both<Ruleset>, statuses: BySide<Iterable<StatusId>>): Twins {
  const rules = { before: unbroken(given.before), now: unbroken(given.now) }
  const alphabet = commonAlphabet([rules.before, rules.now], statuses)
  const movesAt = movesUnder([rules.before, rules.now])
  const half = (one: Ruleset): Half => {
    const shape = shapeOf(one, alphabet)
    const controls = createControls(one, movesAt)
    return { rules: one, shape, controls, successors: createSuccessors(controls, shape) }
  }
  const halves = { before: half(rules.before), now: half(rules.now) }
  const joints: Joint[] = []
  const known = new Map<number, Joint>()
  const jointOf = (before: Control, now: Control): Joint => {
    const key = before.id * CONTROLS_MAX + now.id
    const found = known.get(key)
    if (found !== undefined) return found
    const even = inStep(halves, { before, now })
    const isNew = even.before === before && even.now === now
    const joint = isNew ? joinControls(joints.length, even) : jointOf(even.before, even.now)
    if (isNew) joints.push(joint)
    known.set(key, joint)
    return joint
  }
  return { ...halves, alphabet, joints, jointOf }
}

/**
 * How often a block was put back may differ only after something was told: one of the two did not block, or put back what the other let be.
 * What would follow from that at some later choice is that difference again, so both are followed as if nothing had been chosen against the
 * block. Where one has given way the count of the other stands, until it gives way in its turn.
 */
function inStep({ before, now }: Both<Half>, controls: Both<Control>): Both<Control> {
  const odd = SIDES.filter((side) => isOutOfStep(side, controls))
  if (odd.length === 0) return controls
  return {
    before: withFreshBlocks(before.controls, controls.before, odd),
    now: withFreshBlocks(now.controls, controls.now, odd),
  }
}

function isOutOfStep(side: Side, { before, now }: Both<Control>): boolean {
  const [was, is] = [before.state[side].block, now.state[side].block]
  if (was?.phase === 'gave_way' || is?.phase === 'gave_way') return false
  return (was?.reasserts ?? 0) !== (is?.reasserts ?? 0)
}

/** Far more than there can be in memory. */
const CONTROLS_MAX = 2 ** 24

function joinControls(id: number, { before, now }: Both<Control>): Joint {
  const all = [...before.unchosen, ...now.unchosen.filter((move) => placeOf(before, move) < 0)]
  const isQuiet = (control: Control) =>
    SIDES.every((side) => {
      const { block, work, transition } = control.state[side]
      return block === null && work.length === 0 && transition === null
    })
  return {
    id,
    before,
    now,
    moves: all.map((move) => ({ move, at: { before: placeOf(before, move), now: placeOf(now, move) } })),
    apart: { crm: isApart('crm', before, now), telephony: isApart('telephony', before, now) },
    hurried: before.hurried || now.hurried,
    isPlain: isQuiet(before) && isQuiet(now),
  }
}

function isApart(side: Side, before: Control, now: Control): boolean {
  return before.state[side].block?.phase !== now.state[side].block?.phase
}

function placeOf({ unchosen }: Control, wanted: Move): number {
  const key = JSON.stringify(wanted)
  return unchosen.findIndex((move) => JSON.stringify(move) === key)
}

export type Difference = 'none' | 'reason' | 'visible'

/** Where the bases are the same afterwards. */
export function differenceOf(joint: Joint, before: Outcome, now: Outcome): Difference {
  const [crm, telephony] = [differenceOn('crm', joint, before, now), differenceOn('telephony', joint, before, now)]
  if (crm === 'visible' || telephony === 'visible') return 'visible'
  return crm === 'none' ? telephony : crm
}

export function differenceOn(side: Side, joint: Joint, before: Outcome, now: Outcome): Difference {
  if (joint.apart[side]) return 'none'
  if (isApart(side, before.control, now.control)) return 'visible'
  const shows = { before: before.control.shows[side], now: now.control.shows[side] }
  // A block that is shown in another status was told when it came to be shown.
  const carried = joint.before.shows[side] === shows.before && joint.now.shows[side] === shows.now
  if (shows.before !== shows.now && !carried) return 'visible'
  return before.said[side] === now.said[side] ? 'none' : 'reason'
}
