// R2–R7, R10 and R15 read naively, word by word, for the book: another reading of the rules than the engine's.

import type { Ruleset } from '../../src/domain/rules.ts'
import { type BySide, OFFLINE, otherSide, type Side, type StatusId } from '../../src/domain/side.ts'

/** Null: nothing. `kept`: it is there already, which is not setting it. `timed`: R18 runs. */
export type Given = { readonly status: StatusId; readonly kept: boolean; readonly timed: boolean } | null

export type Changed = {
  readonly at: number
  readonly to: StatusId
  readonly bases: BySide<StatusId>
  readonly bothIn: boolean
}

function leadsTo(rules: Ruleset, side: Side, status: StatusId): readonly StatusId[] {
  if (rules.noSync[side].has(status)) return []
  return (rules.partners[side].get(status) ?? []).map((p) => p.status)
}

/** What a change on `side` from `x0` to `x` gives the other one, whose base is `base` and which is logged in. */
export function gives(
  rules: Ruleset,
  side: Side,
  { x0, x, base }: { readonly x0: StatusId; readonly x: StatusId; readonly base: StatusId },
): Given {
  const other = otherSide(side)
  if (rules.noSync[side].has(x)) return null
  const partners = leadsTo(rules, side, x)
  const [primary] = partners
  if (primary !== undefined)
    return partners.includes(base)
      ? { status: base, kept: true, timed: false }
      : { status: primary, kept: false, timed: false }
  if (x === OFFLINE) return null
  const had = leadsTo(rules, side, x0)
  if (had.length > 0) {
    const status = rules.transition[other]?.status
    if (!had.includes(base) || status === undefined) return null
    return { status, kept: false, timed: true }
  }
  const fallback = rules.unmapped[side]?.status
  return fallback === undefined ? null : { status: fallback, kept: false, timed: false }
}

/** R10: the base of the side that logged in with `y`; null: a change like any other. */
export function loginBase(rules: Ruleset, side: Side, y: StatusId, otherBase: StatusId): StatusId | null {
  if (rules.login === 'lead') return null
  const partners = leadsTo(rules, otherSide(side), otherBase).filter((p) => p !== OFFLINE)
  const [first] = partners
  if (first === undefined) return null
  return partners.includes(y) ? y : first
}

export function isConflict(rules: Ruleset, changes: BySide<Changed | null>): changes is BySide<Changed> {
  const { crm, telephony } = changes
  if (crm === null || telephony === null || !crm.bothIn || !telephony.bothIn) return false
  if (crm.to === OFFLINE || telephony.to === OFFLINE) return false
  return Math.abs(crm.at - telephony.at) <= rules.conflict.windowMs && !rules.related(crm.to, telephony.to)
}

/** The new bases, and what was given to whom; `before`: the bases before the first of the two. */
export function settleConflict(
  rules: Ruleset,
  changes: BySide<Changed>,
  { before, heardLast }: { readonly before: BySide<StatusId>; readonly heardLast: Side },
): { readonly given: Given; readonly to: Side } | null {
  const isFree = (side: Side) => rules.available[side].has(changes[side].to)
  const winner = winnerOf(rules, changes, heardLast)
  const loser = otherSide(winner)
  const led = (leader: Side): Given => {
    const base = before[otherSide(leader)]
    return gives(rules, leader, { x0: before[leader], x: changes[leader].to, base })
  }
  const first = led(winner)
  if (first !== null) return { given: first, to: loser }
  if (!isFree(winner) || !isFree(loser)) return null
  const second = led(loser)
  return second === null ? null : { given: second, to: winner }
}

function winnerOf({ conflict, available }: Ruleset, changes: BySide<Changed>, heardLast: Side): Side {
  const [a, b] = [changes.crm, changes.telephony]
  const latest = a.at === b.at ? heardLast : a.at > b.at ? 'crm' : 'telephony'
  if (conflict.prefer === 'crm' || conflict.prefer === 'telephony') return conflict.prefer
  if (conflict.prefer === 'latest') return latest
  const [crmIsFree, telephonyIsFree] = [available.crm.has(a.to), available.telephony.has(b.to)]
  if (crmIsFree === telephonyIsFree) return latest
  return crmIsFree ? 'telephony' : 'crm'
}
