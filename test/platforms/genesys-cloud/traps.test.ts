// What Genesys Cloud is known to do to its clients, each on real sockets: what is believed at the end is what the organisation shows.

import { afterEach, describe, expect, test } from '@jest/globals'
import type { StatusId } from '../../../src/domain/side.ts'
import { isOpen } from '../../../src/domain/work.ts'
import { eventually } from '../../sandbox/genesys-cloud/support.ts'
import { type Ear, type EarOptions, openEar, writeOptions } from './bridge-ear.ts'

const ears: Ear[] = []
afterEach(async () => {
  for (const ear of ears.splice(0)) await ear.close()
})

async function listening(options: EarOptions = {}): Promise<Ear> {
  const ear = await openEar(options)
  ears.push(ear)
  await ear.adapter.catalogue()
  await ear.start()
  return ear
}

const write = (ear: Ear, label: string, user = ear.jane) => ear.adapter.setStatus(user, ear.id(label), writeOptions())
const shown = (ear: Ear, user = ear.jane) => ear.organisation.model.user(user)?.presence.label
const made = (ear: Ear) => ear.calls.filter(({ operation }) => operation === 'channel.create').length
const up = (ear: Ear, times: number) =>
  eventually('the link up again', () => ear.links.filter((link) => link.up).length === times)

/** Whoever believes the newest report by its time. */
function believed(ear: Ear, user = ear.jane): { status: StatusId | undefined; open: readonly string[] } {
  const newest = new Map<string, (typeof ear.heard)[number]['report']>()
  for (const one of ear.heard) {
    if (one.user !== user) continue
    const key = one.report.kind === 'work' ? one.report.item : 'status'
    if (one.report.stamp.at >= (newest.get(key)?.stamp.at ?? 0)) newest.set(key, one.report)
  }
  const status = newest.get('status')
  const open = [...newest].flatMap(([item, report]) =>
    report.kind === 'work' && isOpen(report.state) ? [`${item} ${report.state}`] : [],
  )
  return { status: status?.kind === 'status' ? status.status : undefined, open }
}

describe('limits', () => {
  test.each([
    ['seconds', 1, 1_000],
    ['hours', 7_200, 7_200_000],
  ])('a 429 with Retry-After in %s holds back every call until then', async (_, seconds, ms) => {
    const ear = await listening()
    ear.organisation.server.faults.rateLimitNext(1, seconds)
    const before = Date.now()
    const result = await write(ear, 'Break')
    expect(result.kind).toBe('rate_limited')
    const untilMs = result.kind === 'rate_limited' ? result.untilMs : 0
    expect(untilMs).toBeGreaterThanOrEqual(before + ms)
    expect(untilMs).toBeLessThan(Date.now() + ms + 1)
    const calls = ear.calls.length
    expect((await write(ear, 'Meal', ear.lee)).kind).toBe('rate_limited')
    expect(ear.calls).toHaveLength(calls)
  })

  test('what the answers say about the minute keeps the next call from being one too many', async () => {
    const ear = await listening({ callsPerMinute: 8, timing: { writeTurnMs: 20 } })
    const kinds: string[] = []
    for (let at = 0; at < 12; at++) kinds.push((await write(ear, at % 2 === 0 ? 'Break' : 'Meal')).kind)
    expect(kinds).toContain('accepted')
    expect(kinds.at(-1)).toBe('rate_limited')
    expect(ear.calls.filter(({ ok }) => !ok)).toEqual([])
  })
})

describe('tokens and channels', () => {
  test('a token that ends early is replaced, for a reading and for a write', async () => {
    const ear = await listening()
    ear.organisation.server.faults.expireTokens()
    expect((await ear.adapter.snapshot([ear.jane])).has(ear.jane)).toBe(true)
    ear.organisation.server.faults.expireTokens()
    expect(await write(ear, 'Break')).toEqual({ kind: 'accepted' })
    expect(shown(ear)).toBe('Break')
  })

  test.each([401, 404])('a socket that is refused with %i leads to a channel of its own', async (status) => {
    const ear = await listening()
    const { model, server } = ear.organisation
    server.faults.refuseUpgrades(1, status)
    server.faults.dropSockets()
    await up(ear, 2)
    expect(made(ear)).toBe(2)
    model.setPresence(ear.jane, 'Meal')
    await ear.untilStatus(ear.jane, 'Meal')
  })

  test('heartbeats that stop without a close are noticed, and what was missed is read', async () => {
    const ear = await listening({ heartbeatMs: 20, timing: { pingAfterMs: 40, silenceMs: 100 } })
    const { model, server } = ear.organisation
    server.faults.silence(true)
    model.setPresence(ear.jane, 'Meal')
    await eventually('the silence', () =>
      ear.links.find(({ up: isUp, why }) => !isUp && why.includes('nothing was heard')),
    )
    server.faults.silence(false)
    await up(ear, 2)
    expect((await ear.adapter.snapshot([ear.jane])).get(ear.jane)?.status).toBe(ear.id('Meal'))
  })

  test('a socket that is announced to close is opened anew on the same channel', async () => {
    const ear = await listening()
    ear.organisation.server.faults.announceClosing()
    await up(ear, 2)
    expect(made(ear)).toBe(1)
    ear.organisation.model.setPresence(ear.jane, 'Meal')
    await ear.untilStatus(ear.jane, 'Meal')
  })

  test('a channel that the platform has forgotten is replaced', async () => {
    const ear = await listening()
    ear.organisation.server.faults.evictChannels()
    await up(ear, 2)
    expect(made(ear)).toBe(2)
    ear.organisation.model.setPresence(ear.jane, 'Meal')
    await ear.untilStatus(ear.jane, 'Meal')
  })

  test('one part of a combined topic that is refused is named; the other parts are heard', async () => {
    const ear = await openEar()
    ears.push(ear)
    ear.organisation.server.faults.rejectTopic('.conversations')
    await ear.start()
    // One line for everybody whom it concerns.
    const told = ear.logged.filter(({ code }) => code === 'genesys.topic_rejected')
    expect(told).toEqual([expect.objectContaining({ topic: `v2.users.${ear.jane}.conversations`, topics: 2 })])
    ear.organisation.model.setPresence(ear.jane, 'Meal')
    await ear.untilStatus(ear.jane, 'Meal')
  })

  test('without the activity nothing is missed and nobody is told to mend anything', async () => {
    const ear = await openEar()
    ears.push(ear)
    ear.organisation.server.faults.rejectTopic('.activity')
    await ear.start()
    expect(ear.logged.filter(({ code }) => code === 'genesys.topic_rejected')).toEqual([])
    expect(ear.adapter.health().details).toMatchObject({ rejectedTopics: 0 })
    const { model } = ear.organisation
    model.setPresence(ear.jane, 'On Queue')
    model.miss(model.arrive('call').id)
    await ear.untilStatus(ear.jane, 'Not Responding')
  })

  test('without presence and routing of its own the activity tells both', async () => {
    const ear = await openEar()
    ears.push(ear)
    ear.organisation.server.faults.rejectTopic('.presence')
    ear.organisation.server.faults.rejectTopic('.routingStatus')
    await ear.start()
    const { model } = ear.organisation
    model.setPresence(ear.jane, 'On Queue')
    model.miss(model.arrive('call').id)
    expect(await ear.untilStatus(ear.jane, 'Not Responding')).toMatchObject({ by: 'system' })
  })
})

describe('events', () => {
  /** A shift in small: everything after which statuses and work are told. */
  function shift(ear: Ear): void {
    const { model } = ear.organisation
    model.setPresence(ear.jane, 'On Queue')
    const missed = model.arrive('call')
    model.miss(missed.id)
    model.setIdle(ear.jane)
    model.answer(missed.id)
    model.hold(missed.id, true)
    model.hangUp(missed.id, { wrapUp: true })
    model.finishWrapUp(missed.id)
    model.setPresence(ear.jane, 'Meal')
    const own = model.offer(ear.jane, 'chat')
    model.answer(own.id)
  }

  /** The shift's end has been heard of, whatever came before or after it. */
  async function heardOut(ear: Ear): Promise<void> {
    ear.organisation.model.setPresence(ear.lee, 'Coaching')
    await ear.untilStatus(ear.lee, 'Coaching')
  }

  test.each([
    ['twice', (ear: Ear) => ear.organisation.server.faults.repeatEvents(true)],
    ['once', () => {}],
  ])('told %s bring what the organisation shows', async (_, before) => {
    const ear = await listening()
    before(ear)
    shift(ear)
    await heardOut(ear)
    const chat = ear.organisation.model.conversations().at(-1)
    expect(believed(ear)).toEqual({ status: ear.id('Meal'), open: [`${chat?.id} accepted`] })
    // Holding and the second word for an end change nothing and are not told.
    const states = ear.work(ear.jane).map(({ state }) => state)
    expect(states).toEqual(['offered', 'timed_out', 'offered', 'accepted', 'wrap_up', 'closed', 'offered', 'accepted'])
  })

  test('told in the wrong order, the newest first, bring what the organisation shows', async () => {
    const ear = await listening()
    const { faults } = ear.organisation.server
    faults.turnEventsAround(true)
    shift(ear)
    faults.turnEventsAround(false)
    await heardOut(ear)
    const chat = ear.organisation.model.conversations().at(-1)
    expect(believed(ear)).toEqual({ status: ear.id('Meal'), open: [`${chat?.id} accepted`] })
  })

  test('lost in a gap are made good by the reading after it', async () => {
    const ear = await listening()
    const { model, server } = ear.organisation
    const call = model.offer(ear.jane, 'call')
    model.answer(call.id)
    await ear.untilWork(ear.jane, 'accepted')
    server.faults.dropSockets()
    await eventually('the link down', () => ear.links.some((link) => !link.up))
    model.hangUp(call.id)
    model.setPresence(ear.jane, 'Meal')
    const chat = model.offer(ear.jane, 'chat')
    model.answer(chat.id)
    await up(ear, 2)
    const reading = (await ear.adapter.snapshot([ear.jane])).get(ear.jane)
    expect(reading).toMatchObject({ status: ear.id('Meal'), work: [{ item: chat.id, state: 'accepted' }] })
  })

  test('that spell the queue ON_QUEUE mean what readings call On Queue', async () => {
    const ear = await listening()
    ear.organisation.model.setPresence(ear.jane, 'On Queue')
    const event = await ear.untilStatus(ear.jane, 'On Queue')
    const reading = (await ear.adapter.snapshot([ear.jane])).get(ear.jane)
    expect(reading?.status).toBe(event.status)
  })

  test('of the end of a call come twice, disconnected and terminated, and end it once', async () => {
    const ear = await listening()
    const { model } = ear.organisation
    const call = model.offer(ear.jane, 'call')
    model.answer(call.id)
    model.hangUp(call.id)
    await heardOut(ear)
    expect(ear.work(ear.jane).map(({ state }) => state)).toEqual(['offered', 'accepted', 'closed'])
  })

  test('of a missed offer are of a participant of its own, and the next offer is the same work again', async () => {
    const ear = await listening()
    const { model } = ear.organisation
    model.setPresence(ear.jane, 'On Queue')
    const call = model.arrive('call')
    model.miss(call.id)
    model.setPresence(ear.lee, 'On Queue')
    expect(await ear.untilWork(ear.lee, 'offered')).toMatchObject({ item: call.id })
    expect(ear.work(ear.jane).map(({ state }) => state)).toEqual(['offered', 'timed_out'])
    expect(believed(ear).open).toEqual([])
  })

  test('of after-call work without a code yet keep the work open', async () => {
    const ear = await listening()
    const { model } = ear.organisation
    const call = model.offer(ear.jane, 'call')
    model.answer(call.id)
    model.hangUp(call.id, { by: 'customer', wrapUp: true })
    await ear.untilWork(ear.jane, 'wrap_up')
    const work = () => ear.adapter.snapshot([ear.jane]).then((readings) => readings.get(ear.jane)?.work)
    expect(await work()).toMatchObject([{ item: call.id, state: 'wrap_up' }])
    model.finishWrapUp(call.id)
    await ear.untilWork(ear.jane, 'closed')
    expect(await work()).toEqual([])
  })
})

describe('writes', () => {
  test('without presence:userPresence:edit are refused, with the name of the permission', async () => {
    const ear = await listening()
    ear.organisation.server.faults.refuseWrites(ear.jane)
    const result = await write(ear, 'Break')
    expect(result).toMatchObject({ kind: 'refused', words: expect.stringContaining('presence:userPresence:edit') })
    expect(await write(ear, 'Break', ear.lee)).toEqual({ kind: 'accepted' })
    expect([shown(ear), shown(ear, ear.lee)]).toEqual(['Offline', 'Break'])
  })

  test('of the queue bring someone back who is Not Responding, which a presence alone does not', async () => {
    const ear = await listening()
    const { model } = ear.organisation
    model.setPresence(ear.jane, 'On Queue')
    model.miss(model.arrive('call').id)
    await ear.untilStatus(ear.jane, 'Not Responding')
    model.setPresence(ear.jane, 'On Queue')
    expect(model.user(ear.jane)?.routing).toBe('NOT_RESPONDING')
    expect(await write(ear, 'On Queue')).toEqual({ kind: 'accepted' })
    expect(model.user(ear.jane)?.routing).toBe('IDLE')
  })

  test('off the queue during a call may only be a request: no change is told before the call is over', async () => {
    const ear = await listening({ requestingOffQueue: true })
    const { model } = ear.organisation
    model.setPresence(ear.jane, 'On Queue')
    const call = model.arrive('call')
    model.answer(call.id)
    await ear.untilWork(ear.jane, 'accepted')
    model.setPresence(ear.jane, 'Break')
    expect(model.user(ear.jane)?.futurePresence?.label).toBe('Break')
    model.setPresence(ear.lee, 'Meal')
    await ear.untilStatus(ear.lee, 'Meal')
    expect(new Set(ear.statuses(ear.jane).map(({ status }) => status))).toEqual(new Set([ear.id('On Queue')]))
    expect((await ear.adapter.snapshot([ear.jane])).get(ear.jane)?.status).toBe(ear.id('On Queue'))
    model.hangUp(call.id)
    await ear.untilStatus(ear.jane, 'Break')
  })
})
