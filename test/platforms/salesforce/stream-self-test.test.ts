// Whether change events arrive at all: what is asked of the stream, when it is warned, and above all when not. Time is virtual.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SILENT } from '../../../src/domain/log.ts'
import type { Reading } from '../../../src/domain/report.ts'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../../src/domain/side.ts'
import { createSelfTest } from '../../../src/platforms/salesforce/events/self-test.ts'
import { SELF_TEST_LIMITS, UNPROVEN_READS_MAX } from '../../../src/platforms/salesforce/events/transport-limits.ts'
import { type ChangeEvent, changePayload } from '../../../src/platforms/salesforce/wire.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const PEOPLE = [
  '005000000000001AAA',
  '005000000000002AAA',
  '005000000000003AAA',
  '005000000000004AAA',
] as PlatformUserId[]
const ONLINE = '0N5000000000001AAA' as StatusId
const BUSY = '0N5000000000002AAA' as StatusId
const MINUTE_MS = 60_000

function bench() {
  const clock = createVirtualClock()
  const warnings: string[] = []
  const gaps: string[] = []
  const statuses = new Map<PlatformUserId, { status: StatusId; at: number }>()
  const work = new Map<PlatformUserId, { item: string; state: 'offered' | 'accepted' }>()
  const selfTest = createSelfTest({
    clock,
    log: { ...SILENT, warn: (_context, sentence) => void warnings.push(sentence) },
    channel: '/data/PresenceBridge__chn',
    onGap: (why) => void gaps.push(why),
  })
  const memory = { watches: () => true, spellUser: () => undefined, work: () => undefined }

  function event(entityName: string, user: PlatformUserId): ChangeEvent {
    const ChangeEventHeader = {
      entityName,
      changeType: 'CREATE',
      recordIds: ['0PE000000000001AAA'],
      commitTimestamp: 1,
    }
    return { payload: changePayload.parse({ ChangeEventHeader, UserId: user }), id: 'e' }
  }

  const begin = (user: PlatformUserId, status: StatusId) => void statuses.set(user, { status, at: clock.now() })

  function readingOf(user: PlatformUserId): Reading {
    const { status, at } = statuses.get(user) ?? { status: OFFLINE, at: clock.now() }
    const open = work.get(user)
    return { status, stamp: { at }, work: open ? [{ ...open, channel: 'chat', stamp: { at: 0 } }] : [] }
  }

  return {
    clock,
    warnings,
    gaps,
    work,
    selfTest,
    begin,
    read: (users = PEOPLE) => selfTest.read(new Map(users.map((user) => [user, readingOf(user)])), clock.now()),
    heard: (user: PlatformUserId, entity = 'UserServicePresence') => selfTest.event(event(entity, user), memory),
    delivery: () => selfTest.details().presence_events,
  }
}

describe('the test whether change events arrive', () => {
  test('three people whose changes only a reading showed: events are missing, which is told once, with what to check', async () => {
    const { clock, selfTest, begin, read, warnings, gaps, delivery } = bench()
    selfTest.link(true)
    read()
    await clock.advance(5 * MINUTE_MS)
    for (const user of PEOPLE.slice(0, 3)) begin(user, ONLINE)
    read()
    expect(delivery()).toBe('unproven')
    await clock.advance(SELF_TEST_LIMITS.graceMs)
    expect(delivery()).toBe('missing')
    for (const user of PEOPLE) begin(user, BUSY)
    read()
    await clock.advance(5 * MINUTE_MS)
    expect(warnings).toEqual([expect.stringMatching(/UserServicePresence.*View All Records.*Permission Sets/)])
    expect(gaps.filter((why) => why.includes('UserServicePresence')).length).toBeGreaterThanOrEqual(9)
    expect(selfTest.details().changes_unheard).toBe(7)
  })

  test('consoles are witnesses too: it is found out in seconds, without a reading', async () => {
    const { clock, selfTest, warnings } = bench()
    selfTest.link(true)
    for (const user of PEOPLE) selfTest.shown(user, ONLINE)
    await clock.advance(MINUTE_MS)
    expect(warnings).toEqual([])
    for (const user of PEOPLE) selfTest.shown(user, BUSY)
    await clock.advance(SELF_TEST_LIMITS.graceMs)
    expect(warnings).toHaveLength(1)
  })

  test('a console that is opened again shows nothing new when the change was heard of meanwhile', async () => {
    const { clock, selfTest, heard, delivery } = bench()
    selfTest.link(true)
    for (const user of PEOPLE) selfTest.shown(user, ONLINE)
    await clock.advance(10 * MINUTE_MS)
    for (const user of PEOPLE) heard(user)
    await clock.advance(10 * MINUTE_MS)
    for (const user of PEOPLE) selfTest.shown(user, BUSY)
    await clock.advance(10 * MINUTE_MS)
    expect([delivery(), selfTest.details().changes_unheard]).toEqual(['proven', 0])
  })

  test('work is told apart from presence: its events may be missing alone', async () => {
    const { clock, selfTest, begin, read, heard, work, warnings } = bench()
    selfTest.link(true)
    for (const user of PEOPLE) begin(user, ONLINE)
    read()
    await clock.advance(MINUTE_MS)
    for (const user of PEOPLE) work.set(user, { item: `work of ${user}`, state: 'offered' })
    for (const user of PEOPLE) heard(user)
    read()
    await clock.advance(SELF_TEST_LIMITS.graceMs)
    expect(selfTest.details()).toMatchObject({ presence_events: 'proven', work_events: 'missing' })
    expect(warnings).toEqual([expect.stringContaining('AgentWork')])
    for (const user of PEOPLE) heard(user, 'AgentWork')
    expect(selfTest.details().work_events).toBe('proven')
  })

  test('a night in which nobody works warns nobody and costs no reading', async () => {
    const { clock, selfTest, read, warnings, gaps, delivery } = bench()
    selfTest.link(true)
    for (let round = 0; round < 120; round++) {
      read()
      await clock.advance(5 * MINUTE_MS)
    }
    expect([warnings, gaps, delivery()]).toEqual([[], [], 'unproven'])
  })

  test('people who are there and change nothing are read a few times more, to find out, and then no more', async () => {
    const { clock, selfTest, begin, read, warnings, gaps } = bench()
    for (const user of PEOPLE) begin(user, ONLINE)
    selfTest.link(true)
    for (let round = 0; round < 200; round++) {
      read()
      await clock.advance(MINUTE_MS)
    }
    expect(gaps).toHaveLength(UNPROVEN_READS_MAX)
    expect(warnings).toEqual([])
  })

  test('an event ends it, whoever it is about; after a cut it is to be proven anew, and what is missing stays so', async () => {
    const { clock, selfTest, begin, read, heard, warnings, gaps, delivery } = bench()
    selfTest.link(true)
    read()
    for (const user of PEOPLE) begin(user, ONLINE)
    await clock.advance(MINUTE_MS)
    read()
    await clock.advance(SELF_TEST_LIMITS.graceMs)
    expect(delivery()).toBe('missing')
    selfTest.link(false)
    selfTest.link(true)
    expect(delivery()).toBe('missing')
    heard(PEOPLE[0] as PlatformUserId)
    expect(delivery()).toBe('proven')
    const before = gaps.length
    await clock.advance(60 * MINUTE_MS)
    expect(gaps.length).toBe(before)
    selfTest.link(false)
    selfTest.link(true)
    expect(delivery()).toBe('unproven')
    expect(warnings).toHaveLength(1)
  })

  test('what is heard within half a minute of being seen, before or after, is never missed', async () => {
    const move = fc.record({
      user: fc.constantFrom(...PEOPLE),
      status: fc.constantFrom(ONLINE, BUSY, OFFLINE as StatusId),
      /** When its event comes, and when a reading or the person's console shows it; ms after the change. */
      heardAfter: fc.nat(25_000),
      seenAfter: fc.nat(25_000),
      byConsole: fc.boolean(),
      /** Who is read besides, before and after. */
      others: fc.subarray(PEOPLE),
      cut: fc.boolean(),
      pause: fc.nat(10 * MINUTE_MS),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 40 }), async (moves) => {
        const { clock, selfTest, begin, read, heard, warnings } = bench()
        selfTest.link(true)
        read()
        for (const { user, status, heardAfter, seenAfter, byConsole, others, cut, pause } of moves) {
          if (cut) {
            selfTest.link(false)
            selfTest.link(true)
          }
          read(others)
          begin(user, status)
          clock.after(heardAfter, () => heard(user))
          clock.after(seenAfter, () => (byConsole ? selfTest.shown(user, status) : read([user, ...others])))
          await clock.advance(pause)
        }
        await clock.advance(10 * MINUTE_MS)
        expect(warnings).toEqual([])
        expect(selfTest.details().changes_unheard).toBe(0)
      }),
      {
        numRuns: 200,
        examples: [
          // A console that is so late that the next change was heard of before it showed the one before.
          [
            [ONLINE, OFFLINE as StatusId].map((status) => ({
              user: PEOPLE[0] as PlatformUserId,
              status,
              heardAfter: 0,
              seenAfter: 1,
              byConsole: true,
              others: [],
              cut: false,
              pause: 0,
            })),
          ],
        ],
      },
    )
  })

  test('after the stop no timer is left', async () => {
    const { clock, selfTest, begin, read, gaps } = bench()
    selfTest.link(true)
    read()
    for (const user of PEOPLE) begin(user, ONLINE)
    read()
    selfTest.stop()
    expect(clock.timers()).toBe(0)
    await clock.advance(60 * MINUTE_MS)
    expect(gaps).toEqual([])
  })
})
