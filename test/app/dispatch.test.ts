// On the way from the decision to the platform: first on the disk, then on the wire, and never what is not wanted any more.

import { beforeEach, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { AgentEntry } from '../../src/app/agents.ts'
import { type Committer, createCommitter } from '../../src/app/committer.ts'
import { createDispatch, type Dispatch } from '../../src/app/dispatch.ts'
import { COMMIT_PATIENCE_MS } from '../../src/domain/limits.ts'
import { SILENT } from '../../src/domain/log.ts'
import type { Write } from '../../src/domain/outbox.ts'
import { SIDES, type Side, type StatusId } from '../../src/domain/side.ts'
import type { Order } from '../../src/engine/conclude.ts'
import { entry as decision } from '../journal/records.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'
import { entriesOf, shows } from './entries.ts'
import { createHeldJournal, type HeldJournal } from './held-journal.ts'

let clock: VirtualClock
let held: HeldJournal
let committer: Committer
let dispatch: Dispatch
let agents: readonly AgentEntry[]
/** What the outbox was given, with what was on the disk then. */
let put: { readonly write: Write; readonly onDisk: number }[]
/** What lies in the outbox: given and not taken out of it. */
let queued: Map<string, Write>
let superseded: Write[]
let seq: number

beforeEach(begin)

function begin(): void {
  clock = createVirtualClock()
  held = createHeldJournal()
  committer = createCommitter({ journal: held.journal, clock, log: SILENT, committed: () => {} })
  agents = entriesOf('ada', 'ben', 'chloe')
  put = []
  queued = new Map()
  superseded = []
  seq = 0
  dispatch = createDispatch({
    outbox: () => outbox,
    durable: () => committer.durable(false),
    superseded: (write) => superseded.push(write),
  })
}

const outbox: Parameters<typeof createDispatch>[0]['outbox'] extends () => infer Queue ? Queue : never = {
  put(write) {
    put.push({ write, onDisk: held.journal.lastSeq() })
    const key = `${write.agent} ${write.side}`
    const old = queued.get(key)
    queued.set(key, write)
    return old === undefined ? {} : { superseded: old }
  },
  cancel(agent, side) {
    const old = queued.get(`${agent} ${side}`)
    queued.delete(`${agent} ${side}`)
    return old
  },
  seen() {},
}

function agent(index: number): AgentEntry {
  const found = agents[index]
  if (found === undefined) throw new Error(`There is no agent ${index}.`)
  return found
}

/** The engine decided about one agent; a null status means that what waits for the side is not wanted any more. */
function decide(index: number, orders: Partial<Record<Side, string | null>>): number {
  seq += 1
  const decided = decision(seq, agent(index).member.agent)
  committer.decided(decided)
  committer.changed(agent(index), true)
  const made = SIDES.flatMap((side): Order[] => {
    const status = orders[side]
    if (status === undefined) return []
    if (status === null) return [{ kind: 'cancel', side }]
    const expected = agent(index).state[side].observed
    return [{ kind: 'write', side, status: status as StatusId, expect: expected, urgency: 'comfort' }]
  })
  dispatch.collect(agent(index), made, { seq, record: decided.record, now: clock.now() })
  return seq
}

const outgoing = () => put.map(({ write }) => `${write.seq} ${write.agent} ${write.side} ${write.status}`)

test('whatever is decided while the disk works, no write leaves before its decision is on it, and none that was replaced', async () => {
  const act = fc.record({
    agent: fc.nat(2),
    side: fc.constantFrom<Side>('crm', 'telephony'),
    status: fc.option(fc.constantFrom('a', 'b')),
    next: fc.constantFrom<('send' | 'hang' | 'answer')[]>(
      [],
      ['send'],
      ['hang', 'send'],
      ['answer'],
      ['send', 'answer'],
    ),
    settle: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (history) => {
      begin()
      /** The newest decision of an agent's side, which replaced all before it, and what left since. */
      const newest = new Map<string, { seq: number; status: string | null }>()
      const wrong: string[] = []
      let looked = 0
      const look = () => {
        for (const { write, onDisk } of put.slice(looked)) {
          if (onDisk < write.seq) wrong.push(`${write.seq} left when ${onDisk} was on the disk`)
          const wanted = newest.get(`${write.agent} ${write.side}`)
          if (wanted?.seq !== write.seq) wrong.push(`${write.seq} left after ${wanted?.seq} had replaced it`)
        }
        looked = put.length
      }
      for (const { agent: index, side, status, next, settle } of history) {
        decide(index, { [side]: status })
        newest.set(`${agent(index).member.agent} ${side}`, { seq, status })
        for (const what of next) {
          if (what === 'send') dispatch.send()
          else held.turn(what === 'hang' ? 'hangs' : 'works')
        }
        if (settle) await clock.settle()
        look()
      }
      dispatch.send()
      held.turn('works')
      await clock.settle()
      look()
      expect(wrong).toEqual([])
      const wanted = [...newest].flatMap(([key, { seq: of, status }]) => (status === null ? [] : [[key, of]]))
      expect([...queued].map(([key, write]) => [key, write.seq]).sort()).toEqual(wanted.sort())
      // Every write either lies in the outbox or was told to be superseded, once.
      const gone = superseded.map((write) => `${write.seq} ${write.side}`)
      expect(new Set(gone).size).toBe(gone.length)
      const writes = history.filter(({ status }) => status !== null).length
      expect(gone.length + queued.size).toBe(writes)
    }),
    { numRuns: 300 },
  )
})

test('a write leaves when its decision is on the disk, and expects what the agent shows by then', async () => {
  held.turn('hangs')
  shows(agent(0), 'crm', 'Q')
  decide(0, { crm: 'Busy', telephony: 'Busy' })
  dispatch.send()
  await clock.advance(COMMIT_PATIENCE_MS - 1)
  expect(outgoing()).toEqual([])
  shows(agent(0), 'crm', 'Lunch')
  held.turn('works')
  await clock.settle()
  expect(outgoing()).toEqual(['1 ada crm Busy', '1 ada telephony Busy'])
  expect(put.map(({ write, onDisk }) => [write.expect, onDisk])).toEqual([
    ['Lunch', 1],
    ['Offline', 1],
  ])
})

test('a write whose decision is replaced while it is being committed never leaves; the newer one does', async () => {
  held.turn('hangs')
  decide(0, { telephony: 'Busy' })
  decide(1, { telephony: 'Busy' })
  dispatch.send()
  await clock.settle()
  decide(0, { telephony: 'Q' })
  dispatch.send()
  held.turn('works')
  await clock.settle()
  expect(outgoing()).toEqual(['2 ben telephony Busy', '3 ada telephony Q'])
  expect(put.map(({ onDisk }) => onDisk)).toEqual([2, 3])
  expect(superseded.map((write) => write.seq)).toEqual([1])
})

test('what is not wanted any more while it is being committed never leaves, and nothing takes its place', async () => {
  held.turn('hangs')
  decide(0, { telephony: 'Busy', crm: 'Busy' })
  dispatch.send()
  await clock.settle()
  decide(0, { telephony: null })
  held.turn('works')
  await clock.settle()
  expect(outgoing()).toEqual(['1 ada crm Busy'])
  expect(superseded.map((write) => [write.seq, write.side])).toEqual([[1, 'telephony']])
})

test('what lies in the outbox is taken out of it at once, also while the newer decision is still being committed', async () => {
  decide(0, { telephony: 'Busy' })
  dispatch.send()
  await clock.settle()
  expect([...queued.keys()]).toEqual(['ada telephony'])
  held.turn('hangs')
  decide(0, { telephony: 'Q' })
  dispatch.send()
  await clock.settle()
  expect([...queued.keys()]).toEqual([])
  expect(superseded.map((write) => write.seq)).toEqual([1])
  held.turn('works')
  await clock.settle()
  expect(outgoing()).toEqual(['1 ada telephony Busy', '2 ada telephony Q'])
})

test('the sides of an agent do not replace each other', async () => {
  decide(0, { crm: 'Busy' })
  decide(0, { telephony: 'Busy' })
  dispatch.send()
  await clock.settle()
  expect(outgoing()).toEqual(['1 ada crm Busy', '2 ada telephony Busy'])
  expect(superseded).toEqual([])
})

test('a disk that hangs holds writes for the patience and no longer, and what it held never goes out twice', async () => {
  held.turn('hangs')
  decide(0, { crm: 'Busy' })
  dispatch.send()
  await clock.advance(COMMIT_PATIENCE_MS - 1)
  expect(outgoing()).toEqual([])
  await clock.advance(1)
  expect(outgoing()).toEqual(['1 ada crm Busy'])
  decide(1, { crm: 'Busy' })
  dispatch.send()
  await clock.settle()
  expect(outgoing()).toEqual(['1 ada crm Busy', '2 ben crm Busy'])
  held.turn('works')
  await clock.advance(60_000)
  expect(outgoing()).toHaveLength(2)
  expect(held.seqs()).toEqual([1, 2])
})

test('nothing goes out any more after the stop, although the disk answers', async () => {
  held.turn('hangs')
  decide(0, { crm: 'Busy' })
  dispatch.send()
  await clock.settle()
  dispatch.stop()
  held.turn('works')
  await clock.settle()
  expect(held.seqs()).toEqual([1])
  expect(outgoing()).toEqual([])
})
