// presence-bridge import --from FORMAT FILE…: a mapping file to begin with, made from another product's settings.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { loadMapping } from '../mapping/compile.ts'
import type { ImportFormat, ImportSource, LeftOut } from '../mapping/import/found.ts'
import { importMapping } from '../mapping/import/import-mapping.ts'
import { linesToFillIn } from '../mapping/import/starter.ts'
import { renderFindings } from '../mapping/render.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'

export type ImportArgs = {
  readonly from: ImportFormat | 'auto'
  readonly out: string | null
  /** Overwrites `out`. */
  readonly force: boolean
  readonly availableCrm: readonly string[]
  readonly availableTelephony: readonly string[]
}

export function importFiles(files: readonly string[], args: ImportArgs, io: Io): ExitCode {
  const { out, force } = args
  if (out !== null && !force && existsSync(out)) return fail(io, `${out} is there already; --force overwrites it.`)
  const sources: ImportSource[] = []
  for (const file of files) {
    try {
      sources.push({ file, text: readFileSync(file, 'utf8') })
    } catch (error) {
      return fail(io, `${file} cannot be read: ${wordsOf(error)}`)
    }
  }
  const available = { crm: args.availableCrm, telephony: args.availableTelephony }
  const result = importMapping(sources, { from: args.from, available })
  if (result.kind === 'unreadable') {
    const { file, line, column, words } = result
    return fail(io, `${[file, line, column].filter((part) => part !== null).join(':')}: ${words}`)
  }
  try {
    if (out === null) io.out(result.text)
    else writeFileSync(out, result.text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    return fail(io, `${out} cannot be written: ${wordsOf(error)}`)
  }
  return tell(result, out ?? 'mappings.yaml', io)
}

/** What a person has to look at, on stderr: the file itself may be on its way through a pipe. */
function tell(
  result: { readonly text: string; readonly leftOut: readonly LeftOut[]; readonly guessed: boolean },
  file: string,
  io: Io,
): ExitCode {
  const { text, leftOut, guessed } = result
  for (const { origin, words } of leftOut) io.err(`${origin.file}:${origin.line}: left out: ${words}\n`)
  const toFill = linesToFillIn(text)
  if (toFill.length > 0) io.err(`To be filled in: ${toFill.map((line) => `${file}:${line}`).join(', ')}\n`)
  if (guessed) io.err('The available statuses were guessed from their names; please check them.\n')
  const { findings } = loadMapping(text, { file })
  if (findings.length > 0)
    io.err(`\nWhat check says about it:\n\n${renderFindings(findings, { format: 'text', color: io.color })}`)
  const wrong = findings.some(({ severity }) => severity === 'error')
  return leftOut.length > 0 || wrong ? EXIT.no : EXIT.fine
}

function fail(io: Io, sentence: string): ExitCode {
  io.err(`${sentence}\n`)
  return EXIT.couldNotRun
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
