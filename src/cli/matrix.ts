// presence-bridge matrix FILE: every status of both sides and what it leads to, as a table.

import { matrixOf } from '../mapping/matrix.ts'
import { matrixHtml } from '../mapping/matrix-html.ts'
import { matrixJson } from '../mapping/matrix-json.ts'
import { matrixMarkdown } from '../mapping/matrix-markdown.ts'
import { matrixText } from '../mapping/matrix-text.ts'
import { sheetOf } from '../mapping/matrix-words.ts'
import { renderFindings } from '../mapping/render.ts'
import { loadRulesFile, rulesetNamed } from '../stories/load.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'

export type MatrixOptions = {
  /** Null: the top level. */
  readonly profile: string | null
  readonly format: 'text' | 'markdown' | 'html' | 'json'
}

export function matrix(file: string, options: MatrixOptions, io: Io): ExitCode {
  const { findings, rules } = loadRulesFile(file)
  if (rules === null) {
    io.err(renderFindings(findings, { format: 'text', color: io.color }))
    return EXIT.no
  }
  const found = matrixOf(rules, rulesetNamed(rules, options.profile))
  switch (options.format) {
    case 'text':
      io.out(matrixText(sheetOf(found), { color: io.color }))
      break
    case 'markdown':
      io.out(matrixMarkdown(sheetOf(found)))
      break
    case 'html':
      io.out(matrixHtml(sheetOf(found)))
      break
    case 'json':
      io.out(matrixJson(found))
  }
  return EXIT.fine
}
