// A small contact centre for the ops server to show: two agents, one of them in a block, and a log that grows when told to.

import type { JournalEntry, LogFilter } from '../../src/domain/journal.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import type { AgentId } from '../../src/domain/side.ts'
import { createMemoryJournal } from '../../src/journal/memory-journal.ts'
import type { Board, BoardRow, BoardSide } from '../../src/ops/board.ts'
import type { MappingView } from '../../src/ops/mapping-view.ts'
import type {
  AdminAnswer,
  AdminOrder,
  AgentDetail,
  AgentSummary,
  OpsStatus,
  SideSummary,
} from '../../src/ops/status.ts'

export const JANE = 'jane@acme.example' as AgentId
export const LEE = 'lee@acme.example' as AgentId

export type FakeBoard = Board & {
  /** From now on the agent stands like this; null: everybody may. */
  change(row: BoardRow | null): void
  watchers(): number
}

export type FakeStatus = Omit<OpsStatus, 'board'> & {
  readonly board: FakeBoard
  readonly orders: { readonly action: string; readonly order: AdminOrder }[]
  ready: boolean
  /** Decided now: stored, and told to those who follow. */
  decide(record: LogRecord): void
  /** How many follow. */
  followers(): number
}

export function logRecord(agent: AgentId, sentence: string, more: Partial<LogRecord> = {}): LogRecord {
  return {
    time: '2026-11-21T10:32:07.412Z',
    agent,
    event: { side: 'telephony', kind: 'status', from: 'Available', to: 'On Queue', at: '2026-11-21T10:32:07.201Z' },
    decisions: [{ side: 'crm', reason: 'mapped', from: 'Online', to: 'Busy', rule: 'mappings.yaml:7' }],
    writes: [{ side: 'crm', status: 'Busy', outcome: 'confirmed', ms: 143 }],
    mapping: 'sha256:1f0c',
    sentence,
    ...more,
  }
}

function side(status: string, more: Partial<SideSummary> = {}): SideSummary {
  return { status, base: status, target: status, pending: null, work: [], ...more }
}

const AGENTS: readonly AgentSummary[] = [
  {
    agent: LEE,
    name: 'Lee <b>Chat</b>',
    profile: 'chat-only',
    crm: side('Online'),
    telephony: side('Available'),
    blocked: [],
    paused: false,
    since: null,
  },
  {
    agent: JANE,
    name: 'Jane Doe',
    profile: null,
    crm: side('On Queue', { work: [{ item: 'c1', channel: 'chat', state: 'accepted' }] }),
    telephony: side('On Queue', { target: 'Busy', pending: 'Busy' }),
    blocked: ['telephony'],
    paused: false,
    since: '2026-11-21T10:32:07.412Z',
  },
]

function rowsOf(agents: readonly AgentSummary[]): readonly BoardRow[] {
  const boardSide = ({ status, target, pending }: SideSummary): BoardSide => ({
    status,
    ...(target === status ? {} : { target }),
    ...(pending === null ? {} : { pending }),
  })
  return agents.map(({ agent, name, crm, telephony }) => {
    return { agent, name, crm: boardSide(crm), telephony: boardSide(telephony) }
  })
}

export function createFakeBoard(begin: readonly BoardRow[]): FakeBoard {
  const rows = new Map(begin.map((row) => [row.agent, row]))
  const listeners = new Set<(agent: AgentId | null) => void>()
  return {
    agents: () => [...rows.keys()],
    row: (agent) => rows.get(agent) ?? null,
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    change(row) {
      if (row !== null) rows.set(row.agent, row)
      for (const listener of listeners) listener(row?.agent ?? null)
    },
    watchers: () => listeners.size,
  }
}

const MAPPING: MappingView = {
  file: 'mappings.yaml',
  hash: 'sha256:1f0c9a',
  text: 'version: 1',
  last: null,
  profiles: [
    { profile: null, mode: 'live', agents: 2, sheet: { title: 'mappings.yaml', facts: [], tables: [], notes: [] } },
  ],
}

const REMOVED = {
  decisions: 12,
  outcomes: 7,
  states: 1,
  people: 1,
  marks: 0,
  events: 0,
  mappings: 0,
  logEmptied: true,
  keptInStep: true,
}

export function createFakeStatus(): FakeStatus {
  const journal = createMemoryJournal()
  const listeners = new Set<(entry: JournalEntry) => void>()
  const orders: FakeStatus['orders'] = []
  const answer =
    (action: string) =>
    (order: AdminOrder): AdminAnswer => {
      orders.push({ action, order })
      if (order.target.kind === 'profile') return { ok: false, status: 409, error: 'That profile is in shadow mode.' }
      if (order.target.kind === 'all') return { ok: true, agents: AGENTS.length }
      const name = order.target.agent
      if (AGENTS.some(({ agent }) => agent === name)) return { ok: true, agents: 1 }
      return { ok: false, status: 404, error: `Nobody of the name "${name}" is kept in step.` }
    }
  const detail = (name: string): AgentDetail | null => {
    const found = AGENTS.find(({ agent }) => agent === name || (name === 'jane.doe@acme.example' && agent === JANE))
    return found === undefined
      ? null
      : {
          ...found,
          sentence: `${found.name} is in step.`,
          causes: [],
          writes: [],
          next: [],
          available: { crm: ['Online'], telephony: ['On Queue'] },
        }
  }
  const status: FakeStatus = {
    orders,
    ready: true,
    about: () => ({ name: 'acme', mode: 'live', mapping: 'sha256:1f0c9a', refused: null, version: '0.1.0' }),
    checks: () => [
      { name: 'crm', ok: true, why: '' },
      { name: 'telephony', ok: status.ready, why: status.ready ? '' : 'the link has been down for 61 s' },
    ],
    live: () => true,
    links: () => [
      {
        side: 'crm',
        title: 'Salesforce',
        up: true,
        since: '2026-11-21T10:00:00.000Z',
        why: '',
        notes: ['No <events> arrive.'],
      },
      { side: 'telephony', title: 'Genesys Cloud', up: false, since: '2026-11-21T10:00:00.000Z', why: 'refused' },
    ],
    load: () => ({ inbox: 0, outbox: { crm: {}, telephony: {} }, journal: { ok: true, bytes: 4096, decisions: 7 } }),
    board: createFakeBoard(rowsOf(AGENTS)),
    agents: () => AGENTS,
    agent: detail,
    log: (filter: LogFilter) => journal.query(filter),
    timeline: (name, view) => {
      const found = detail(name)
      const lane = { statuses: [], work: [], blocks: [], exposures: [], writes: [] }
      return (
        found && {
          ...view,
          agent: found.agent,
          name: found.name,
          lanes: { crm: lane, telephony: lane },
          gaps: [],
          cut: false,
        }
      )
    },
    figures: ({ from }) => [
      {
        minute: Date.parse(from),
        decisions: 3,
        writes: { confirmed: 2 },
        latency: { crm: { count: 2, p50: 120, p95: 240, max: 240 }, telephony: null },
        exposedMs: { crm: 0, telephony: 400 },
      },
    ],
    mapping: () => MAPPING,
    follow(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    admin: {
      pause: answer('pause'),
      resume: answer('resume'),
      release: answer('release'),
      resync: answer('resync'),
      reload: answer('reload'),
    },
    work: (order) => {
      if (order.agent === JANE && order.work === 'c1') return { ok: true, agents: 1 }
      return { ok: false, status: 404, error: `${order.agent} has no open work "${order.work}".` }
    },
    forget: async ({ agent, by }) => {
      const given = answer('forget')({ target: { kind: 'agent', agent }, reason: null, by })
      return given.ok ? { ...given, removed: REMOVED } : given
    },
    decide(record) {
      const entry = { seq: journal.lastSeq() + 1, record }
      journal.append({ entries: [entry], states: new Map(), outcomes: [], marks: new Map() })
      for (const listener of listeners) listener(entry)
    },
    followers: () => listeners.size,
  }
  return status
}
