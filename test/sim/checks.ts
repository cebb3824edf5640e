// What must hold whatever happens: the invariants of the sync rules, each by itself, written from the rules and not from the engine.
// Each answers with what is wrong, or null. What excuses a side is what the platform answered or what the admin ordered.

import { REASONS, type Reason } from '../../src/domain/reason.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import type { Blocking, Ruleset } from '../../src/domain/rules.ts'
import { type BySide, OFFLINE, otherSide, SIDES, type Side, type StatusId } from '../../src/domain/side.ts'
import { isOpen } from '../../src/domain/work.ts'
import type { SideState } from '../../src/engine/state.ts'
import type { Call, Item, Person } from './person.ts'

/** One agent as the platforms have them, and as the bridge does. */
export type View = {
  readonly rules: Ruleset
  readonly people: BySide<Person>
  readonly state: BySide<Readonly<SideState>>
  /** Paused or in shadow mode. */
  readonly withheld: boolean
  /** Of the mapping in force. */
  readonly hash: string
  /** The agent's records, the newest last. */
  readonly records: readonly LogRecord[]
}

/** What can be seen of an agent from outside, and what the bridge makes of it. */
export type Stand = BySide<{
  readonly shows: StatusId
  readonly base: StatusId
  readonly block: string | null
  readonly open: readonly string[]
}>

/** Invariant 1. `inARow`: writes to one side of one agent since somebody did something. */
export function restless(inARow: number): string | null {
  return inARow > 2 ? `${inARow} writes to one side although nothing happened` : null
}

const EXPLAINS: ReadonlySet<Reason> = new Set<Reason>([
  'unrelated',
  'unmapped',
  'transition',
  'transition_over',
  'default',
  'no_sync',
  'logout',
  'logged_out',
  'conflict',
  'adopted',
  'reloaded',
])
const BRINGS_TOGETHER: ReadonlySet<Reason> = new Set<Reason>(['mapped', 'already', 'login'])

/** Invariant 2, at rest. */
export function unexplained(view: View): string | null {
  const [crm, telephony] = [view.people.crm.status, view.people.telephony.status]
  if (view.rules.related(crm, telephony)) return null
  if (SIDES.some((side) => isExcused(view, side) || isHeldByBlock(view, side))) return null
  for (const { decisions, event, mapping } of view.records.toReversed()) {
    const reasons = decisions.map((d) => d.reason)
    if (mapping !== view.hash || reasons.some((r) => EXPLAINS.has(r))) return null // or other rules said so
    // A second look at what was wanted before says no more than the first.
    const isNews = event.kind === 'status' || event.kind === 'start'
    if (isNews && reasons.some((r) => BRINGS_TOGETHER.has(r)))
      return `${crm} and ${telephony} are not related, and ${reasons} says why they would be`
  }
  return crm === OFFLINE && telephony === OFFLINE
    ? null
    : `nothing in the record says why ${crm} is beside ${telephony}`
}

/** Invariant 3, at rest. */
export function availableWhileBlocked(view: View, side: Side): string | null {
  const { status } = view.people[side]
  const held = isDue(view, side) && !gaveWay(view, side)
  if (!held || !view.rules.available[side].has(status) || isExcused(view, side)) return null
  return `${side} shows ${status} while ${counted(view, side).length} items count for its block`
}

/** Invariant 4, at rest: counted anew from what the platforms have. */
export function miscounted(view: View, side: Side): string | null {
  const [due, { block }] = [isDue(view, side), view.state[side]]
  const stands = block !== null && block.phase !== 'holding'
  if (stands !== due)
    return `${counted(view, side).length} items count, ${side} is ${block === null ? 'not blocked' : block.phase}`
  const truth = [...view.people[side].items].filter(([, w]) => isOpen(w.state)).map(([item, w]) => `${item} ${w.state}`)
  const believed = view.state[side].work.filter((w) => isOpen(w.state)).map((w) => `${w.item} ${w.state}`)
  const [a, b] = [truth.sort().join(), believed.sort().join()]
  return a === b ? null : `open work on ${side}: ${a}, the bridge believes ${b}`
}

/** Invariants 5 and 6: what must have changed nothing has. */
export function changed(before: Stand, after: Stand): string | null {
  const [a, b] = [JSON.stringify(before), JSON.stringify(after)]
  return a === b ? null : `${a} became ${b}`
}

/** Invariant 7, of each decision. */
export function badRecord({ decisions, writes }: LogRecord): string | null {
  for (const items of [decisions, writes])
    if (new Set(items.map((i) => i.side)).size !== items.length) return 'one decision says two things about one side'
  const unknown = decisions.find(({ reason }) => !(reason in REASONS))
  if (unknown !== undefined) return `${unknown.reason} is no reason`
  for (const { side, status } of writes)
    if (!decisions.some((d) => d.side === side && d.to === status)) return `no decision says why ${side} gets ${status}`
  return null
}

/** Invariant 7, of each call: the newest decision to write there names this status, and was to be written. */
export function undecided(
  call: { readonly side: Side; readonly status: StatusId },
  newest: LogRecord | null,
): string | null {
  const write = newest?.writes.find((w) => w.side === call.side)
  if (write === undefined) return `nothing decided a write of ${call.status} to ${call.side}`
  if (write.status !== call.status) return `${call.status} is written to ${call.side}, decided was ${write.status}`
  const withheld = write.outcome === 'shadow' || write.outcome === 'paused'
  return withheld ? `${call.status} is written to ${call.side} although it was withheld (${write.outcome})` : null
}

/** Invariant 8. `own` and `other`: what was chosen or shown lately on the side that is written and on the other one. */
export function chosenByNobody(args: {
  readonly side: Side
  readonly status: StatusId
  readonly own: readonly StatusId[]
  readonly other: readonly StatusId[]
  /** Those in force, and those before: a base outlives its rules. */
  readonly rules: readonly Ruleset[]
}): string | null {
  const { side, status, own, other, rules } = args
  const isAvailable = rules[0]?.available[side].has(status) ?? false
  if (!isAvailable || own.includes(status)) return null
  const related = (r: Ruleset, o: StatusId) => (side === 'crm' ? r.related(status, o) : r.related(o, status))
  const isLed = rules.some((r) => r.transition[side]?.ends?.status === status || other.some((o) => related(r, o)))
  return isLed ? null : `nobody chose ${status} on ${side}, nor anything that leads there`
}

/** R26: no status is written that the platform does not have; it may stay where it is. */
export function writtenNowhere(rules: Ruleset, side: Side, status: StatusId): string | null {
  const known = rules.statuses[side]
  return known === null || known.has(status) || status === OFFLINE ? null : `${side} does not have ${status}`
}

/** R2, where nothing delays what is heard. */
export function loggedIn(side: Side, shows: StatusId, status: StatusId): string | null {
  return shows === OFFLINE && status !== OFFLINE ? `${side} is logged out and is to be set to ${status}` : null
}

/** At rest the bridge knows what is, and what is is what it wants. */
export function drifted(view: View, side: Side): string | null {
  const s = view.state[side]
  const { status } = view.people[side]
  if (s.observed !== status) return `${side} shows ${status}, the bridge believes ${s.observed}`
  const wanted = isHeldByBlock(view, side) && view.rules.available[side].has(s.base) ? s.block?.status : s.base
  if (status === wanted || isExcused(view, side)) return null
  return status === OFFLINE ? null : `${side} shows ${status}, wanted is ${wanted}`
}

/** The items of the other side that count for a block of this one. */
function counted({ rules, people }: View, side: Side): readonly Item[] {
  const blocking = rules.blocking[side]
  return blocking === null ? [] : [...people[otherSide(side)].items.values()].filter((w) => isCounted(blocking, w))
}

/** R11, counted anew. */
export function isCounted(
  { channels, from, wrapUp }: Blocking,
  { channel, state }: Pick<Item, 'channel' | 'state'>,
): boolean {
  if (channels !== null && !channels.has(channel)) return false
  if (state === 'offered') return from === 'offered'
  return state === 'accepted' || (state === 'wrap_up' && wrapUp)
}

function isDue(view: View, side: Side): boolean {
  const blocking = view.rules.blocking[side]
  return blocking !== null && counted(view, side).length >= blocking.minItems
}

/** What an admin's release says. */
export const RELEASED = 'released by an admin'

/** In the record, since the block began. */
function gaveWay({ records }: View, side: Side): boolean {
  for (const { decisions, event } of records.toReversed()) {
    const reason = decisions.find((d) => d.side === side)?.reason
    if (reason === 'overridden' || event.what === RELEASED) return true
    if (reason === 'released') return false
  }
  return false
}

function isHeldByBlock(view: View, side: Side): boolean {
  const { block } = view.state[side]
  return block !== null && block.phase !== 'gave_way'
}

/** R17: the write, and three retries. Fewer would have been made good after everything had healed. */
const IGNORED_TRIES = 4

/** The platform did not do what was asked, or was not to be asked. */
function isExcused(view: View, side: Side): boolean {
  const { withheld, people } = view
  const { lastCall, status, chosenAt, ignored } = people[side]
  if (withheld || status === OFFLINE) return true
  if (lastCall === null) return false
  // Who chooses something changes what is wanted, unless they were back before anybody heard of it, or the rules want the same in spite of it.
  const choseAnother = chosenAt > lastCall.at && status !== lastCall.shown
  if (choseAnother && !isWantedStill(view, side, lastCall)) return false
  return lastCall.answer === 'refused' || (ignored.get(lastCall.status) ?? 0) >= IGNORED_TRIES
}

function isWantedStill(view: View, side: Side, { at, status }: Call): boolean {
  const { records, state, people } = view
  const since = records.filter((r) => Date.parse(r.time) > at && r.event.kind === 'status' && r.event.side === side)
  const isHeld = isHeldByBlock(view, side) && state[side].block?.status === status
  // Who logged in again is to be tried again (R23), also where only a reading can tell.
  const isIn = people[side].loggedInAt > at && since.length === 0
  if (isHeld) return !isIn
  return since.some(({ decisions }) => decisions.some((d) => d.side === side && d.to === status))
}
