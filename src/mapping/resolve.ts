// Names as people write them (label, API name or id) to the ids that are compared.

import type { Catalogue, CatalogueStatus } from '../domain/platform.ts'
import { type BySide, OFFLINE, otherSide, type Side, type StatusId, sideName } from '../domain/side.ts'
import { eachSide, type Name } from './draft.ts'
import { didYouMean } from './nearest.ts'
import { oddity } from './oddity.ts'
import type { Complaint } from './position.ts'

/** Side by side with each id, how the file writes it and where. */
export type Mentions = BySide<ReadonlyMap<StatusId, ReadonlyMap<string, readonly Name[]>>>

export type Resolver = {
  /** Complains where the platform has no such status, and then takes the name for the id. */
  id(side: Side, name: Name): StatusId
  status(side: Side, id: StatusId): CatalogueStatus | undefined
  catalogue(side: Side): Catalogue | undefined
  label(side: Side, id: StatusId): string
  readonly mentions: Mentions
  readonly complaints: readonly Complaint[]
}

type Lookup = (name: string) => readonly CatalogueStatus[]
type MentionMap = Map<StatusId, Map<string, Name[]>>

export function createResolver(catalogues: BySide<Catalogue | undefined>): Resolver {
  const lookups = eachSide((side) => lookup(catalogues[side]))
  const byId = eachSide((side) => new Map(catalogues[side]?.statuses.map((status) => [status.id, status])))
  const mentions: BySide<MentionMap> = { crm: new Map(), telephony: new Map() }
  const complaints: Complaint[] = []
  const id = (side: Side, name: Name) => {
    const found = find(side, name)
    mention(mentions[side], found, name)
    return found
  }
  const find = (side: Side, name: Name): StatusId => {
    if (name.value === OFFLINE) return OFFLINE
    const matches = lookups[side]?.(name.value)
    const [first, second] = matches ?? []
    if (matches && !first)
      complaints.push(
        unknown(side, name, { own: catalogues[side], isOther: lookups[otherSide(side)]?.(name.value)[0] }),
      )
    if (first && second) complaints.push(ambiguous(side, name, first, second))
    // Without a catalogue the name is the id: stories and checks without the platforms run on names.
    return first?.id ?? (name.value as StatusId)
  }
  return {
    id,
    status: (side, status) => byId[side].get(status),
    catalogue: (side) => catalogues[side],
    label: (side, status) => byId[side].get(status)?.label ?? status,
    mentions,
    complaints,
  }
}

/** Every status that a name fits: exactly, else without regard to case. One id matches once, however many of its names fit. */
function lookup(catalogue: Catalogue | undefined): Lookup | undefined {
  if (!catalogue) return undefined
  const exact = new Map<string, CatalogueStatus[]>()
  const loose = new Map<string, CatalogueStatus[]>()
  for (const status of catalogue.statuses) {
    for (const name of new Set([status.label, status.apiName, status.id])) add(exact, name, status)
    for (const name of new Set([status.label, status.apiName, status.id].map(folded))) add(loose, name, status)
  }
  return (name) => exact.get(name) ?? loose.get(folded(name)) ?? []
}

/** Letters with accents may be written in two ways that look the same. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

function add(index: Map<string, CatalogueStatus[]>, name: string, status: CatalogueStatus): void {
  const there = index.get(name)
  if (!there) index.set(name, [status])
  else if (there.every(({ id }) => id !== status.id)) there.push(status)
}

function mention(mentions: MentionMap, id: StatusId, name: Name): void {
  const spellings = mentions.get(id) ?? new Map<string, Name[]>()
  const names = spellings.get(name.value)
  if (names) names.push(name)
  else spellings.set(name.value, [name])
  mentions.set(id, spellings)
}

type Known = { readonly own: Catalogue | undefined; readonly isOther: CatalogueStatus | undefined }

function unknown(side: Side, name: Name, known: Known): Complaint {
  const message = `There is no status "${name.value}" in ${sideName(side)}.`
  return { code: 'unknown-status', place: name.place, message, hint: unknownHint(side, name.value, known) }
}

function unknownHint(side: Side, name: string, { own, isOther }: Known): string | undefined {
  const odd = oddity(name)
  if (odd) return `it has ${odd.what}: write "${odd.plain}"`
  if (isOther) return `${sideName(otherSide(side))} has a status of this name: are the two sides swapped?`
  return didYouMean(name, own?.statuses.flatMap(({ label, apiName }) => [label, apiName]) ?? [])
}

function ambiguous(side: Side, name: Name, first: CatalogueStatus, second: CatalogueStatus): Complaint {
  const tell = ({ label, apiName }: CatalogueStatus) => `"${label}" (API name "${apiName}")`
  const message = `"${name.value}" may be either of two statuses in ${sideName(side)}: ${tell(first)} or ${tell(second)}.`
  const hint = `write the id: "${first.id}" or "${second.id}"`
  return { code: 'ambiguous-status', place: name.place, message, hint }
}
