// A matrix in words: tables of short phrases, which text, Markdown and HTML only lay out.

import { REASSERTS_MAX } from '../domain/limits.ts'
import type { Blocking, RuleRef, Transition } from '../domain/rules.ts'
import { OFFLINE, otherSide, SIDES, type Side, type StatusId, sideName } from '../domain/side.ts'
import type { Answer } from '../engine/follow.ts'
import type { Matrix, MatrixRow } from './matrix.ts'
import { lineOf } from './matrix-lines.ts'

export type Sheet = {
  readonly title: string
  /** Rules that are about the agent as a whole. */
  readonly facts: readonly string[]
  readonly tables: readonly Table[]
  /** How to read the tables. */
  readonly notes: readonly string[]
}
export type Table = {
  readonly heading: string
  readonly header: readonly string[]
  readonly rows: readonly SheetRow[]
  /** What work on this side does. */
  readonly work: { readonly heading: string; readonly facts: readonly (readonly [string, string])[] }
}
export type SheetRow = { readonly cells: readonly string[]; readonly takesWork: boolean }

/** What a cell says where there is nothing to say. */
const EMPTY = '–'

export function sheetOf(matrix: Matrix): Sheet {
  const { file, rules } = matrix
  const { profile, mode, login, conflict, exclusive } = rules
  const winner = {
    latest: 'the latest',
    less_available: 'the one that takes no work',
    crm: 'the CRM’s',
    telephony: 'telephony’s',
  }
  return {
    title: profile === null ? file : `${file}, profile ${profile}`,
    facts: [
      ...(mode === 'shadow' ? ['Shadow mode: everything is decided and recorded, nothing is written.'] : []),
      ...(exclusive ? ['Exclusive: no agent comes to rest available on both sides.'] : []),
      `Two changes at once (within ${durationWords(conflict.windowMs)}): ${winner[conflict.prefer]} wins.`,
    ],
    tables: SIDES.map((side) => tableOf(matrix, side)),
    notes: [
      'Choosing a status that leads nowhere is leaving the one before. Leaving counts only where the other side was in step: at a status that choosing the one before sets or keeps.',
      'A side that is not logged in is left alone.',
      login === 'follow'
        ? 'Who logs in takes the status that the other side leads to; beside the statuses in the last column the chosen one stays. Where the other side leads nowhere, logging in is a change like any other.'
        : 'Logging in is a change like any other (login: lead).',
    ],
  }
}

function tableOf(matrix: Matrix, side: Side): Table {
  const other = sideName(otherSide(side))
  const follows = matrix.rules.login === 'follow'
  return {
    heading: capital(sideName(side)),
    header: [
      'status',
      'takes work',
      `choosing it: ${other}`,
      `leaving it: ${other}`,
      ...(follows ? ['log-in stays beside'] : []),
    ],
    rows: matrix.sides[side].rows.map((row) => ({
      cells: [
        row.label,
        row.takesWork ? 'yes' : '',
        choosingWords(matrix, side, row),
        leavingWords(matrix, side, row),
        ...(follows ? [loginWords(matrix, side, row)] : []),
      ],
      takesWork: row.takesWork,
    })),
    work: workWords(matrix, side),
  }
}

function choosingWords(matrix: Matrix, side: Side, row: MatrixRow): string {
  const answers = row.choosing.map(({ answer }) => answer)
  const words = answers.flatMap((answer) => {
    if (answer.kind === 'set') return [setWords(matrix, side, answer)]
    return answer.reason === 'already' ? [] : [`nothing: ${whyNot(matrix, side, row, answer)}`]
  })
  return [...words, ...staysWords(matrix, side, row)].join('; ')
}

/** That it stays at what it would be set to goes without saying. */
function staysWords(matrix: Matrix, side: Side, { choosing }: MatrixRow): readonly string[] {
  const primary = choosing.find(({ answer }) => answer.kind === 'set')?.answer
  const kept = choosing.flatMap(({ where, answer }) => (answer.reason === 'already' ? (where ?? []) : []))
  const others = kept.filter((status) => primary?.kind !== 'set' || status !== primary.status)
  return others.length === 0 ? [] : [`stays at ${names(matrix, otherSide(side), others)}`]
}

function whyNot(matrix: Matrix, side: Side, { status }: MatrixRow, { reason, rule }: Answer): string {
  if (reason === 'no_sync') return withLine('not synchronised', rule)
  if (reason === 'logout') return 'the other side stays'
  const led = oneWayRow(matrix, side, status)
  return led === null ? 'no row has it' : withLine('it is only led to', led)
}

/** The row of the other direction that has the status. */
function oneWayRow({ rules }: Matrix, side: Side, status: StatusId): RuleRef | null {
  const led = [...rules.partners[otherSide(side)].values()].flat()
  return led.find((partner) => partner.status === status)?.rule ?? null
}

function leavingWords(matrix: Matrix, side: Side, row: MatrixRow): string {
  if (row.leaving === null || !leads(row)) return EMPTY
  const inStep = row.leaving.find(({ answer }) => answer.reason !== 'unrelated')?.answer
  if (inStep === undefined) return 'nothing: the other side is never in step'
  if (inStep.kind === 'set') return setWords(matrix, side, inStep)
  return `nothing: ${sideName(otherSide(side))} has no transition`
}

function leads({ choosing }: MatrixRow): boolean {
  return choosing.at(-1)?.answer.reason === 'mapped'
}

function setWords(matrix: Matrix, side: Side, answer: Extract<Answer, { kind: 'set' }>): string {
  const other = otherSide(side)
  const label = matrix.label(other, answer.status)
  const what = answer.status === OFFLINE ? 'logs out' : `sets ${label}`
  const how = answer.reason === 'default' ? ', the default' : ''
  return withLine(`${what}${how}${endWords(matrix, other, answer.ends)}`, answer.rule)
}

function endWords(matrix: Matrix, side: Side, ends: Transition['ends']): string {
  return ends === null ? '' : ` for ${durationWords(ends.afterMs)}, then ${matrix.label(side, ends.status)}`
}

function loginWords(matrix: Matrix, side: Side, row: MatrixRow): string {
  const beside = (row.login ?? []).flatMap(({ where, answer }) => (answer.kind === 'stays' ? (where ?? []) : []))
  return beside.length === 0 ? EMPTY : names(matrix, otherSide(side), beside)
}

function workWords(matrix: Matrix, side: Side): Table['work'] {
  const other = sideName(otherSide(side))
  const { blocks } = matrix.sides[side]
  if (blocks === null) return { heading: `Work in ${sideName(side)} never blocks ${other}.`, facts: [] }
  return {
    heading: withLine(`Work in ${sideName(side)} blocks ${other}`, blocks.rule),
    facts: blockFacts(matrix, otherSide(side), blocks),
  }
}

function blockFacts(matrix: Matrix, side: Side, blocks: Blocking): readonly (readonly [string, string])[] {
  const { channels, from, minItems, wrapUp, releaseAfterMs, onOverride } = blocks
  const again = `the block status again, up to ${REASSERTS_MAX} times; then the block gives way`
  return [
    ['channels', channels === null ? 'all' : `${[...channels].join(', ')}, and one that is not known yet`],
    ['counts', `from ${from} on, ${wrapUp ? 'with' : 'without'} wrap-up`],
    ['items', minItems === 1 ? 'one is enough' : `${minItems} at once`],
    ['shows', `${matrix.label(side, blocks.status)}, instead of a status that takes work`],
    [
      'release',
      releaseAfterMs === 0
        ? 'at once when the work is over'
        : `${durationWords(releaseAfterMs)} after the work is over`,
    ],
    ['override', onOverride === 'allow' ? 'choosing a status that takes work ends the block' : again],
  ]
}

function names({ label }: Matrix, side: Side, statuses: readonly StatusId[]): string {
  return statuses.map((status) => label(side, status)).join(', ')
}

function withLine(words: string, rule: RuleRef | null): string {
  const line = rule === null ? null : lineOf(rule)
  return line === null ? words : `${words} — line ${line}`
}

/** As the mapping file writes it: "500ms", "30s", "5m", "1h". */
export function durationWords(ms: number): string {
  for (const [unit, size] of UNITS) if (ms >= size && ms % size === 0) return `${ms / size}${unit}`
  return `${ms}ms`
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
