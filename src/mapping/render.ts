// Findings for people (text), for programs (json) and for review comments (github).

import { styleText } from 'node:util'
import type { Finding } from '../domain/finding.ts'
import { FINDINGS_MAX } from './limits.ts'

export type RenderOptions = { readonly format: 'text' | 'json' | 'github'; readonly color: boolean }

/** What a terminal would act on instead of showing it; tabs stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters meant
const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string

/** Ends with a line break, except where there is nothing to print. */
export function renderFindings(findings: readonly Finding[], options: RenderOptions): string {
  if (options.format === 'json') return `${JSON.stringify(findings, null, 2)}\n`
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
  const { file, line, column, length, severity, message, code, hint } = finding
  const source = finding.source.replace(UNPRINTABLE, '·')
  const style = severity === 'error' ? 'red' : 'yellow'
  const number = String(line)
  const blank = ' '.repeat(number.length)
  // Tabs stay tabs, so that the caret stands under its text however wide they are shown.
  const indent = source.slice(0, column - 1).replace(/[^\t]/g, ' ')
  const lines = [
    `${file}:${line}:${column}  ${paint([style, 'bold'], severity)}  ${paint('bold', message)}  ${paint('dim', `[${code}]`)}`,
    `${paint('blue', `${blank} |`)}`,
    `${paint('blue', `${number} |`)} ${source}`.trimEnd(),
    `${paint('blue', `${blank} |`)} ${indent}${paint(style, '^'.repeat(length))}`,
    ...(hint === undefined ? [] : [`${blank} ${paint('cyan', 'help:')} ${hint}`]),
  ]
  return `${lines.join('\n')}\n`
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Finding['severity']) => findings.filter(({ severity }) => severity === wanted).length
  const [errors, warnings] = [count('error'), count('warning')]
  if (errors + warnings === 0) return 'No problems found.'
  return [plural(errors, 'error'), plural(warnings, 'warning')].filter((part) => part !== '').join(', ')
}

function plural(count: number, word: string): string {
  if (count === 0) return ''
  return count === 1 ? `1 ${word}` : `${count} ${word}s`
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
