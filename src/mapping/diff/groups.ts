// What is different between two sets of rules, each cause once, with a shortest story that shows it.

import type { Ruleset } from '../../domain/rules.ts'
import { type BySide, OFFLINE, type StatusId } from '../../domain/side.ts'
import { NotProved } from '../explore/limits.ts'
import { type About, type Cause, createCauses } from './causes.ts'
import { createCoincidences } from './coincide.ts'
import { CANDIDATES_MAX, LOOKUPS_MAX } from './limits.ts'
import { reachable } from './reach.ts'
import { type Told, tellBoth } from './told.ts'
import { type Both, createTwins, type Twins } from './twins.ts'
import { createWalk, hereAt, type Meeting, type Walk, walkFrom, wayTo } from './walk.ts'

export type Group = {
  readonly cause: Cause
  /** Situations with what happened in them. */
  readonly count: number
  /** Whether people see it anywhere; otherwise only the reason is another one. */
  readonly visible: boolean
  /** All that the situations of the cause are about, in the order in which they were found. */
  readonly about: readonly About[]
  /** Null: what was found ends alike in every timing of a story. */
  readonly told: Told | null
}

export type RulesDiff = {
  /** Situations with what may happen in them, as many as the platforms have. */
  readonly compared: number
  /** Half a sentence that says why not everything was compared; null: everything was. */
  readonly incomplete: string | null
  readonly groups: readonly Group[]
}

export type CompareOptions = {
  /** Of the platforms; those that the rules mention are compared in any case. */
  readonly statuses: BySide<Iterable<StatusId>>
  readonly patience?: number | undefined
  /** For tests: every situation that differs. */
  readonly met?: ((meeting: Meeting, twins: Twins) => void) | undefined
}

type Found = {
  readonly cause: Cause
  readonly candidates: Meeting[]
  readonly about: Set<About>
  count: number
  visible: boolean
}

export function compareRules(rules: Both<Ruleset>, options: CompareOptions): RulesDiff {
  const twins = createTwins(rules, options.statuses)
  const causeOf = createCauses(twins)
  const found = new Map<string, Found>()
  const patience = options.patience ?? LOOKUPS_MAX
  const walk = createWalk({
    twins,
    patience,
    coincide: createCoincidences(twins),
    met(meeting) {
      note(found, causeOf(meeting), meeting)
      options.met?.(meeting, twins)
    },
  })
  const incomplete = attempt(() => walkFrom(walk, startsOf(twins, patience)))
  const groups = [...found.values()].map((one) => groupOf(rules, walk, one))
  return { compared: Math.round(walk.compared), incomplete, groups: groups.toSorted(byWeight) }
}

function attempt(work: () => void): string | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof NotProved) return error.message
    throw error
  }
}

/** Pairs that belong together come first: they are what people know. Then pairs of one side that is logged in. */
function startsOf(twins: Twins, patience: number): readonly number[] {
  const { crm, telephony } = twins.alphabet.names
  const { related } = twins.before.rules
  const rank = (place: number) => {
    const pair = [crm[Math.floor(place / telephony.length)], telephony[place % telephony.length]] as const
    const [a = OFFLINE, b = OFFLINE] = pair
    const out = pair.filter((status) => status === OFFLINE).length
    return out > 0 ? out + 1 : related(a, b) ? 0 : 1
  }
  const places = [...reachable(twins.before, twins.alphabet, patience)]
  const ranks = new Map(places.map((place) => [place, rank(place)]))
  return places.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || a - b)
}

function note(found: Map<string, Found>, cause: Cause, meeting: Meeting): void {
  let one = found.get(cause.key)
  if (one === undefined) {
    one = { cause, candidates: [], about: new Set(), count: 0, visible: false }
    found.set(cause.key, one)
  }
  one.count += meeting.weight
  if (cause.about !== null) one.about.add(cause.about)
  const isVisible = meeting.difference === 'visible'
  if (isVisible && !one.visible) one.candidates.length = 0
  if (one.candidates.length < CANDIDATES_MAX && (isVisible || !one.visible)) one.candidates.push(meeting)
  one.visible ||= isVisible
}

function groupOf(rules: Both<Ruleset>, walk: Walk, { cause, candidates, about, count, visible }: Found): Group {
  let told: Told | null = null
  for (const { rest, move } of candidates.toSorted((a, b) => a.cost - b.cost)) {
    const { begins, moves } = wayTo(walk, rest)
    const { before, now } = hereAt(walk, rest).joint
    const expected = { before: before.state, now: now.state }
    const one = tellBoth(rules, { begins, moves: [...moves, move] }, expected)
    if (one === null) continue
    if (told === null || (one.visible && !told.visible) || (one.playable && !told.playable)) told = one
    if (told.playable && told.visible === visible) break
  }
  return { cause, count: Math.round(count), visible, told, about: [...about] }
}

/** What is seen first, of that what is no coincidence, of that what happens most. */
function byWeight(a: Group, b: Group): number {
  const rank = ({ visible, told }: Group) => (visible ? 0 : 2) + (told?.last.move.kind === 'pair' ? 1 : 0)
  return rank(a) - rank(b) || b.count - a.count
}
