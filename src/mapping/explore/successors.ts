// What follows from a move, for every rest of a rule set. One situation of each kind is played on the engine; what became of it is kept in
// words that fit all situations of the kind ("the new status", "what the new status leads to") and read for each.

import type { Ruleset } from '../../domain/rules.ts'
import { type BySide, OFFLINE, otherSide, SIDES, type Side, type StatusId } from '../../domain/side.ts'
import { destinations } from './alphabet.ts'
import { type FaultKind, faultAt } from './fault.ts'
import { NotProved, PLAYS_MAX, TOO_MANY } from './limits.ts'
import { type Meeting, noneSeen, unseenMeetings } from './meetings.ts'
import { type Move, type PairMove, type Played, play } from './move.ts'
import { agentAt, type Control, type Controls, restOf } from './rest.ts'
import type { Shape } from './shape.ts'
import { kindOfChange, type Spot, statusMove } from './spot.ts'

export type Outcome = {
  readonly fault: FaultKind | null
  readonly control: Control
  /** Where the bases are then: the place of a status, or one of the words below. */
  readonly bases: BySide<number>
  /** The reasons that were given for each side, in their order; echoes are none. */
  readonly said: BySide<string>
}

/** The base stays as it is. */
export const STAYS = -1
/** The status that the move is about. */
export const NEW = -2
/** What the new status leads to first, or, for whoever logs in, the other side's base. */
export const LED = -3

/** Two changes at once that lead to a fault, and how they must be heard for that. */
type PairFault = { readonly fault: FaultKind; readonly move: PairMove }

/** What was found for one control and one kind of bases. */
export type Cell = {
  readonly status: BySide<Outcome[]>
  readonly unchosen: Outcome[]
  /** By kind of two changes at once: 0 until one was played. */
  seen: Uint8Array
}

export type Successors = {
  cell(spot: Spot): Cell
  status(cell: Cell, spot: Spot, side: Side, status: number): Outcome
  unchosen(cell: Cell, spot: Spot, move: number): Outcome
  /** The first of every kind that leads to a fault; nothing is said of a kind twice. */
  pairs(cell: Cell, spot: Spot): readonly PairFault[]
}

type Context = {
  readonly rules: Ruleset
  readonly controls: Controls
  readonly shape: Shape
  readonly places: BySide<ReadonlyMap<StatusId, number>>
  plays: number
}

const NOT_YET = new Uint8Array(0)

export function createSuccessors(controls: Controls, shape: Shape): Successors {
  const places = (side: Side) => new Map(shape.names[side].map((status, place) => [status, place]))
  const { rules } = controls
  const context = { rules, controls, shape, places: { crm: places('crm'), telephony: places('telephony') }, plays: 0 }
  const cells: Cell[] = []
  return {
    cell({ control, crm, telephony }) {
      const { of, count } = shape.rests
      const key = control.id * count + (of[crm * shape.names.telephony.length + telephony] ?? 0)
      cells[key] ??= { status: { crm: [], telephony: [] }, unchosen: [], seen: NOT_YET }
      return cells[key]
    },
    status(cell, spot, side, status) {
      const kind = kindOfChange(shape, spot, side, status)
      cell.status[side][kind] ??= statusOutcome(context, spot, side, status)
      return cell.status[side][kind]
    },
    unchosen(cell, spot, move) {
      cell.unchosen[move] ??= unchosenOutcome(context, spot, move)
      return cell.unchosen[move]
    },
    pairs: (cell, spot) => pairsAt(context, cell, spot),
  }
}

function statusOutcome(context: Context, spot: Spot, side: Side, status: number): Outcome {
  const { shape } = context
  const other = otherSide(side)
  const touched = [spot[side], status, shape.login[other][spot[other]] ?? -1]
  const led = [spot[other], -1, shape.first[side][status] ?? -1]
  const words = side === 'crm' ? { crm: touched, telephony: led } : { crm: led, telephony: touched }
  return outcome(context, { spot, move: statusMove(shape, side, status), words })
}

function unchosenOutcome(context: Context, spot: Spot, index: number): Outcome {
  const move = spot.control.unchosen[index]
  if (move === undefined) throw new Error('There is no such move here')
  return outcome(context, { spot, move, words: { crm: [spot.crm], telephony: [spot.telephony] } })
}

/** `words`: the places that the words STAYS, NEW and LED mean here, in this order; -1: the word means nothing. */
type Question = { readonly spot: Spot; readonly move: Move; readonly words: BySide<readonly number[]> }

function outcome(context: Context, { spot, move, words }: Question): Outcome {
  const { rules, controls } = context
  const played = playAt(context, spot, move)
  const { control, bases } = restOf(controls, played.state)
  const word = (side: Side) => wordFor(context, { side, base: bases[side], words: words[side] })
  for (const side of SIDES) mustBeExplained(context, side, control.shows[side])
  const now = { crm: word('crm'), telephony: word('telephony') }
  const said = { crm: reasonsFor('crm', played), telephony: reasonsFor('telephony', played) }
  return { fault: faultAt(rules, played), control, bases: now, said }
}

export function reasonsFor(side: Side, { verdicts }: Pick<Played, 'verdicts'>): string {
  const told = verdicts.filter((verdict) => verdict.side === side && verdict.reason !== 'echo')
  return told.map(({ reason }) => reason).join(', ')
}

type Base = { readonly side: Side; readonly base: StatusId; readonly words: readonly number[] }

/** What a side shows instead of its base is the status of a rule, or it is not the same in all situations of a kind. */
function mustBeExplained({ rules }: Context, side: Side, status: StatusId | null): void {
  if (status === null || destinations(rules, side).includes(status)) return
  throw new NotProved(`nothing explains why ${side} would stay in "${status}"`)
}

function wordFor({ rules, places }: Context, { side, base, words }: Base): number {
  const place = places[side].get(base) ?? -1
  const word = words.indexOf(place)
  if (place >= 0 && word >= 0) return -1 - word
  // Otherwise only a rule can have put it there; anything else would mean that the kinds miss something that a decision looks at.
  if (!destinations(rules, side).includes(base))
    throw new NotProved(`nothing explains why ${side} would be set to "${base}"`)
  return place
}

function playAt(context: Context, { control, crm, telephony }: Spot, move: Move): Played {
  const { rules, shape } = context
  context.plays += 1
  if (context.plays > PLAYS_MAX) throw new NotProved(TOO_MANY)
  const bases = { crm: shape.names.crm[crm] ?? OFFLINE, telephony: shape.names.telephony[telephony] ?? OFFLINE }
  return play(rules, agentAt({ control, bases }), move)
}

function pairsAt(context: Context, cell: Cell, spot: Spot): readonly PairFault[] {
  if (cell.seen === NOT_YET) cell.seen = noneSeen(context.shape, spot)
  return unseenMeetings(context.shape, spot, cell.seen).flatMap((meeting) => pairFault(context, spot, meeting) ?? [])
}

const WAYS = [
  { heard: 'before', order: ['crm', 'telephony'] },
  { heard: 'before', order: ['telephony', 'crm'] },
  { heard: 'after', order: ['crm', 'telephony'] },
  { heard: 'after', order: ['telephony', 'crm'] },
] as const

/** What only `exclusive` forbids must not hide what is never allowed. */
function pairFault(context: Context, spot: Spot, meeting: Meeting): PairFault | null {
  let found: PairFault | null = null
  for (const { heard, order } of WAYS) {
    const [first, second] = order.map((side) => statusMove(context.shape, side, meeting[side]))
    if (first === undefined || second === undefined) continue
    const move: PairMove = { kind: 'pair', first, second, heard }
    const fault = faultAt(context.rules, playAt(context, spot, move))
    if (fault !== null && (found === null || fault !== 'both_available')) found = { fault, move }
    if (fault !== null && fault !== 'both_available') return found
  }
  return found
}
