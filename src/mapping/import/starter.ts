// A mapping file to begin with, as text: valid, commented, with everything that needs a person's decision marked by the words FILL IN.

import { stringify } from 'yaml'
import { type BySide, SIDES, type Side, sideName } from '../../domain/side.ts'
import type { Availability } from './availability.ts'
import type { FoundBlock, FoundEntry, FoundRow, Origin } from './found.ts'
import { COMMENT_CHARS_MAX } from './limits.ts'

const FILL_IN = 'FILL IN'

export type Starter = {
  /** What stands at the top, as sentences. */
  readonly head: readonly string[]
  readonly available: BySide<Availability>
  readonly entries: readonly FoundEntry[]
  readonly noSync: BySide<readonly string[]>
  readonly blocks: readonly FoundBlock[]
  /** Examples in what is commented out; null where nothing can be suggested. */
  readonly suggested: {
    readonly transition: BySide<string | null>
    readonly channels: BySide<readonly string[]>
  }
  /** Whether lines are told with their file. */
  readonly severalFiles: boolean
}

/** Ends with a line break. */
export function renderStarter(starter: Starter): string {
  const sections = [
    [
      ...starter.head.map(comment),
      '#',
      '#   presence-bridge check THIS-FILE      finds what is still wrong',
      `# Lines with ${FILL_IN} need a decision of yours.`,
    ],
    ['version: 1'],
    availableLines(starter.available),
    mappedLines(starter),
    noSyncLines(starter.noSync),
    transitionLines(starter.suggested.transition),
    blockingLines(starter),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** From 1. */
export function linesToFillIn(text: string): readonly number[] {
  return text.split('\n').flatMap((line, index) => (line.includes(`${FILL_IN}:`) ? [index + 1] : []))
}

function availableLines(available: BySide<Availability>): readonly string[] {
  const how = {
    given: '',
    product: ' # nothing else takes work there',
    platform: ' # as the platform tells',
    guessed: ' # guessed from the names; please check',
    unknown: '',
  } as const
  return [
    '# The statuses in which each system pushes new work to the agent. Everything else takes no work.',
    'available:',
    ...SIDES.flatMap((side) => [
      ...(available[side].how === 'unknown'
        ? [`  # ${FILL_IN}: no name tells in which statuses ${sideName(side)} pushes work.`]
        : []),
      `  ${side}: [${available[side].names.map(scalar).join(', ')}]${how[available[side].how]}`,
    ]),
  ]
}

function mappedLines({ entries, severalFiles }: Starter): readonly string[] {
  const rows = entries.filter((entry) => entry.kind === 'row')
  return [
    '# What belongs together. A change on one side moves the other to the status beside it; of several the first is set.',
    ...(rows.length === 0
      ? [`# ${FILL_IN}: no row was found; a row is { crm: Lunch, telephony: Meal }.`, 'mapped: []']
      : ['mapped:']),
    ...entries.map(
      (entry) => `  ${entry.kind === 'row' ? rowLine(entry, severalFiles) : remarkLine(entry, severalFiles)}`,
    ),
  ]
}

function rowLine(row: FoundRow, severalFiles: boolean): string {
  const direction = row.direction === 'both' ? '' : `, direction: ${row.direction}`
  const said = [row.origins.length === 0 ? '' : place(row.origins, severalFiles), row.remark ?? ''].filter(
    (part) => part !== '',
  )
  return `- { crm: ${list(row.crm)}, telephony: ${list(row.telephony)}${direction} }${said.length === 0 ? '' : ` ${comment(said.join('; '))}`}`
}

function remarkLine(entry: Exclude<FoundEntry, FoundRow>, severalFiles: boolean): string {
  const what = entry.kind === 'left_out' ? 'LEFT OUT' : 'note'
  const where = entry.origin === null ? '' : ` (${place([entry.origin], severalFiles)})`
  return comment(`${what}${where}: ${entry.words}`)
}

function noSyncLines(noSync: BySide<readonly string[]>): readonly string[] {
  const sides = SIDES.filter((side) => noSync[side].length > 0)
  if (sides.length === 0) return []
  const lists = sides.map((side) => `${side}: [${noSync[side].map(scalar).join(', ')}]`)
  return ['# Statuses that lead nowhere.', `no_sync: { ${lists.join(', ')} }`]
}

function transitionLines(suggested: BySide<string | null>): readonly string[] {
  const example = { crm: suggested.crm ?? 'Transition', telephony: suggested.telephony ?? 'Available' }
  return [
    '# Where the other side goes when an agent leaves a status above for one that is not there: a status that takes no work.',
    '# Without it the other side stays where it is.',
    '# transition:',
    ...SIDES.map((side) => comment(`  ${side}: ${scalar(example[side])}`)),
  ]
}

function blockingLines({ blocks, suggested, severalFiles }: Starter): readonly string[] {
  const intro = '# While an agent handles work in one system, the other one shows a status that takes no work.'
  const on = SIDES.flatMap((side) => blocks.filter((block) => block.side === side && block.on))
  const off = SIDES.filter((side) => on.every((block) => block.side !== side))
  const lines = [
    ...on.map((block) => `  ${blockLine(block, severalFiles)}`),
    ...off.map((side) => `# ${offLine(side, { blocks, suggested, severalFiles })}`),
  ]
  return [intro, on.length === 0 ? '# blocking:' : 'blocking:', ...lines]
}

function blockLine(block: FoundBlock, severalFiles: boolean): string {
  const channels = block.channels === null ? '' : `, channels: [${block.channels.map(scalar).join(', ')}]`
  const from = block.from === 'offered' ? '' : ', from: accepted'
  return `${block.side}: { status: ${scalar(block.status)}${channels}${from} } ${comment(place(block.origins, severalFiles))}`
}

function offLine(
  side: Side,
  { blocks, suggested, severalFiles }: Pick<Starter, 'blocks' | 'suggested' | 'severalFiles'>,
): string {
  const block = blocks.find((candidate) => candidate.side === side)
  if (block !== undefined) return comment(`  ${blockLine(block, severalFiles)}, where it is switched off`).slice(2)
  const channels = suggested.channels[side]
  const given = channels.length === 0 ? '' : `, channels: [${channels.map(scalar).join(', ')}]`
  return comment(`  ${side}: { status: ${scalar(suggested.transition[side] ?? 'Busy')}${given} }`).slice(2)
}

function place(origins: readonly Origin[], severalFiles: boolean): string {
  const lines = [...new Set(origins.map(({ line }) => line))]
  const [first] = origins
  const file = severalFiles && first !== undefined ? `${first.file}, ` : ''
  return `${file}${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}`
}

function list(names: readonly string[]): string {
  const [only] = names
  return names.length === 1 && only !== undefined ? scalar(only) : `[${names.map(scalar).join(', ')}]`
}

/** Quoted where YAML would read it as something else, also inside brackets and braces. */
function scalar(name: string): string {
  return stringify([name], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim().slice(1, -1)
}

/** One line whatever is in it. */
function comment(words: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what would end the line or be acted on by a terminal
  const line = words.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
  return `# ${line.length > COMMENT_CHARS_MAX ? `${line.slice(0, COMMENT_CHARS_MAX)}…` : line}`
}
