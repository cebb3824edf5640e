// Other products' presence settings to a mapping file to begin with. All that a source says ends up in that file: as a rule, or as a
// comment at its place that says why it is none.

import { type BySide, SIDES } from '../../domain/side.ts'
import { eachSide } from '../draft.ts'
import { availability } from './availability.ts'
import { readCallCentre } from './call-centre.ts'
import { readCsv } from './csv.ts'
import { foldRows } from './fold-rows.ts'
import type {
  Found,
  FoundBlock,
  FoundEntry,
  ImportFormat,
  ImportSource,
  LeftOut,
  ReadResult,
  Unreadable,
} from './found.ts'
import { unreadable } from './found.ts'
import { SOURCE_CHARS_MAX } from './limits.ts'
import { isPresenceHeader, isPresenceId, readPresenceMap } from './presence-map.ts'
import { renderStarter } from './starter.ts'
import { readPresenceRules } from './translate-rules.ts'

const READERS: Readonly<Record<ImportFormat, (source: ImportSource) => ReadResult>> = {
  'genesys-csv': readPresenceMap,
  'cisco-xml': readCallCentre,
  'amazon-connect': readPresenceRules,
  csv: readCsv,
}

export type ImportOptions = {
  readonly from: ImportFormat | 'auto'
  /** What the person says about each side; empty: guessed. */
  readonly available: BySide<readonly string[]>
}

export type Imported =
  | {
      readonly kind: 'imported'
      readonly text: string
      readonly leftOut: readonly LeftOut[]
      readonly guessed: boolean
    }
  | (Unreadable & { readonly file: string })

export function importMapping(sources: readonly ImportSource[], options: ImportOptions): Imported {
  const all: { readonly source: ImportSource; readonly found: Found }[] = []
  for (const source of sources) {
    const result = read(source, options.from)
    if (result.kind === 'unreadable') return { ...result, file: source.file }
    all.push({ source, found: result.found })
  }
  const { blocks, entries: rivals } = oneBlockASide(all.flatMap(({ found }) => found.blocks))
  const entries = [...foldRows(all.flatMap(({ found }) => found.entries)), ...rivals]
  const used = eachSide((side) => entries.flatMap((entry) => (entry.kind === 'row' ? entry[side] : [])))
  const available = eachSide((side) => {
    const product = all.map(({ found }) => found.takesWork?.[side]).find((names) => names !== undefined)
    return availability(used[side], { given: options.available[side], product })
  })
  const text = renderStarter({
    head: all.flatMap(({ source, found }) => [`Made from ${source.file} (${found.title}).`, ...found.remarks]),
    available,
    entries,
    noSync: { crm: [], telephony: [] },
    blocks,
    suggested: { transition: { crm: null, telephony: null }, channels: { crm: [], telephony: [] } },
    severalFiles: sources.length > 1,
  })
  const leftOut = entries.filter((entry) => entry.kind === 'left_out')
  return { kind: 'imported', text, leftOut, guessed: SIDES.some((side) => available[side].how === 'guessed') }
}

function read(source: ImportSource, from: ImportOptions['from']): ReadResult {
  if (source.text.length > SOURCE_CHARS_MAX)
    return unreadable(`It is too large: at most ${SOURCE_CHARS_MAX.toLocaleString('en')} characters are read.`)
  if (source.text.includes('\u0000')) return unreadable('It is no text; of text files UTF-8 is read.')
  return READERS[from === 'auto' ? detectFormat(source.text) : from](source)
}

/** By content: names of files say nothing. */
export function detectFormat(text: string): ImportFormat {
  const start = text.replace(/^\uFEFF/, '').trimStart()
  if (start.startsWith('<')) return 'cisco-xml'
  if (start.startsWith('{') || start.startsWith('[')) return 'amazon-connect'
  const [first = '', second = ''] = start.split(/\r\n?|\n/)
  const cells = (line: string) => line.split(/[,;\t]/).map((cell) => cell.replace(/^[" ]+|[" ]+$/g, ''))
  if (cells(second).some(isPresenceId) || cells(first).some(isPresenceId)) return 'genesys-csv'
  return cells(first).some((cell) => cell.toLowerCase().includes('presenceid') && isPresenceHeader(cell))
    ? 'genesys-csv'
    : 'csv'
}

/** The first that is said of a side holds. */
function oneBlockASide(blocks: readonly FoundBlock[]): {
  readonly blocks: readonly FoundBlock[]
  readonly entries: readonly FoundEntry[]
} {
  const kept = SIDES.flatMap((side) => blocks.filter((block) => block.side === side).slice(0, 1))
  const entries = blocks
    .filter((block) => !kept.includes(block))
    .flatMap(({ origins: [origin], side, status }): readonly FoundEntry[] =>
      origin === undefined
        ? []
        : [
            {
              kind: 'left_out',
              origin,
              words: `Another file says what blocks ${side} already; here it is "${status}".`,
            },
          ],
    )
  return { blocks: kept, entries }
}
