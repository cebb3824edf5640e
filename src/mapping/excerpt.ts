// The lines of a file that a finding is about, with a caret under what is meant and a dash under what has to do with it.

import type { styleText } from 'node:util'
import type { Finding } from '../domain/finding.ts'
import { columnsOf, shownText } from './columns.ts'
import { EXCERPT_CHARS_MAX } from './limits.ts'

export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string

type Mark = {
  readonly line: number
  readonly column: number
  readonly length: number
  readonly source: string
  /** null: what the finding is about. */
  readonly label: string | null
}
/** A part of a line of the file, with what is marked in it. */
type Strip = { readonly line: number; readonly source: string; readonly marks: readonly Mark[] }

/** `width`: of the line numbers. */
export type Excerpt = { readonly lines: readonly string[]; readonly width: number }

export function excerptOf(finding: Finding, paint: Paint): Excerpt {
  const strips = stripsOf(marksOf(finding))
  const width = String(Math.max(...strips.map(({ line }) => line))).length
  const bar = (text: string) => paint('blue', `${text.padStart(width)} |`)
  const style = finding.severity === 'error' ? 'red' : 'yellow'
  const lines = [bar('')]
  for (const [index, strip] of strips.entries()) {
    const before = strips[index - 1]?.line ?? strip.line
    if (strip.line > before + 1) lines.push(paint('blue', '...'))
    lines.push(`${bar(String(strip.line))} ${shownText(strip.source)}`.trimEnd())
    for (const mark of strip.marks) lines.push(`${bar('')} ${underline(mark, strip.source, paint, style)}`)
  }
  return { lines, width }
}

function marksOf(finding: Finding): readonly Mark[] {
  const { line, column, length, source, related = [] } = finding
  const others = related.map(({ message, ...place }) => ({ ...place, label: message }))
  return [{ line, column, length, source, label: null }, ...others]
}

/** In the order of the file; what stands on one line is shown together, unless the line is too long for it. */
function stripsOf(marks: readonly Mark[]): readonly Strip[] {
  const strips = new Map<string, Strip>()
  for (const mark of marks) {
    const short = mark.source.length <= EXCERPT_CHARS_MAX
    const key = short ? String(mark.line) : `${mark.line}:${mark.column}`
    const there = strips.get(key)
    if (there) strips.set(key, { ...there, source: longer(there.source, mark.source), marks: [...there.marks, mark] })
    else strips.set(key, short ? { line: mark.line, source: mark.source, marks: [mark] } : cropped(mark))
  }
  return [...strips.values()].sort((a, b) => a.line - b.line)
}

function longer(a: string, b: string): string {
  return a.length < b.length ? b : a
}

/** The part of a long line around what is marked in it. */
function cropped(mark: Mark): Strip {
  const start = Math.max(0, Math.min(mark.column - 1 - EXCERPT_CHARS_MAX / 4, mark.source.length - EXCERPT_CHARS_MAX))
  const from = Math.floor(start)
  const end = from + EXCERPT_CHARS_MAX
  const [before, after] = [from > 0 ? '…' : '', end < mark.source.length ? '…' : '']
  const source = `${before}${mark.source.slice(from, end).toWellFormed()}${after}`
  const column = mark.column - from + before.length
  const length = Math.min(mark.length, Math.max(1, source.length - column + 1))
  return { line: mark.line, source, marks: [{ ...mark, column, length, source }] }
}

function underline({ column, length, label }: Mark, source: string, paint: Paint, style: 'red' | 'yellow'): string {
  const indent = ' '.repeat(columnsOf(shownText(source.slice(0, column - 1))))
  const columns = Math.max(1, columnsOf(shownText(source.slice(column - 1, column - 1 + length))))
  if (label === null) return indent + paint(style, '^'.repeat(columns))
  return `${indent}${paint('blue', `${'-'.repeat(columns)} ${shownText(label)}`)}`
}
