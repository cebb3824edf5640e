// Both rule sets side by side through the same events, breadth first, from every pair of statuses in which an agent can be under the old
// rules. What happens once the two have taken an agent to different places is not followed: it would only tell the difference again.

import { OFFLINE, SIDES, type Side, type StatusId } from '../../domain/side.ts'
import { newAgent } from '../../engine/state.ts'
import { createFrontier, type Frontier, type RestId } from '../explore/frontier.ts'
import { NotProved, TOO_MANY } from '../explore/limits.ts'
import type { Move, StatusMove } from '../explore/move.ts'
import { type Control, restOf } from '../explore/rest.ts'
import { baseOf, UNTOLD } from '../explore/search.ts'
import { type Spot, shownAt, statusMove } from '../explore/spot.ts'
import { type Cell, type Outcome, STAYS } from '../explore/successors.ts'
import { type Both, type Difference, differenceOf, type Joint, type Twins } from './twins.ts'

/** A situation and something that happens in it, with what became of it under both. */
export type Meeting = {
  readonly joint: Joint
  /** The bases, as places in the alphabet. */
  readonly crm: number
  readonly telephony: number
  readonly move: Move
  /** The status that is gone to, in its place; -1: no status is. */
  readonly to: number
  readonly outcomes: Both<Outcome>
  readonly difference: Exclude<Difference, 'none'>
  /** The bases are not the same afterwards. */
  readonly parts: boolean
  /** How many situations of the platforms it stands for. */
  readonly weight: number
  /** Of getting there; see `search.ts`. */
  readonly cost: number
  readonly rest: RestId
}

export type Walk = {
  readonly twins: Twins
  readonly frontier: Frontier
  readonly patience: number
  readonly met: (meeting: Meeting) => void
  /** Where nothing is open and nothing runs, with the statuses by side that are not told alike when gone to alone. */
  readonly coincide: ((here: Here) => void) | null
  /** Statuses of the crm, then those of telephony; a move's number is its place here, or behind these that among the moves of a joint. */
  readonly choices: readonly StatusMove[]
  /** Situations with what may happen in them, of both platforms. */
  compared: number
  lookups: number
}

export type Here = {
  readonly walk: Walk
  readonly rest: RestId
  readonly joint: Joint
  readonly crm: number
  readonly telephony: number
  readonly spots: Both<Spot>
  readonly cells: Both<Cell>
  readonly cost: number
  readonly weight: number
}

export function createWalk(given: Pick<Walk, 'twins' | 'patience' | 'met' | 'coincide'>): Walk {
  const { names } = given.twins.alphabet
  const choices = SIDES.flatMap((side) => names[side].map((_name, status) => statusMove({ names }, side, status)))
  const frontier = createFrontier(names.crm.length * names.telephony.length)
  return { ...given, frontier, choices, compared: 0, lookups: 0 }
}

/** `starts`: see `reachable`; the ones that come first are told first. */
export function walkFrom(walk: Walk, starts: Iterable<number>): void {
  const { twins, frontier } = walk
  const rest = (version: 'before' | 'now') => restOf(twins[version].controls, newAgent()).control
  const plain = twins.jointOf(rest('before'), rest('now'))
  for (const place of starts) frontier.reach({ to: plain.id * frontier.size + place, from: -1, by: -1, cost: 0 })
  for (let next = frontier.next(); next !== null; next = frontier.next()) leave(hereAt(walk, next))
}

export function hereAt(walk: Walk, rest: RestId): Here {
  const { twins, frontier } = walk
  const { names, weights } = twins.alphabet
  const place = rest % frontier.size
  const [crm, telephony] = [Math.floor(place / names.telephony.length), place % names.telephony.length]
  const joint = twins.joints[Math.floor(rest / frontier.size)]
  if (joint === undefined) throw new Error('Nobody was ever there')
  const spots = spotsAt(joint, crm, telephony)
  const cells = { before: twins.before.successors.cell(spots.before), now: twins.now.successors.cell(spots.now) }
  const cost = frontier.cost(rest)
  const weight = (weights.crm[crm] ?? 1) * (weights.telephony[telephony] ?? 1)
  return { walk, rest, joint, crm, telephony, spots, cells, cost, weight }
}

export function spotsAt({ before, now }: Joint, crm: number, telephony: number): Both<Spot> {
  return { before: { control: before, crm, telephony }, now: { control: now, crm, telephony } }
}

function leave(here: Here): void {
  const { walk, joint, cost } = here
  const { crm, telephony } = walk.twins.alphabet.names
  walk.lookups += crm.length + telephony.length
  if (walk.lookups > walk.patience) throw new NotProved(TOO_MANY)
  const later = cost + 1 + (joint.hurried ? UNTOLD : 0)
  for (const side of SIDES) {
    const shown = shownBy(here, side)
    for (let status = 0; status < walk.twins.alphabet.names[side].length; status += 1) {
      if (!shown.includes(status)) goTo(here, side, status, later)
    }
  }
  leaveUnchosen(here, later)
  if (joint.isPlain) walk.coincide?.(here)
}

/** What a side shows under either cannot be chosen there. */
export function shownBy({ walk: { twins }, spots }: Here, side: Side): readonly number[] {
  return [shownAt(twins.before.shape, spots.before, side), shownAt(twins.now.shape, spots.now, side)]
}

function goTo(here: Here, side: Side, status: number, cost: number): void {
  const { walk, spots, cells } = here
  const { before, now, alphabet } = walk.twins
  const a = before.successors.status(cells.before, spots.before, side, status)
  const b = now.successors.status(cells.now, spots.now, side, status)
  const by = side === 'crm' ? status : alphabet.names.crm.length + status
  arrive(here, { by, outcomes: { before: a, now: b }, cost, weight: here.weight * weightOf(here, side, status) })
}

/** Two names stand for all of a kind: one is the status that is left, or neither is. */
export function weightOf(
  { walk, crm, telephony }: Pick<Here, 'walk' | 'crm' | 'telephony'>,
  side: Side,
  status: number,
): number {
  const { weights, kinds } = walk.twins.alphabet
  const base = side === 'crm' ? crm : telephony
  const weight = weights[side][status] ?? 1
  if (status === base) return 1
  return kinds[side][status] === kinds[side][base] ? 2 * weight - 1 : weight
}

function leaveUnchosen(here: Here, later: number): void {
  const { walk, joint, spots, cells } = here
  const { before, now } = walk.twins
  for (const [index, { move, at }] of joint.moves.entries()) {
    const a = at.before < 0 ? asItIs(joint.before) : before.successors.unchosen(cells.before, spots.before, at.before)
    const b = at.now < 0 ? asItIs(joint.now) : now.successors.unchosen(cells.now, spots.now, at.now)
    const cost = move.kind === 'work' ? later : here.cost + 1
    const by = walk.choices.length + index
    arrive(here, { by, outcomes: { before: a, now: b }, cost, weight: here.weight })
  }
}

/** Of a timer that does not run. */
function asItIs(control: Control): Outcome {
  const said = { crm: '', telephony: '' }
  return { fault: null, control, bases: { crm: STAYS, telephony: STAYS }, said }
}

type Arrival = { readonly by: number; readonly outcomes: Both<Outcome>; readonly cost: number; readonly weight: number }

function arrive(here: Here, arrival: Arrival): void {
  const { walk, joint } = here
  const { by, outcomes, cost, weight } = arrival
  const { before, now } = outcomes
  walk.compared += weight
  const places = placesAfter(here, by, outcomes)
  const isSame = places.before === places.now
  const difference = isSame ? differenceOf(joint, before, now) : 'visible'
  if (difference !== 'none') tellOf(here, arrival, { difference, parts: !isSame })
  const { frontier, twins } = walk
  if (!isSame) return
  const to = twins.jointOf(before.control, now.control).id * frontier.size + places.now
  const known = frontier.cost(to)
  if (known < 0 || known > cost) frontier.reach({ to, from: here.rest, by, cost })
}

type Told = Pick<Meeting, 'difference' | 'parts'>

function tellOf(here: Here, { by, outcomes, cost, weight }: Arrival, { difference, parts }: Told): void {
  const { walk, joint, crm, telephony, rest } = here
  const width = walk.twins.alphabet.names.crm.length
  const move = moveBy(walk, joint, by)
  const to = by >= walk.choices.length ? -1 : by < width ? by : by - width
  walk.met({ joint, crm, telephony, move, to, outcomes, difference, parts, weight, cost, rest })
}

/** Both bases as one number, under either. */
export function placesAfter(here: Here, by: number, { before, now }: Both<Outcome>): Both<number> {
  return { before: placeAfter(here, 'before', by, before), now: placeAfter(here, 'now', by, now) }
}

function placeAfter({ walk, spots }: Here, version: 'before' | 'now', by: number, outcome: Outcome): number {
  const { alphabet, [version]: half } = walk.twins
  const spot = spots[version]
  const crm = baseOf(half.shape, 'crm', spot, by, outcome)
  return crm * alphabet.names.telephony.length + baseOf(half.shape, 'telephony', spot, by, outcome)
}

function moveBy({ choices }: Walk, joint: Joint, by: number): Move {
  const found = choices[by] ?? joint.moves[by - choices.length]?.move
  if (found === undefined) throw new Error('There is no such move')
  return found
}

/** How an agent comes there: the pair of statuses in which both take the agent over, and what happens then. */
export type Way = {
  readonly begins: { readonly crm: StatusId; readonly telephony: StatusId }
  readonly moves: readonly Move[]
}

export function wayTo(walk: Walk, rest: RestId): Way {
  const { frontier, twins } = walk
  const moves: Move[] = []
  let at = rest
  for (let from = frontier.from(at); from >= 0; from = frontier.from(at)) {
    moves.unshift(moveBy(walk, hereAt(walk, from).joint, frontier.by(at)))
    at = from
  }
  const { crm, telephony } = hereAt(walk, at)
  const { names } = twins.alphabet
  return { begins: { crm: names.crm[crm] ?? OFFLINE, telephony: names.telephony[telephony] ?? OFFLINE }, moves }
}
