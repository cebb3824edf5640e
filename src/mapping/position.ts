// Where something stands in a file, and how a finding is made from that.

import type { Finding, RelatedPlace } from '../domain/finding.ts'
import { FINDING_CODES, type FindingCode } from './finding-codes.ts'

/** Line and column from 1; `length` is how many characters of that line are meant. */
export type Place = { readonly line: number; readonly column: number; readonly length: number }

export type Source = {
  readonly file: string
  readonly text: string
  /** The place of the characters from `start` to `end`, cut at the end of the first line. */
  place(start: number, end: number): Place
  line(number: number): string
}

/** Another place that has to do with a complaint, in a few words. */
export type Related = {
  readonly place: Place
  readonly message: string
  /** Nothing behind the place is shown: a value there may be a secret. */
  readonly cut?: boolean
}

export type Complaint = {
  readonly code: FindingCode
  readonly place: Place
  readonly message: string
  readonly hint?: string | undefined
  readonly related?: readonly Related[]
}

export function createSource(file: string, text: string): Source {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const line = (number: number) => {
    const start = starts[number - 1] ?? text.length
    return text.slice(start, (starts[number] ?? text.length + 1) - 1).replace(/\r$/, '')
  }
  const place = (start: number, end: number): Place => {
    const number = lastAtMost(starts, start) + 1
    const column = start - (starts[number - 1] ?? 0) + 1
    const shown = line(number).slice(column - 1, column - 1 + Math.max(1, end - start))
    return { line: number, column, length: Math.max(1, shown.trimEnd().length) }
  }
  return { file, text, place, line }
}

/** The code decides the severity, so that the catalogue is the only place that says it. */
export function toFinding(source: Source, complaint: Complaint): Finding {
  const { code, place, message, hint, related = [] } = complaint
  const { severity } = FINDING_CODES[code]
  const finding = { severity, code, file: source.file, ...place, message, source: source.line(place.line) }
  const places = related.map((one) => relatedPlace(source, one))
  return {
    ...finding,
    ...(hint === undefined ? {} : { hint }),
    ...(places.length === 0 ? {} : { related: places }),
  }
}

function relatedPlace(source: Source, { place, message, cut = false }: Related): RelatedPlace {
  const line = source.line(place.line)
  const end = place.column - 1 + place.length
  return { ...place, message, source: cut && end < line.length ? `${line.slice(0, end)} …` : line }
}

/** The same complaint, said of one profile. */
export function inProfile(complaint: Complaint, profile: string): Complaint {
  return { ...complaint, message: `${complaint.message.replace(/\.$/, '')} (profile "${profile}").` }
}

/** In the order of the file, each once: a profile often repeats what the top level says wrong. */
export function tidied(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, Finding>()
  for (const finding of findings) {
    const words = finding.message.replace(/ \(profile "[^"]*"\)\.$/, '.')
    const key = `${finding.line}:${finding.column}:${finding.code}:${words}`
    if (!seen.has(key)) seen.set(key, finding)
  }
  return [...seen.values()].sort((a, b) => a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1))
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((sorted[middle] ?? 0) <= value) low = middle
    else high = middle - 1
  }
  return low
}
