// presence-bridge check FILE…: every problem of mapping files, all at once.

import { readFileSync } from 'node:fs'
import type { Finding } from '../domain/finding.ts'
import { loadMapping } from '../mapping/compile.ts'
import { renderFindings } from '../mapping/render.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'

export type CheckOptions = { readonly strict: boolean; readonly format: 'text' | 'json' | 'github' }

export function check(files: readonly string[], options: CheckOptions, io: Io): ExitCode {
  const findings: Finding[] = []
  for (const file of files) {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      io.err(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`)
      return EXIT.couldNotRun
    }
    findings.push(...loadMapping(text, { file }).findings)
  }
  io.out(renderFindings(findings, { format: options.format, color: io.color }))
  const bad = findings.some((f) => f.severity === 'error' || options.strict)
  return bad ? EXIT.no : EXIT.fine
}
