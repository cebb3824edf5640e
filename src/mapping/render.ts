// Findings for people (text), for programs (json) and for review comments (github).

import { styleText } from 'node:util'
import type { Finding, RelatedPlace } from '../domain/finding.ts'
import { shownText } from './columns.ts'
import { excerptOf, type Paint } from './excerpt.ts'
import { FINDINGS_MAX } from './limits.ts'

export type RenderOptions = { readonly format: 'text' | 'json' | 'github'; readonly color: boolean }

/** Ends with a line break, except where there is nothing to print. */
export function renderFindings(findings: readonly Finding[], options: RenderOptions): string {
  if (options.format === 'json') return `${JSON.stringify(findings.map(jsonOf), null, 2)}\n`
  if (options.format === 'github') return findings.map((finding) => `${githubLine(finding)}\n`).join('')
  return textReport(findings, options.color)
}

function textReport(findings: readonly Finding[], color: boolean): string {
  // The caller has decided about colours, so the terminal is not asked again.
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
  const shown = findings.slice(0, FINDINGS_MAX).map((finding) => textOf(finding, paint))
  const more = findings.length > FINDINGS_MAX ? [`… and ${findings.length - FINDINGS_MAX} more\n`] : []
  return [...shown, ...more, `${paint('bold', summary(findings))}\n`].join('\n')
}

function textOf(finding: Finding, paint: Paint): string {
  const { file, line, column, severity, message, code, hint } = finding
  const excerpt = excerptOf(finding, paint)
  const word = paint([severity === 'error' ? 'red' : 'yellow', 'bold'], severity)
  const lines = [
    `${file}:${line}:${column}  ${word}  ${paint('bold', shownText(message))}  ${paint('dim', `[${code}]`)}`,
    ...excerpt.lines,
    ...(hint === undefined ? [] : help(hint, excerpt.width, paint)),
  ]
  return `${lines.join('\n')}\n`
}

function help(hint: string, width: number, paint: Paint): readonly string[] {
  const blank = ' '.repeat(width)
  const [first = '', ...others] = hint.split('\n').map(shownText)
  return [`${blank} ${paint('cyan', 'help:')} ${first}`, ...others.map((line) => `${blank}   ${line}`.trimEnd())]
}

/** "3 errors, 1 warning in mappings.yaml" */
function summary(findings: readonly Finding[]): string {
  const count = (wanted: Finding['severity']) => findings.filter(({ severity }) => severity === wanted).length
  const counts = [plural(count('error'), 'error'), plural(count('warning'), 'warning')].filter((part) => part !== '')
  const files = [...new Set(findings.map(({ file }) => file))]
  if (files.length === 0) return 'No problems found.'
  return `${counts.join(', ')} in ${files.length === 1 ? files[0] : `${files.length} files`}`
}

function plural(count: number, word: string): string {
  if (count === 0) return ''
  return count === 1 ? `1 ${word}` : `${count} ${word}s`
}

/** Other people's programs read these names. `endColumn` is the column behind the last character. */
function jsonOf({ file, line, column, length, severity, code, message, hint, related }: Finding): object {
  const place = rangeOf({ line, column, length })
  const others = related?.map((one) => ({ ...rangeOf(one), message: one.message }))
  return { file, ...place, severity, code, message, hint, related: others }
}

function rangeOf({ line, column, length }: Pick<RelatedPlace, 'line' | 'column' | 'length'>): object {
  return { line, column, endLine: line, endColumn: column + length }
}

/** Workflow commands of GitHub Actions: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function githubLine({ severity, file, line, column, length, code, message, hint }: Finding): string {
  const place = `file=${property(file)},line=${line},col=${column},endColumn=${column + length}`
  const words = hint === undefined ? message : `${message} Help: ${hint}`
  return `::${severity} ${place},title=${property(code)}::${data(words)}`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
