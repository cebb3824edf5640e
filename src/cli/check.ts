// presence-bridge check FILE…: every problem of mapping files, all at once.

import { readFileSync } from 'node:fs'
import type { Finding } from '../domain/finding.ts'
import { loadMapping } from '../mapping/compile.ts'
import { renderFindings } from '../mapping/render.ts'
import { type KnownPlatforms, tellUnmentioned } from './check-live.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'

export type CheckOptions = {
  readonly strict: boolean
  readonly format: 'text' | 'json' | 'github'
  /** What is known of the platforms; left out: nothing. */
  readonly platforms?: KnownPlatforms
}

export function check(files: readonly string[], options: CheckOptions, io: Io): ExitCode {
  const { platforms = {}, format } = options
  const findings: Finding[] = []
  let states = 0
  let unread = 0
  for (const file of files) {
    const text = read(file, io)
    if (text === null) {
      unread += 1
      continue // the other files have their mistakes all the same
    }
    const loaded = loadMapping(text, { file, ...platforms })
    findings.push(...loaded.findings)
    states += loaded.states
    if (loaded.mapping !== null) tellUnmentioned(file, loaded.mapping.rules, platforms, io)
  }
  if (unread === files.length) return EXIT.couldNotRun
  const isClean = findings.length === 0
  const isProved = findings.every((f) => f.severity !== 'error')
  if (format !== 'text' || !isClean) io.out(renderFindings(findings, { format, color: io.color }))
  if (format === 'text' && isProved) io.out(`${isClean ? 'No problems found; ' : ''}${statesLine(states)}`)
  if (unread > 0) return EXIT.couldNotRun
  const bad = platforms.lacking || findings.some((f) => f.severity === 'error' || options.strict)
  return bad ? EXIT.no : EXIT.fine
}

/** null where it has been said why not. */
function read(file: string, io: Io): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    io.err(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`)
    return null
  }
}

/** What was looked at, so that a file is known to have been proved and not only read. */
function statesLine(states: number): string {
  return `${states.toLocaleString('en')} ${states === 1 ? 'state' : 'states'} explored.\n`
}
