// Two changes at once, one of each kind: which pairs of new statuses differ, as far as a decision can see, from all that were played before.

import { type BySide, OFFLINE, otherSide, type Side } from '../../domain/side.ts'
import type { Shape } from './shape.ts'
import { kindOfChange, type Spot, shownAt } from './spot.ts'

/** The places of two new statuses. */
export type Meeting = BySide<number>

type Kinds = {
  /** By the place of a new status. */
  readonly of: readonly number[]
  readonly count: number
  /** The places by kind, without the status that the side shows already. */
  readonly groups: ReadonlyMap<number, readonly number[]>
}

/** Room for every kind that there can be with the bases of this spot. */
export function noneSeen(shape: Shape, spot: Spot): Uint8Array {
  const kinds = (side: Side) =>
    2 * shape.changes[side].count * (besideOf(shape, spot, side) < 0 ? 1 : shape.meetings.count + 1)
  return new Uint8Array(kinds('crm') * kinds('telephony') * shape.meetings.count)
}

/** Notes what it returns in `seen`. Most pairs have nothing to do with each other, so of those only one of each two kinds is looked for. */
export function unseenMeetings(shape: Shape, spot: Spot, seen: Uint8Array): readonly Meeting[] {
  const { meetings, names } = shape
  const width = names.telephony.length
  const kinds = { crm: kindsAt(shape, spot, 'crm'), telephony: kindsAt(shape, spot, 'telephony') }
  const found: Meeting[] = []
  const take = (kind: number, crm: number, telephony: number) => {
    seen[kind] = 1
    found.push({ crm, telephony })
  }
  const kindOf = (crm: number, telephony: number, meeting: number) =>
    (crm * kinds.telephony.count + telephony) * meetings.count + meeting

  const shown = { crm: shownAt(shape, spot, 'crm'), telephony: shownAt(shape, spot, 'telephony') }
  for (const place of meetings.rare) {
    const [crm, telephony] = [Math.floor(place / width), place % width]
    if (crm === shown.crm || telephony === shown.telephony) continue
    const kind = kindOf(kinds.crm.of[crm] ?? 0, kinds.telephony.of[telephony] ?? 0, meetings.of[place] ?? 0)
    if (seen[kind] === 0) take(kind, crm, telephony)
  }
  for (const [kindOfCrm, crms] of kinds.crm.groups) {
    for (const [kindOfTelephony, telephonies] of kinds.telephony.groups) {
      const kind = kindOf(kindOfCrm, kindOfTelephony, meetings.common)
      if (seen[kind] !== 0) continue
      const pair = commonPair(shape, crms, telephonies)
      if (pair !== null) take(kind, pair.crm, pair.telephony)
    }
  }
  return found
}

function commonPair(
  { meetings, names }: Shape,
  crms: readonly number[],
  telephonies: readonly number[],
): Meeting | null {
  for (const crm of crms) {
    for (const telephony of telephonies) {
      if (meetings.of[crm * names.telephony.length + telephony] === meetings.common) return { crm, telephony }
    }
  }
  return null
}

function kindsAt(shape: Shape, spot: Spot, side: Side): Kinds {
  const { names, meetings, changes } = shape
  const beside = besideOf(shape, spot, side)
  const count = beside < 0 ? 1 : meetings.count + 1
  const width = names.telephony.length
  const shown = shownAt(shape, spot, side)
  const groups = new Map<number, number[]>()
  const of = names[side].map((_name, status) => {
    const meets = side === 'crm' ? status * width + beside : beside * width + status
    const kind = kindOfChange(shape, spot, side, status) * count + (beside < 0 ? 0 : 1 + (meetings.of[meets] ?? 0))
    const group = groups.get(kind)
    if (status === shown) return kind
    if (group === undefined) groups.set(kind, [status])
    else group.push(status)
    return kind
  })
  return { of, count: 2 * changes[side].count * count, groups }
}

/**
 * Who logs in on the other side may be put beside this side's base and not where they wanted to go: then that status meets this side's
 * change. -1: nobody can.
 */
function besideOf({ names, login }: Shape, spot: Spot, side: Side): number {
  const other = otherSide(side)
  return names[other][spot[other]] === OFFLINE ? (login[side][spot[side]] ?? -1) : -1
}
