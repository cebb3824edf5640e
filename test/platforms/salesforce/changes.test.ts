// Change events in the orders in which a bus may bring them: twice, out of order within the hold, cut and replayed. Time is virtual, and the
// bus is made by hand; what is between it and the bridge is real.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SILENT } from '../../../src/domain/log.ts'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../../src/domain/side.ts'
import { createChanges } from '../../../src/platforms/salesforce/events/changes.ts'
import {
  type Dial,
  StreamRefused,
  type Transport,
  type Trouble,
} from '../../../src/platforms/salesforce/events/transport.ts'
import { createMemory } from '../../../src/platforms/salesforce/memory.ts'
import { createStream } from '../../../src/platforms/salesforce/stream.ts'
import { type ChangeEvent, changePayload } from '../../../src/platforms/salesforce/wire.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const HOLD_MS = 2_000
const USERS = ['005000000000001AAA', '005000000000002AAA', '005000000000003AAA'] as PlatformUserId[]
const STATUSES = ['0N5000000000001AAA', '0N5000000000002AAA', OFFLINE] as StatusId[]

type Raw = {
  readonly entityName?: string
  readonly changeType: string
  readonly recordIds: readonly string[]
  readonly at: number
  readonly transactionKey?: string
  readonly sequenceNumber?: number
  readonly changedFields?: readonly string[]
  readonly fields?: object
}

let count = 0
function eventOf(raw: Raw): ChangeEvent {
  const { entityName = 'UserServicePresence', at, fields, ...header } = raw
  const ChangeEventHeader = { entityName, commitTimestamp: at, ...header }
  return { payload: changePayload.parse({ ChangeEventHeader, ...fields }), id: `event ${++count}` }
}

/** An org of a few people whose changes are made by hand, and who listens to it. */
function bench() {
  const clock = createVirtualClock()
  const current = new Map<PlatformUserId, { readonly spell: string; readonly status: StatusId; readonly at: number }>()
  const beliefs = new Map<PlatformUserId, { readonly status: StatusId; readonly at: number }>()
  const told: StatusId[] = []
  const works: string[] = []
  const gaps: (readonly PlatformUserId[] | undefined)[] = []
  let asked = 0
  let readable = true
  const memory = createMemory()
  const readStatuses = (users: readonly PlatformUserId[]) =>
    new Map(
      users.flatMap((user) => {
        const spell = current.get(user)
        if (spell) memory.learnSpell(spell.spell, user)
        return spell
          ? [[user, { status: spell.status, stamp: { at: Math.floor(spell.at / 1000) * 1000 } }] as const]
          : []
      }),
    )
  const readings = {
    statuses: async (users: readonly PlatformUserId[]) => {
      asked++
      return readStatuses(users)
    },
    works: async () => [],
  }
  /** As the bridge does after a gap: what is read is newer than all that was told, whatever its time. */
  const readAll = (users: readonly PlatformUserId[] = USERS) => {
    const found = readStatuses(users)
    for (const user of users) {
      const known = beliefs.get(user)
      const { status, stamp } = found.get(user) ?? { status: OFFLINE, stamp: { at: known?.at ?? 0 } }
      const contradicts = known !== undefined && known.status !== status && stamp.at <= known.at
      beliefs.set(user, { status, at: contradicts ? known.at + 1 : Math.max(stamp.at, known?.at ?? 0) })
      memory.wasRead(user, { status, stamp, work: undefined }, clock.now())
    }
  }
  memory.watch(USERS, {
    report(user, report) {
      const known = beliefs.get(user)
      if (report.kind === 'status') told.push(report.status)
      else works.push(report.state)
      if (report.kind !== 'status' || (known && report.stamp.at < known.at)) return
      beliefs.set(user, { status: report.status, at: report.stamp.at })
    },
    link() {},
    gap(_why, users) {
      gaps.push(users)
      if (readable) readAll(users)
    },
    reachable() {},
    call() {},
  })
  const changes = createChanges({ clock, log: SILENT, memory, readings, channelName: () => undefined, holdMs: HOLD_MS })
  let spells = 0

  /** The events of one choice, as they are committed: the end of one spell, the beginning of the next. */
  function choose(user: PlatformUserId, status: StatusId, together: boolean): ChangeEvent[] {
    const before = current.get(user)
    if ((before?.status ?? OFFLINE) === status) return []
    const at = clock.now()
    const transaction = together ? { transactionKey: `t${++spells}` } : {}
    const events: ChangeEvent[] = []
    if (before) {
      const fields = { IsCurrentState: false }
      const changedFields = ['IsCurrentState', 'StatusEndDate']
      events.push(
        eventOf({
          changeType: 'UPDATE',
          recordIds: [before.spell],
          at,
          ...transaction,
          sequenceNumber: 1,
          fields,
          changedFields,
        }),
      )
    }
    current.delete(user)
    if (status === OFFLINE) return events
    const spell = `0PE${String(++spells).padStart(12, '0')}AAA`
    current.set(user, { spell, status, at })
    const fields = { UserId: user, ServicePresenceStatusId: status, IsCurrentState: true }
    events.push(eventOf({ changeType: 'CREATE', recordIds: [spell], at, ...transaction, sequenceNumber: 2, fields }))
    return events
  }

  const unreadable = () => {
    readable = false
  }
  const shown = () => Object.fromEntries(USERS.map((user) => [user, current.get(user)?.status ?? OFFLINE]))
  const believed = () => Object.fromEntries(USERS.map((user) => [user, beliefs.get(user)?.status ?? OFFLINE]))
  return {
    clock,
    memory,
    changes,
    choose,
    readAll,
    shown,
    believed,
    told,
    gaps,
    unreadable,
    works,
    asked: () => asked,
    current,
  }
}

/** A bus with one subscription over the real stream: what is published while it is cut is replayed from its position, or was lost. */
async function bus({ clock, changes, readAll }: ReturnType<typeof bench>) {
  const published: ChangeEvent[] = []
  const marks = new Map<string, string>()
  let dial: Dial | null = null
  let cutNow: () => void = () => {}
  let opens = true

  function deliver(place: number): void {
    const event = published[place]
    if (event) dial?.onDelivery({ payload: event.payload, id: event.id, position: String(place) })
  }

  const transport: Transport = {
    title: 'a bus',
    markPrefix: 'bus:',
    open(to) {
      const ended = Promise.withResolvers<Trouble>()
      const end = (kind: Trouble['kind']) => {
        if (dial === to) dial = null
        ended.resolve({ kind, words: kind })
      }
      if (!opens) {
        end('network')
        return {
          opened: Promise.reject(new StreamRefused({ kind: 'network', words: 'cut' })),
          ended: ended.promise,
          close() {},
        }
      }
      cutNow = () => end('network')
      dial = to
      const from = to.position === null ? published.length : Number(to.position) + 1
      clock.soon(() => {
        for (let place = from; place < published.length && dial === to; place++) deliver(place)
      })
      return { opened: Promise.resolve(), ended: ended.promise, close: () => end('closed') }
    },
  }
  const stream = createStream({
    transport,
    channel: '/data/x',
    client: { authorize: async () => ({ accessToken: 'a', instanceUrl: 'b', tenantId: 'c' }) },
    clock,
    log: SILENT,
    marks: { get: (key) => marks.get(key), set: (key, value) => void marks.set(key, value) },
    random: () => 0.5,
    onEvent: changes.take,
    onGap: () => readAll(),
    onLink: (up) => up && readAll(),
  })
  await stream.start()
  return {
    /** Each after its delay; a second time after another. */
    publish(event: ChangeEvent, { delayMs, copyMs }: { readonly delayMs: number; readonly copyMs: number | null }) {
      const place = published.push(event) - 1
      if (dial === null) return
      const on = dial
      const later = () => dial === on && deliver(place)
      clock.after(delayMs, later)
      if (copyMs !== null) clock.after(delayMs + copyMs, later)
    },
    cut() {
      opens = false
      cutNow()
    },
    mend() {
      opens = true
    },
    stop: stream.stop,
  }
}

const step = fc.record({
  user: fc.constantFrom(...USERS),
  status: fc.constantFrom(...STATUSES),
  together: fc.boolean(),
  waitMs: fc.constantFrom(1, 20, 700, 3_000),
  /** How long each of its events is on its way, ms: below the hold. */
  delays: fc.tuple(fc.nat(900), fc.nat(900)),
  /** A second copy comes so much later. */
  copyMs: fc.option(fc.nat(5_000)),
  /** Before it the connection is cut, or can be made again. */
  line: fc.constantFrom('as it is', 'as it is', 'as it is', 'cut', 'mend'),
})

describe('change events', () => {
  test('twice, out of order within the hold, cut and replayed: in the end what the org shows is believed', async () => {
    let [told, cuts] = [0, 0]
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const org = bench()
        const { clock, choose, shown, believed } = org
        const line = await bus(org)
        for (const { user, status, together, waitMs, delays, copyMs, ...rest } of steps) {
          if (rest.line === 'cut') line.cut()
          if (rest.line === 'mend') line.mend()
          cuts += rest.line === 'cut' ? 1 : 0
          for (const [place, event] of choose(user, status, together).entries()) {
            line.publish(event, { delayMs: delays[place] ?? 0, copyMs })
            told++
          }
          await clock.advance(waitMs)
        }
        line.mend()
        await clock.advance(90_000)
        expect(believed()).toEqual(shown())
        await line.stop()
      }),
      { numRuns: 300 },
    )
    expect([told > 1_000, cuts > 100]).toEqual([true, true])
  })

  test('an end that another beginning has overtaken costs no reading', async () => {
    const { clock, changes, choose, believed, asked } = bench()
    const [jane] = USERS as [PlatformUserId]
    const [first, second] = STATUSES as [StatusId, StatusId]
    for (const event of choose(jane, first, false)) changes.take(event)
    await clock.advance(10)
    for (const event of choose(jane, second, true).reverse()) changes.take(event)
    await clock.advance(10_000)
    expect(believed()[jane]).toBe(second)
    expect(asked()).toBe(0)
  })

  test('the beginning of a spell that was heard to end does not bring it back, not even for a moment', async () => {
    const { clock, memory, changes, choose, believed, told, gaps, current } = bench()
    const [jane] = USERS as [PlatformUserId]
    const begun = choose(jane, STATUSES[0] as StatusId, false)
    // A reading has shown it meanwhile.
    memory.learnSpell(current.get(jane)?.spell ?? '', jane)
    await clock.advance(10)
    const ended = choose(jane, OFFLINE, false)
    for (const event of [...ended, ...begun]) changes.take(event)
    await clock.advance(10_000)
    expect(believed()[jane]).toBe(OFFLINE)
    expect([told, gaps]).toEqual([[OFFLINE], []])
  })

  test.each([
    ['another one', STATUSES[1] as StatusId],
    ['none', OFFLINE],
  ])(
    'a status from before the last reading, which has shown %s, is history: it is not told, the person is read',
    async (_what, then) => {
      const { clock, changes, choose, readAll, believed, told, gaps } = bench()
      const [jane, lee] = USERS as [PlatformUserId, PlatformUserId]
      const old = [...choose(jane, STATUSES[0] as StatusId, false), ...choose(lee, STATUSES[0] as StatusId, false)]
      await clock.advance(300)
      const newer = [...choose(jane, then, false), ...choose(lee, then, false)]
      await clock.advance(10)
      readAll()
      // As after a restart: what is replayed comes after the reading.
      for (const event of [...old, ...newer]) changes.take(event)
      await clock.advance(10_000)
      expect([believed()[jane], believed()[lee]]).toEqual([then, then])
      expect(told).not.toContain(STATUSES[0])
      expect(gaps[0]).toEqual([jane, lee])
    },
  )

  test('what may be history is believed after some seconds where nobody can be read', async () => {
    const { clock, changes, choose, readAll, told, unreadable } = bench()
    const [jane, lee] = USERS as [PlatformUserId, PlatformUserId]
    const old = [...choose(jane, STATUSES[0] as StatusId, false), ...choose(lee, STATUSES[1] as StatusId, false)]
    readAll()
    choose(jane, OFFLINE, false)
    choose(lee, OFFLINE, false)
    await clock.advance(10)
    readAll()
    unreadable()
    for (const event of old) changes.take(event)
    await clock.advance(2_500)
    expect(told).toEqual([])
    await clock.advance(2_000)
    expect(told).toEqual([STATUSES[0], STATUSES[1]])
  })

  test('work from before the last reading, which does not have it, is history; its end is told all the same', async () => {
    const { clock, memory, changes, works, gaps } = bench()
    const [jane] = USERS as [PlatformUserId]
    const at = clock.now()
    const item = (id: string, Status: string, from = at) => {
      const fields = { UserId: jane, Status }
      return eventOf({ entityName: 'AgentWork', changeType: 'CREATE', recordIds: [id], at: from, fields })
    }
    await clock.advance(1_000)
    const open = [{ item: '0Bz000000000001AAA', channel: null, state: 'accepted', stamp: { at } }] as const
    memory.wasRead(jane, { status: OFFLINE, stamp: { at }, work: open }, clock.now())
    // Gone by the time of the reading; further by then; and new.
    for (const status of ['Assigned', 'Opened', 'Closed']) changes.take(item('0Bz000000000002AAA', status))
    for (const status of ['Assigned', 'Opened']) changes.take(item('0Bz000000000001AAA', status))
    changes.take(item('0Bz000000000003AAA', 'Assigned', clock.now() + 1))
    await clock.advance(1_000)
    expect(works).toEqual(['closed', 'accepted', 'offered'])
    expect(gaps).toEqual([[jane]])
  })

  test('a status that follows the one which a reading has shown is told at once', async () => {
    const { clock, changes, choose, readAll, told, gaps, asked } = bench()
    const [jane] = USERS as [PlatformUserId]
    choose(jane, STATUSES[0] as StatusId, false)
    await clock.advance(10)
    readAll()
    await clock.advance(10)
    for (const event of choose(jane, STATUSES[1] as StatusId, false)) changes.take(event)
    expect(told).toEqual([STATUSES[1]])
    await clock.advance(60_000)
    for (const event of choose(jane, OFFLINE, false)) changes.take(event)
    await clock.advance(60_000)
    for (const event of choose(jane, STATUSES[0] as StatusId, false)) changes.take(event)
    expect(told).toEqual([STATUSES[1], OFFLINE, STATUSES[0]])
    expect([gaps, asked()]).toEqual([[], 1])
  })

  test('of several changes in one transaction the last one counts, in whatever order they come', async () => {
    const { clock, changes, believed } = bench()
    const [jane] = USERS as [PlatformUserId]
    const changed = [0, 1].map((index) => {
      const fields = { UserId: jane, ServicePresenceStatusId: STATUSES[index], IsCurrentState: true }
      const recordIds = [`0PE00000000000${index}AAA`]
      const [at, sequenceNumber] = [clock.now(), index + 1]
      return eventOf({ changeType: 'CREATE', recordIds, at, transactionKey: 'one', sequenceNumber, fields })
    })
    for (const event of changed.reverse()) changes.take(event)
    await clock.advance(10_000)
    expect(believed()[jane]).toBe(STATUSES[1])
  })

  test('one event may end the spells of several people', async () => {
    const { clock, changes, choose, shown, believed, current, gaps } = bench()
    const [jane, lee] = USERS as [PlatformUserId, PlatformUserId]
    for (const user of [jane, lee])
      for (const event of choose(user, STATUSES[0] as StatusId, false)) changes.take(event)
    const recordIds = [jane, lee].map((user) => current.get(user)?.spell ?? '')
    current.clear()
    const fields = { IsCurrentState: false }
    changes.take(
      eventOf({ changeType: 'UPDATE', recordIds, at: clock.now() + 5, fields, changedFields: ['IsCurrentState'] }),
    )
    await clock.advance(10_000)
    expect(believed()).toEqual(shown())
    expect(gaps).toEqual([])
  })

  test('an update of something else ends nothing, whatever else the event carries', async () => {
    const { clock, changes, choose, believed, asked } = bench()
    const [jane] = USERS as [PlatformUserId]
    const [begun] = choose(jane, STATUSES[0] as StatusId, false)
    if (begun) changes.take(begun)
    const recordIds = begun?.payload.ChangeEventHeader.recordIds ?? []
    const fields = { IsCurrentState: false, UserId: jane }
    changes.take(
      eventOf({ changeType: 'UPDATE', recordIds, at: clock.now() + 5, fields, changedFields: ['IdleDuration'] }),
    )
    await clock.advance(10_000)
    expect(believed()[jane]).toBe(STATUSES[0])
    expect(asked()).toBe(0)
  })

  test.each(['GAP_CREATE', 'GAP_UPDATE', 'GAP_DELETE', 'GAP_UNDELETE', 'GAP_OVERFLOW', 'DELETE', 'UNDELETE'])(
    '%s asks for a reading: of those concerned where they are known, else of everybody, once',
    async (changeType) => {
      const { clock, changes, choose, gaps, current } = bench()
      const [jane] = USERS as [PlatformUserId]
      for (const event of choose(jane, STATUSES[0] as StatusId, false)) changes.take(event)
      const known = current.get(jane)?.spell ?? ''
      changes.take(eventOf({ changeType, recordIds: [known], at: clock.now() }))
      expect(gaps).toEqual([[jane]])
      changes.take(eventOf({ changeType, recordIds: ['0PE*'], at: clock.now() }))
      changes.take(eventOf({ changeType, recordIds: [], at: clock.now() }))
      changes.take(eventOf({ changeType, recordIds: [known, '0PE000000000999AAA'], at: clock.now() }))
      await clock.advance(10_000)
      expect(gaps).toEqual([[jane], undefined])
    },
  )
})
