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
  const { platforms = {} } = options
  const findings: Finding[] = []
  let states = 0
  for (const file of files) {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      io.err(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`)
      return EXIT.couldNotRun
    }
    const loaded = loadMapping(text, { file, ...platforms })
    findings.push(...loaded.findings)
    states += loaded.states
    if (loaded.mapping !== null) tellUnmentioned(file, loaded.mapping.rules, platforms, io)
  }
  const isClean = findings.length === 0
  const isProved = findings.every((f) => f.severity !== 'error')
  if (options.format !== 'text' || !isClean)
    io.out(renderFindings(findings, { format: options.format, color: io.color }))
  if (options.format === 'text' && isProved) io.out(`${isClean ? 'No problems found; ' : ''}${statesLine(states)}`)
  const bad = findings.some((f) => f.severity === 'error' || options.strict)
  return bad ? EXIT.no : EXIT.fine
}

/** What was looked at, so that a file is known to have been proved and not only read. */
function statesLine(states: number): string {
  return `${states.toLocaleString('en')} ${states === 1 ? 'state' : 'states'} explored.\n`
}
