// The rules as the file states them: shorthands opened, every value with its place, nothing filled in yet.

import { type BySide, SIDES, type Side } from '../domain/side.ts'
import type { Place } from './position.ts'
import type { RulesInput } from './schema.ts'
import type { Path, Tree } from './tree.ts'

type At<T> = { readonly value: T; readonly place: Place }
/** A status, channel or person as it is written. */
export type Name = At<string>
type Maybe<T> = T | undefined
type MaybeBySide<T> = BySide<Maybe<T>>

export type RowDraft = BySide<readonly Name[]> & {
  readonly direction: 'both' | 'to_crm' | 'to_telephony' | undefined
  readonly place: Place
}

export type TransitionDraft = {
  readonly place: Place
  /** Where the record says that it stands: its key, which people know it by. */
  readonly rule: Place
  /** Written as a plain name: nothing of it is inherited. */
  readonly plain: boolean
  readonly status: Maybe<Name>
  readonly lasts: Maybe<At<string>>
  readonly next: Maybe<Name>
}

export type BlockDraft = {
  readonly place: Place
  /** As of a transition. */
  readonly rule: Place
  readonly on: boolean
  /** Written as a plain on or off: nothing of it is inherited. */
  readonly plain: boolean
  readonly channels: Maybe<readonly Name[]>
  readonly from: Maybe<'offered' | 'accepted'>
  readonly minItems: Maybe<number>
  readonly wrapUp: Maybe<boolean>
  readonly status: Maybe<Name>
  readonly releaseAfter: Maybe<string>
  readonly onOverride: Maybe<'reassert' | 'allow'>
}

export type RulesDraft = {
  readonly mode: RulesInput['mode']
  readonly available: Maybe<BySide<readonly Name[]>>
  /** Where the lists stand, for what is missing in them. */
  readonly availablePlace: Maybe<BySide<Place>>
  readonly exclusive: RulesInput['exclusive']
  readonly mapped: Maybe<readonly RowDraft[]>
  /** The key, for rows that are missing. */
  readonly mappedPlace: Maybe<Place>
  readonly transition: MaybeBySide<TransitionDraft>
  readonly unmapped: MaybeBySide<Name>
  readonly noSync: MaybeBySide<readonly Name[]>
  readonly login: RulesInput['login']
  readonly startup: RulesInput['startup']
  readonly conflict: NonNullable<RulesInput['conflict']>
  readonly blocking: MaybeBySide<BlockDraft>
  readonly limits: NonNullable<RulesInput['limits']>
  readonly confirmWithin: RulesInput['confirm_within']
}

type Reader = { readonly tree: Tree }

const NOWHERE: Place = { line: 1, column: 1, length: 1 }

export function placeAt(tree: Tree, path: Path): Place {
  return tree.spot(path)?.value ?? NOWHERE
}

function keyAt(tree: Tree, path: Path): Place {
  return tree.spot(path)?.key ?? placeAt(tree, path)
}

/** `path` leads to the mapping that holds the keys: the whole file or one profile. */
export function readRules(tree: Tree, input: RulesInput, path: Path): RulesDraft {
  const reader = { tree }
  const { available, mapped, no_sync: noSync } = input
  const key = (name: string) => [...path, name]
  return {
    mode: input.mode,
    available: available && eachSide((side) => readNames(reader, available[side], [...key('available'), side])),
    availablePlace: available && eachSide((side) => placeAt(tree, [...key('available'), side])),
    exclusive: input.exclusive,
    mapped: mapped && readRows(reader, mapped, key('mapped')),
    mappedPlace: mapped && keyAt(tree, key('mapped')),
    transition: eachSide((side) => readTransition(reader, input.transition?.[side], [...key('transition'), side])),
    unmapped: eachSide((side) => readName(reader, input.unmapped?.[side], [...key('unmapped'), side])),
    noSync: eachSide((side) => maybeNames(reader, noSync?.[side], [...key('no_sync'), side])),
    login: input.login,
    startup: input.startup,
    conflict: input.conflict ?? {},
    blocking: eachSide((side) => readBlock(reader, input.blocking?.[side], [...key('blocking'), side])),
    limits: input.limits ?? {},
    confirmWithin: input.confirm_within,
  }
}

export function eachSide<T>(make: (side: Side) => T): BySide<T> {
  const [crm, telephony] = SIDES
  return { crm: make(crm), telephony: make(telephony) }
}

function readName({ tree }: Reader, value: string | undefined, path: Path): Maybe<Name> {
  return value === undefined ? undefined : { value, place: placeAt(tree, path) }
}

function readNames({ tree }: Reader, names: string | readonly string[], path: Path): readonly Name[] {
  if (typeof names === 'string') return [{ value: names, place: placeAt(tree, path) }]
  return names.map((value, index) => ({ value, place: placeAt(tree, [...path, index]) }))
}

function maybeNames(reader: Reader, names: string | readonly string[] | undefined, path: Path): Maybe<readonly Name[]> {
  return names === undefined ? undefined : readNames(reader, names, path)
}

function readRows(reader: Reader, mapped: NonNullable<RulesInput['mapped']>, path: Path): readonly RowDraft[] {
  if (!Array.isArray(mapped)) return [readRow(reader, mapped, path)]
  return mapped.map((row, index) => readRow(reader, row, [...path, index]))
}

type RowInput = Exclude<NonNullable<RulesInput['mapped']>, readonly unknown[]>

function readRow(reader: Reader, row: RowInput, path: Path): RowDraft {
  const names = eachSide((side) => readNames(reader, row[side], [...path, side]))
  return { ...names, direction: row.direction, place: placeAt(reader.tree, path) }
}

type TransitionInput = NonNullable<NonNullable<RulesInput['transition']>[Side]>

function readTransition(reader: Reader, input: TransitionInput | undefined, path: Path): Maybe<TransitionDraft> {
  if (input === undefined) return undefined
  const place = placeAt(reader.tree, path)
  const rule = keyAt(reader.tree, path)
  if (typeof input === 'string')
    return { place, rule, plain: true, status: { value: input, place }, lasts: undefined, next: undefined }
  const read = (key: 'status' | 'for' | 'then') => readName(reader, input[key], [...path, key])
  return { place, rule, plain: false, status: read('status'), lasts: read('for'), next: read('then') }
}

type BlockInput = NonNullable<NonNullable<RulesInput['blocking']>[Side]>

function readBlock(reader: Reader, input: BlockInput | undefined, path: Path): Maybe<BlockDraft> {
  if (input === undefined) return undefined
  const place = placeAt(reader.tree, path)
  const plain = typeof input !== 'object'
  const given = plain ? {} : input
  return {
    place,
    rule: keyAt(reader.tree, path),
    on: input !== 'off' && input !== false,
    plain,
    channels: maybeNames(reader, given.channels, [...path, 'channels']),
    from: given.from,
    minItems: given.min_items,
    wrapUp: given.wrap_up,
    status: readName(reader, given.status, [...path, 'status']),
    releaseAfter: given.release_after,
    onOverride: given.on_override,
  }
}
