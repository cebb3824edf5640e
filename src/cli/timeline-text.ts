// A timeline drawn in a terminal: time goes down, a line a moment, a lane a side, and beside them who did it and why.

import type { JournalEntry } from '../domain/journal.ts'
import type { LogRecord } from '../domain/record.ts'
import { type BySide, SIDES, type Side, sideName } from '../domain/side.ts'
import type { Gap, Lane, StatusSpell, Timeline, WriteMark } from '../domain/timeline.ts'
import { wrapped } from '../mapping/matrix-layout.ts'
import { type Bars, barsOf, LEGEND } from './lane-bars.ts'
import { cell, fitting, type Paint } from './paint.ts'
import { durationText, type Face } from './times.ts'

export type Drawing = {
  readonly timeline: Timeline
  readonly entries: readonly JournalEntry[]
  readonly face: Face
  readonly width: number
  readonly paint: Paint
}

type Drawn = Drawing & { readonly bars: BySide<Bars> }

type Row = {
  readonly at: string
  readonly crm: readonly string[]
  readonly telephony: readonly string[]
  readonly what: string
}

/** In which nothing happened: said instead of drawn, ms. */
const LULL_MS = 10 * 60_000
const TIME_COLUMNS = 12
const BAR_COLUMNS = 3
/** Of an item's id: enough to find it among a day's. */
const ITEM_COLUMNS = 13
const LANE_COLUMNS = { min: 18, max: 30 }

export function timelineText(given: Drawing): string {
  const { crm, telephony } = given.timeline.lanes
  const drawing = { ...given, bars: { crm: barsOf(crm, given.paint), telephony: barsOf(telephony, given.paint) } }
  const { timeline, face, width, paint } = drawing
  const rows = [...rowsOf(drawing), ...timeline.gaps.flatMap((gap) => gapRows(gap, drawing))].sort(byTime)
  const lines = rows.flatMap((row, n) => [...between(rows[n - 1], row, drawing), ...drawn(row, drawing)])
  const head = [...heading(drawing), '', tableHead(drawing), ...beginOf(timeline).flatMap((row) => drawn(row, drawing))]
  const end = rows.length === 0 ? [paint('dim', 'Nothing happened.')] : []
  const cut = timeline.cut
    ? [`More happened before ${face.exact(timeline.from)} than is drawn: --from and --to say which part.`]
    : []
  return `${[...head, ...lines, ...end, '', ...cut, ...wrapped(LEGEND, width).map((line) => paint('dim', line))].map((line) => line.trimEnd()).join('\n')}\n`
}

function heading({ timeline, face, width, paint }: Drawing): readonly string[] {
  const { name, agent, from, to } = timeline
  const who = name === agent ? name : `${name} (${agent})`
  const end = face.isSameDay(from, to) ? face.clock(to) : `${face.day(to)} ${face.clock(to)}`
  const text = `${who}, ${face.day(from)} ${face.clock(from)} to ${end} (times in ${face.zone})`
  return wrapped(text, width).map((line) => paint('bold', line))
}

function laneWidth(width: number): number {
  return Math.min(LANE_COLUMNS.max, Math.max(LANE_COLUMNS.min, Math.floor((width - TIME_COLUMNS - 2) / 3.6)))
}

function tableHead({ width, paint }: Drawing): string {
  const lane = laneWidth(width) + BAR_COLUMNS + 2
  return paint('bold', `${cell('time', TIME_COLUMNS + 2)}${cell('CRM', lane)}${cell('telephony', lane)}who and why`)
}

/** What was so before, where that is known. */
function beginOf({ from, lanes }: Timeline): readonly Row[] {
  const before = (lane: Lane) => {
    const statuses = lane.statuses.filter((s) => s.from <= from).slice(0, 1)
    const work = lane.work.filter((w) => w.from <= from)
    return [...statuses.map((s) => s.status), ...work.map((w) => `${w.channel ?? 'work'} open`)]
  }
  const [crm, telephony] = [before(lanes.crm), before(lanes.telephony)]
  return crm.length + telephony.length === 0 ? [] : [{ at: from, crm, telephony, what: 'so it was before' }]
}

function rowsOf({ timeline, entries }: Drawing): readonly Row[] {
  const lanes = { crm: indexed(timeline.lanes.crm), telephony: indexed(timeline.lanes.telephony) }
  return entries.flatMap((entry) => {
    const row = rowOf(entry, lanes)
    return isIdle(row, entry.record) ? [] : [row]
  })
}

type Indexed = {
  readonly begun: ReadonlyMap<string, readonly StatusSpell[]>
  readonly written: ReadonlyMap<number, WriteMark>
}

function indexed({ statuses, writes }: Lane): Indexed {
  return { begun: Map.groupBy(statuses, ({ from }) => from), written: new Map(writes.map((mark) => [mark.seq, mark])) }
}

function rowOf({ seq, record }: JournalEntry, lanes: BySide<Indexed>): Row {
  const side = (side: Side): readonly string[] => {
    const { begun, written } = lanes[side]
    const status = begun.get(record.time)?.find((s) => isBegunBy(s, seq, record, side))
    const mark = written.get(seq)
    return [
      ...(status === undefined ? [] : [status.status]),
      ...workText(record, side),
      ...(mark === undefined ? [] : [writeText(mark)]),
    ]
  }
  return { at: record.time, crm: side('crm'), telephony: side('telephony'), what: whatText(record) }
}

/** By the bridge, the spell names the decision that asked for it; this is the record of its report. */
function isBegunBy(spell: StatusSpell, seq: number, record: LogRecord, side: Side): boolean {
  return (
    spell.seq === seq ||
    (record.event.kind === 'status' && record.event.side === side && record.event.to === spell.status)
  )
}

const WORK: Readonly<Record<string, string>> = { wrap_up: 'wrap-up', timed_out: 'timed out' }

function workText({ event }: LogRecord, side: Side): readonly string[] {
  if (event.kind !== 'work' || event.side !== side) return []
  const state = event.state ?? ''
  return [`${event.channel ?? 'work'} ${WORK[state] ?? state}`]
}

/** "→ Busy ✓ 143 ms" */
function writeText({ status, outcome, ms, words }: WriteMark): string {
  const length = ms === null ? '' : ` ${durationText(ms)}`
  if (outcome === 'confirmed') return `→ ${status} ✓${length}`
  const said = words === null ? '' : `: ${words}`
  return `→ ${status} ${outcome}${outcome === 'waiting' ? '' : length}${said}`
}

const NOTHING_NEW = new Set(['repeat', 'stale', 'echo'])

function isIdle({ crm, telephony }: Row, { decisions, event, overlaps }: LogRecord): boolean {
  if (event.kind === 'admin' || overlaps !== undefined) return false
  const isNews = decisions.some(({ reason }) => !NOTHING_NEW.has(reason))
  return (
    !isNews &&
    (crm.length + telephony.length === 0 || decisions.some(({ reason }) => reason === 'repeat' || reason === 'stale'))
  )
}

/** "the agent: blocked (mappings.yaml:41)" */
function whatText({ event, decisions, overlaps = [] }: LogRecord): string {
  if (isEcho(event, decisions)) return 'the bridge, as decided'
  const said = decisions.map(({ reason, rule }) => (rule === undefined ? reason : `${reason} (${rule})`))
  const overlap = overlaps.map(({ ms, side }) => `overlap in ${sideName(side)} of ${durationText(ms)} over`)
  return `${whoText(event)}: ${[...new Set(said), ...overlap].join(', ') || 'no decision'}`.replace(
    /: no decision$/,
    '',
  )
}

function isEcho({ kind, side }: LogRecord['event'], decisions: LogRecord['decisions']): boolean {
  return kind === 'status' && decisions.some((d) => d.side === side && d.reason === 'echo')
}

function whoText(event: LogRecord['event']): string {
  const where = event.side === undefined ? 'the platform' : sideName(event.side)
  switch (event.kind) {
    case 'status':
      return { agent: 'the agent', supervisor: 'a supervisor', system: `${where} itself`, unknown: where }[
        event.by ?? 'unknown'
      ]
    case 'work':
      return event.item === undefined || event.state !== 'offered'
        ? where
        : `${where}, ${fitting(event.item, ITEM_COLUMNS)}`
    case 'start':
      return 'first seen'
    case 'reading':
      return 'a look at both sides'
    case 'timer':
      return 'a timer'
    case 'write':
      return `${where}: ${event.what ?? 'did not take it'}`
    case 'admin':
      return event.what ?? 'an admin'
    case 'reload':
      return 'a new mapping'
  }
}

const GAPS: Readonly<Record<Gap['kind'], { readonly down: string; readonly up: string }>> = {
  bridge_down: { down: 'the bridge is down', up: 'the bridge runs again' },
  crm_down: { down: 'the CRM is not reachable', up: 'the CRM is reachable again' },
  telephony_down: { down: 'telephony is not reachable', up: 'telephony is reachable again' },
  paused: { down: 'paused: nothing is written', up: 'resumed' },
}

/** An order to pause has a line of its own. */
function gapRows({ kind, from, to, words }: Gap, { timeline, entries }: Drawing): readonly Row[] {
  const isOrdered = entries.some(({ record }) => record.time === from && record.event.kind === 'admin')
  if (kind === 'paused' && isOrdered) return []
  const { down, up } = GAPS[kind]
  const row = (at: string, what: string): Row => ({ at, crm: [], telephony: [], what: `── ${what}` })
  const length = to === null ? '' : `, for ${durationText(Date.parse(to) - Date.parse(from))}`
  const begin = row(
    from,
    `${down}${from <= timeline.from ? ' since before' : ''}${length}${words === '' ? '' : ` (${words})`}`,
  )
  return to === null ? [begin] : [begin, row(to, up)]
}

function byTime(a: Row, b: Row): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0
}

/** A new day, and times in which nothing happened. */
function between(before: Row | undefined, { at }: Row, { face, paint, timeline }: Drawing): readonly string[] {
  const last = before?.at ?? (beginOf(timeline).length === 0 ? at : timeline.from)
  const lull = Date.parse(at) - Date.parse(last)
  return [
    ...(lull >= LULL_MS ? [paint('dim', `${' '.repeat(TIME_COLUMNS - 1)}⋮  ${durationText(lull)}`)] : []),
    ...(face.isSameDay(last, at) ? [] : [paint('bold', face.day(at))]),
  ]
}

/** As many lines as its lanes need; what is beside them is broken to the width that is left. */
function drawn(row: Row, { bars, face, width, paint }: Drawn): readonly string[] {
  const lane = laneWidth(width)
  const rest = Math.max(16, width - TIME_COLUMNS - 2 - 2 * (lane + BAR_COLUMNS + 2))
  const what = wrapped(row.what, rest)
  const cells = {
    crm: row.crm.flatMap((text) => laneLines(text, lane)),
    telephony: row.telephony.flatMap((text) => laneLines(text, lane)),
  }
  const height = Math.max(cells.crm.length, cells.telephony.length, what.length)
  return Array.from({ length: height }, (_, n) => {
    const time = n === 0 ? face.exact(row.at) : ''
    const lanes = SIDES.map((side) => {
      const { line = '', whole = '' } = cells[side][n] ?? {}
      return `${bars[side](row.at)} ${paintLane(whole, cell(line, lane), paint)} `
    })
    const beside = row.what.startsWith('── ') ? paint('magenta', what[n] ?? '') : (what[n] ?? '')
    return `${paint('dim', cell(time, TIME_COLUMNS))}  ${lanes.join('')}${beside}`
  })
}

/** What is too wide goes on below, as wide as the arrow further in. */
function laneLines(text: string, width: number): readonly { readonly line: string; readonly whole: string }[] {
  return wrapped(text, width - 2).map((line, n) => ({ line: n === 0 ? line : `  ${line}`, whole: text }))
}

function paintLane(text: string, shown: string, paint: Paint): string {
  if (/^→ .* (refused|failed|ignored)/.test(text)) return paint('red', shown)
  if (/^→ .* ✓/.test(text)) return paint('green', shown)
  return text.startsWith('→') ? paint('yellow', shown) : shown
}
