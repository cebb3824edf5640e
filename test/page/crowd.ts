// A contact centre of any size for the page to show: names that look like markup, every trouble, histories, figures. It decides nothing.

import type { MinuteFigures } from '../../src/domain/history.ts'
import type { ExposureCause } from '../../src/domain/record.ts'
import type { AgentId } from '../../src/domain/side.ts'
import type { Lane, Timeline } from '../../src/domain/timeline.ts'
import type { BoardRow, BoardSide, Trouble } from '../../src/ops/board.ts'
import type { MappingView } from '../../src/ops/mapping-view.ts'
import type { AgentDetail, SideSummary } from '../../src/ops/status.ts'
import { createFakeBoard, createFakeStatus, type FakeStatus } from '../ops/fake-status.ts'

const FIRST_NAMES = [
  'Ada',
  'Ben',
  'Chloe',
  'Dan',
  'Eva',
  'Finn',
  'Grace',
  'Hugo',
  'Iris',
  'Jonas',
  'Kaya',
  'Liam',
  'Mona',
]
const LAST_NAMES = [
  'Adler',
  'Brook',
  'Castillo',
  'Diaz',
  'Ekman',
  'Fischer',
  'Garcia',
  'Haddad',
  'Ito',
  'Jansen',
  'Kaur',
]
const PROFILES = ['', '', '', 'chat-only', 'back-office', 'new-team']
const PAIRS = [
  { crm: 'On Queue', telephony: 'On Queue', takes: true },
  { crm: 'On Queue', telephony: 'On Queue', takes: true },
  { crm: 'Lunch', telephony: 'Meal', takes: false },
  { crm: 'Break', telephony: 'Break', takes: false },
  { crm: 'Coaching', telephony: 'Break', takes: false },
  { crm: 'Offline', telephony: 'Offline', takes: false },
] as const
const MINUTE = 60_000

/** Everybody has a number; who it is and how they stand follows from it. */
export function agentOf(n: number): AgentId {
  return `agent.${n}@acme.example` as AgentId
}

function nameOf(n: number): string {
  if (n === 1) return 'Lee <b>Bold</b>'
  return `${FIRST_NAMES[n % FIRST_NAMES.length]} ${LAST_NAMES[(n * 7) % LAST_NAMES.length]} ${n}`
}

export function createCrowd({ agents, now }: { readonly agents: number; readonly now: number }): FakeStatus {
  const status = createFakeStatus()
  const rows = Array.from({ length: agents }, (_, n) => rowOf(n, now))
  const board = createFakeBoard(rows)
  const byName = (name: string) => board.row(name as AgentId)
  return {
    ...status,
    board,
    about: () => ({ ...status.about(), name: 'acme', mapping: MAPPING.hash }),
    agent: (name) => detailOf(byName(name)),
    timeline: (name, view) => timelineOf(byName(name), { ...view, now }),
    figures: () => figuresOf(now),
    mapping: () => MAPPING,
  }
}

export function rowOf(n: number, now: number): BoardRow {
  const pair = PAIRS[n % PAIRS.length] ?? PAIRS[0]
  const profile = PROFILES[n % PROFILES.length] ?? ''
  const since = now - ((n * 37) % 240) * MINUTE - 5_000
  const works = pair.takes && n % 4 === 0
  const trouble = troubleOf(n)
  const base: Pick<BoardRow, 'agent' | 'name' | 'reason' | 'decidedAt'> = {
    agent: agentOf(n),
    name: nameOf(n),
    reason: works ? 'blocked' : 'mapped',
    decidedAt: since,
  }
  const crm: BoardSide = { status: pair.crm, since, ...(pair.takes ? { takesWork: true } : {}) }
  const telephony: BoardSide = works
    ? { status: 'Available', since: now - 90_000, block: 'standing' }
    : { status: pair.telephony, since, ...(pair.takes ? { takesWork: true } : {}) }
  const row: BoardRow = {
    ...base,
    ...(profile === '' ? {} : { profile }),
    crm: works ? { ...crm, work: [[n % 8 === 0 ? 'chat' : 'case', 'accepted']] } : crm,
    telephony,
  }
  return trouble === null ? row : troubled(row, trouble)
}

/** Of a hundred who have something of their own so many have it up to that one. */
const TROUBLED: readonly (readonly [below: number, trouble: Trouble | null])[] = [
  [2, 'exposed'],
  [5, 'drift'],
  [6, 'frozen'],
  [10, 'refused'],
  [16, 'unreachable'],
  [19, 'stuck_block'],
  [40, 'paused'],
  [Number.POSITIVE_INFINITY, null],
]

function troubleOf(n: number): Trouble | null {
  if (n % 97 !== 5) return null
  return TROUBLED.find(([below]) => Math.floor(n / 97) < below)?.[1] ?? null
}

function troubled(row: BoardRow, trouble: Trouble): BoardRow {
  const more: Partial<Record<Trouble, Partial<BoardRow>>> = {
    exposed: {
      crm: { ...row.crm, status: 'On Queue', takesWork: true, work: [['chat', 'accepted']] },
      telephony: { status: 'On Queue', takesWork: true, target: 'Available', exposed: 'not_taken' },
    },
    drift: { telephony: { status: 'Meeting', target: row.telephony.status } },
    refused: { crm: { status: 'Busy', target: 'On Queue', stuck: 'The user has no access to this presence status.' } },
    unreachable: { crm: { status: 'On Queue', takesWork: true, pending: 'Lunch' } },
    paused: { paused: 'paused by Sam (training)' },
  }
  return { ...row, ...more[trouble], troubles: trouble === 'exposed' ? ['exposed', 'unreachable'] : [trouble] }
}

function detailOf(row: BoardRow | null): AgentDetail | null {
  if (row === null) return null
  const side = ({ status, target = status, pending, work = [] }: BoardSide): SideSummary => ({
    status,
    base: status,
    target,
    pending: pending ?? null,
    work: work.map(([channel, state], index) => ({ item: `item-${index}`, channel, state })),
  })
  const { agent, name, profile = null, crm, telephony, paused } = row
  return {
    agent,
    name,
    profile,
    crm: side(crm),
    telephony: side(telephony),
    blocked: telephony.block === undefined ? [] : ['telephony'],
    paused: paused !== undefined,
    since: null,
    sentence: `${name} is ${crm.status} in the CRM and ${telephony.status} in telephony.`,
    causes: [
      { side: 'crm', reason: 'mapped', rule: 'mappings.yaml:21', quote: QUOTE, words: crm.stuck ?? null },
      { side: 'telephony', reason: 'blocked', rule: 'mappings.yaml:41', quote: 'blocking:', words: null },
    ],
    writes:
      crm.pending === undefined
        ? []
        : [{ side: 'crm', status: crm.pending, state: 'unreachable', words: 'no console' }],
    next: [{ at: new Date(Date.now() + 30_000).toISOString(), what: 'the block of telephony ends' }],
    available: { crm: ['On Queue'], telephony: ['On Queue'] },
  }
}

const QUOTE = '- { crm: On Queue, telephony: On Queue }'

/** An hour in the life: a chat, a call beside it, a break, a link that was lost. */
function timelineOf(
  row: BoardRow | null,
  { from, to, now }: { readonly from: string; readonly to: string; readonly now: number },
): Timeline | null {
  if (row === null) return null
  const at = (minutesAgo: number) => new Date(now - minutesAgo * MINUTE).toISOString()
  const spell = (status: string, begin: number, end: number | null, seq: number | null) => ({
    from: at(begin),
    to: end === null ? null : at(end),
    status,
    by: seq === null ? ('agent' as const) : ('bridge' as const),
    seq,
    reason: seq === null ? null : ('blocked' as const),
    rule: seq === null ? null : 'mappings.yaml:41',
  })
  const write = (status: string, minutesAgo: number, seq: number) => ({
    at: at(minutesAgo),
    seq,
    status,
    reason: 'blocked' as const,
    rule: 'mappings.yaml:41',
    outcome: 'confirmed' as const,
    ms: 143,
    words: null,
  })
  const work = (item: string, channel: string, [offered, accepted, closed]: readonly [number, number, number]) => ({
    from: at(offered),
    to: at(closed),
    item,
    channel,
    states: [
      { state: 'offered' as const, at: at(offered) },
      { state: 'accepted' as const, at: at(accepted) },
      { state: 'wrap_up' as const, at: at(closed + 1) },
      { state: 'closed' as const, at: at(closed) },
    ],
  })
  const exposure = { from: at(50), to: at(49.5), cause: 'under_way' as ExposureCause }
  const crm: Lane = {
    statuses: [spell('On Queue', 60, 27, null), spell('Lunch', 27, 12, null), spell('On Queue', 12, null, null)],
    work: [work('c1', 'chat', [50, 49, 38]), work('c2', 'chat', [45, 44, 34]), work('k1', 'case', [10, 9, 3])],
    blocks: [],
    exposures: [],
    writes: [],
  }
  const telephony: Lane = {
    statuses: [
      spell('On Queue', 60, 49.5, null),
      spell('Available', 49.5, 34, 1),
      spell('On Queue', 34, 27, 2),
      spell('Meal', 27, 12, 2),
      spell('On Queue', 12, 9, 2),
      spell('Available', 9, null, 2),
    ],
    work: [work('v1', 'call', [31, 30.5, 28])],
    blocks: [
      { from: at(50), to: at(34), phase: 'standing', rule: 'mappings.yaml:41' },
      { from: at(10), to: at(3), phase: 'standing', rule: 'mappings.yaml:41' },
    ],
    exposures: [exposure],
    writes: [
      write('Available', 50, 1),
      write('On Queue', 34, 2),
      write('Meal', 27, 2),
      write('On Queue', 12, 2),
      write('Available', 9.5, 2),
    ],
  }
  const gaps = [{ from: at(21), to: at(18), kind: 'telephony_down' as const, words: 'the channel was closed' }]
  return { agent: row.agent, name: row.name, from, to, lanes: { crm, telephony }, gaps, cut: false }
}

function figuresOf(now: number): readonly MinuteFigures[] {
  return Array.from({ length: 240 }, (_, n) => {
    const wave = Math.sin(n / 17) + Math.sin(n / 5) / 3
    const latency = (base: number) => {
      const p50 = Math.round(base * (1.3 + wave * 0.25))
      return { count: 40, p50, p95: Math.round(p50 * 2.4), max: p50 * 5 }
    }
    return {
      minute: Math.floor(now / MINUTE) * MINUTE - (240 - n) * MINUTE,
      decisions: Math.round(420 + wave * 160),
      writes: { confirmed: Math.round(150 + wave * 60) },
      latency: { crm: latency(180), telephony: latency(120) },
      exposedMs: { crm: Math.max(0, Math.round(wave * 900)), telephony: n % 60 === 30 ? 5_200 : 300 },
    }
  })
}

const MAPPING: MappingView = {
  file: 'mappings.yaml',
  hash: 'sha256:ed70c389f954fcac3a6a96a4db5b6f86',
  text: `version: 1\nmapped:\n  ${QUOTE}\n`,
  last: { at: '2026-11-21T10:00:00.000Z', error: null, findings: [] },
  profiles: ([null, 'chat-only'] as const).map((profile) => ({
    profile,
    mode: 'live',
    agents: 4,
    sheet: {
      title: 'mappings.yaml',
      facts: ['Two changes at once (within 2s): the latest wins.'],
      tables: [
        {
          heading: 'The CRM',
          header: ['status', 'takes work', 'choosing it: telephony'],
          rows: [
            { cells: ['On Queue', 'yes', 'sets On Queue — line 21'], takesWork: true },
            { cells: ['Lunch', '', 'sets Meal — line 22'], takesWork: false },
          ],
          work: { heading: 'Work in the CRM blocks telephony — line 41', facts: [['items', 'one is enough']] },
        },
      ],
      notes: ['A side that is not logged in is left alone.'],
    },
  })),
}
