// The statuses that are explored on each side. Of statuses that no rule can tell apart only two are kept: a decision looks at no more than
// two statuses of one side that are not named by a rule of their own, the one before and the one after a change, so with two of a kind
// every situation has its like, and what is told of the two is true of any others.

import type { Ruleset } from '../../domain/rules.ts'
import { type BySide, OFFLINE, otherSide, SIDES, type Side, type StatusId } from '../../domain/side.ts'

export type Alphabet = {
  readonly names: BySide<readonly StatusId[]>
  /** How many statuses of the platform each name stands for, itself included; a fraction where two share the others. */
  readonly weights: BySide<readonly number[]>
  /** Names of one number are of one kind. */
  readonly kinds: BySide<readonly number[]>
}

const COPIES = 2

/** Every name that the rules mention is explored, whether or not it is among `statuses`. */
export function alphabetOf(rules: Ruleset, statuses: BySide<Iterable<StatusId>>): Alphabet {
  return commonAlphabet([rules], statuses)
}

/** For several sets of rules at once: what is of a kind is so under each of them. */
export function commonAlphabet(several: readonly Ruleset[], statuses: BySide<Iterable<StatusId>>): Alphabet {
  const given = { crm: [...statuses.crm], telephony: [...statuses.telephony] }
  const all = several.reduce<Alphabet['names']>((names, rules) => wholeAlphabet(rules, names).names, given)
  const kept = (side: Side) => {
    const question = (status: StatusId) => ({ side, status, others: all[otherSide(side)] })
    const kinds = Map.groupBy(all[side], (status) => several.map((rules) => kindOf(rules, question(status))).join('\n'))
    return [...kinds.values()].flatMap((names, kind) => {
      const copies = names.slice(0, COPIES)
      return copies.map((name) => ({ name, kind, weight: names.length / copies.length }))
    })
  }
  const [crm, telephony] = [kept('crm'), kept('telephony')]
  return {
    names: { crm: crm.map(({ name }) => name), telephony: telephony.map(({ name }) => name) },
    weights: { crm: crm.map(({ weight }) => weight), telephony: telephony.map(({ weight }) => weight) },
    kinds: { crm: crm.map(({ kind }) => kind), telephony: telephony.map(({ kind }) => kind) },
  }
}

/** Each status for itself. */
export function wholeAlphabet(rules: Ruleset, statuses: BySide<Iterable<StatusId>>): Alphabet {
  const [crm, telephony] = SIDES.map((side) => [...new Set([OFFLINE, ...statuses[side], ...mentioned(rules, side)])])
  const names = { crm: crm ?? [], telephony: telephony ?? [] }
  return {
    names,
    weights: { crm: names.crm.map(() => 1), telephony: names.telephony.map(() => 1) },
    kinds: { crm: [...names.crm.keys()], telephony: [...names.telephony.keys()] },
  }
}

/** Statuses that a rule puts an agent into without another status leading there. */
export function destinations(rules: Ruleset, side: Side): readonly StatusId[] {
  const { transition, unmapped, blocking, partners } = rules
  const fromOffline = (partners[otherSide(side)].get(OFFLINE) ?? []).map(({ status }) => status)
  const named = [
    transition[side]?.status,
    transition[side]?.ends?.status,
    unmapped[otherSide(side)]?.status,
    blocking[side]?.status,
  ]
  return [...new Set([OFFLINE, ...named.flatMap((status) => status ?? []), ...fromOffline])]
}

function mentioned(rules: Ruleset, side: Side): readonly StatusId[] {
  const { available, noSync, partners } = rules
  const led = [...partners[otherSide(side)].values()].flat().map(({ status }) => status)
  return [...available[side], ...noSync[side].keys(), ...partners[side].keys(), ...led, ...destinations(rules, side)]
}

type Question = { readonly side: Side; readonly status: StatusId; readonly others: readonly StatusId[] }

/** All that a rule may ask of a status; two with the same answers may change places without any decision being another. */
function kindOf(rules: Ruleset, { side, status, others }: Question): string {
  if (destinations(rules, side).includes(status)) return `itself ${status}`
  const leads = (rules.partners[side].get(status) ?? []).map((partner) => partner.status)
  const led = others.map((other) => placeAmong(rules.partners[otherSide(side)].get(other) ?? [], status))
  const related = others.map((other) => (side === 'crm' ? rules.related(status, other) : rules.related(other, status)))
  return JSON.stringify([rules.available[side].has(status), rules.noSync[side].has(status), leads, led, related])
}

/** The first counts, and the first that a log-in may take; the others are only asked for. */
function placeAmong(partners: readonly { readonly status: StatusId }[], status: StatusId): string {
  if (!partners.some((partner) => partner.status === status)) return ''
  if (partners[0]?.status === status) return 'first'
  return partners.find((partner) => partner.status !== OFFLINE)?.status === status ? 'login' : 'other'
}
