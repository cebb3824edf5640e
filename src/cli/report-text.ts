// The figures of a period as text.

import { SIDES, sideName } from '../domain/side.ts'
import { CAUSE_TITLES } from '../history/cause-words.ts'
import type { Total } from '../history/exposures.ts'
import type { Report } from '../history/report.ts'
import type { SpreadFigures } from '../history/spread.ts'
import type { Paint } from './paint.ts'
import { tableText } from './table.ts'
import { durationText, type Face } from './times.ts'

type Style = { readonly face: Face; readonly paint: Paint }
type Section = { readonly title: string; readonly lines: readonly string[] }

export function reportText(report: Report, style: Style): string {
  const { face, paint } = style
  const head = `${face.full(report.from)} to ${face.full(report.to)} (times in ${face.zone})`
  const sections = [decisions, shadow, latency, blocks, overlaps, down, work, profiles].map((of) => of(report))
  const shown = sections.filter(({ lines }, n) => n === 0 || lines.length > 0)
  const texts = shown.map(({ title, lines }) => [paint('bold', title), ...lines].join('\n'))
  return `${[head, ...texts].join('\n\n')}\n`
}

const plain: Paint = (_, text) => text

function counted(counts: Readonly<Record<string, number | undefined>>): readonly (readonly string[])[] {
  return Object.entries(counts)
    .map(([key, count = 0]) => ({ key, count }))
    .sort((a, b) => b.count - a.count)
    .map(({ key, count }) => [key, count.toLocaleString('en')])
}

function decisions({ decisions: all, agents, reasons, outcomes, syncs, drift }: Report): Section {
  const table = (head: string, counts: Readonly<Record<string, number | undefined>>) => {
    const rows = counted(counts)
    return rows.length === 0 ? [] : ['', ...tableText([head, ''], rows, { numbers: [1], paint: plain })]
  }
  const drifted = SIDES.filter((side) => drift[side] > 0).map((side) => `${drift[side]} in ${sideName(side)}`)
  return {
    title: `${all.toLocaleString('en')} decisions about ${agents.toLocaleString('en')} people`,
    lines: [
      ...table('writes by outcome', outcomes),
      ...table('writes by reason', syncs),
      ...table('decisions by reason', reasons),
      ...(drifted.length === 0 ? [] : ['', `  Readings that found drift: ${drifted.join(', ')}.`]),
    ].slice(all === 0 ? 0 : 1),
  }
}

function shadow({ withheld, blocks }: Report): Section {
  const rows = counted(withheld)
  const title = 'Shadow mode: would have been written'
  if (rows.length === 0) return { title, lines: [] }
  const blocked = SIDES.map((side) => `${sideName(side)} for ${durationText(blocks[side].totalMs)}`)
  return {
    title,
    lines: [
      ...tableText(['reason', ''], rows, { numbers: [1], paint: plain }),
      '',
      `  Blocked, or would have been: ${blocked.join(', ')}.`,
    ],
  }
}

const SPREAD = ['count', 'mean', 'p50', 'p95', 'p99', 'longest'] as const

function spread(figures: SpreadFigures | null): readonly string[] {
  if (figures === null) return SPREAD.map(() => '–')
  const { count, mean, p50, p95, p99, max } = figures
  return [count.toLocaleString('en'), ...[mean, p50, p95, p99, max].map(durationText)]
}

function latency({ latency: by }: Report): Section {
  const rows = SIDES.filter((side) => by[side] !== null).map((side) => [sideName(side), ...spread(by[side])])
  const lines = rows.length === 0 ? [] : tableText(['', ...SPREAD], rows, { numbers: [1, 2, 3, 4, 5, 6], paint: plain })
  return { title: 'From the decision until the platform shows it', lines }
}

function blocks({ blocks: by }: Report): Section {
  const sides = SIDES.filter((side) => by[side].length !== null)
  const counts = BLOCK_COUNTS.filter(([key]) => sides.some((side) => by[side][key] > 0))
  const rows = sides.map((side) => [
    sideName(side),
    ...spread(by[side].length),
    ...counts.map(([key]) => String(by[side][key])),
  ])
  const head = ['', ...SPREAD, ...counts.map(([, title]) => title)]
  const lines =
    rows.length === 0 ? [] : tableText(head, rows, { numbers: head.map((_, n) => n).slice(1), paint: plain })
  return { title: 'Blocks', lines }
}

/** Columns that stand there only where there are some. */
const BLOCK_COUNTS = [
  ['quiet', 'nothing to write'],
  ['reasserted', 'written again'],
  ['overridden', 'given way'],
  ['stuck', 'for hours'],
  ['released', 'released by hand'],
] as const

function overlaps({ exposures, overlaps: over }: Report): Section {
  const row = (kind: string) => (t: Total) => [
    kind,
    sideName(t.side),
    t.cause === null ? 'not recorded' : CAUSE_TITLES[t.cause],
    t.count.toLocaleString('en'),
    durationText(t.ms),
  ]
  const rows = [...over.map(row('reached them')), ...exposures.map(row('could have'))]
  const head = ['', 'side', 'cause', 'times', 'together']
  const lines = rows.length === 0 ? ['  never'] : tableText(head, rows, { numbers: [3, 4], paint: plain })
  return { title: 'Work that reached people at work on the other side', lines }
}

function down({ down: by }: Report): Section {
  const names = { bridge_down: 'the bridge', crm_down: 'the CRM', telephony_down: 'telephony' } as const
  const rows = (Object.keys(names) as (keyof typeof names)[])
    .filter((kind) => by[kind].count > 0)
    .map((kind) => [names[kind], String(by[kind].count), durationText(by[kind].ms)])
  const lines = rows.length === 0 ? [] : tableText(['', 'times', 'together'], rows, { numbers: [1, 2], paint: plain })
  return { title: 'Not reachable', lines }
}

function work({ work: all }: Report): Section {
  const rows = all.map(({ side, channel, offered, accepted, ended, speedToAccept, handleTime }) => [
    ...[sideName(side), channel ?? 'not named', String(offered), String(accepted)],
    ...[ended.declined ?? 0, ended.timed_out ?? 0, ended.transferred ?? 0].map(String),
    ...[speedToAccept?.p50, speedToAccept?.p95, handleTime?.p50, handleTime?.p95].map(lengthText),
  ])
  const head = ['', 'channel', 'offered', 'accepted', 'declined', 'timed out', 'transferred']
  const lengths = ['accepted p50', 'p95', 'handled p50', 'p95']
  const columns = [...head, ...lengths]
  const lines =
    rows.length === 0 ? [] : tableText(columns, rows, { numbers: columns.map((_, n) => n).slice(2), paint: plain })
  return { title: 'Work', lines }
}

function lengthText(ms: number | undefined): string {
  return ms === undefined ? '–' : durationText(ms)
}

function profiles({ profiles: all }: Report): Section {
  const rows = all.map(({ profile, agents, decisions: decided, writes, withheld, exposedMs }) => [
    profile ?? 'no profile',
    ...[agents, decided, writes, withheld].map((count) => count.toLocaleString('en')),
    durationText(exposedMs),
  ])
  const head = ['', 'people', 'decisions', 'writes', 'kept back', 'exposed']
  const lines = rows.length < 2 ? [] : tableText(head, rows, { numbers: [1, 2, 3, 4, 5], paint: plain })
  return { title: 'Profiles', lines }
}
