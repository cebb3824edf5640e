// What `why` says, as text: both sides, what holds them, what wants explaining, what led there, and last what to do.

import type { PersonEntry } from '../domain/history.ts'
import type { LogRecord } from '../domain/record.ts'
import { SIDES, type Side, sideName } from '../domain/side.ts'
import type { StatusSpell, Timeline } from '../domain/timeline.ts'
import type { Moment, SideMoment } from '../history/moment.ts'
import type { Trouble } from '../history/trouble.ts'
import { shownText } from '../mapping/columns.ts'
import { wrapped } from '../mapping/matrix-layout.ts'
import type { AgentDetail } from '../ops/status.ts'
import type { Paint } from './paint.ts'
import { durationText, type Face } from './times.ts'

export type Standing = {
  readonly source: 'bridge' | 'journal' | 'records'
  /** Null where only the records tell. */
  readonly detail: AgentDetail | null
  /** When the bridge was last known to be alive, where it was not asked itself. */
  readonly asOf: string | null
  /** Where this comes from, if not from a bridge that runs. */
  readonly note: string | null
}

export type Told = {
  readonly person: PersonEntry
  readonly standing: Standing
  readonly at: string
  readonly isPast: boolean
  readonly moment: Moment
  readonly timeline: Timeline
  readonly troubles: readonly Trouble[]
  readonly decisions: readonly {
    readonly record: LogRecord
    readonly quotes: readonly { readonly rule: string; readonly quote: string }[]
  }[]
}

export type WhyStyle = { readonly face: Face; readonly width: number; readonly paint: Paint }

/** As much as helps; the first ones weigh most. */
const TROUBLES_MAX = 6

export function whyText(told: Told, style: WhyStyle): string {
  const { paint } = style
  const { note, detail } = told.standing
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', paint('bold', title), ...lines]
  const lines = [
    ...heading(told, style),
    ...(note === null ? [] : wrapped(note, style.width).map((line) => paint('yellow', line))),
    ...(detail === null ? [] : ['', ...wrapped(detail.sentence, style.width)]),
    '',
    ...SIDES.flatMap((side) => sideLines(side, told, style)),
    ...section('Next', nextLines(told, style)),
    ...section(
      'What wants explaining',
      told.troubles.slice(0, TROUBLES_MAX).flatMap((t) => troubleLines(t, told, style)),
    ),
    ...section(
      'What led there',
      told.decisions.flatMap((d) => decisionLines(d, told, style)),
    ),
    ...todo(told, style),
  ]
  return `${lines.join('\n')}\n`
}

function heading({ person, at, isPast }: Told, { face, width, paint }: WhyStyle): readonly string[] {
  const { name, agent, profile } = person
  const who = name === agent ? name : `${name} (${agent})`
  const of = profile === null ? '' : `, profile ${profile}`
  const when = `${isPast ? 'at' : 'now,'} ${face.day(at)} ${face.clock(at)} (times in ${face.zone})`
  return wrapped(`${who}${of}, ${when}`, width).map((line) => paint('bold', line))
}

const LABEL_COLUMNS = 11

function sideLines(side: Side, told: Told, style: WhyStyle): readonly string[] {
  const of = told.moment.sides[side]
  const now = told.standing.detail?.[side] ?? null
  const { face } = style
  const since = (iso: string) =>
    iso <= told.timeline.from
      ? `since before ${face.short(told.timeline.from, told.at)}`
      : `since ${face.short(iso, told.at)}`
  const status = of.status
  const lines = [
    status === null ? (now?.status ?? 'not known') : `${status.status} ${since(status.from)}${byText(status, side)}`,
    ...(now !== null && now.target !== now.status ? [`shall show ${now.target}`] : []),
    ...(now !== null && now.base !== now.target ? [`without the block: ${now.base}`] : []),
    ...blockText(of, since),
    ...of.work.map(
      (w) => `${w.channel ?? 'work item'} ${w.item} ${(w.state ?? 'open').replace('_', '-')}, ${since(w.from)}`,
    ),
    ...waitText(of, side, told, style),
  ]
  return lines.flatMap((text, n) => {
    const label = (n === 0 ? (side === 'crm' ? 'CRM' : side) : '').padEnd(LABEL_COLUMNS)
    return wrapped(text, style.width - LABEL_COLUMNS).map(
      (line, m) => `${m === 0 ? style.paint('bold', label) : ' '.repeat(LABEL_COLUMNS)}${line}`,
    )
  })
}

function byText({ by, reason, rule }: StatusSpell, side: Side): string {
  const why = reason === null ? '' : ` (${reason}${rule === null ? '' : `, ${lineOf(rule)}`})`
  switch (by) {
    case 'agent':
      return ', chosen by the agent'
    case 'supervisor':
      return ', set by a supervisor'
    case 'system':
      return `, set by ${sideName(side)} itself`
    case 'bridge':
      return `, set by the bridge${why}`
    case 'unknown':
      return `, as ${sideName(side)} reported`
    case null:
      return ''
  }
}

const PHASES = {
  standing: 'blocked',
  quiet: 'blocked, with nothing to write: it takes no work anyway',
  holding: 'still blocked for a moment after the work',
  gave_way: 'not blocked any more although work goes on: the block gave way',
} as const

function blockText({ block }: SideMoment, since: (iso: string) => string): readonly string[] {
  if (block === null) return []
  return [`${PHASES[block.phase]}, ${since(block.from)}${block.rule === null ? '' : ` (${lineOf(block.rule)})`}`]
}

/** A running bridge knows best what waits, and why. */
function waitText(
  { write, waits }: SideMoment,
  side: Side,
  { standing, at }: Told,
  { face }: WhyStyle,
): readonly string[] {
  const known = standing.detail?.writes.filter((w) => w.side === side) ?? []
  if (known.length > 0)
    return known.map(({ status, state, words }) => `${status} is ${state}${words === null ? '' : `: ${words}`}`)
  const stuck = standing.detail?.causes.find((c) => c.side === side)?.words ?? null
  if (stuck !== null) return [`what the platform says: ${stuck}`]
  if (write === null || !waits || standing.source === 'bridge') return []
  return [
    `${write.status} waits to be written since ${face.short(write.at, at)}${write.words === null ? '' : `: ${write.words}`}`,
  ]
}

function nextLines({ standing, at }: Told, { face }: WhyStyle): readonly string[] {
  return (standing.detail?.next ?? []).map(({ at: due, what }) => `  ${face.short(due, at)}  ${shownText(what)}`)
}

function troubleLines(
  { from, to, words }: Trouble,
  { at, timeline }: Told,
  { face, width, paint }: WhyStyle,
): readonly string[] {
  const begin = from <= timeline.from ? `before ${face.short(timeline.from, at)}` : face.short(from, at)
  const length = to === null ? '' : ` to ${face.short(to, at)} (${durationText(Date.parse(to) - Date.parse(from))})`
  const time = to === null ? `since ${begin}` : `${begin}${length}`
  return [`  ${paint('yellow', time)}`, ...wrapped(words, width - 4).map((line) => `    ${line}`)]
}

function decisionLines(
  { record, quotes }: Told['decisions'][number],
  { at }: Told,
  { face, width, paint }: WhyStyle,
): readonly string[] {
  const writes = record.writes.map(({ status, outcome, ms, side, words }) => {
    const details = [outcome, ...(ms === undefined ? [] : [durationText(ms)]), ...(words === undefined ? [] : [words])]
    return `→ ${status} in ${sideName(side)}: ${details.join(', ')}`
  })
  return [
    `  ${paint('dim', face.short(record.time, at))}`,
    ...wrapped(record.sentence, width - 4).map((line) => `    ${line}`),
    ...quotes.flatMap(({ rule, quote }) =>
      wrapped(`${lineOf(rule)}:  ${quote}`, width - 4).map((line) => paint('cyan', `    ${line}`)),
    ),
    ...writes.flatMap((text) => wrapped(text, width - 4).map((line) => `    ${line}`)),
  ]
}

function lineOf(rule: string): string {
  return rule.replace(/:(\d+)$/, ' line $1')
}

/** The last line, so that it is still in sight. */
function todo({ troubles }: Told, { paint }: WhyStyle): readonly string[] {
  const remedy = troubles.find((t) => t.remedy !== null)?.remedy ?? null
  return remedy === null ? [] : ['', `${paint('bold', 'What to do:')} ${remedy}`]
}
