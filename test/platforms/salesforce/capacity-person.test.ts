// One person under the capacity writer: whatever comes, in whatever order, what is told is what holds.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { StatusReport } from '../../../src/domain/report.ts'
import { OFFLINE, type StatusId } from '../../../src/domain/side.ts'
import type { WorkState } from '../../../src/domain/work.ts'
import {
  type Block,
  heardItem,
  heardStatus,
  type Person,
  read,
  relabelled,
  type Step,
  UNHEARD,
} from '../../../src/platforms/salesforce/capacity/person.ts'

const ONLINE = 'online' as StatusId
const CHAT_ONLY = 'chat-only' as StatusId
const LUNCH = 'lunch' as StatusId
const BUSY = 'busy' as StatusId
const takes = (status: StatusId) => status === ONLINE || status === CHAT_ONLY
const BLOCK: Block = { status: BUSY, work: 'item', record: 'record', createdAt: 1, phase: 'asked' }

type Act =
  | { readonly kind: 'status'; readonly status: StatusId; readonly lateMs: number }
  | { readonly kind: 'item'; readonly state: WorkState }
  | { readonly kind: 'create' }
  | { readonly kind: 'relabel' }
  | { readonly kind: 'reading'; readonly hasItem: boolean }

const status = fc.constantFrom<StatusId>(ONLINE, CHAT_ONLY, LUNCH, OFFLINE)
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('status' as const), status, lateMs: fc.constantFrom(0, 0, 0, 40) }),
  fc.record({
    kind: fc.constant('item' as const),
    state: fc.constantFrom<WorkState>('offered', 'accepted', 'closed', 'declined'),
  }),
  fc.record({ kind: fc.constant('create' as const) }),
  fc.record({ kind: fc.constant('relabel' as const) }),
  fc.record({ kind: fc.constant('reading' as const), hasItem: fc.boolean() }),
)

/** What the bridge believes: the newest of what it was told, by the times that came with it. */
type Bridge = { status: StatusId | null; at: number }

function play(acts: readonly Act[], check: (person: Person, bridge: Bridge) => void): void {
  let person: Person = UNHEARD
  let now = 1_000
  const bridge: Bridge = { status: null, at: 0 }
  const hear = (report: StatusReport) => {
    if (report.stamp.at < bridge.at) return
    bridge.status = report.status
    bridge.at = report.stamp.at
  }
  const take = (step: Step) => {
    person = step.person
    for (const report of step.tell) hear(report)
  }
  const shows = { status: ONLINE as StatusId }
  take(heardStatus(person, { kind: 'status', status: ONLINE, stamp: { at: now }, by: 'agent' }, { takes, now }))
  for (const one of acts) {
    now += 100
    if (one.kind === 'status') {
      // A late one is what Salesforce showed before, told again by the slower witness.
      const report = { status: one.lateMs > 0 ? shows.status : one.status, stamp: { at: now - one.lateMs } }
      if (one.lateMs === 0) shows.status = one.status
      take(heardStatus(person, { kind: 'status', ...report, by: 'agent' }, { takes, now }))
    }
    if (one.kind === 'item')
      take(
        heardItem(person, { kind: 'work', item: BLOCK.work, channel: 'phone', state: one.state, stamp: { at: now } }),
      )
    if (one.kind === 'create' && person.block === null && takes(shows.status))
      person = { ...person, block: { ...BLOCK, createdAt: now } }
    if (one.kind === 'relabel' && person.block !== null && person.block.phase !== 'ending')
      take(relabelled(person, BUSY, now))
    if (one.kind === 'reading') {
      const stamp = { at: now - 50 }
      const work = one.hasItem ? [{ item: BLOCK.work, channel: 'phone', state: 'accepted' as const, stamp }] : []
      const about = { begunAt: now, isItem: ({ channel }: { channel: string | null }) => channel === 'phone', takes }
      const after = read(person, { status: shows.status, stamp, work }, about)
      person = after.person
      bridge.status = after.reading.status
      bridge.at = Math.max(bridge.at, after.reading.stamp.at)
      expect(after.reading.work).toEqual([])
    }
    check(person, bridge)
  }
}

describe('what the bridge believes', () => {
  test('while the org has the item open it is the written status, otherwise what Salesforce shows', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        play(acts, (person, bridge) => {
          const expected = person.block?.phase === 'shown' ? person.block.status : person.actual?.status
          expect(bridge.status).toBe(expected)
        })
      }),
      { numRuns: 500 },
    )
  })

  test('an item is never left standing over a status that the person chose since', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 20 }), status, (acts, chosen) => {
        let last: Person = UNHEARD
        play([...acts, { kind: 'status', status: chosen, lateMs: 0 }], (person) => {
          last = person
        })
        const before = last.actual?.status
        expect(before).toBe(chosen)
        if (!takes(chosen)) expect(['ending', undefined]).toContain(last.block?.phase)
      }),
      { numRuns: 300 },
    )
  })
})

test('after a restart what the first witness says again uncovers nothing', () => {
  const restored: Person = { ...UNHEARD, block: BLOCK }
  const report = { kind: 'status', status: ONLINE, stamp: { at: 5 }, by: 'agent' } as const
  const { person, tell, deed } = heardStatus(restored, report, { takes, now: 5 })
  expect({ tell, deed, phase: person.block?.phase }).toEqual({ tell: [], deed: 'none', phase: 'asked' })
})

test('an end that was asked for and is not there yet is asked for again by a reading', () => {
  const person: Person = { ...UNHEARD, actual: { status: ONLINE, at: 1 }, block: { ...BLOCK, phase: 'ending' } }
  const work = [{ item: BLOCK.work, channel: 'phone', state: 'accepted' as const, stamp: { at: 2 } }]
  const about = { begunAt: 100, isItem: () => true, takes }
  expect(read(person, { status: ONLINE, stamp: { at: 2 }, work }, about).deed).toBe('end')
})
