// Which statuses of two platforms mean the same, by their names. A status that takes work is never matched with one that takes none:
// that guess would offer people work that they did not ask for.

import type { BySide } from '../../domain/side.ts'
import { loosely, nearest } from '../nearest.ts'

export type Candidate = { readonly name: string; readonly takesWork: boolean }

export type Match = {
  /** The first is the one that was matched, the others mean the same. */
  readonly crm: readonly string[]
  readonly telephony: readonly string[]
  /** `work`: nothing but that both take work. */
  readonly how: 'same' | 'synonym' | 'similar' | 'work'
}

export type Matched = { readonly matches: readonly Match[]; readonly left: BySide<readonly string[]> }

/** Words that contact centres use for the same thing, compared loosely. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['meal', 'lunch', 'meal break', 'lunch break', 'dinner'],
  ['break', 'short break', 'coffee break', 'pause', 'rest'],
  ['busy', 'do not disturb', 'dnd', 'occupied', 'unavailable'],
  ['away', 'be right back', 'brb', 'stepped away', 'afk'],
  ['meeting', 'in a meeting', 'in meeting', 'team meeting'],
  ['training', 'in training', 'learning', 'e-learning'],
  ['coaching', 'one on one', '1:1', '1 on 1'],
  ['paperwork', 'after call work', 'acw', 'wrap up', 'admin', 'back office', 'administration'],
  ['out of office', 'ooo', 'vacation', 'holiday'],
  ['missed call', 'not responding', 'missed', 'no answer', 'rona'],
  ['on queue', 'online', 'available', 'ready'],
]

const GROUP: ReadonlyMap<string, number> = new Map(
  SYNONYMS.flatMap((words, index) => words.map((word): [string, number] => [loosely(word), index])),
)

type Rule = (crm: string, others: readonly string[]) => string | undefined
type Pool = { readonly crm: Set<string>; readonly telephony: Set<string> }

const RULES: readonly (readonly [Match['how'], Rule])[] = [
  ['same', (crm, others) => others.find((name) => name === crm)],
  ['same', (crm, others) => others.find((name) => loosely(name) === loosely(crm))],
  ['synonym', (crm, others) => others.find((name) => areSynonyms(name, crm))],
  ['similar', (crm, others) => nearest(crm, others)],
]

export function matchStatuses(statuses: BySide<readonly Candidate[]>): Matched {
  const matches: Match[] = []
  const left: { crm: string[]; telephony: string[] } = { crm: [], telephony: [] }
  for (const takesWork of [true, false]) {
    const of = (all: readonly Candidate[]) =>
      new Set(all.filter((one) => one.takesWork === takesWork).map(({ name }) => name))
    const pool = { crm: of(statuses.crm), telephony: of(statuses.telephony) }
    const found = RULES.flatMap(([how, rule]) => apply(pool, how, rule))
    const [crm] = pool.crm
    const [telephony] = pool.telephony
    if (takesWork && found.length === 0 && crm !== undefined && telephony !== undefined) {
      found.push({ crm: [crm], telephony: [telephony], how: 'work' })
      pool.crm.delete(crm)
      pool.telephony.delete(telephony)
    }
    matches.push(...withSynonyms(found, pool))
    left.crm.push(...pool.crm)
    left.telephony.push(...pool.telephony)
  }
  return { matches: inOrder(matches, statuses.crm), left }
}

export function areSynonyms(a: string, b: string): boolean {
  const group = GROUP.get(loosely(a))
  return group !== undefined && group === GROUP.get(loosely(b))
}

/** Each status once, the first that fits. */
function apply(pool: Pool, how: Match['how'], rule: Rule): Match[] {
  return [...pool.crm].flatMap((crm) => {
    const telephony = rule(crm, [...pool.telephony])
    if (telephony === undefined) return []
    pool.crm.delete(crm)
    pool.telephony.delete(telephony)
    return [{ crm: [crm], telephony: [telephony], how }]
  })
}

/** What is left and means the same as one side of a match goes with it, on one side only: a list on both would pair everything with everything. */
function withSynonyms(matches: readonly Match[], pool: Pool): readonly Match[] {
  return matches.map((match) => {
    const telephony = [...pool.telephony].filter((name) => match.telephony.some((one) => areSynonyms(one, name)))
    const crm =
      telephony.length > 0 ? [] : [...pool.crm].filter((name) => match.crm.some((one) => areSynonyms(one, name)))
    for (const name of telephony) pool.telephony.delete(name)
    for (const name of crm) pool.crm.delete(name)
    if (crm.length + telephony.length === 0) return match
    return {
      crm: [...match.crm, ...crm],
      telephony: [...match.telephony, ...telephony],
      how: match.how === 'same' ? 'synonym' : match.how,
    }
  })
}

/** As the CRM lists its statuses; what takes work stands first. */
function inOrder(matches: readonly Match[], crm: readonly Candidate[]): readonly Match[] {
  const place = ({ crm: [name] }: Match) => crm.findIndex((one) => one.name === name)
  const takesWork = (match: Match) => crm[place(match)]?.takesWork === true
  return matches.toSorted((a, b) => Number(takesWork(b)) - Number(takesWork(a)) || place(a) - place(b))
}
