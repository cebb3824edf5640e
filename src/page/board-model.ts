// The board as data: who is on it, in which order, and how many of what. Nothing here knows a browser.

import type { AgentId } from '../domain/side.ts'
import { type BoardRow, TROUBLES, type Trouble } from '../ops/board.ts'

/** What people filter by beside troubles. */
const STATES = ['working', 'blocked', 'pending'] as const
export type Mark = Trouble | (typeof STATES)[number]
export const MARKS: readonly Mark[] = [...TROUBLES, ...STATES]

export const SORTS = ['attention', 'name', 'recent'] as const
export type Sort = (typeof SORTS)[number]

export type BoardFilter = {
  /** Looked for in names, profile and statuses; lower case. */
  readonly text: string
  readonly profile: string
  readonly reason: string
  readonly mark: string
}

/** A row with what is asked of it again and again. */
export type Listed = {
  readonly row: BoardRow
  readonly marks: readonly Mark[]
  /** The lower, the sooner somebody should look. */
  readonly rank: number
  readonly text: string
  readonly sortName: string
}

export type BoardFigures = {
  readonly total: number
  readonly marks: ReadonlyMap<Mark, number>
  readonly profiles: readonly string[]
  readonly reasons: readonly string[]
}

/** Behind all troubles that call for somebody: what goes on by itself, then those who are held on purpose, then everybody else. */
const CALLING = TROUBLES.filter((trouble) => trouble !== 'paused' && trouble !== 'shadow')
const RANKS = {
  pending: CALLING.length,
  blocked: CALLING.length + 1,
  paused: CALLING.length + 2,
  rest: CALLING.length + 3,
}

export function listed(row: BoardRow): Listed {
  const marks = marksOf(row)
  const { crm, telephony, name, agent, profile } = row
  const text = [name, agent, profile ?? '', crm.status, telephony.status].join('\n').toLowerCase()
  return { row, marks, rank: rankOf(marks), text, sortName: name.toLowerCase() }
}

function marksOf({ troubles = [], crm, telephony }: BoardRow): readonly Mark[] {
  const marks: Mark[] = [...troubles]
  if (crm.work !== undefined || telephony.work !== undefined) marks.push('working')
  if (crm.block !== undefined || telephony.block !== undefined) marks.push('blocked')
  if (crm.pending !== undefined || telephony.pending !== undefined) marks.push('pending')
  return marks
}

function rankOf(marks: readonly Mark[]): number {
  const calling = CALLING.findIndex((trouble) => marks.includes(trouble))
  if (calling >= 0) return calling
  if (marks.includes('pending')) return RANKS.pending
  if (marks.includes('blocked')) return RANKS.blocked
  return marks.includes('paused') ? RANKS.paused : RANKS.rest
}

export function chosen(
  all: Iterable<Listed>,
  { filter, sort }: { readonly filter: BoardFilter; readonly sort: Sort },
): readonly Listed[] {
  const text = filter.text.trim().toLowerCase()
  const found: Listed[] = []
  for (const one of all) if (fits(one, { ...filter, text })) found.push(one)
  return found.sort(ORDERS[sort])
}

function fits({ row, marks, text }: Listed, filter: BoardFilter): boolean {
  if (filter.text !== '' && !text.includes(filter.text)) return false
  if (filter.profile !== '' && row.profile !== filter.profile) return false
  if (filter.reason !== '' && row.reason !== filter.reason) return false
  return filter.mark === '' || (marks as readonly string[]).includes(filter.mark)
}

const byName = (a: Listed, b: Listed) => (a.sortName < b.sortName ? -1 : a.sortName > b.sortName ? 1 : 0)
const ORDERS: Readonly<Record<Sort, (a: Listed, b: Listed) => number>> = {
  attention: (a, b) => a.rank - b.rank || byName(a, b),
  name: byName,
  recent: (a, b) => (b.row.decidedAt ?? 0) - (a.row.decidedAt ?? 0) || byName(a, b),
}

export function figuresOf(all: ReadonlyMap<AgentId, Listed>): BoardFigures {
  const marks = new Map<Mark, number>()
  const profiles = new Set<string>()
  const reasons = new Set<string>()
  for (const { row, marks: own } of all.values()) {
    for (const mark of own) marks.set(mark, (marks.get(mark) ?? 0) + 1)
    if (row.profile !== undefined) profiles.add(row.profile)
    if (row.reason !== undefined) reasons.add(row.reason)
  }
  return { total: all.size, marks, profiles: [...profiles].sort(), reasons: [...reasons].sort() }
}
