// presence-bridge journal info | forget: what a journal is like, and removing a person's records from it.

import { userInfo } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { z } from 'zod'
import { REAL_CLOCK } from '../app/real-clock.ts'
import type { Settings } from '../app/settings.ts'
import type { Forgotten } from '../domain/forgotten.ts'
import { JournalInUse } from '../journal/file.ts'
import { openJournalForTending, type TendedJournal } from '../journal/forgetting.ts'
import { type JournalInfo, journalInfo, setAsideBeside } from '../journal/info.ts'
import { decisionsOf, removedWords } from './journal-words.ts'
import { giveOrder } from './order.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'
import { readSettings } from './settings.ts'

/** A year of a busy agent's decisions, a hundred at a time, takes some minutes. */
const FORGET_DEADLINE_MS = 15 * 60_000

/** Exactly one of them. */
export type Which = { readonly settings?: string; readonly journal?: string }

export type Confirm = (question: string) => Promise<boolean>

/** Null where nobody can be asked. */
export function terminalConfirm(): Confirm | null {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return null
  return async (question) => {
    const asking = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim())
    } finally {
      asking.close()
    }
  }
}

export function info(which: Which & { readonly format: 'text' | 'json' }, io: Io): ExitCode {
  const file = fileOf(which, io)
  if (file === null) return EXIT.couldNotRun
  try {
    const found = journalInfo(file.path)
    const kept = file.settings === null ? null : file.settings.journal
    io.out(which.format === 'json' ? `${JSON.stringify({ ...found, keep: keepOf(kept) })}\n` : infoText(found, kept))
    return EXIT.fine
  } catch (error) {
    io.err(`${wordsOf(error)}\n`)
    return EXIT.couldNotRun
  }
}

export type Forget = Which & { readonly agent: string; readonly yes: boolean }

/** In the file where no bridge runs, else through the running bridge. */
export async function forget(order: Forget, io: Io, confirm: Confirm | null): Promise<ExitCode> {
  const file = fileOf(order, io)
  if (file === null) return EXIT.couldNotRun
  if (!order.yes && confirm === null) {
    io.err('Nobody can be asked whether it is meant: add --yes.\n')
    return EXIT.couldNotRun
  }
  const sure = order.yes || confirm === null ? async () => true : confirm
  try {
    return await forgetInFile({ order, path: file.path, sure }, io)
  } catch (error) {
    if (!(error instanceof JournalInUse)) {
      io.err(`${wordsOf(error)}\n`)
      return EXIT.couldNotRun
    }
  }
  if (file.settings !== null) return await forgetRunning({ order, settings: file.settings, sure }, io)
  io.err(`A bridge has ${file.path} open: name its settings file with --settings, or stop it.\n`)
  return EXIT.couldNotRun
}

async function forgetInFile(
  { order, path, sure }: { readonly order: Forget; readonly path: string; readonly sure: Confirm },
  io: Io,
): Promise<ExitCode> {
  const { found, count } = await tended(path, async (journal) => {
    const who = journal.find(order.agent)
    return { found: who, count: who.kind === 'one' ? journal.count(who.someone) : 0 }
  })
  if (found.kind === 'nobody') return no(`Nobody of that name is in the journal: ${order.agent}`, io)
  if (found.kind === 'several') return no(`Several people have that name: ${found.agents.join(', ')}`, io)
  const { someone } = found
  // Nothing is kept open while somebody thinks: a bridge may want to start.
  if (!(await sure(`Remove ${decisionsOf(count)} of ${someone.agent} and all else that is kept of them, for good?`)))
    return no('Nothing was removed.', io)
  const about = { someone, time: new Date(REAL_CLOCK.now()).toISOString(), by: userInfo().username, pause: sleep }
  return await tended(path, async (journal) => {
    say(someone.agent, await journal.forget(about), path, io)
    try {
      // What a version that did not write over deleted rows has left of them.
      if (journal.rewrite()) return EXIT.fine
      io.err('Somebody is reading the journal, so that traces from before may be left in it: ask again.\n')
    } catch (error) {
      io.err(`The file could not be written anew; traces from before may be left in it: ${wordsOf(error)}\n`)
    }
    return EXIT.couldNotRun
  })
}

async function tended<T>(path: string, act: (journal: TendedJournal) => Promise<T>): Promise<T> {
  const journal = openJournalForTending(path)
  try {
    return await act(journal)
  } finally {
    journal.close()
  }
}

const forgottenOf = z.union([
  z.object({
    ok: z.literal(true),
    removed: z.object({
      decisions: z.number(),
      outcomes: z.number(),
      states: z.number(),
      people: z.number(),
      marks: z.number(),
      events: z.number(),
      mappings: z.number(),
      logEmptied: z.boolean(),
      keptInStep: z.boolean(),
    }),
  }),
  z.object({ ok: z.literal(false), error: z.string() }),
])

async function forgetRunning(
  { order, settings, sure }: { readonly order: Forget; readonly settings: Settings; readonly sure: Confirm },
  io: Io,
): Promise<ExitCode> {
  const { agent } = order
  if (!(await sure(`A bridge is running. Have it remove all records of ${agent}, for good?`)))
    return no('Nothing was removed.', io)
  const body = { agent, by: userInfo().username }
  const asked = { ops: settings.ops, action: 'forget', body, deadlineMs: FORGET_DEADLINE_MS }
  const answer = await giveOrder(asked, forgottenOf)
  if (typeof answer === 'string') {
    io.err(`${answer}\n`)
    return EXIT.couldNotRun
  }
  if (!answer.ok) return no(answer.error, io)
  say(agent, answer.removed, settings.journal.path, io)
  return EXIT.fine
}

function say(agent: string, removed: Forgotten, path: string, io: Io): void {
  io.out(removedWords(agent, removed, setAsideBeside(path)))
}

function no(words: string, io: Io): ExitCode {
  io.err(`${words}\n`)
  return EXIT.no
}

/** Null where it is not named, or its settings cannot be used: it has been said why. */
function fileOf(
  { settings, journal }: Which,
  io: Io,
): { readonly path: string; readonly settings: Settings | null } | null {
  if ((settings === undefined) === (journal === undefined)) {
    io.err('Name the journal: either --settings FILE or --journal FILE.\n')
    return null
  }
  if (settings === undefined) return { path: journal ?? '', settings: null }
  const read = readSettings(settings, io)
  return read === null ? null : { path: read.journal.path, settings: read }
}

function keepOf(kept: Settings['journal'] | null): object | null {
  return kept === null ? null : { ms: kept.keepMs, maxBytes: kept.maxBytes }
}

function infoText(found: JournalInfo, kept: Settings['journal'] | null): string {
  const { bytes } = found
  const rows: [string, string][] = [
    ['journal', `${found.path} (form ${found.version})`],
    ['size', `${mb(bytes.file)} MB, ${mb(bytes.free)} MB of it free for new decisions; log ${mb(bytes.log)} MB`],
    ['decisions', found.from === null ? 'none' : `${decisionsOf(found.decisions)} from ${found.from} to ${found.to}`],
    ['people', `${found.people} are or were kept in step`],
    ['mappings', `${found.mappings} that were in force`],
    ['kept', keptWords(kept)],
    ...found.setAside.map((path): [string, string] => ['damaged', path]),
  ]
  return rows.map(([name, words]) => `${`${name}:`.padEnd(11)}${words}\n`).join('')
}

function keptWords(kept: Settings['journal'] | null): string {
  if (kept === null) return 'as the settings file says; name it with --settings'
  const hours = kept.keepMs / 3_600_000
  const time = hours % 24 === 0 ? `${hours / 24} days` : `${hours} hours`
  return `${time}, or until it has ${mb(kept.maxBytes)} MB`
}

function mb(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1)
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => REAL_CLOCK.after(ms, resolve))
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
