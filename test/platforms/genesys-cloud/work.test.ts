// What an agent has to do, read from one conversation: each medium, each state, each way in which work passes on or ends.

import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SILENT } from '../../../src/domain/log.ts'
import { createSurprises } from '../../../src/platforms/genesys-cloud/surprises.ts'
import { Conversation } from '../../../src/platforms/genesys-cloud/wire.ts'
import { channelOfSummary, itemsOf, unflatten } from '../../../src/platforms/genesys-cloud/work.ts'
import { createWorkTracker } from '../../../src/platforms/genesys-cloud/work-tracker.ts'

const JANE = 'abcdef00-0000-4000-a000-000000000001'
const LEE = 'abcdef00-0000-4000-a000-000000000002'
const START = Date.parse('2026-11-21T10:00:00.000Z')
const iso = (seconds: number) => new Date(START + seconds * 1_000).toISOString()

/** One participant with one leg: `leg` and `rest` say what is special. */
type Part = { readonly user?: string; readonly array?: string; readonly leg: object; readonly rest?: object }

function conversation(...parts: readonly Part[]): Conversation {
  const participants = parts.map(({ user = JANE, array = 'calls', leg, rest }, at) => ({
    ...{ id: `p${at}`, purpose: 'agent', userId: user, ...rest, [array]: [{ id: `l${at}`, ...leg }] },
  }))
  return Conversation.parse({ id: 'c1', participants })
}

function read(body: Conversation, { user = JANE, at = 600 } = {}) {
  const said: unknown[] = []
  const surprises = createSurprises({ ...SILENT, warn: (context) => said.push(context) })
  return { items: itemsOf(body, { user, surprises, now: START + at * 1_000 }), said }
}

const stateOf = (body: Conversation, options?: { user?: string; at?: number }) => read(body, options).items[0]?.state

const connected = { state: 'connected', connectedTime: iso(10) }
const over = { state: 'disconnected', connectedTime: iso(10), disconnectedTime: iso(60), disconnectType: 'client' }

describe('every medium', () => {
  test.each([
    ['calls', 'call', 'call'],
    ['callbacks', 'callback', 'callback'],
    ['chats', 'chat', 'chat'],
    ['emails', 'email', 'email'],
    ['messages', 'message', 'message'],
    ['socialExpressions', 'social', 'socialExpression'],
    ['videos', 'video', 'video'],
  ])('%s are work of the channel %s, also in the summary', (array, channel, counted) => {
    const { items } = read(conversation({ array, leg: connected }))
    expect(items).toMatchObject([{ item: 'c1', channel, state: 'accepted' }])
    expect(channelOfSummary(counted)).toBe(channel)
    const flat = { id: 'c1', participants: [{ id: 'p0', user: { id: JANE }, ...connected }] }
    const same = unflatten(flat, array.toLowerCase())
    expect(same && read(same).items).toMatchObject([{ item: 'c1', channel, state: 'accepted' }])
  })

  test.each(['screenshares', 'cobrowsesessions', 'internalMessages', 'screenMonitorings'])('%s are none', (array) => {
    expect(read(conversation({ array, leg: connected })).items).toEqual([])
    expect(unflatten({ id: 'c1' }, array)).toBeUndefined()
  })
})

describe('every state of a connection', () => {
  test.each([
    ['alerting', 'offered'],
    ['contacting', 'offered'],
    ['offering', 'offered'],
    ['dialing', 'accepted'],
    ['connected', 'accepted'],
    ['uploading', 'accepted'],
    ['converting', 'accepted'],
    ['transmitting', 'accepted'],
    ['parked', 'closed'],
    ['disconnected', 'closed'],
    ['terminated', 'closed'],
    ['scheduled', undefined],
    ['none', undefined],
  ])('%s is %s', (state, expected) => {
    const { items, said } = read(conversation({ leg: { state } }))
    expect(items[0]?.state).toBe(expected)
    expect(said).toEqual([])
  })

  test('a call on hold is still the agent’s', () => {
    expect(stateOf(conversation({ leg: { ...connected, held: true, startHoldTime: iso(20) } }))).toBe('accepted')
  })

  test('a word that is not known says nothing and is told; beside it what is known still holds', () => {
    const odd = { leg: { state: 'levitating' } }
    expect(read(conversation(odd))).toMatchObject({ items: [], said: [{ value: 'levitating' }] })
    expect(stateOf(conversation({ leg: connected }, odd))).toBe('accepted')
    expect(stateOf(conversation({ leg: over }, odd))).toBeUndefined()
  })
})

describe('every end', () => {
  const rang = (disconnectType: string) => ({
    leg: { state: 'disconnected', disconnectType, disconnectedTime: iso(30) },
  })
  test.each([
    ['system', 'timed_out'],
    ['timeout', 'timed_out'],
    ['transfer.noanswer', 'timed_out'],
    ['transfer.notavailable', 'timed_out'],
    ['client', 'declined'],
    ['endpoint', 'declined'],
    ['endpoint.dnd', 'declined'],
    ['transfer.dnd', 'declined'],
    ['peer', 'cancelled'],
    ['error', 'closed'],
    ['transfer', 'transferred'],
  ])('an offer that ends by %s was %s', (type, expected) => {
    expect(stateOf(conversation(rang(type)))).toBe(expected)
  })

  test.each([
    ['client', 'closed'],
    ['peer', 'closed'],
    ['endpoint', 'closed'],
    ['system', 'closed'],
    ['inactivity', 'closed'],
    ['session.expired', 'closed'],
    ['transport.failure', 'closed'],
    ['transfer', 'transferred'],
    ['transfer.consult', 'transferred'],
    ['transfer.conference', 'transferred'],
    ['transfer.forward', 'transferred'],
  ])('work that ends by %s is %s', (disconnectType, expected) => {
    const { items, said } = read(conversation({ leg: { ...over, disconnectType } }))
    expect(items[0]?.state).toBe(expected)
    expect(said).toEqual([])
  })

  test('an end for a reason that is not known is an end, and the reason is told', () => {
    const { items, said } = read(conversation({ leg: { ...over, disconnectType: 'evaporated' } }))
    expect(items[0]?.state).toBe('closed')
    expect(said).toMatchObject([{ what: 'disconnect type', value: 'evaporated' }])
  })
})

describe('after-call work', () => {
  const acw = { wrapupRequired: true, startAcwTime: iso(60) }
  const timed = { ...acw, wrapupTimeoutMs: 30_000 }
  test.each<[string, object, object, string]>([
    ['lasts while it has begun and neither a code nor an end is there', acw, {}, 'wrap_up'],
    ['is over with its end', { ...acw, endAcwTime: iso(90) }, {}, 'closed'],
    ['is over with a code', { ...acw, wrapup: { code: 'x', endTime: iso(90) } }, {}, 'closed'],
    ['is over with a code of the connection itself', acw, { wrapup: { code: 'x', endTime: iso(90) } }, 'closed'],
    ['lasts by the word of the connection alone', {}, { afterCallWork: { state: 'pending' } }, 'wrap_up'],
    [
      'lasts after a code that was given during the call',
      { ...acw, wrapup: { code: 'x' } },
      { afterCallWork: { state: 'pending' } },
      'wrap_up',
    ],
    ['is over when the connection says complete', acw, { afterCallWork: { state: 'complete' } }, 'closed'],
    ['is over when the connection says skipped', acw, { afterCallWork: { state: 'skipped' } }, 'closed'],
    [
      'is over with its end, whatever the connection says',
      { ...acw, endAcwTime: iso(90) },
      { afterCallWork: { state: 'pending' } },
      'closed',
    ],
    ['is none where none is asked for', { wrapupRequired: false, startAcwTime: iso(60) }, {}, 'closed'],
    ['is none before it has begun', { wrapupRequired: true }, {}, 'closed'],
    ['is over when its time is over and nobody said so', { ...timed, wrapupPrompt: 'forcedTimeout' }, {}, 'closed'],
    ['is over when its time is over, as events spell it', { ...timed, wrapupPrompt: 'TIMEOUT' }, {}, 'closed'],
    ['is not over by time where the agent must say so', { ...timed, wrapupPrompt: 'mandatory' }, {}, 'wrap_up'],
  ])('%s', (_, rest, leg, expected) => {
    expect(stateOf(conversation({ leg: { ...over, ...leg }, rest }))).toBe(expected)
  })

  test('with a time-out lasts until the time-out and some grace are over', () => {
    const body = conversation({ leg: over, rest: { ...timed, wrapupPrompt: 'forcedTimeout' } })
    expect(stateOf(body, { at: 90 })).toBe('wrap_up')
    expect(stateOf(body, { at: 149 })).toBe('wrap_up')
    expect(stateOf(body, { at: 151 })).toBe('closed')
  })
})

describe('several people and turns', () => {
  test('a consult is work of both, and ends for the one who was asked alone', () => {
    const jane = { leg: { ...connected, held: true } }
    const asked = (leg: object) => ({ user: LEE, leg, rest: { consultParticipantId: 'p0' } })
    const rings = conversation(jane, asked({ state: 'alerting' }))
    expect([stateOf(rings), stateOf(rings, { user: LEE })]).toEqual(['accepted', 'offered'])
    const talk = conversation(jane, asked(connected))
    expect([stateOf(talk), stateOf(talk, { user: LEE })]).toEqual(['accepted', 'accepted'])
    const back = conversation({ leg: connected }, asked(over))
    expect([stateOf(back), stateOf(back, { user: LEE })]).toEqual(['accepted', 'closed'])
    const gone = conversation({ leg: { ...over, disconnectType: 'transfer.consult' } }, asked(connected))
    expect([stateOf(gone), stateOf(gone, { user: LEE })]).toEqual(['transferred', 'accepted'])
  })

  test('a missed offer is a participant of its own, beside the next offer of the same agent', () => {
    const missed = { leg: { state: 'disconnected', disconnectType: 'system' }, rest: { wrapupRequired: false } }
    expect(stateOf(conversation(missed))).toBe('timed_out')
    expect(stateOf(conversation(missed, { leg: { state: 'alerting' } }))).toBe('offered')
    expect(stateOf(conversation({ leg: connected }, missed))).toBe('accepted')
  })

  test('someone who has the call again is not in the after-call work of the first time', () => {
    const first = { leg: over, rest: { wrapupRequired: true, startAcwTime: iso(60) } }
    expect(stateOf(conversation(first, { leg: connected }))).toBe('accepted')
    expect(stateOf(conversation(first, { leg: over }))).toBe('wrap_up')
  })
})

// One call's life as the platform would tell it; every history is a beginning of one of them.
const LIVES: Readonly<Record<string, readonly Conversation[]>> = {
  'missed, taken, held, wrapped up': [
    conversation({ leg: { state: 'alerting', startAlertingTime: iso(1) } }),
    conversation({ leg: { state: 'disconnected', disconnectType: 'system', disconnectedTime: iso(20) } }),
    ...[{ state: 'alerting' }, connected, { ...connected, held: true, startHoldTime: iso(25) }].map((leg) =>
      conversation({ leg: { state: 'terminated', disconnectType: 'system', disconnectedTime: iso(20) } }, { leg }),
    ),
    ...[{}, { endAcwTime: iso(90), wrapup: { code: 'x', endTime: iso(90) } }].map((acw) =>
      conversation(
        { leg: { state: 'terminated', disconnectType: 'system', disconnectedTime: iso(20) } },
        { leg: over, rest: { wrapupRequired: true, startAcwTime: iso(60), ...acw } },
      ),
    ),
  ],
  'an e-mail, parked and taken up twice': [
    conversation({ array: 'emails', leg: { state: 'alerting' } }),
    conversation({ array: 'emails', leg: connected }),
    conversation({ array: 'emails', leg: { ...connected, state: 'parked', parkTime: iso(20) } }),
    conversation({ array: 'emails', leg: { ...connected, parkTime: iso(20), resumeTime: iso(30) } }),
    conversation({ array: 'emails', leg: { ...connected, state: 'parked', parkTime: iso(40), resumeTime: iso(30) } }),
    conversation({ array: 'emails', leg: { ...connected, parkTime: iso(40), resumeTime: iso(50) } }),
    conversation({ array: 'emails', leg: { ...over, parkTime: iso(40), resumeTime: iso(50) } }),
  ],
}

test.each(Object.entries(LIVES))(
  'any order of the events of a call ends in the same work, however far the call has come: %s',
  (_, life) => {
    const open = (events: readonly Conversation[]) => {
      const tracker = createWorkTracker()
      for (const [at, event] of events.entries())
        tracker.take(JANE, 'c1', read(event).items, { at: START + 600_000 + at })
      return tracker.openItems(JANE).map(({ item, channel, state }) => ({ item, channel, state }))
    }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: life.length }), fc.infiniteStream(fc.nat()), (length, order) => {
        const heard = life.slice(0, length)
        const keyed = [...heard, ...heard].map((event) => ({ event, key: order.next().value ?? 0 }))
        const shuffled = keyed.toSorted((one, other) => one.key - other.key).map(({ event }) => event)
        expect(open(shuffled)).toEqual(open(heard))
      }),
      { numRuns: 500 },
    )
  },
)
