// What a decision can see of the statuses that it is about, as small numbers. A decision never asks what a status is called: it asks whether
// it is available, listed under no_sync, put in place by some rule, who its first partners are, and whether one of two statuses leads to the
// other. Situations in which all of these answers are the same end the same way, so one of them is played on the engine for all.

import type { Ruleset } from '../../domain/rules.ts'
import { type BySide, OFFLINE, otherSide, type Side, type StatusId } from '../../domain/side.ts'
import { type Alphabet, destinations } from './alphabet.ts'

/** A class for each pair of a crm and a telephony status, at `crm * telephony count + telephony`. */
type Classes = { readonly of: Int32Array; readonly count: number }

export type Shape = {
  readonly names: BySide<readonly StatusId[]>
  /** By the place of a status in `names`: the place of the other side's status that it leads to first; -1: none. */
  readonly first: BySide<readonly number[]>
  /** The same for a log-in, which never follows to Offline (R10). */
  readonly login: BySide<readonly number[]>
  /** Bases that are left, both. */
  readonly rests: Classes
  /** By the touched side: its new status beside the other side's base. */
  readonly changes: BySide<Classes>
  /** Two new statuses at once, without what each of them is. */
  readonly meetings: Classes & {
    /** The class of most pairs, which have nothing to do with each other. */
    readonly common: number
    /** The places of all other pairs. */
    readonly rare: readonly number[]
  }
}

type Pair = { readonly crm: StatusId; readonly telephony: StatusId }

export function shapeOf(rules: Ruleset, { names }: Alphabet): Shape {
  const news = {
    crm: describe(names, 'crm', newcomer(rules)),
    telephony: describe(names, 'telephony', newcomer(rules)),
  }
  const olds = { crm: describe(names, 'crm', leaver(rules)), telephony: describe(names, 'telephony', leaver(rules)) }
  const change = (side: Side) =>
    classify(names, (pair) => {
      const { there, first } = bond(rules, side, pair)
      const { there: back, login } = bond(rules, otherSide(side), pair)
      return [news[side].get(pair[side]), there, first, back, login].join('|')
    })
  return {
    names,
    first: {
      crm: leadsTo(rules, names, { side: 'crm', login: false }),
      telephony: leadsTo(rules, names, { side: 'telephony', login: false }),
    },
    login: {
      crm: leadsTo(rules, names, { side: 'crm', login: true }),
      telephony: leadsTo(rules, names, { side: 'telephony', login: true }),
    },
    rests: classify(names, (pair) => {
      const old = (side: Side) => (pair[otherSide(side)] === OFFLINE ? news[side] : olds[side]).get(pair[side])
      const bonds = [bond(rules, 'crm', pair).there, bond(rules, 'telephony', pair).there]
      return [old('crm'), old('telephony'), ...bonds].join('|')
    }),
    changes: { crm: change('crm'), telephony: change('telephony') },
    meetings: meetingsOf(rules, names),
  }
}

function meetingsOf(rules: Ruleset, names: Shape['names']): Shape['meetings'] {
  const classes = classify(names, (pair) => {
    const related = rules.related(pair.crm, pair.telephony)
    return JSON.stringify([bond(rules, 'crm', pair), bond(rules, 'telephony', pair), related])
  })
  const sizes = Array.from({ length: classes.count }, () => 0)
  for (const one of classes.of) sizes[one] = (sizes[one] ?? 0) + 1
  const common = sizes.indexOf(Math.max(...sizes))
  const rare = [...classes.of.keys()].filter((place) => classes.of[place] !== common)
  return { ...classes, common, rare }
}

function classify(names: Shape['names'], tell: (pair: Pair) => string): Classes {
  const known = new Map<string, number>()
  const told = names.crm.flatMap((crm) =>
    names.telephony.map((telephony) => {
      const word = tell({ crm, telephony })
      const number = known.get(word) ?? known.size
      known.set(word, number)
      return number
    }),
  )
  return { of: Int32Array.from(told), count: known.size }
}

type Teller = (side: Side, status: StatusId) => string

function describe(names: Shape['names'], side: Side, tell: Teller): ReadonlyMap<StatusId, string> {
  return new Map(names[side].map((status) => [status, tell(side, status)]))
}

/** A base that is left while both sides are logged in. */
function leaver(rules: Ruleset): Teller {
  return (side, status) => {
    const leads = (rules.partners[side].get(status)?.length ?? 0) > 0
    return [rules.available[side].has(status), leads, destinations(rules, side).indexOf(status)].join(' ')
  }
}

/** A status that is gone to, with what the other side may take because of it; or a base that a log-in on the other side may follow. */
function newcomer(rules: Ruleset): Teller {
  const left = leaver(rules)
  return (side, status) => {
    const other = otherSide(side)
    const first = rules.partners[side].get(status)?.[0]?.status
    const login = loginPartner(rules, side, status)
    const near = [first, login].map((partner) => {
      if (partner === undefined) return 'none'
      return `${left(other, partner)} ${leads(rules, { side: other, from: partner, to: status })}`
    })
    const led = destinations(rules, other).map((from) => leads(rules, { side: other, from, to: status }))
    return [left(side, status), rules.noSync[side].has(status), ...near, first === login, ...led].join(' ')
  }
}

type Bond = { readonly there: boolean; readonly first: boolean; readonly login: boolean }

/** Whether the side's status of the pair leads to the other one: at all, first, and at a log-in. */
function bond(rules: Ruleset, side: Side, pair: Pair): Bond {
  const [from, to] = [pair[side], pair[otherSide(side)]]
  const there = leads(rules, { side, from, to })
  const first = there && rules.partners[side].get(from)?.[0]?.status === to
  return { there, first, login: there && loginPartner(rules, side, from) === to }
}

function leads(rules: Ruleset, { side, from, to }: { side: Side; from: StatusId; to: StatusId }): boolean {
  return rules.partners[side].get(from)?.some(({ status }) => status === to) ?? false
}

function loginPartner(rules: Ruleset, side: Side, status: StatusId): StatusId | undefined {
  return rules.partners[side].get(status)?.find((partner) => partner.status !== OFFLINE)?.status
}

function leadsTo(
  rules: Ruleset,
  names: Shape['names'],
  { side, login }: { readonly side: Side; readonly login: boolean },
): readonly number[] {
  const places = new Map(names[otherSide(side)].map((status, place) => [status, place]))
  return names[side].map((status) => {
    const partner = login ? loginPartner(rules, side, status) : rules.partners[side].get(status)?.[0]?.status
    return partner === undefined ? -1 : (places.get(partner) ?? -1)
  })
}
