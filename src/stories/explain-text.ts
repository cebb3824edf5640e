// The answer to a question for people.

import { styleText } from 'node:util'
import { shownText } from '../mapping/columns.ts'
import { wrapped } from '../mapping/matrix-layout.ts'
import { type Answer, type AnswerSide, type AnswerStep, pairWords } from './explain.ts'
import { clock } from './timeline.ts'

/** Columns of a line. */
const WIDTH_MAX = 110
/** Of the column with the side's name, and of what stands under the reason. */
const SIDE_WIDTH = 11
const MARGIN = ' '.repeat(4 + SIDE_WIDTH)

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string

export function explainText({ story, steps }: Answer, { color }: { readonly color: boolean }): string {
  // The caller has decided about colours, so the terminal is not asked again.
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
  const whose = story.profile === null ? '' : `, profile ${story.profile}`
  const start = `${story.file}${whose}. At first: ${pairWords(story.start)}.`
  return `${[shownText(start), ...steps.map((step) => stepText(step, paint))].join('\n\n')}\n`
}

function stepText(step: AnswerStep, paint: Paint): string {
  const { happens, atMs, shows, blocked, decisions } = step
  const nothing = decisions.length === 0 ? ['  Nothing was to be decided.'] : []
  return [
    paint('bold', shownText(`${clock(atMs)}  ${happens}`)),
    ...nothing,
    ...decisions.flatMap(({ sentence, sides }) => [
      ...under('  ', sentence),
      ...sides.flatMap((side) => sideLines(side, paint)),
    ]),
    `  ${paint('bold', '→')} ${shownText(pairWords(shows, blocked))}`,
  ].join('\n')
}

function sideLines({ side, reason, meaning, rule, written, hint }: AnswerSide, paint: Paint): readonly string[] {
  const code = written ? paint('green', reason) : `${paint('yellow', reason)}, nothing is written`
  return [
    `    ${side.padEnd(SIDE_WIDTH)}${code}`,
    ...under(MARGIN, meaning),
    ...(rule === null ? [] : [paint('dim', `${MARGIN}${rule.line} | ${shownText(rule.source.trim())}`)]),
    ...(hint === null ? [] : under(MARGIN, `help: ${hint}`)),
  ]
}

function under(margin: string, text: string): readonly string[] {
  return wrapped(text, WIDTH_MAX - margin.length).map((line) => margin + line)
}
