// Two changes at the same instant, from where both sides are logged in and nothing else goes on (R15). Where one of the two alone is told
// already, or the second one after the first, this would only tell it again.

import { OFFLINE, type Side } from '../../domain/side.ts'
import type { PairMove } from '../explore/move.ts'
import { kindOfChange, statusMove } from '../explore/spot.ts'
import type { Outcome } from '../explore/successors.ts'
import { type Coincidence, playBoth } from './coincidence.ts'
import { type Both, differenceOf, type Twins, VERSIONS } from './twins.ts'
import { type Here, placesAfter, shownBy, spotsAt, type Walk, weightOf } from './walk.ts'

/** A change that may happen. */
type Change = {
  readonly side: Side
  /** Its place, and how many statuses it stands for. */
  readonly status: number
  readonly weight: number
  /** All that a decision can see of it here, under both: two of a kind end alike. */
  readonly kind: number
  /** The two rule sets answer it in different ways. */
  readonly isTold: boolean
  /** The other side's base after it. */
  readonly leadsTo: number
  /** Where it takes the agent; made when it is asked for, since most are not. */
  after: Here | null
}

type Context = {
  readonly twins: Twins
  /** By both statuses, as places: whether the two rule sets may answer a meeting of the two in different ways. */
  readonly asks: Uint8Array
  readonly kinds: Map<string, number>
  /** By the cells of both rule sets, then by the kinds of both changes and of their meeting. */
  readonly memory: Map<object, Map<object, Map<number, Coincidence>>>
}

export function createCoincidences(twins: Twins): NonNullable<Walk['coincide']> {
  const context: Context = { twins, asks: asksOf(twins), kinds: new Map(), memory: new Map() }
  const { crm, telephony } = twins.alphabet.names
  return (here) => {
    if (crm[here.crm] === OFFLINE || telephony[here.telephony] === OFFLINE) return
    const changes = { crm: changesAt(context, here, 'crm'), telephony: changesAt(context, here, 'telephony') }
    const total = (side: Side) => changes[side].reduce((sum, { weight }) => sum + weight, 0)
    here.walk.compared += 2 * here.weight * total('crm') * total('telephony')
    const played = memoryAt(context, here)
    for (const one of changes.crm) {
      for (const other of changes.telephony) {
        if (one.isTold || other.isTold) continue
        const asks = context.asks[one.status * telephony.length + other.status] === 1
        // What the second one chooses may be on its way there because of the first; nobody chooses where they are when alone.
        if (asks || one.leadsTo === other.status) meet(context, played, here, [one, other])
        if (asks || other.leadsTo === one.status) meet(context, played, here, [other, one])
      }
    }
  }
}

/**
 * A conflict asks who is preferred, whether the two are related, which of them takes work, and then what each of them alone leads to, which is
 * known to be the same where this is asked.
 */
function asksOf({ before, now, alphabet: { names } }: Twins): Uint8Array {
  const isPreferred = before.rules.conflict.prefer === now.rules.conflict.prefer
  const differ = (side: Side) =>
    names[side].map((status) => before.rules.available[side].has(status) !== now.rules.available[side].has(status))
  const taking = { crm: differ('crm'), telephony: differ('telephony') }
  const asks = names.crm.flatMap((crm, a) =>
    names.telephony.map((telephony, b) => {
      const isRelated = before.rules.related(crm, telephony) === now.rules.related(crm, telephony)
      return isPreferred && isRelated && !taking.crm[a] && !taking.telephony[b] ? 0 : 1
    }),
  )
  return Uint8Array.from(asks)
}

function changesAt(context: Context, here: Here, side: Side): readonly Change[] {
  const { names } = context.twins.alphabet
  const shown = shownBy(here, side)
  const width = names.telephony.length
  return [...names[side].keys()]
    .filter((status) => names[side][status] !== OFFLINE && !shown.includes(status))
    .map((status) => {
      const place = placesAfter(here, numberOf(here, side, status), alone(here, side, status)).now
      return {
        side,
        status,
        weight: weightOf(here, side, status),
        kind: kindAt(context, here, side, status),
        isTold: differsAlone(here, side, status),
        leadsTo: side === 'crm' ? place % width : Math.floor(place / width),
        after: null,
      }
    })
}

/** Also whether the two rule sets lead to the same status first, since the outcome is compared by name. */
function kindAt({ twins, kinds }: Context, { spots }: Here, side: Side, status: number): number {
  const [before, now] = VERSIONS.map((version) => kindOfChange(twins[version].shape, spots[version], side, status))
  const isLedAlike = twins.before.shape.first[side][status] === twins.now.shape.first[side][status]
  const word = `${side} ${before} ${now} ${isLedAlike}`
  const kind = kinds.get(word) ?? kinds.size
  kinds.set(word, kind)
  return kind
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

function meet(context: Context, played: Map<number, Coincidence>, here: Here, order: Order): void {
  const [first, second] = order
  const { walk, joint, crm, telephony, rest } = here
  const key = meetingKey(context, order)
  const known = played.get(key) ?? playBoth(here, moveOf(context, order))
  played.set(key, known)
  const { difference, outcomes } = known
  if (difference === 'none') return
  first.after ??= after(here, first)
  if (differsAlone(first.after, second.side, second.status)) return
  const weight = here.weight * first.weight * second.weight
  const [move, cost] = [moveOf(context, order), here.cost + 2]
  walk.met({ joint, crm, telephony, move, to: -1, outcomes, difference, parts: true, weight, cost, rest })
}

function memoryAt({ memory }: Context, { cells }: Here): Map<number, Coincidence> {
  const byNow = memory.get(cells.before) ?? new Map<object, Map<number, Coincidence>>()
  const played = byNow.get(cells.now) ?? new Map<number, Coincidence>()
  memory.set(cells.before, byNow)
  byNow.set(cells.now, played)
  return played
}

/** More kinds of changes than there can be, so that no two keys are one. */
const KINDS_MAX = 2 ** 17

function meetingKey({ twins }: Context, [first, second]: Order): number {
  const [crm, telephony] = first.side === 'crm' ? [first.status, second.status] : [second.status, first.status]
  const place = crm * twins.alphabet.names.telephony.length + telephony
  const [before, now] = [twins.before.shape.meetings, twins.now.shape.meetings]
  const meeting = (before.of[place] ?? 0) * now.count + (now.of[place] ?? 0)
  return (meeting * KINDS_MAX + first.kind) * KINDS_MAX + second.kind
}

/** Where the first change has taken the agent, which is the same under both. */
function after(here: Here, { side, status }: Change): Here {
  const { twins } = here.walk
  const outcomes = alone(here, side, status)
  const place = placesAfter(here, numberOf(here, side, status), outcomes).now
  const joint = twins.jointOf(outcomes.before.control, outcomes.now.control)
  const width = twins.alphabet.names.telephony.length
  const [crm, telephony] = [Math.floor(place / width), place % width]
  const spots = spotsAt(joint, crm, telephony)
  const cells = { before: twins.before.successors.cell(spots.before), now: twins.now.successors.cell(spots.now) }
  return { ...here, joint, crm, telephony, spots, cells }
}

function moveOf({ twins: { alphabet } }: Context, [first, second]: Order): PairMove {
  const move = ({ side, status }: Change) => statusMove(alphabet, side, status)
  return { kind: 'pair', first: move(first), second: move(second), heard: 'before' }
}
