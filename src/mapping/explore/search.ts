// Breadth first through everything that can become of one agent, from the first log-in on. The first story that shows a fault is a shortest one.

import { OFFLINE, otherSide, SIDES, type Side } from '../../domain/side.ts'
import type { FaultKind } from './fault.ts'
import { createFrontier, type Frontier, type RestId } from './frontier.ts'
import { NotProved, TOO_MANY } from './limits.ts'
import type { Move } from './move.ts'
import type { Control, Controls, Rest } from './rest.ts'
import type { Shape } from './shape.ts'
import { type Spot, shownAt, statusMove } from './spot.ts'
import { type Cell, LED, NEW, type Outcome, STAYS, type Successors } from './successors.ts'

/** A way to a fault: where it begins and what happens; the last move leads to the fault. */
export type Path = { readonly fault: FaultKind; readonly begins: Rest; readonly moves: readonly Move[] }
type Cost = { readonly fault: FaultKind; readonly cost: number }

export type Search = {
  readonly shape: Shape
  readonly controls: Controls
  readonly successors: Successors
  /** Whether both sides at an available status are a fault here. */
  readonly exclusive: boolean
  /** Whether two changes at once are looked at. */
  readonly coincidences: boolean
  readonly frontier: Frontier
  /** How many changes are looked at before it is given up. */
  readonly patience: number
  /** Whether one more way of this cost to this kind of fault is of interest. */
  readonly wants: (fault: Cost) => boolean
  readonly found: (path: Path & Cost) => void
}

/**
 * Costs are events: changes, work, timers. More than any story has is added for what cannot be told in steps ten seconds apart, so that it is
 * told only where nothing else shows the fault.
 */
export const UNTOLD = 100

export function frontierFor({ names }: Pick<Shape, 'names'>): Frontier {
  return createFrontier(names.crm.length * names.telephony.length)
}

export function begin(search: Search, rest: Rest): void {
  const { frontier } = search
  const { crm, telephony } = search.shape.names
  const place = crm.indexOf(rest.bases.crm) * telephony.length + telephony.indexOf(rest.bases.telephony)
  const to = rest.control.id * frontier.size + place
  frontier.reach({ to, from: -1, by: -1, cost: 0 })
}

/** Until everything was left that can be reached. */
export function goOn(search: Search): void {
  const { frontier, shape, successors } = search
  const width = shape.names.telephony.length
  let lookups = 0
  for (let rest = frontier.next(); rest !== null; rest = frontier.next()) {
    const place = rest % frontier.size
    const control = controlOf(search, rest)
    const spot: Spot = { control, crm: Math.floor(place / width), telephony: place % width }
    const cell = successors.cell(spot)
    const pairs = search.coincidences && control.pairs
    lookups += shape.names.crm.length + width + (pairs ? shape.meetings.rare.length : 0)
    if (lookups > search.patience) throw new NotProved(TOO_MANY)
    const leaving = { rest, spot, cell, cost: frontier.cost(rest) + (control.hurried ? UNTOLD : 0) }
    leaveByChange(search, { ...leaving, cost: leaving.cost + 1 })
    leaveUnchosen(search, leaving)
    if (pairs) leaveByPairs(search, leaving)
  }
}

/** `cost`: of getting here, with what is about to happen where that is known. */
type Leaving = { readonly rest: RestId; readonly spot: Spot; readonly cell: Cell; readonly cost: number }

function leaveByChange(search: Search, leaving: Leaving): void {
  const { shape, successors } = search
  const { spot, cell } = leaving
  for (const side of SIDES) {
    const shown = shownAt(shape, spot, side)
    for (let status = 0; status < shape.names[side].length; status += 1) {
      if (status === shown) continue
      arrive(search, leaving, numberOf(shape, side, status), successors.status(cell, spot, side, status))
    }
  }
}

/** A timer is waited for, so it may run out however little time it has. */
function leaveUnchosen(search: Search, leaving: Leaving): void {
  const { shape, successors, frontier } = search
  const { rest, spot, cell } = leaving
  for (const [index, move] of spot.control.unchosen.entries()) {
    const cost = move.kind === 'work' ? leaving.cost + move.news.length : frontier.cost(rest) + 1
    const by = shape.names.crm.length + shape.names.telephony.length + index
    arrive(search, { ...leaving, cost }, by, successors.unchosen(cell, spot, index))
  }
}

/** Two changes at once are followed to where they come to rest and not beyond: a story has one coincidence at most, as its last event. */
function leaveByPairs(search: Search, { rest, spot, cell, cost }: Leaving): void {
  for (const { fault, move } of search.successors.pairs(cell, spot)) {
    report(search, rest, { fault, cost: cost + 2 + (move.heard === 'after' ? UNTOLD : 0), last: move })
  }
}

/** What follows a fault is not looked at: it would only tell the fault again. */
function arrive(search: Search, { rest, spot, cost }: Leaving, by: number, outcome: Outcome): void {
  const { frontier, shape } = search
  const { fault, control } = outcome
  if (fault !== null && counts(search, fault)) {
    report(search, rest, { fault, cost, last: moveOf(search, spot.control, by) })
    return
  }
  const crm = baseOf(shape, 'crm', spot, by, outcome)
  const telephony = baseOf(shape, 'telephony', spot, by, outcome)
  const to = control.id * frontier.size + crm * shape.names.telephony.length + telephony
  const known = frontier.cost(to)
  if (known < 0 || known > cost) frontier.reach({ to, from: rest, by, cost })
}

function report(search: Search, rest: RestId, end: Cost & { readonly last: Move }): void {
  if (!counts(search, end.fault) || !search.wants(end)) return
  const { begins, moves } = wayTo(search, rest)
  search.found({ fault: end.fault, cost: end.cost, begins, moves: [...moves, end.last] })
}

function counts({ exclusive }: Search, fault: FaultKind): boolean {
  return exclusive || fault !== 'both_available'
}

function wayTo(search: Search, rest: RestId): { readonly begins: Rest; readonly moves: readonly Move[] } {
  const { frontier } = search
  const moves: Move[] = []
  let at = rest
  for (let from = frontier.from(at); from >= 0; from = frontier.from(at)) {
    moves.unshift(moveOf(search, controlOf(search, from), frontier.by(at)))
    at = from
  }
  return { begins: restAt(search, at), moves }
}

/** Moves by number: statuses of the crm, statuses of telephony, then what nobody chooses. */
function numberOf({ names }: Search['shape'], side: Side, status: number): number {
  return side === 'crm' ? status : names.crm.length + status
}

function moveOf(search: Search, control: Control, by: number): Move {
  const { crm, telephony } = search.shape.names
  const { shape } = search
  if (by < crm.length) return statusMove(shape, 'crm', by)
  if (by < crm.length + telephony.length) return statusMove(shape, 'telephony', by - crm.length)
  const move = control.unchosen[by - crm.length - telephony.length]
  if (move === undefined) throw new Error('There is no such move')
  return move
}

/** Reads the words of an outcome (see `successors.ts`) for this rest. */
export function baseOf(shape: Search['shape'], side: Side, spot: Spot, move: number, { bases }: Outcome): number {
  const word = bases[side]
  if (word >= 0) return word
  if (word === STAYS) return spot[side]
  const touched = move < shape.names.crm.length ? 'crm' : 'telephony'
  const status = touched === 'crm' ? move : move - shape.names.crm.length
  if (word === NEW) return status
  if (word !== LED) throw new Error(`No base is called ${word}`)
  const other = otherSide(side)
  return (touched === side ? shape.login[other][spot[other]] : shape.first[touched][status]) ?? 0
}

function controlOf({ controls, frontier }: Search, rest: RestId): Control {
  const control = controls.all[Math.floor(rest / frontier.size)]
  if (control === undefined) throw new Error('Nobody was ever there')
  return control
}

function restAt(search: Search, rest: RestId): Rest {
  const { frontier, shape } = search
  const { crm, telephony } = shape.names
  const place = rest % frontier.size
  const bases = {
    crm: crm[Math.floor(place / telephony.length)] ?? OFFLINE,
    telephony: telephony[place % telephony.length] ?? OFFLINE,
  }
  return { control: controlOf(search, rest), bases }
}
