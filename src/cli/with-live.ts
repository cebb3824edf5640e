// The platforms that a settings file names, for a command that asks them something and ends: opened, asked, closed, and in one sentence why not.

import { CannotAsk, type Live, openLive } from '../app/live.ts'
import { REAL_CLOCK } from '../app/real-clock.ts'
import type { Log } from '../domain/log.ts'
import type { Io } from './output.ts'
import { openSandbox } from './sandbox.ts'
import { readSettings } from './settings.ts'

/** `settings` null: the sandbox. Null where the platforms could not be asked: it has been said why. */
export async function withLive<T>(settings: string | null, io: Io, ask: (live: Live) => Promise<T>): Promise<T | null> {
  const given = settings === null ? null : readSettings(settings, io)
  if (settings !== null && given === null) return null
  const sandbox = given === null || given.crm.kind === 'sandbox' ? await openSandbox(given) : null
  if (given === null) io.err('Without --settings these are the statuses of the sandbox.\n')
  try {
    const used = sandbox?.settings ?? given
    return used === null
      ? null
      : await askAndClose(openLive({ settings: used, clock: REAL_CLOCK, log: logTo(io) }), ask)
  } catch (error) {
    if (!(error instanceof CannotAsk)) throw error
    io.err(`${error.message}\n`)
    return null
  } finally {
    await sandbox?.stop()
  }
}

async function askAndClose<T>(live: Live, ask: (live: Live) => Promise<T>): Promise<T> {
  try {
    return await ask(live)
  } finally {
    await live.stop()
  }
}

/** What an adapter has to say is for the person at the prompt. */
function logTo(io: Io): Log {
  const say = (_: unknown, message: string) => io.err(`${message}.\n`)
  return { debug() {}, info() {}, warn: say, error: say }
}
