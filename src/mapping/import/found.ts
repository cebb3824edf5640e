// What was found in another product's file, in the order of that file, before it is written down as a mapping file.
// Nothing of a source may vanish: what the mapping format cannot say becomes a `left_out` entry.

import type { BySide, Side } from '../../domain/side.ts'

export const IMPORT_FORMATS = ['genesys-csv', 'cisco-xml', 'amazon-connect', 'csv'] as const
export type ImportFormat = (typeof IMPORT_FORMATS)[number]

export type Direction = 'both' | 'to_crm' | 'to_telephony'

/** `line` from 1. */
export type Origin = { readonly file: string; readonly line: number }

export type ImportSource = { readonly file: string; readonly text: string }

export type FoundRow = {
  readonly kind: 'row'
  readonly crm: readonly string[]
  readonly telephony: readonly string[]
  readonly direction: Direction
  /** Where it was said; several places where rows became one. */
  readonly origins: readonly Origin[]
  /** For the person who reads the new file. */
  readonly remark?: string
}

/** Worth a comment at this place, but nothing is lost. */
export type FoundNote = { readonly kind: 'note'; readonly origin: Origin | null; readonly words: string }

/** The mapping format cannot say it, or it cannot be understood. */
export type LeftOut = { readonly kind: 'left_out'; readonly origin: Origin; readonly words: string }

export type FoundEntry = FoundRow | FoundNote | LeftOut

/** What keeps a side out of its available statuses. */
export type FoundBlock = {
  /** The side that is blocked. */
  readonly side: Side
  /** False where the source has it switched off. */
  readonly on: boolean
  readonly status: string
  /** Of the other side; null: all. */
  readonly channels: readonly string[] | null
  readonly from: 'offered' | 'accepted'
  readonly origins: readonly Origin[]
}

export type Found = {
  /** What it is, for people. */
  readonly title: string
  readonly entries: readonly FoundEntry[]
  readonly blocks: readonly FoundBlock[]
  /** About the file as a whole. */
  readonly remarks: readonly string[]
  /** Statuses in which the product pushes work, where it is the same for all who use it. */
  readonly takesWork?: Partial<BySide<readonly string[]>>
}

/** Line and column from 1, where the parser knows them. */
export type Unreadable = {
  readonly kind: 'unreadable'
  readonly words: string
  readonly line: number | null
  readonly column: number | null
}

export type ReadResult = { readonly kind: 'found'; readonly found: Found } | Unreadable

export function unreadable(
  words: string,
  place: { readonly line?: number; readonly column?: number } = {},
): Unreadable {
  return { kind: 'unreadable', words, line: place.line ?? null, column: place.column ?? null }
}

/** A name as it stands in a cell, an element or a value. */
export function nameOf(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
