// The board's rows: whatever happens to an agent, what is not as it should be is said, and who watches hears of it.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type AgentEntry, createAgents } from '../../src/app/agents.ts'
import { createBoard } from '../../src/app/board.ts'
import { boardRowOf, EXPOSED_MOMENT_MS } from '../../src/app/board-row.ts'
import { STUCK_BLOCK_MS } from '../../src/domain/limits.ts'
import type { Rules } from '../../src/domain/rules.ts'
import { type AgentId, type PlatformUserId, SIDES, type Side } from '../../src/domain/side.ts'
import type { Input } from '../../src/engine/input.ts'
import { step } from '../../src/engine/step.ts'
import { type BoardRow, TROUBLES } from '../../src/ops/board.ts'
import { id, ruleset } from '../support/rules.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const START = Date.UTC(2026, 10, 21, 10)
const JANE = 'jane@acme.example' as AgentId
const STATUSES = ['On Queue', 'Break', 'Busy', 'Offline'] as const
const RULES: Rules = {
  hash: 'sha256:0',
  file: 'mappings.yaml',
  top: ruleset({
    available: { crm: ['On Queue'], telephony: ['On Queue'] },
    rows: [
      { crm: ['On Queue'], telephony: ['On Queue'] },
      { crm: ['Break'], telephony: ['Break'] },
    ],
    blocking: { crm: { status: 'Busy' }, telephony: { status: 'Busy' } },
  }),
  profiles: new Map(),
  statuses: { crm: new Set(), telephony: new Set() },
  label: (_side, status) => status,
}

/** Jane, on queue on both sides, with the engine deciding and nobody carrying out what it orders unless told. */
class Desk {
  now = START
  readonly agents = createAgents(
    [
      {
        agent: JANE,
        name: 'Jane',
        aliases: [],
        users: { crm: 'j' as PlatformUserId, telephony: 'j' as PlatformUserId },
        profile: null,
      },
    ],
    RULES,
  )
  #seq = 0

  constructor() {
    const reading = { status: id('On Queue'), stamp: { at: this.now }, work: [] }
    this.decide({ kind: 'start', readings: { crm: reading, telephony: reading } })
    this.entry.started = true
  }

  get entry(): AgentEntry {
    const entry = this.agents.byName(JANE)
    if (entry === undefined) throw new Error('nobody')
    return entry
  }

  decide(input: Input): void {
    this.#seq += 1
    this.entry.state = step({
      state: this.entry.state,
      input,
      rules: RULES.top,
      now: this.now,
      seq: this.#seq,
      writing: this.entry.paused === null,
    }).state
  }

  shows(side: Side, status: string): void {
    this.now += 3_000
    const report = { kind: 'status', status: id(status), stamp: { at: this.now }, by: 'agent' } as const
    this.decide({ kind: 'report', side, report, begunAt: null })
  }

  works(side: Side, state: 'offered' | 'accepted' | 'closed'): void {
    this.now += 3_000
    const report = { kind: 'work', item: 'w1', channel: 'chat', state, stamp: { at: this.now } } as const
    this.decide({ kind: 'report', side, report, begunAt: null })
  }

  /** The write that is under way comes to an end. */
  settles(side: Side, outcome: 'refused' | 'failed'): void {
    const write = this.entry.state[side].own.findLast(({ superseded }) => !superseded)
    if (write !== undefined) this.decide({ kind: 'write', side, seq: write.seq, outcome, words: 'not granted' })
  }

  row(shadow = false): BoardRow {
    return boardRowOf(this.entry, { rules: RULES, shadow, now: this.now })
  }
}

const side = fc.constantFrom(...SIDES)
const happening = fc.oneof(
  fc.record({ side, status: fc.constantFrom(...STATUSES) }),
  fc.record({ side, work: fc.constantFrom('offered', 'accepted', 'closed') }),
  fc.record({ side, settles: fc.constantFrom('refused', 'failed') }),
  fc.record({ paused: fc.boolean() }),
)

function happen(desk: Desk, what: typeof happening extends fc.Arbitrary<infer T> ? T : never): void {
  if ('status' in what) desk.shows(what.side, what.status)
  else if ('work' in what) desk.works(what.side, what.work as 'offered')
  else if ('settles' in what) desk.settles(what.side, what.settles as 'failed')
  else desk.entry.paused = what.paused ? 'paused by Sam' : null
}

describe('a row', () => {
  test('says of each difference why it is there, and of each trouble once, the most urgent first', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 25 }), (happenings) => {
        const desk = new Desk()
        for (const what of happenings) happen(desk, what)
        const row = desk.row()
        const troubles = row.troubles ?? []
        expect(JSON.parse(JSON.stringify(row))).toEqual(row)
        expect(troubles).toEqual(TROUBLES.filter((trouble) => troubles.includes(trouble)))
        const causes = SIDES.flatMap((one) => row[one].exposed ?? [])
        const isCalled = troubles.includes('exposed')
        if (isCalled) expect(causes).not.toEqual([])
        if (causes.some((cause) => ['refused', 'failed', 'not_taken', 'frozen'].includes(cause)))
          expect(isCalled).toBe(true)
        if (causes.every((cause) => ['paused', 'gave_way'].includes(cause))) expect(isCalled).toBe(false)
        expect(troubles.includes('paused')).toBe(row.paused !== undefined)
        for (const { target, pending } of [row.crm, row.telephony])
          if (target !== undefined) expect(pending !== undefined || troubles.length > 0).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('of somebody who is in step has nothing to say', () => {
    const { crm, telephony, troubles } = new Desk().row()
    expect(crm).toEqual({ status: 'On Queue', takesWork: true, since: START })
    expect(telephony).toEqual(crm)
    expect(troubles).toBeUndefined()
  })

  test('shows the block that work causes, the write under way, and that work could still come', () => {
    const desk = new Desk()
    desk.works('crm', 'accepted')
    expect(desk.row()).toMatchObject({
      crm: { work: [['chat', 'accepted']] },
      telephony: { block: 'standing', pending: 'Busy', target: 'Busy', exposed: 'under_way' },
    })
    expect(desk.row().troubles).toBeUndefined()
    desk.now += EXPOSED_MOMENT_MS
    expect(desk.row().troubles).toEqual(['exposed'])
    desk.shows('telephony', 'Busy')
    expect(desk.row().troubles).toBeUndefined()
    desk.now += STUCK_BLOCK_MS
    expect(desk.row().troubles).toEqual(['stuck_block'])
  })

  test('shows what the platform refused, in its words', () => {
    const desk = new Desk()
    desk.shows('crm', 'Break')
    desk.settles('telephony', 'refused')
    expect(desk.row()).toMatchObject({ telephony: { stuck: 'not granted', target: 'Break' }, troubles: ['refused'] })
  })

  test('in shadow mode shows who could be offered work, and calls nobody because of it', () => {
    const desk = new Desk()
    desk.works('crm', 'accepted')
    const row = desk.row(true)
    expect(row.telephony.exposed).toBe('shadow')
    expect(row.troubles).toBeUndefined()
  })

  test('of a profile in shadow mode says so', () => {
    const desk = new Desk()
    desk.entry.rules = { ...desk.entry.rules, mode: 'shadow' }
    expect(desk.row().troubles).toEqual(['shadow'])
  })
})

describe('the board', () => {
  test('tells those who watch who changed, and nobody afterwards', () => {
    const desk = new Desk()
    const board = createBoard({
      clock: createVirtualClock(START),
      shadow: false,
      agents: () => ({ agents: desk.agents, bridge: { rules: RULES } }),
    })
    const heard: (AgentId | null)[] = []
    const unwatch = board.watch((agent) => heard.push(agent))
    board.touched(JANE)
    board.touched(null)
    unwatch()
    board.touched(JANE)
    expect(heard).toEqual([JANE, null])
    expect(board.agents()).toEqual([JANE])
    expect(board.row(JANE)).toEqual(desk.row())
    expect(board.row('nobody' as AgentId)).toBeNull()
  })

  test('tells those who watch of an exposure when it is no moment any more, although nothing happens', async () => {
    const desk = new Desk()
    desk.works('crm', 'accepted')
    const clock = createVirtualClock(desk.now)
    const board = createBoard({
      clock,
      shadow: false,
      agents: () => ({ agents: desk.agents, bridge: { rules: RULES } }),
    })
    expect(board.row(JANE)?.troubles).toBeUndefined()
    expect(clock.timers()).toBe(0)
    const heard: (AgentId | null)[] = []
    const unwatch = board.watch((agent) => heard.push(agent))
    board.row(JANE)
    board.row(JANE)
    expect(clock.timers()).toBe(1)
    await clock.advance(EXPOSED_MOMENT_MS)
    expect(heard).toEqual([JANE])
    expect(board.row(JANE)?.troubles).toEqual(['exposed'])
    desk.works('crm', 'closed')
    desk.works('telephony', 'accepted')
    board.row(JANE)
    expect(clock.timers()).toBe(1)
    unwatch()
    expect(clock.timers()).toBe(0)
  })

  test('is empty until it is known who is kept in step', () => {
    const board = createBoard({ clock: createVirtualClock(0), shadow: false, agents: () => null })
    expect(board.agents()).toEqual([])
    expect(board.row(JANE)).toBeNull()
  })
})
