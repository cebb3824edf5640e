// The statuses of two live platforms to a mapping file to begin with: rows by the names, guesses told as such, the rest listed.

import type { CatalogueStatus } from '../../domain/platform.ts'
import { type BySide, OFFLINE, SIDES, type Side, sideName } from '../../domain/side.ts'
import { eachSide } from '../draft.ts'
import { loosely } from '../nearest.ts'
import { type Availability, guessAvailable } from './availability.ts'
import type { FoundEntry } from './found.ts'
import { areSynonyms, type Candidate, type Match, matchStatuses } from './match-statuses.ts'
import type { Pulled } from './pulled.ts'
import { renderStarter } from './starter.ts'

const GUESSED: Readonly<Record<Match['how'], string>> = {
  same: '',
  synonym: 'guessed: the names mean the same',
  similar: 'guessed: the names are similar',
  work: 'guessed: both take work',
}

/** `readAt`: ISO 8601. */
export function scaffold(pulled: BySide<Pulled>, readAt: string): string {
  const named = eachSide((side) => namedStatuses(pulled[side].statuses))
  const available = eachSide((side) => availableOf(named[side]))
  const candidates = eachSide((side) => candidatesOf(named[side], available[side]))
  const { matches, left } = matchStatuses(candidates)
  const { rows: systemRows, noSync, used } = systemStates(named, left)
  const rest = eachSide((side) => left[side].filter((name) => !used.has(name)))
  const entries: readonly FoundEntry[] = [
    ...matches.map(rowOf),
    ...systemRows,
    ...SIDES.flatMap((side) => unmatched(side, rest[side])),
  ]
  return renderStarter({
    head: [`Made from the statuses of ${pulled.crm.title} and ${pulled.telephony.title} as they were at ${readAt}.`],
    available,
    entries,
    noSync,
    blocks: [],
    suggested: {
      transition: eachSide((side) => suggestedTransition(candidates[side], rest[side])),
      channels: { crm: pulled.telephony.channels, telephony: pulled.crm.channels },
    },
    severalFiles: false,
  })
}

type Named = { readonly name: string; readonly status: CatalogueStatus }

/** By the label that people see; by API name or id where that would be another status too. */
function namedStatuses(statuses: readonly CatalogueStatus[]): readonly Named[] {
  const owners = new Map<string, Set<string>>()
  for (const { id, label, apiName } of statuses)
    for (const name of [id, label, apiName])
      owners.set(name.toLowerCase(), (owners.get(name.toLowerCase()) ?? new Set()).add(id))
  const isOwn = (name: string) => name !== '' && name !== OFFLINE && owners.get(name.toLowerCase())?.size === 1
  return statuses
    .filter(({ id }) => id !== OFFLINE)
    .map((status) => ({ status, name: [status.label, status.apiName].find(isOwn) ?? status.id }))
}

function availableOf(named: readonly Named[]): Availability {
  if (named.some(({ status }) => status.available !== undefined)) {
    return { names: named.filter(({ status }) => status.available).map(({ name }) => name), how: 'platform' }
  }
  const names = guessAvailable(named.filter(({ status }) => status.settable).map(({ name }) => name))
  return names.length > 0 ? { names, how: 'guessed' } : { names, how: 'unknown' }
}

function candidatesOf(named: readonly Named[], available: Availability): readonly Candidate[] {
  return named
    .filter(({ status }) => status.settable)
    .map(({ name }) => ({ name, takesWork: available.names.includes(name) }))
}

/** States that a platform sets by itself lead to what means the same on the other side, or nowhere. */
function systemStates(named: BySide<readonly Named[]>, left: BySide<readonly string[]>) {
  const rows: FoundEntry[] = []
  const noSync: { crm: string[]; telephony: string[] } = { crm: [], telephony: [] }
  const used = new Set<string>()
  for (const side of SIDES) {
    for (const { name } of named[side].filter(({ status }) => !status.settable)) {
      const partner = left[side === 'crm' ? 'telephony' : 'crm'].find(
        (other) => !used.has(other) && (loosely(other) === loosely(name) || areSynonyms(other, name)),
      )
      if (partner === undefined) noSync[side].push(name)
      else {
        used.add(partner)
        const pair = side === 'crm' ? { crm: [name], telephony: [partner] } : { crm: [partner], telephony: [name] }
        const direction = side === 'crm' ? 'to_telephony' : 'to_crm'
        rows.push({ kind: 'row', ...pair, direction, origins: [], remark: GUESSED.synonym })
      }
    }
  }
  return { rows, noSync, used }
}

function rowOf({ crm, telephony, how }: Match): FoundEntry {
  return {
    kind: 'row',
    crm,
    telephony,
    direction: 'both',
    origins: [],
    ...(how === 'same' ? {} : { remark: GUESSED[how] }),
  }
}

function unmatched(side: Side, names: readonly string[]): readonly FoundEntry[] {
  if (names.length === 0) return []
  return [{ kind: 'note', origin: null, words: `without a row in ${sideName(side)}: ${names.join(', ')}` }]
}

/** A status that takes no work and has no row of its own, best one that is named for it. */
function suggestedTransition(candidates: readonly Candidate[], left: readonly string[]): string | null {
  const quiet = candidates.filter(({ takesWork }) => !takesWork).map(({ name }) => name)
  return (
    quiet.find((name) => loosely(name) === 'transition') ??
    quiet.find((name) => loosely(name) === 'available') ??
    left.find((name) => quiet.includes(name)) ??
    quiet[0] ??
    null
  )
}
