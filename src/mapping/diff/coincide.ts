// Two changes at the same instant, from where both sides are logged in and nothing else goes on (R15). Where one of the two alone is told
// already, or the second one after the first, this would only tell it again.

import { OFFLINE, SIDES, type Side } from '../../domain/side.ts'
import type { AgentState } from '../../engine/state.ts'
import { type PairMove, play } from '../explore/move.ts'
import { agentAt, restOf } from '../explore/rest.ts'
import { kindOfChange, statusMove } from '../explore/spot.ts'
import { type Outcome, reasonsFor } from '../explore/successors.ts'
import { type Both, type Difference, differenceOf, VERSIONS } from './twins.ts'
import { type Here, placesAfter, shownBy, spotsAt, type Walk, weightOf } from './walk.ts'

type Played = { readonly difference: Difference; readonly outcomes: Both<Outcome> }
/** By the cells of both, and then by the kinds of both changes: see `shape.ts`. */
type Memory = Map<object, Map<object, Map<string, Played>>>

/** A change that may happen. */
type Change = {
  readonly side: Side
  /** Its place, and how many statuses it stands for. */
  readonly status: number
  readonly weight: number
  /** The two rule sets answer it in different ways. */
  readonly isTold: boolean
  /** The other side's base after it. */
  readonly leadsTo: number
}

export function createCoincidences(): NonNullable<Walk['coincide']> {
  const memory: Memory = new Map()
  return (here) => {
    const { crm, telephony } = here.walk.twins.alphabet.names
    if (crm[here.crm] === OFFLINE || telephony[here.telephony] === OFFLINE) return
    const changes = { crm: changesAt(here, 'crm'), telephony: changesAt(here, 'telephony') }
    const total = (side: Side) => changes[side].reduce((sum, { weight }) => sum + weight, 0)
    here.walk.compared += 2 * here.weight * total('crm') * total('telephony')
    for (const one of changes.crm) {
      for (const other of changes.telephony) {
        if (one.isTold || other.isTold) continue
        const asks = mayDiffer(here, one.status, other.status)
        // What the second one chooses may be on its way there because of the first; nobody chooses where they are when alone.
        if (asks || one.leadsTo === other.status) meet(here, memory, [one, other])
        if (asks || other.leadsTo === one.status) meet(here, memory, [other, one])
      }
    }
  }
}

function changesAt(here: Here, side: Side): readonly Change[] {
  const names = here.walk.twins.alphabet.names[side]
  const shown = shownBy(here, side)
  return [...names.keys()]
    .filter((status) => names[status] !== OFFLINE && !shown.includes(status))
    .map((status) => {
      const place = placesAfter(here, numberOf(here, side, status), alone(here, side, status)).now
      const width = here.walk.twins.alphabet.names.telephony.length
      const leadsTo = side === 'crm' ? place % width : Math.floor(place / width)
      return { side, status, weight: weightOf(here, side, status), isTold: differsAlone(here, side, status), leadsTo }
    })
}

/**
 * A conflict asks who is preferred, whether the two are related, which of them takes work, and then what each of them alone leads to, which is
 * known to be the same here.
 */
function mayDiffer({ walk: { twins } }: Here, crm: number, telephony: number): boolean {
  const names = { crm: twins.alphabet.names.crm[crm], telephony: twins.alphabet.names.telephony[telephony] }
  if (names.crm === undefined || names.telephony === undefined) return false
  const [before, now] = [twins.before.rules, twins.now.rules]
  if (before.conflict.prefer !== now.conflict.prefer) return true
  if (before.related(names.crm, names.telephony) !== now.related(names.crm, names.telephony)) return true
  return SIDES.some((side) => {
    const status = names[side] ?? OFFLINE
    return before.available[side].has(status) !== now.available[side].has(status)
  })
}

function differsAlone(here: Here, side: Side, status: number): boolean {
  const outcomes = alone(here, side, status)
  const places = placesAfter(here, numberOf(here, side, status), outcomes)
  return places.before !== places.now || differenceOf(here.joint, outcomes.before, outcomes.now) !== 'none'
}

function alone({ walk: { twins }, spots, cells }: Here, side: Side, status: number): Both<Outcome> {
  return {
    before: twins.before.successors.status(cells.before, spots.before, side, status),
    now: twins.now.successors.status(cells.now, spots.now, side, status),
  }
}

function numberOf({ walk }: Here, side: Side, status: number): number {
  return side === 'crm' ? status : walk.twins.alphabet.names.crm.length + status
}

type Order = readonly [Change, Change]

function meet(here: Here, memory: Memory, order: Order): void {
  const [first, second] = order
  const { walk, joint, crm, telephony, rest } = here
  walk.lookups += 1
  if (differsAlone(after(here, first), second.side, second.status)) return
  const { difference, outcomes } = played(here, memory, order)
  if (difference === 'none') return
  const weight = here.weight * first.weight * second.weight
  walk.met({
    joint,
    crm,
    telephony,
    move: moveOf(here, order),
    to: -1,
    outcomes,
    difference,
    weight,
    cost: here.cost + 2,
    rest,
  })
}

/** Where the first change has taken the agent, which is the same under both. */
function after(here: Here, { side, status }: Change): Here {
  const { walk } = here
  const { twins } = walk
  const outcomes = alone(here, side, status)
  const place = placesAfter(here, numberOf(here, side, status), outcomes).now
  const joint = twins.jointOf(outcomes.before.control, outcomes.now.control)
  const width = twins.alphabet.names.telephony.length
  const [crm, telephony] = [Math.floor(place / width), place % width]
  const spots = spotsAt(joint, crm, telephony)
  const cells = { before: twins.before.successors.cell(spots.before), now: twins.now.successors.cell(spots.now) }
  return { ...here, joint, crm, telephony, spots, cells }
}

function moveOf({ walk }: Here, [first, second]: Order): PairMove {
  const { names } = walk.twins.alphabet
  const move = ({ side, status }: Change) => statusMove({ names }, side, status)
  return { kind: 'pair', first: move(first), second: move(second), heard: 'before' }
}

function played(here: Here, memory: Memory, order: Order): Played {
  const { before, now } = here.cells
  const byNow = memory.get(before) ?? new Map<object, Map<string, Played>>()
  const byKind = byNow.get(now) ?? new Map<string, Played>()
  memory.set(before, byNow)
  byNow.set(now, byKind)
  const key = kindsOf(here, order)
  const known = byKind.get(key) ?? playBoth(here, order)
  byKind.set(key, known)
  return known
}

function kindsOf({ walk: { twins }, spots }: Here, [first, second]: Order): string {
  const { names } = twins.alphabet
  const crm = first.side === 'crm' ? first.status : second.status
  const telephony = first.side === 'crm' ? second.status : first.status
  const kinds = VERSIONS.flatMap((version) => {
    const { shape } = twins[version]
    const changes = [first, second].map(({ side, status }) => kindOfChange(shape, spots[version], side, status))
    return [...changes, shape.meetings.of[crm * names.telephony.length + telephony]]
  })
  const alike = [first, second].map(
    ({ side, status }) => twins.before.shape.first[side][status] === twins.now.shape.first[side][status],
  )
  return [first.side, ...kinds, ...alike].join(' ')
}

function playBoth(here: Here, order: Order): Played {
  const { walk, joint, spots } = here
  const { names } = walk.twins.alphabet
  const move = moveOf(here, order)
  const one = (version: 'before' | 'now'): { readonly outcome: Outcome; readonly state: AgentState } => {
    const { rules, controls } = walk.twins[version]
    const { control } = spots[version]
    const bases = { crm: names.crm[here.crm] ?? OFFLINE, telephony: names.telephony[here.telephony] ?? OFFLINE }
    const result = play(rules, agentAt({ control, bases }), move)
    const rest = restOf(controls, result.state)
    const place = (side: Side) => names[side].indexOf(rest.bases[side])
    const said = { crm: reasonsFor('crm', result), telephony: reasonsFor('telephony', result) }
    const placed = { crm: place('crm'), telephony: place('telephony') }
    return { outcome: { fault: null, control: rest.control, bases: placed, said, insisted: null }, state: result.state }
  }
  const [before, now] = [one('before'), one('now')]
  const outcomes = { before: before.outcome, now: now.outcome }
  const isSame = SIDES.every((side) => before.state[side].base === now.state[side].base)
  const difference = isSame ? differenceOf(joint, outcomes.before, outcomes.now) : 'visible'
  return { difference: difference === 'reason' && areSaidAlike(outcomes) ? 'none' : difference, outcomes }
}

/** Who has lost is told on the loser's side; where nothing comes of it, nobody asks which one that was. */
function areSaidAlike({ before, now }: Both<Outcome>): boolean {
  const reasons = ({ said }: Outcome) => {
    const told = SIDES.flatMap((side) => said[side].split(', ')).filter((one) => one !== '')
    return [...new Set(told)].sort().join()
  }
  return reasons(before) === reasons(now)
}
