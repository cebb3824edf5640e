// presence-bridge catalogue: the statuses and channels that the platforms have now, as a table, as JSON, or as a mapping file to begin with.

import { writeFileSync } from 'node:fs'
import { CannotAsk, openLive } from '../app/live.ts'
import { REAL_CLOCK } from '../app/real-clock.ts'
import type { Log } from '../domain/log.ts'
import type { CatalogueStatus } from '../domain/platform.ts'
import { type BySide, SIDES, type Side } from '../domain/side.ts'
import { type Pulled, pulledText } from '../mapping/import/pulled.ts'
import { scaffold } from '../mapping/import/scaffold.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { openSandbox } from './sandbox.ts'
import { readSettings } from './settings.ts'

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
  const sides = await pull(args, io)
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

/** Asks the platforms that the settings name; null where one could not be asked: it has been said why. */
export async function pull(
  { settings: file, side }: Pick<CatalogueArgs, 'settings' | 'side'>,
  io: Io,
): Promise<Sides | null> {
  const given = file === null ? null : readSettings(file, io)
  if (file !== null && given === null) return null
  const sandbox = given === null || given.crm.kind === 'sandbox' ? await openSandbox(given) : null
  const settings = sandbox?.settings ?? given
  if (settings === null) return null
  if (file === null) io.err('Without --settings these are the statuses of the sandbox.\n')
  const live = openLive({ settings, clock: REAL_CLOCK, log: logTo(io) })
  try {
    const asked = SIDES.filter((one) => side === null || side === one)
    const answers = await Promise.all(
      asked.map(async (one) => [one, { title: live.adapters[one].title, ...(await live.catalogue(one)) }] as const),
    )
    return Object.fromEntries(answers)
  } catch (error) {
    if (!(error instanceof CannotAsk)) throw error
    io.err(`${error.message}\n`)
    return null
  } finally {
    await live.stop()
    await sandbox?.stop()
  }
}

function sideText(side: Side, { title, statuses, channels }: Pulled): string {
  const head = ['label', 'API name', 'takes work', 'can be set', 'id']
  const rows = statuses.map((status) => [
    status.label,
    status.apiName,
    takesWork(status),
    status.settable ? 'yes' : 'no',
    status.id,
  ])
  const lines = table([head, ...rows]).map((line) => `  ${line}`)
  const carried = channels.length === 0 ? 'not known' : channels.join(', ')
  return `${side}: ${title}, ${statuses.length} statuses\n${lines.join('\n')}\n  channels: ${carried}\n`
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

/** What an adapter has to say is for the person at the prompt. */
function logTo(io: Io): Log {
  const say = (_: unknown, message: string) => io.err(`${message}.\n`)
  return { debug() {}, info() {}, warn: say, error: say }
}

function fail(io: Io, sentence: string): ExitCode {
  io.err(`${sentence}\n`)
  return EXIT.couldNotRun
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
