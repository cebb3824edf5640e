// Where a command reads from: the journal's file, named by itself or by the settings; and of whom.

import type { Settings } from '../app/settings.ts'
import type { PersonEntry } from '../domain/history.ts'
import type { JournalReader } from '../domain/journal.ts'
import type { AgentId } from '../domain/side.ts'
import { openJournalReader } from '../journal/sqlite-journal.ts'
import { nearest } from '../mapping/nearest.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { parseTime, TIME_EXAMPLES, type When } from './times.ts'

export type SourceOptions = {
  /** The settings file, which names the journal and the running bridge. */
  readonly settings?: string | undefined
  /** The journal's file itself. */
  readonly journal?: string | undefined
}

export type Source = {
  readonly reader: JournalReader
  /** Null: only a file was named. */
  readonly settings: Settings | null
}

/** Null where it cannot be read: it has been said why. The caller closes the reader. */
async function openSource(options: SourceOptions, io: Io): Promise<Source | null> {
  const settings = options.settings === undefined ? null : await settingsIn(options.settings, io)
  if (options.settings !== undefined && settings === null) return null
  const path = options.journal ?? settings?.journal.path
  if (path === undefined) {
    io.err('Name the settings file with --settings, or the journal itself with --journal.\n')
    return null
  }
  try {
    return { reader: openJournalReader({ path }), settings }
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n`)
    return null
  }
}

/** Reads from the journal, and closes it whatever comes. Where it cannot be read, that is said. */
export async function withSource(
  options: SourceOptions,
  io: Io,
  read: (source: Source) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  const source = await openSource(options, io)
  if (source === null) return EXIT.couldNotRun
  try {
    return await read(source)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR')) throw error
    io.err(`The journal cannot be read: ${error.message}.\n`)
    return EXIT.couldNotRun
  } finally {
    source.reader.close()
  }
}

/** Loaded only here: who names the journal itself does not wait for what reads settings. */
async function settingsIn(file: string, io: Io): Promise<Settings | null> {
  const { readSettings } = await import('./settings.ts')
  return readSettings(file, io)
}

/** By any of their names; also somebody of whom only records are left. Null: nobody, and it has been said who may be meant. */
export function whoIs(reader: JournalReader, name: string, io: Io): PersonEntry | null {
  const found = reader.person(name) ?? byLabel(reader, name)
  if (found !== null) return found
  const agent = name as AgentId
  if (reader.query({ agent, limit: 1 }).length > 0) return { agent, name, aliases: [], profile: null }
  const near = nearestNames(reader, name)
  const hint = near.length === 0 ? '' : `; did you mean ${near.map((n) => `"${n}"`).join(' or ')}?`
  io.err(`The journal knows nobody called "${name}"${hint === '' ? '.' : hint}\n${UNMATCHED}`)
  return null
}

/** "Chloe Adams", where only one is called so. */
function byLabel(reader: JournalReader, name: string): PersonEntry | null {
  const wanted = name.trim().toLowerCase()
  const found = [...reader.people()].filter((person) => person.name.toLowerCase() === wanted)
  return found.length === 1 ? (found[0] ?? null) : null
}

const UNMATCHED =
  'Who was not found on both sides is not kept in step: "presence-bridge log --reason unknown_agent" lists them by their ids.\n'
const NEAR_MAX = 3

function nearestNames(reader: JournalReader, name: string): readonly string[] {
  const people = [...reader.people()]
  const wanted = name.toLowerCase()
  const parts = people.filter((p) => [p.agent, p.name].some((known) => known.toLowerCase().includes(wanted)))
  if (parts.length > 0) return parts.slice(0, NEAR_MAX).map(({ agent }) => agent)
  const left = new Map(
    people.flatMap((p) => [
      [p.agent.split('@')[0] ?? '', p.agent],
      [p.agent, p.agent],
      [p.name, p.agent],
    ]),
  )
  const near = nearest(name, left.keys())
  return near === undefined ? [] : [left.get(near) ?? near]
}

export type SpanOptions = { readonly from?: string | undefined; readonly to?: string | undefined }

/** ISO 8601, undefined where it was left out. Null where one is no time: it has been said which. */
export function spanOf(
  { from, to }: SpanOptions,
  when: When,
  io: Io,
): { readonly from?: string; readonly to?: string } | null {
  const parsed: { from?: string; to?: string } = {}
  for (const [key, text] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (text === undefined) continue
    const time = timeOf(text, when, io)
    if (time === null) return null
    parsed[key] = time
  }
  const end = parsed.to ?? new Date(when.now()).toISOString()
  if (parsed.from !== undefined && parsed.from >= end) {
    io.err(parsed.to === undefined ? '--from lies in the future.\n' : '--from is not before --to.\n')
    return null
  }
  return parsed
}

/** Null where it is no time: that has been said. */
export function timeOf(text: string, when: When, io: Io): string | null {
  const ms = parseTime(text, when)
  if (ms === null || Math.abs(ms) > 8.64e15) {
    io.err(`"${text}" is not a time; write it like ${TIME_EXAMPLES}.\n`)
    return null
  }
  return new Date(ms).toISOString()
}
