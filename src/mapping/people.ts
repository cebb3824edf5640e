// Which person of one system is which of the other, and whose rules hold for them. One pass over each roster: no pair is ever searched for.

import type { Person } from '../domain/platform.ts'
import type { AgentId, BySide, PlatformUserId, Side } from '../domain/side.ts'
import { otherSide, SIDES, sideName } from '../domain/side.ts'
import { eachSide } from './draft.ts'
import type { Matching, ProfileMembers } from './mapping.ts'
import { createProfileChooser } from './profiles.ts'

type MatchedAgent = {
  /** The crm user name, or the telephony e-mail of someone without one. */
  readonly agent: AgentId
  readonly users: BySide<PlatformUserId>
  readonly name: string
  readonly email: string | null
  /** null: the top level's rules. */
  readonly profile: string | null
}
type Unmatched = { readonly side: Side; readonly name: string; readonly why: string }
export type MatchResult = { readonly agents: readonly MatchedAgent[]; readonly unmatched: readonly Unmatched[] }

type Couple = { readonly people: BySide<Person>; readonly profile: string | null }
/** What is left to match, and what came of the rest. */
type Work = {
  readonly left: BySide<Set<Person>>
  readonly couples: Couple[]
  readonly unmatched: Unmatched[]
}

const FIELDS: Readonly<Record<Matching['by'], (person: Person) => string | null>> = {
  email: (person) => person.email,
  username: (person) => person.username,
  employee_id: (person) => person.employeeId,
  explicit: () => null,
}
const FIELD_WORDS: Readonly<Record<Matching['by'], string>> = {
  email: 'e-mail address',
  username: 'user name',
  employee_id: 'employee id',
  explicit: 'pair',
}

/** Pairs first, then the rest by what is the same in both systems; whoever fits more than one person is left out and told. */
export function matchPeople(persons: BySide<readonly Person[]>, matching: Matching): MatchResult {
  const excluded = new Set(matching.exclude.map(folded))
  const isWanted = (person: Person) => namesOf(person).every((name) => !excluded.has(name))
  const left = eachSide((side) => new Set(persons[side].filter(isWanted)))
  const work: Work = { left, couples: [], unmatched: [] }
  matchPairs(work, matching)
  matchByField(work, matching)
  return { agents: toAgents(work, matching.profiles), unmatched: work.unmatched }
}

function matchPairs({ left, couples, unmatched }: Work, { pairs }: Matching): void {
  const byName = eachSide((side) => index(left[side], namesOf))
  for (const pair of pairs) {
    const found = eachSide(
      (side) => byName[side].get(folded(pair[side]))?.filter((person) => left[side].has(person)) ?? [],
    )
    const [crm, telephony] = [only(found.crm), only(found.telephony)]
    if (crm && telephony) couples.push({ people: { crm, telephony }, profile: pair.profile })
    for (const side of SIDES) {
      // Someone who is paired with a person not to be found must not be matched with somebody else.
      for (const person of found[side]) left[side].delete(person)
      if (!only(found[side])) unmatched.push({ side, name: pair[side], why: whyNotPaired(found[side], side) })
    }
    if (crm && !telephony) unmatched.push(partnerMissing('crm', crm, pair.telephony))
    if (telephony && !crm) unmatched.push(partnerMissing('telephony', telephony, pair.crm))
  }
}

function whyNotPaired(found: readonly Person[], side: Side): string {
  if (found.length === 0) return `named in agents.pairs, but ${sideName(side)} has nobody of that name left to pair`
  return `named in agents.pairs, but fits ${found.length} people in ${sideName(side)}`
}

function partnerMissing(side: Side, person: Person, partner: string): Unmatched {
  return { side, name: label(person), why: `paired with ${partner}, who was not found in ${sideName(otherSide(side))}` }
}

function matchByField({ left, couples, unmatched }: Work, { by }: Matching): void {
  const keyOf = (person: Person) => folded(FIELDS[by](person) ?? '')
  const groups = eachSide((side) => index(left[side], (person) => [keyOf(person)]))
  for (const side of SIDES) {
    for (const person of left[side]) {
      const key = keyOf(person)
      const why = key === '' ? withoutKey(by) : whyNot(side, groups, key, by)
      const partner = why === null ? only(groups[otherSide(side)].get(key) ?? []) : undefined
      if (why !== null) unmatched.push({ side, name: label(person), why })
      else if (side === 'crm' && partner) couples.push({ people: { crm: person, telephony: partner }, profile: null })
    }
  }
}

function withoutKey(by: Matching['by']): string {
  return by === 'explicit' ? 'not named in agents.pairs' : `has no ${FIELD_WORDS[by]}`
}

/** null: exactly one person on each side. */
function whyNot(
  side: Side,
  groups: BySide<ReadonlyMap<string, readonly Person[]>>,
  key: string,
  by: Matching['by'],
): string | null {
  const other = otherSide(side)
  const theirs = groups[other].get(key)?.length ?? 0
  if (theirs === 0) return `nobody in ${sideName(other)} has the ${FIELD_WORDS[by]} ${key}`
  const ours = groups[side].get(key)?.length ?? 0
  if (ours > 1) return `${ours} people in ${sideName(side)} have the ${FIELD_WORDS[by]} ${key}`
  return theirs > 1 ? `${theirs} people in ${sideName(other)} have the ${FIELD_WORDS[by]} ${key}` : null
}

function toAgents({ couples, unmatched }: Work, profiles: readonly ProfileMembers[]): readonly MatchedAgent[] {
  const profileOf = createProfileChooser(profiles)
  const agents = new Map<string, MatchedAgent>()
  const twice = new Set<string>()
  for (const { people, profile } of couples) {
    const agent = agentName(people)
    if (agents.has(folded(agent))) twice.add(folded(agent))
    if (twice.has(folded(agent)))
      unmatched.push({ side: 'crm', name: label(people.crm), why: `a second person is called ${agent}` })
    else agents.set(folded(agent), matched(people, agent, profile ?? profileOf(people)))
  }
  return [...agents.values()]
}

function agentName({ crm, telephony }: BySide<Person>): AgentId {
  return (crm.username || telephony.email || telephony.username) as AgentId
}

function matched({ crm, telephony }: BySide<Person>, agent: AgentId, profile: string | null): MatchedAgent {
  const users = { crm: crm.user, telephony: telephony.user }
  return { agent, users, name: crm.name || telephony.name, email: crm.email ?? telephony.email, profile }
}

function index(
  people: Iterable<Person>,
  keysOf: (person: Person) => readonly string[],
): ReadonlyMap<string, readonly Person[]> {
  const groups = new Map<string, Person[]>()
  for (const person of people) {
    for (const key of new Set(keysOf(person))) {
      const group = groups.get(key)
      if (group) group.push(person)
      else groups.set(key, [person])
    }
  }
  return groups
}

function only(people: readonly Person[]): Person | undefined {
  return people.length === 1 ? people[0] : undefined
}

function namesOf(person: Person): readonly string[] {
  return [person.username, person.email ?? ''].map(folded).filter((name) => name !== '')
}

function folded(name: string): string {
  return name.trim().toLowerCase()
}

function label(person: Person): string {
  return person.username || person.email || person.name
}
