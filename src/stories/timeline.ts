// A story drawn as two lanes: what each side shows after each step, what happened, and why.

import { SIDES, type Side } from '../domain/side.ts'
import { columnsOf, shownText } from '../mapping/columns.ts'
import { padded } from '../mapping/matrix-layout.ts'
import type { Action } from '../mapping/story.ts'
import type { StepResult } from './run.ts'

/** One line a step; blocked sides carry a bar, written ones an arrow. `failing`: the index of the step to be marked. */
export function timeline(
  start: { readonly crm: string; readonly telephony: string },
  results: readonly StepResult[],
  failing?: number,
): string {
  const rows = [
    ['time', 'crm', 'telephony', 'what happened', 'reasons'],
    ['start', `  ${start.crm}`, `  ${start.telephony}`, '', ''],
    ...results.map(rowOf),
  ].map((row) => row.map(shownText))
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))))
  const line = (row: readonly string[]) => row.map((cell, i) => padded(cell, widths[i] ?? 0)).join('  ')
  const marked = failing === undefined ? -1 : results.findIndex(({ index }) => index === failing) + 2
  const margin = (at: number) => (failing === undefined ? '' : at === marked ? '> ' : '  ')
  return rows.map((row, at) => `${margin(at)}${line(row)}`.trimEnd()).join('\n')
}

function rowOf(result: StepResult): string[] {
  const reasons = result.reasons.filter((r) => r !== 'echo').join(', ')
  return [clock(result.atMs), lane(result, 'crm'), lane(result, 'telephony'), describe(result.step), reasons]
}

function lane(result: StepResult, side: Side): string {
  const written = result.writes[side] > 0 ? '→ ' : '  '
  const blocked = result.blocked.includes(side) ? ' ▐' : ''
  return `${written}${result.shows[side]}${blocked}`
}

/** "1:05", "0:00.250". */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const rest = ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0')}`
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}${rest}`
}

export function describe(action: Action): string {
  switch (action.kind) {
    case 'status':
      return action.changes
        .map((c) => `${c.side}: ${c.status}${action.by === 'agent' ? '' : ` (${action.by})`}`)
        .join(', ')
    case 'work':
      return `${action.channel ?? 'work'} ${action.id} ${action.state} in ${action.side}`
    case 'wait':
      return 'time passes'
    case 'together':
      return action.steps.map(describe).join(' + ')
    case 'link':
      return `${action.side} link ${action.up ? 'up' : action.writes ? 'down' : 'down, writes too'}`
    case 'write_result':
      return `${action.after > 0 ? 'later' : 'next'} writes to ${action.side}: ${action.next}`
    case 'repeat':
      return 'last events again'
    case 'stranger':
      return `somebody unknown: ${action.side}: ${action.status}`
    case 'colleagues':
      return `all colleagues: ${action.side}: ${action.status}`
    case 'rumour':
      return `rumour${action.about === 'agent' ? '' : ' about everybody'}: ${action.side}: ${action.status}`
    case 'restart':
      return action.fresh ? 'fresh restart' : 'restart'
    case 'reload':
      return `reload ${action.file}`
  }
}

/** For programs: one JSON object a step. */
export function stepLine(story: string, result: StepResult): string {
  const reasons = result.reasons.filter((r) => r !== 'echo')
  const { crm, telephony } = result.shows
  const writes = Object.fromEntries(SIDES.map((side) => [side, result.writes[side]]))
  const line = {
    story,
    step: result.index,
    atMs: result.atMs,
    crm,
    telephony,
    blocked: result.blocked,
    reasons,
    writes,
  }
  return JSON.stringify(line)
}
