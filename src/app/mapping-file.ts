// The mapping file as the daemon takes it: whole and without errors, or not at all.

import { readFileSync } from 'node:fs'
import type { Finding } from '../domain/finding.ts'
import type { Log } from '../domain/log.ts'
import { loadMapping } from '../mapping/compile.ts'
import type { LoadOptions } from '../mapping/compile-text.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { CannotStart, orCannotStart } from './cannot-start.ts'

/** For a file that was proved already. */
export const NO_PROOF = 0

/** Throws CannotStart, with the findings where there are any; warnings go to the log, where one is given. */
export function readMapping({ log, ...options }: LoadOptions & { readonly log?: Log }): Mapping {
  const { file } = options
  const text = orCannotStart(() => readFileSync(file, 'utf8'), `The mapping file ${file} cannot be read`)
  return mappingOf(text, options, log)
}

export function mappingOf(text: string, options: LoadOptions, log?: Log): Mapping {
  const { mapping, findings: all } = loadMapping(text, options)
  // That it was not proved is no news where no proof was asked for.
  const findings = options.patience === NO_PROOF ? all.filter(({ code }) => code !== 'not-proved') : all
  if (log !== undefined) sayWarnings(findings, log)
  refuseErrors(options.file, findings)
  if (mapping === null) throw new CannotStart(`The mapping file ${options.file} has errors`, findings)
  return mapping
}

export function refuseErrors(file: string, findings: readonly Finding[]): void {
  const first = findings.find((f) => f.severity === 'error')
  if (first === undefined) return
  throw new CannotStart(`The mapping file ${file} has errors: line ${first.line}: ${first.message}`, findings)
}

export function sayWarnings(findings: readonly Finding[], log: Log): void {
  for (const { severity, code, line, hint, message } of findings)
    if (severity === 'warning') log.warn({ code, line, hint }, message)
}
