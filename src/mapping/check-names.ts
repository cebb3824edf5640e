// What the platforms' own catalogues say, against what the file says.

import { OFFLINE, otherSide, SIDES, type Side, type StatusId, sideName } from '../domain/side.ts'
import type { CheckContext } from './check-rows.ts'
import { didYouMean } from './nearest.ts'
import type { Complaint, Related } from './position.ts'
import type { Resolver } from './resolve.ts'
import { blockStatus } from './ruleset.ts'

type Catalogued = CheckContext & { readonly resolver: Resolver; readonly side: Side }

/** What one set of rules says that the platform would not; nothing where there is no catalogue. */
export function checkCatalogue(context: CheckContext & { readonly resolver: Resolver }): readonly Complaint[] {
  return SIDES.flatMap((side) => {
    const catalogued = { ...context, side }
    return [...availability(catalogued), ...systemStates(catalogued), ...channels(catalogued)]
  })
}

function availability(catalogued: Catalogued): readonly Complaint[] {
  const { draft, id, resolver, side } = catalogued
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
  const related = writtenInto({ ...catalogued, missing: new Set(missing.map((status) => status.id)) })
  return [...wrong, { code: 'available-disagrees', place, message, hint: 'add what is missing', related }]
}

/** Where the bridge would put agents into a status in which the platform gives them work. */
function writtenInto({
  draft,
  id,
  side,
  missing,
}: Catalogued & { readonly missing: ReadonlySet<StatusId> }): readonly Related[] {
  const targets = [
    { name: draft.blocking[side]?.on ? blockStatus(draft, side) : undefined, message: 'blocks here' },
    { name: draft.transition[side]?.status, message: 'the transition' },
    { name: draft.unmapped[otherSide(side)], message: 'the default' },
  ]
  const found = targets.flatMap(({ name, message }) =>
    name && missing.has(id(side, name)) ? [{ place: name.place, message: `${message}, although it takes work` }] : [],
  )
  return [...new Map(found.map((one) => [`${one.place.line}:${one.place.column}`, one])).values()]
}

function systemStates({ draft, id, resolver, side }: Catalogued): readonly Complaint[] {
  const place = draft.mappedPlace
  const mentioned = new Set((draft.mapped ?? []).flatMap((row) => row[side].map((name) => id(side, name))))
  for (const name of draft.noSync[side] ?? []) mentioned.add(id(side, name))
  const states = (resolver.catalogue(side)?.statuses ?? []).filter(
    (status) => !status.settable && status.id !== OFFLINE,
  )
  const missing = states.filter((status) => !mentioned.has(status.id)).map(({ label }) => `"${label}"`)
  if (!place || missing.length === 0) return []
  const message = `No row mentions ${missing.join(' or ')}, into which ${sideName(side)} puts agents itself.`
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

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
