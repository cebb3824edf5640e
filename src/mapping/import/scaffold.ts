// The statuses of two live platforms to a mapping file to begin with: rows by the names, guesses told as such, the rest listed.

import type { CatalogueStatus } from '../../domain/platform.ts'
import { type BySide, OFFLINE, otherSide, SIDES, type Side, sideName } from '../../domain/side.ts'
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
  const states = systemStates(
    named,
    eachSide((side) => candidates[side].filter(({ name }) => left[side].includes(name))),
  )
  const partners = (side: Side) => states.flatMap((state) => (state.side === side ? [] : (state.partner ?? [])))
  const rest = eachSide((side) => left[side].filter((name) => !partners(side).includes(name)))
  const quiet = (side: Side) => states.flatMap((state) => (state.side === side && !state.partner ? [state.name] : []))
  const entries: readonly FoundEntry[] = [
    ...matches.map(rowOf),
    ...states.flatMap(systemRow),
    ...SIDES.flatMap((side) => unmatched(side, rest[side])),
  ]
  return renderStarter({
    head: [`Made from the statuses of ${pulled.crm.title} and ${pulled.telephony.title} as they were at ${readAt}.`],
    available,
    entries,
    noSync: eachSide(quiet),
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

type SystemState = { readonly side: Side; readonly name: string; readonly partner: string | undefined }

/** States that a platform sets by itself lead to what means the same on the other side, or nowhere. */
function systemStates(named: BySide<readonly Named[]>, left: BySide<readonly Candidate[]>): readonly SystemState[] {
  return SIDES.flatMap((side) => {
    const free = [...left[otherSide(side)]]
    return named[side]
      .filter(({ status }) => !status.settable)
      .map(({ name, status }) => {
        const at = free.findIndex(
          (other) =>
            other.takesWork === (status.available === true) &&
            (loosely(other.name) === loosely(name) || areSynonyms(other.name, name)),
        )
        return { side, name, partner: at < 0 ? undefined : free.splice(at, 1)[0]?.name }
      })
  })
}

function systemRow({ side, name, partner }: SystemState): readonly FoundEntry[] {
  if (partner === undefined) return []
  const pair = side === 'crm' ? { crm: [name], telephony: [partner] } : { crm: [partner], telephony: [name] }
  const direction = side === 'crm' ? 'to_telephony' : 'to_crm'
  return [{ kind: 'row', ...pair, direction, origins: [], remark: GUESSED.synonym }]
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
