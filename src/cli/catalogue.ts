// presence-bridge catalogue: the statuses and channels that the platforms have now, as a table, as JSON, or as a mapping file to begin with.

import { writeFileSync } from 'node:fs'
import type { Live } from '../app/live.ts'
import { REAL_CLOCK } from '../app/real-clock.ts'
import type { CatalogueStatus, SetupTable } from '../domain/platform.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import { type Pulled, pulledText } from '../mapping/import/pulled.ts'
import { scaffold } from '../mapping/import/scaffold.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { withLive } from './with-live.ts'

export type CatalogueArgs = {
  /** null: the sandbox. */
  readonly settings: string | null
  readonly side: Side | null
  readonly format: 'text' | 'json'
  readonly scaffold: boolean
  /** A file for `check --catalogue`. */
  readonly save: string | null
}

type Sides = Partial<BySide<Pulled>>

export async function catalogue(args: CatalogueArgs, io: Io): Promise<ExitCode> {
  if (args.scaffold && args.side !== null)
    return fail(io, '--scaffold needs the statuses of both sides: leave --side out.')
  const sides = await withLive(args.settings, io, (live) => pull(live, args.side))
  if (sides === null) return EXIT.couldNotRun
  const readAt = new Date(REAL_CLOCK.now()).toISOString()
  if (args.save !== null) {
    try {
      writeFileSync(args.save, pulledText(sides, readAt))
    } catch (error) {
      return fail(io, `${args.save} cannot be written: ${wordsOf(error)}`)
    }
    io.err(`Saved to ${args.save}.\n`)
  }
  const { crm, telephony } = sides
  if (args.scaffold && crm !== undefined && telephony !== undefined) io.out(scaffold({ crm, telephony }, readAt))
  else if (args.format === 'json') io.out(pulledText(sides, readAt))
  else io.out(SIDES.flatMap((side) => (sides[side] === undefined ? [] : [sideText(side, sides[side])])).join('\n'))
  return EXIT.fine
}

/** `side` null: both. */
async function pull(live: Live, side: Side | null): Promise<Sides> {
  const asked = SIDES.filter((one) => side === null || side === one)
  const answers = await Promise.all(asked.map(async (one) => [one, await pullSide(live, one)] as const))
  return Object.fromEntries(answers)
}

async function pullSide(live: Live, side: Side): Promise<Pulled> {
  const catalogue = await live.catalogue(side)
  const setup = await live.setup(side)
  return { title: live.adapters[side].title, ...catalogue, ...(setup === null ? {} : { setup }) }
}

function sideText(side: Side, { title, statuses, channels, setup }: Pulled): string {
  const grants = statuses.some(({ grantedTo }) => grantedTo !== undefined) ? ['granted to'] : []
  const head = ['label', 'API name', 'takes work', 'can be set', ...grants, 'id']
  const rows = statuses.map((status) => [
    status.label,
    status.apiName,
    takesWork(status),
    status.settable ? 'yes' : 'no',
    ...grants.map(() => grantedTo(status)),
    status.id,
  ])
  const lines = table([head, ...rows]).map((line) => `  ${line}`)
  const carried = channels.length === 0 ? 'not known' : channels.join(', ')
  const more = (setup?.tables ?? []).map(setupText).join('')
  return `${side}: ${title}, ${statuses.length} statuses\n${lines.join('\n')}\n  channels: ${carried}\n${more}`
}

function setupText({ title, columns, rows, warnings }: SetupTable): string {
  const lines = columns.length === 0 ? [] : table([columns, ...rows])
  return `\n  ${title}\n${[...lines, ...warnings.map((warning) => `! ${warning}`)].map((line) => `    ${line}\n`).join('')}`
}

function grantedTo({ grantedTo }: CatalogueStatus): string {
  return grantedTo === undefined ? 'all' : `${grantedTo.size} people`
}

function takesWork({ available }: CatalogueStatus): string {
  if (available === undefined) return 'not known'
  return available ? 'yes' : 'no'
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
      .join('  ')
      .trimEnd(),
  )
}

function fail(io: Io, sentence: string): ExitCode {
  io.err(`${sentence}\n`)
  return EXIT.couldNotRun
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
