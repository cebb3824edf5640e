// Names against the platforms' own catalogues, and against each other.

import { distance } from 'fastest-levenshtein'
import { OFFLINE, otherSide, SIDES, type Side, type StatusId, sideName } from '../domain/side.ts'
import type { CheckContext } from './check-rows.ts'
import type { Name, RulesDraft } from './draft.ts'
import { didYouMean, loosely } from './nearest.ts'
import type { Complaint } from './position.ts'
import type { Mentions, Resolver } from './resolve.ts'

type Catalogued = CheckContext & { readonly resolver: Resolver; readonly side: Side }

/** What one set of rules says that the platform would not; nothing where there is no catalogue. */
export function checkCatalogue(context: CheckContext & { readonly resolver: Resolver }): readonly Complaint[] {
  return SIDES.flatMap((side) => {
    const catalogued = { ...context, side }
    return [...availability(catalogued), ...systemStates(catalogued), ...channels(catalogued)]
  })
}

function availability({ draft, id, resolver, side }: Catalogued): readonly Complaint[] {
  const names = draft.available?.[side] ?? []
  const listed = new Set(names.map((name) => id(side, name)))
  const wrong = names.flatMap((name) => {
    if (resolver.status(side, id(side, name))?.available !== false) return []
    const message = `"${name.value}" is listed as available, but ${sideName(side)} pushes no work in it.`
    return [{ code: 'available-disagrees', place: name.place, message, hint: 'remove it from the list' } as const]
  })
  const place = draft.availablePlace?.[side]
  const missing = (resolver.catalogue(side)?.statuses ?? []).filter(
    (status) => status.available && !listed.has(status.id),
  )
  if (!place || missing.length === 0) return wrong
  const labels = missing.map(({ label }) => `"${label}"`).join(', ')
  const message = `${capital(sideName(side))} also pushes work in ${labels}, which is not listed as available.`
  return [...wrong, { code: 'available-disagrees', place, message, hint: 'add what is missing' }]
}

function systemStates({ draft, id, resolver, side }: Catalogued): readonly Complaint[] {
  const place = draft.mapped?.[0]?.place
  const mentioned = new Set((draft.mapped ?? []).flatMap((row) => row[side].map((name) => id(side, name))))
  for (const name of draft.noSync[side] ?? []) mentioned.add(id(side, name))
  const states = (resolver.catalogue(side)?.statuses ?? []).filter(
    (status) => !status.settable && status.id !== OFFLINE,
  )
  const missing = states.filter((status) => !mentioned.has(status.id)).map(({ label }) => `"${label}"`)
  if (!place || missing.length === 0) return []
  const message = `No row mentions ${missing.join(', ')}, into which ${sideName(side)} puts agents itself.`
  const direction = side === 'crm' ? 'to_telephony' : 'to_crm'
  return [
    {
      code: 'system-state-without-row',
      place,
      message,
      hint: `add a row with "direction: ${direction}", or list it under no_sync`,
    },
  ]
}

function channels({ draft, resolver, side }: Catalogued): readonly Complaint[] {
  const known = resolver.catalogue(otherSide(side))?.channels
  if (!known) return []
  const names = new Set(known.map((channel) => channel.toLowerCase()))
  return (draft.blocking[side]?.channels ?? []).flatMap(({ value, place }) => {
    if (names.has(value.toLowerCase())) return []
    const message = `There is no channel "${value}" in ${sideName(otherSide(side))}.`
    return [{ code: 'unknown-channel', place, message, hint: didYouMean(value, known) }]
  })
}

/** After all names of the file were resolved. */
export function checkSpellings(mentions: Mentions, resolver: Resolver): readonly Complaint[] {
  return SIDES.flatMap((side) => [
    ...twoNames(mentions, side),
    ...(resolver.catalogue(side) ? [] : slips(mentions, side)),
  ])
}

function twoNames(mentions: Mentions, side: Side): readonly Complaint[] {
  return [...mentions[side].values()].flatMap((spellings) => {
    const [usual, ...others] = [...spellings].sort(([, a], [, b]) => b.length - a.length)
    if (!usual) return []
    return others.flatMap(([name, places]) =>
      places.map(({ place }) => {
        const message = `"${name}" and "${usual[0]}" are the same status: a label here, an API name or id there.`
        return { code: 'two-names', place, message, hint: `write "${usual[0]}" everywhere` } as const
      }),
    )
  })
}

/** Without a catalogue every name counts as a status, so a slip of the pen would pass for one of its own. */
function slips(mentions: Mentions, side: Side): readonly Complaint[] {
  const words = [...mentions[side]].map(([id, spellings]) => wordOf(id, [...spellings.values()].flat()))
  return words.flatMap((word) => {
    const near = words.find((other) => other !== word && alike(word, other) && outweighs(other, word))
    const [only] = word.places
    if (!only || !near) return []
    const message = `"${word.id}" differs very little from "${near.id}", which the file uses too.`
    return [{ code: 'similar-status', place: only.place, message, hint: `did you mean "${near.id}"?` } as const]
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

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

export function isEmptyProfile(own: RulesDraft): boolean {
  const { transition, unmapped, noSync, conflict, blocking, limits, ...plain } = own
  const deep = [transition, unmapped, noSync, conflict, blocking, limits]
  return [...Object.values(plain), ...deep.flatMap((value) => Object.values(value))].every(
    (value) => value === undefined,
  )
}
