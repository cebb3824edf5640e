// How names are written, against each other: slips of the pen, two names for one status, characters that nobody sees.

import { distance } from 'fastest-levenshtein'
import { SIDES, type Side, type StatusId, sideName } from '../domain/side.ts'
import type { Name } from './draft.ts'
import { SLIPS_MAX } from './limits.ts'
import { loosely } from './nearest.ts'
import { oddity } from './oddity.ts'
import type { Complaint } from './position.ts'
import type { Mentions, Resolver } from './resolve.ts'

/** After all names of the file were resolved. */
export function checkSpellings(mentions: Mentions, resolver: Resolver): readonly Complaint[] {
  return SIDES.flatMap((side) => [
    ...twoNames(mentions, side),
    // A platform that is known has said already that it has no such status.
    ...(resolver.catalogue(side) ? [] : [...oddCharacters(mentions, side), ...slips(mentions, side)]),
  ])
}

function twoNames(mentions: Mentions, side: Side): readonly Complaint[] {
  return [...mentions[side].values()].flatMap((spellings) => {
    const [usual, ...others] = [...spellings].sort(([, a], [, b]) => b.length - a.length)
    if (!usual) return []
    return others.flatMap(([name, places]) =>
      places.map(({ place }) => {
        const message = `"${name}" and "${usual[0]}" are the same status of ${sideName(side)}: label and API name are mixed up.`
        const related = usual[1].slice(0, 1).map((other) => ({ place: other.place, message: 'written like this here' }))
        return { code: 'two-names', place, message, hint: `write "${usual[0]}" everywhere`, related } as const
      }),
    )
  })
}

function oddCharacters(mentions: Mentions, side: Side): readonly Complaint[] {
  return [...mentions[side].values()].flatMap((spellings) =>
    [...spellings].flatMap(([name, places]) => {
      const odd = oddity(name)
      if (odd === null) return []
      const message = `The name "${name}" has ${odd.what}, which is hardly seen.`
      return distinct(places).map(({ place }) => {
        return { code: 'odd-character', place, message, hint: `write "${odd.plain}"` } as const
      })
    }),
  )
}

/** Without a catalogue every name counts as a status, so a slip of the pen would pass for one of its own. */
function slips(mentions: Mentions, side: Side): readonly Complaint[] {
  const plain = [...mentions[side]].filter(([id]) => oddity(id) === null)
  const words = plain.slice(0, SLIPS_MAX).map(([id, spellings]) => wordOf(id, [...spellings.values()].flat()))
  return words.flatMap((word) => {
    const near = words.find((other) => other !== word && alike(word, other) && outweighs(other, word))
    const [only] = word.places
    if (!only || !near) return []
    const message = `"${word.id}" differs very little from "${near.id}", which the file uses too.`
    const related = near.places.slice(0, 1).map(({ place }) => ({ place, message: 'written like this here' }))
    return [
      { code: 'similar-status', place: only.place, message, hint: `did you mean "${near.id}"?`, related } as const,
    ]
  })
}

type Word = {
  readonly id: StatusId
  readonly loose: string
  readonly letters: string
  readonly places: readonly Name[]
}

function wordOf(id: StatusId, names: readonly Name[]): Word {
  return { id, loose: loosely(id), letters: id.replace(/\d/g, ''), places: distinct(names) }
}

/** The name that stands in more places is the one that was meant; of two that stand in as many, the one that stands first. */
function outweighs(other: Word, word: Word): boolean {
  const [first] = other.places
  const [only] = word.places
  if (!first || !only || other.places.length !== word.places.length) return other.places.length > word.places.length
  const { line, column } = only.place
  return first.place.line < line || (first.place.line === line && first.place.column < column)
}

/** One place is read once for the top level and once for each profile that inherits it. */
function distinct(names: readonly Name[]): readonly Name[] {
  return [...new Map(names.map((name) => [`${name.place.line}:${name.place.column}`, name])).values()]
}

/** "Break 1" and "Break 2" are two statuses; "Breack" is none. */
function alike(a: Word, b: Word): boolean {
  if (a.loose === b.loose) return true
  if (Math.abs(a.id.length - b.id.length) > 1 || Math.min(a.id.length, b.id.length) < 5) return false
  return a.letters !== b.letters && distance(a.id, b.id) === 1
}
