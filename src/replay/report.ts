// A replay as paragraphs of plain text, which every format lays out in its own way.

import type { AgentId } from '../domain/side.ts'
import { otherSide, SIDES, type Side, sideName } from '../domain/side.ts'
import type { Difference, Spent } from './compare.ts'
import type { Group, Instead } from './groups.ts'
import { leftOutWords } from './left-out.ts'
import { GROUPS_TOLD_MAX, LISTED_MAX, NAMED_MAX } from './limits.ts'
import type { Replay } from './replay.ts'
import { differenceWords } from './words.ts'

/** How times are told to who reads it. */
type Face = {
  readonly zone: string
  /** "2026-11-21 10:32" */
  full(ms: number): string
  /** "10:32:07" */
  clock(ms: number): string
  /** "3 min 20 s" */
  duration(ms: number): string
}

type Line = { readonly when: string; readonly sentence: string }

export type Entry = {
  readonly sentence: string
  /** How often, what it came to, and whom else it touched. */
  readonly facts: readonly string[]
}

export type Report = {
  readonly title: string
  readonly verdict: string
  readonly totals: readonly string[]
  readonly entries: readonly Entry[]
  /** Every difference, where it is about one agent. */
  readonly listed: readonly Line[]
  readonly notes: readonly string[]
  /** What could not be played as it was. */
  readonly leftOut: readonly string[]
}

type Options = {
  readonly face: Face
  /** Each difference, not only examples of their causes. */
  readonly each: boolean
}

/** Characters of a date. */
const DATE = 10

export function reportOf(replay: Replay, { face, each }: Options): Report {
  const { files, from, to, groups, differences } = replay
  const line = (difference: Difference) => lineOf(difference, replay.nameOf, face)
  const listed = each ? differences.slice(0, LISTED_MAX).map(line) : []
  return {
    title: `${files.before} → ${files.now}, ${face.full(from)} to ${face.full(to)} (${face.zone})`,
    verdict: verdictOf(replay),
    totals: totalsOf(replay, face),
    entries: groups.slice(0, GROUPS_TOLD_MAX).map((group) => entryOf(group, replay, { face, each })),
    listed,
    notes: [
      ...(groups.length > GROUPS_TOLD_MAX
        ? [`… and ${counted(groups.length - GROUPS_TOLD_MAX, 'more cause')}; --format json has them all.`]
        : []),
      ...(each && replay.totals.differing > listed.length
        ? [`… and ${counted(replay.totals.differing - listed.length, 'more difference')}.`]
        : []),
    ],
    leftOut: replay.leftOut.map(leftOutWords),
  }
}

function verdictOf({ kind, totals, agents, touched }: Replay): string {
  const { compared, differing } = totals
  const whose = `for ${touched.toLocaleString('en')} of ${counted(agents, 'agent')}`
  const of = `of ${counted(compared, 'decision')}`
  if (kind === 'recorded') {
    const alike = `${(compared - differing).toLocaleString('en')} ${of} come out as recorded`
    return differing === 0
      ? `${alike}.`
      : `${alike}; ${differing.toLocaleString('en')} ${differing === 1 ? 'does' : 'do'} not, ${whose}.`
  }
  if (differing === 0) return `No difference: none ${of} would have been another one, for ${counted(agents, 'agent')}.`
  return `${differing.toLocaleString('en')} ${of} would have been different, ${whose}.`
}

function totalsOf({ kind, totals, groups }: Replay, face: Face): readonly string[] {
  if (totals.differing === 0) return []
  const { duration } = face
  const instead = mergedInstead(groups)
  const statuses = SIDES.flatMap((side) => {
    const here = instead.filter((one) => one.side === side)
    const ms = here.reduce((sum, one) => sum + one.ms, 0)
    if (ms === 0) return []
    return [`${duration(ms)} in another status in ${sideName(side)}: ${pairsWords(here, face)}`]
  })
  if (kind === 'recorded') return statuses
  const spent = SIDES.flatMap((side) => [
    ...spentWords(`blocked in ${sideName(side)}`, side, totals.blockedMs, duration),
    ...spentWords(exposedWords(side), side, totals.exposedMs, duration),
  ])
  return [...statuses, ...spent]
}

function spentWords(
  what: string,
  side: Side,
  { before, now }: Replay['totals']['blockedMs'],
  duration: Face['duration'],
): readonly string[] {
  if (before[side] === now[side]) return []
  return [`${what} for ${duration(before[side])}, now ${duration(now[side])}`]
}

/** An exposure, as a place where something happens. */
function exposedWords(side: Side): string {
  return `taking work in ${sideName(side)} while at work in ${sideName(otherSide(side))}`
}

function entryOf(group: Group, { nameOf }: Replay, { face, each }: Options): Entry {
  const { examples, times, agents, differences, instead, blockedMs, exposedMs } = group
  const [first, ...others] = examples
  const words = (difference: Difference) => differenceWords(difference, nameOf(difference.agent))
  const often = `${counted(times, 'time')}, ${counted(agents, 'agent')}, ${counted(differences, 'decision')}`
  return {
    sentence: first === undefined ? '' : `${words(first).replace(/\.$/, '')} (${momentWords(first.at, face)})`,
    facts: [
      often,
      ...SIDES.flatMap((side) => {
        const here = instead.filter((one) => one.side === side)
        return here.length === 0 ? [] : [`in ${sideName(side)} ${pairsWords(here, face)}`]
      }),
      ...SIDES.flatMap((side) => moreOrLess(`blocked in ${sideName(side)}`, side, blockedMs, face)),
      ...SIDES.flatMap((side) => moreOrLess(exposedWords(side), side, exposedMs, face)),
      ...(each || others.length === 0
        ? []
        : [`also ${others.map((d) => `${nameOf(d.agent)} (${momentWords(d.at, face)})`).join(', ')}`]),
    ],
  }
}

function lineOf(difference: Difference, nameOf: (agent: AgentId) => string, face: Face): Line {
  return { when: momentWords(difference.at, face), sentence: differenceWords(difference, nameOf(difference.agent)) }
}

/** "2026-11-21 10:32:07" */
function momentWords(ms: number, face: Face): string {
  return `${face.full(ms).slice(0, DATE)} ${face.clock(ms)}`
}

function moreOrLess(what: string, side: Side, spent: Readonly<Spent>, { duration }: Face): readonly string[] {
  const ms = spent[side]
  if (ms === 0) return []
  return [`${what} for ${duration(Math.abs(ms))} ${ms > 0 ? 'longer' : 'less'}`]
}

/** "Online instead of Busy for 10 h 2 min, …" */
function pairsWords(instead: readonly Instead[], { duration }: Face): string {
  const told = instead
    .slice(0, NAMED_MAX)
    .map(({ before, now, ms }) => `${now} instead of ${before} for ${duration(ms)}`)
  const rest = instead.length - told.length
  return [...told, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

/** Of all groups together, the longest first. */
export function mergedInstead(groups: readonly Group[]): readonly Instead[] {
  const merged = new Map<string, { side: Side; before: string; now: string; ms: number }>()
  for (const { side, before, now, ms } of groups.flatMap(({ instead }) => instead)) {
    const key = JSON.stringify([side, before, now])
    const known = merged.get(key)
    if (known === undefined) merged.set(key, { side, before, now, ms })
    else known.ms += ms
  }
  return [...merged.values()].toSorted((a, b) => b.ms - a.ms)
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`
}
