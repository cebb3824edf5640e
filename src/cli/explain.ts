// presence-bridge explain FILE: what happens when …, and why, or why nothing does.

import { renderFindings } from '../mapping/render.ts'
import { explain as answerOf } from '../stories/explain.ts'
import { explainText } from '../stories/explain-text.ts'
import { loadRulesFile } from '../stories/load.ts'
import type { Question } from '../stories/question.ts'
import { EXIT, type ExitCode, type Io } from './output.ts'

export type ExplainOptions = Question & { readonly format: 'text' | 'json' }

export async function explain(file: string, options: ExplainOptions, io: Io): Promise<ExitCode> {
  const { findings, rules, text } = loadRulesFile(file)
  if (rules === null) {
    io.err(renderFindings(findings, { format: 'text', color: io.color }))
    return EXIT.no
  }
  const answer = await answerOf(options, { rules, text })
  if (options.format === 'text') io.out(explainText(answer, { color: io.color }))
  else {
    const { profile, start } = answer.story
    io.out(`${JSON.stringify({ file, profile, start, steps: answer.steps }, null, 2)}\n`)
  }
  return EXIT.fine
}
