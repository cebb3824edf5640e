// Reading the settings file for a command, with its findings where a person sees them.

import { inLowerCase } from '../app/proxies.ts'
import { loadSettings, type Settings } from '../app/settings.ts'
import { renderFindings } from '../mapping/render.ts'
import type { Io } from './output.ts'

/** Null where they cannot be used: it has been said why. */
export function readSettings(file: string, io: Io): Settings | null {
  try {
    // Before anything dials: some libraries look at the environment themselves, and only at this spelling.
    Object.assign(process.env, inLowerCase(process.env))
    const { findings, settings } = loadSettings(file, process.env)
    if (findings.length > 0) io.err(renderFindings(findings, { format: 'text', color: io.color }))
    return settings
  } catch (error) {
    io.err(`The settings file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`)
    return null
  }
}
