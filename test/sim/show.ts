// A failing run for people: what went wrong, under which faults, and the shortened run in two lanes.

import { styleText } from 'node:util'
import type { LogRecord } from '../../src/domain/record.ts'
import type { Act, Schedule } from './acts.ts'
import type { Line, SimResult } from './run.ts'
import { START } from './world.ts'

const LINES_MAX = 120
const NEUTRAL = new Set(['echo', 'repeat'])

export function show(result: SimResult, options: { readonly colours: boolean; readonly command: string }): string {
  const { problems, schedule } = result
  const agents = new Set<string>(problems.flatMap((p) => p.agent ?? []))
  const red = (text: string) => (options.colours ? styleText('red', text) : text)
  return [
    ...problems.map((p) => red(`${p.kind}: ${p.agent === null ? '' : `${p.agent}: `}${p.words}`)),
    `  ${schedule.acts.length} acts, ${schedule.agents.length} agents${schedule.calm ? ', calm' : ''}; faults: ${faultsOf(schedule)}`,
    `  rules: ${rulesOf(schedule)}`,
    ...lanes(
      result.lines.filter((line) => line.agent === null || agents.size === 0 || agents.has(line.agent)),
      options.colours,
    ).map((line) => `  ${line}`),
    `  again: ${options.command}`,
  ].join('\n')
}

function faultsOf({ acts }: Schedule): string {
  const kinds = new Set(acts.map((a) => a.kind).filter((k) => k !== 'status' && k !== 'work'))
  return kinds.size === 0 ? 'none' : [...kinds].join(', ')
}

function rulesOf({ plan }: Schedule): string {
  const { rows, available: _available, ...rest } = plan.top
  const told = rows.map((r) => `${r.crm}${{ both: '↔', to_crm: '←', to_telephony: '→' }[r.direction]}${r.telephony}`)
  return `${told.join('  ')}  ${JSON.stringify(rest)}`
}

function lanes(lines: readonly Line[], colours: boolean): readonly string[] {
  const shown = lines.slice(-LINES_MAX)
  const rows = [['time', 'crm', 'telephony', 'what happened', 'reasons'], ...shown.map(rowOf)]
  const widths = [0, 1, 2, 3].map((n) => Math.min(48, Math.max(...rows.map((row) => row[n]?.length ?? 0))))
  const cut = shown.length < lines.length ? [`… ${lines.length - shown.length} lines before`] : []
  return [
    ...cut,
    ...rows.map((row, n) => {
      const text = row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
      const line = shown[n - 1]
      return colours && line !== undefined && 'act' in line.what ? styleText('bold', text) : text
    }),
  ]
}

function rowOf({ at, agent, what, shows }: Line): string[] {
  const seconds = ((at - START) / 1000).toFixed(3)
  const lane = [seconds, shows?.crm ?? '', shows?.telephony ?? '']
  if ('note' in what) return [...lane, `(${what.note})`, '']
  if ('act' in what) return [...lane, `${agent === null ? '' : `${agent} `}${describe(what.act)}`, '']
  return [...lane, `  ${eventOf(what.record)}`, reasonsOf(what.record)]
}

function describe(act: Act): string {
  const { id: _id, at: _at, kind, ...rest } = act
  switch (act.kind) {
    case 'status':
      return `${act.side}: ${act.status}`
    case 'work':
      return `${act.channel} ${act.item} ${act.state} in ${act.side}`
    case 'reload':
      return 'reload'
    default:
      return `${kind} ${Object.entries(rest)
        .map(([k, v]) => `${k === 'agent' ? '' : `${k} `}${typeof v === 'object' ? JSON.stringify(v) : v}`)
        .join(' ')}`
  }
}

function eventOf({ event, agent }: LogRecord): string {
  const { side, kind, to, item, state, what } = event
  return [agent, side, kind, to, item, state, what].filter((part) => part !== undefined).join(' ')
}

function reasonsOf({ decisions, writes }: LogRecord): string {
  const said = decisions.map((d) => (NEUTRAL.has(d.reason) ? d.reason : `${d.side} ${d.reason} ${d.from}→${d.to}`))
  const written = writes.map((w) => `[${w.side} := ${w.status}${w.outcome === 'waiting' ? '' : ` ${w.outcome}`}]`)
  return [...said, ...written].join('; ')
}
