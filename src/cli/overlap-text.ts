// Exposures and overlaps as text: who, when, for how long, why, and what to do about it.

import { type AgentId, otherSide, sideName } from '../domain/side.ts'
import { CAUSE_TITLES, causeWords, remedyFor } from '../history/cause-words.ts'
import type { ExposureReport, ExposureRow, OverlapRow, Total } from '../history/exposures.ts'
import { shownText } from '../mapping/columns.ts'
import { wrapped } from '../mapping/matrix-layout.ts'
import type { Paint } from './paint.ts'
import { tableText } from './table.ts'
import { durationText, type Face } from './times.ts'

export type OverlapStyle = {
  readonly face: Face
  readonly width: number
  readonly paint: Paint
  readonly nameOf: (agent: AgentId) => string
}

/** `end`: of the period; times of another day have their date. */
type Style = OverlapStyle & { readonly end: string }

/** As many as somebody reads. */
const ROWS_MAX = 50
/** Shorter ones are the time that a write takes. */
const WORTH_LISTING_MS = 1_000

export function overlapText(found: ExposureReport, given: OverlapStyle): string {
  const style = { ...given, end: found.to }
  const { exposures, overlaps, totals } = found
  const { face, paint } = style
  const long = exposures.filter(({ ms }) => ms >= WORTH_LISTING_MS)
  const lines = [
    `${face.full(found.from)} to ${face.full(found.to)} (times in ${face.zone})`,
    '',
    paint('bold', `Work reached somebody who was at work on the other side: ${summed(totals.overlaps)}.`),
    ...listed(overlaps, (row) => overlapLines(row, style)),
    '',
    paint('bold', `Work could have reached somebody at work: ${summed(totals.exposures)}.`),
    ...listed(long, (row) => exposureLines(row, style)),
    ...shortOnes(exposures.length - long.length),
    ...totalsTable(totals, style),
    ...advice(found, style),
  ]
  return `${lines.join('\n')}\n`
}

function summed(totals: readonly Total[]): string {
  const count = totals.reduce((sum, t) => sum + t.count, 0)
  if (count === 0) return 'never'
  const ms = totals.reduce((sum, t) => sum + t.ms, 0)
  return count === 1 ? `once, for ${durationText(ms)}` : `${count} times, ${durationText(ms)} together`
}

function listed<R>(rows: readonly R[], lines: (row: R) => readonly string[]): readonly string[] {
  const more = rows.length - ROWS_MAX
  return [
    ...rows.slice(0, ROWS_MAX).flatMap(lines),
    ...(more > 0 ? [`  … and ${more} more; --format json has them all`] : []),
  ]
}

function overlapLines(
  { agent, side, item, channel, from, ms, cause, rule, words }: OverlapRow,
  style: Style,
): readonly string[] {
  const what = `${channel === null ? '' : `${channel} `}${item} came in ${sideName(side)} during work in ${sideName(otherSide(side))}`
  const why = `because ${causeWords(cause, side, words)}${ruleText(rule)}`
  return entry(
    { from, to: null, who: style.nameOf(agent), text: `${what}, both for ${durationText(ms)}, ${why}.` },
    style,
  )
}

function exposureLines(
  { agent, side, from, to, ms, cause, rule, words }: ExposureRow,
  style: Style,
): readonly string[] {
  const lasts = to === null ? ', and still can' : ''
  const why = `because ${causeWords(cause, side, words)}${ruleText(rule)}`
  return entry(
    { from, to, who: style.nameOf(agent), text: `in ${sideName(side)} for ${durationText(ms)}${lasts}, ${why}.` },
    style,
  )
}

function ruleText(rule: string | null): string {
  return rule === null ? '' : ` (${rule.replace(/:(\d+)$/, ' line $1')})`
}

type Entry = { readonly from: string; readonly to: string | null; readonly who: string; readonly text: string }

function entry({ from, to, who, text }: Entry, { face, width, paint, end }: Style): readonly string[] {
  const when = `${face.short(from, end)}${to === null ? '' : ` to ${face.clock(to)}`}`
  const [first = '', ...rest] = wrapped(`${shownText(who)}: ${text}`, Math.max(30, width - 4))
  return [`  ${paint('dim', when)}`, ...[first, ...rest].map((line) => `    ${line}`)]
}

function shortOnes(count: number): readonly string[] {
  if (count === 0) return []
  return [
    `  ${count} of them ${count === 1 ? 'was' : 'were'} shorter than a second, while the block was being written.`,
  ]
}

function totalsTable({ exposures, overlaps }: ExposureReport['totals'], { paint }: OverlapStyle): readonly string[] {
  if (exposures.length + overlaps.length === 0) return []
  const row = (kind: string) => (t: Total) => [
    kind,
    t.cause === null ? 'not recorded' : CAUSE_TITLES[t.cause],
    sideName(t.side),
    String(t.count),
    durationText(t.ms),
  ]
  const rows = [...overlaps.map(row('overlap')), ...exposures.map(row('exposure'))]
  return ['', ...tableText(['', 'cause', 'side', 'times', 'together'], rows, { numbers: [3, 4], paint })]
}

/** About what weighs most: an overlap before what only could have been one. */
function advice({ overlaps, exposures }: ExposureReport, { paint }: OverlapStyle): readonly string[] {
  const longest = (rows: readonly (OverlapRow | ExposureRow)[]) => rows.toSorted((a, b) => b.ms - a.ms)[0]
  const worst = longest(overlaps) ?? longest(exposures.filter(({ ms }) => ms >= WORTH_LISTING_MS))
  const remedy = worst === undefined ? null : remedyFor(worst.cause, worst)
  return remedy === null ? [] : ['', `${paint('bold', 'What to do:')} ${remedy}`]
}
