// What frames mean, also when they come late, twice, out of order, in other spellings, or half empty.

import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SILENT } from '../../../src/domain/log.ts'
import type { Report } from '../../../src/domain/report.ts'
import type { PlatformUserId } from '../../../src/domain/side.ts'
import { isOpen } from '../../../src/domain/work.ts'
import { createKnownDefinitions } from '../../../src/platforms/genesys-cloud/definitions.ts'
import { createFrameReader } from '../../../src/platforms/genesys-cloud/frames.ts'
import { createPresenceViews, ON_QUEUE_DEFINITION, shown } from '../../../src/platforms/genesys-cloud/presence-view.ts'
import { createSurprises } from '../../../src/platforms/genesys-cloud/surprises.ts'
import type { StreamFrame } from '../../../src/platforms/genesys-cloud/wire.ts'
import { createWorkTracker } from '../../../src/platforms/genesys-cloud/work-tracker.ts'
import { createGenesysModel, type GenesysModel } from '../../../src/sandbox/genesys-cloud/model.ts'
import {
  activityEvent,
  conversationBody,
  presenceEvent,
  routingEvent,
} from '../../../src/sandbox/genesys-cloud/render.ts'
import { seededRandom } from '../../sandbox/genesys-cloud/support.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

function reader(users: readonly PlatformUserId[]) {
  const clock = createVirtualClock()
  const reports: Report[] = []
  const tracker = createWorkTracker()
  const views = createPresenceViews()
  const logged: unknown[] = []
  const log = { ...SILENT, warn: (context: unknown) => logged.push(context) }
  const { statusOf } = createKnownDefinitions()
  const surprises = createSurprises(log)
  const onReport = (_user: PlatformUserId, report: Report) => reports.push(report)
  const read = createFrameReader({ clock, surprises, statusOf, views, tracker, users, onReport })
  return { read, reports, tracker, views, logged }
}

/** An organisation with one user, its events as frames, and as many steps as there are numbers. */
function live(steps: readonly number[]): { model: GenesysModel; user: PlatformUserId; frames: readonly StreamFrame[] } {
  const model = createGenesysModel({ clock: createVirtualClock(), random: seededRandom() })
  const user = model.addUser({ name: 'Jane', email: 'jane@acme.example' }).id as PlatformUserId
  const other = model.addUser({ name: 'Lee', email: 'lee@acme.example' }).id
  const frames: StreamFrame[] = []
  const push = (topic: string, eventBody: object) => frames.push({ topicName: `v2.users.${user}.${topic}`, eventBody })
  model.onChange((change) => {
    if (change.kind === 'conversation') push('conversations', conversationBody(change.conversation))
    else if (change.user.id === user) {
      if (change.kind === 'presence') push('presence', presenceEvent(change.user))
      if (change.kind === 'routing') push('routingStatus', routingEvent(change.user))
      push('activity', activityEvent(change.user))
    }
  })
  for (const step of steps) act(model, { user, other }, step)
  return { model, user, frames }
}

// Each number picks one of the things that can happen now, so that no step is idle.
function act(model: GenesysModel, { user, other }: { user: string; other: string }, step: number): void {
  const open = model.conversations().filter(({ endedAt }) => endedAt === null)
  const whose = (userId: string, state: string) =>
    open.find(({ participants }) => participants.at(-1)?.userId === userId && participants.at(-1)?.state === state)
  const last = (state: string) => whose(user, state)?.id
  const asked = whose(other, 'alerting') ?? whose(other, 'connected')
  const asks = asked?.participants.find(({ id }) => id === asked.participants.at(-1)?.consultedBy)
  const consulted = asks?.state === 'connected' ? asked?.id : undefined
  const held = asked?.id
  const wrapping = model
    .conversations()
    .find(({ participants }) => participants.some((one) => one.acwStartedAt !== null && one.acwEndedAt === null))?.id
  const ringing = last('alerting')
  const callback = whose(user, 'connected')?.medium === 'callback' ? last('connected') : undefined
  const talking = last('connected')
  const actions: (() => unknown)[] = [
    () => model.setPresence(user, model.user(user)?.presence.label === 'On Queue' ? 'Break' : 'On Queue'),
    ...(model.user(user)?.routing === 'NOT_RESPONDING' ? [() => model.setIdle(user)] : []),
    ...(open.length < 3
      ? [() => model.arrive('call'), () => model.offer(user, step % 2 === 0 ? 'chat' : 'callback')]
      : []),
    ...(ringing ? [() => model.answer(ringing), () => model.miss(ringing), () => model.decline(ringing)] : []),
    ...(ringing ? [() => model.hangUp(ringing, { by: 'customer' })] : []),
    ...(talking
      ? [
          () => model.hangUp(talking, { wrapUp: true }),
          () => model.transfer(talking, { wrapUp: true }),
          () => model.transferTo(talking, other, { wrapUp: true, ringFirst: step % 2 === 0 }),
          () => model.consult(talking, other),
          () => model.park(talking),
        ]
      : []),
    ...(callback ? [() => model.callBack(callback)] : []),
    ...(last('parked') ? [() => model.unpark(last('parked') ?? '')] : []),
    ...(held && asked?.participants.at(-1)?.state === 'alerting' ? [() => model.answer(held)] : []),
    ...(consulted
      ? [() => model.completeConsult(consulted), () => model.endConsult(consulted), () => model.confer(consulted)]
      : []),
    ...(held && !consulted ? [() => model.transferTo(held, user)] : []),
    () => model.setOutOfOffice(user, !model.user(user)?.outOfOffice.active),
    ...(wrapping ? [() => model.finishWrapUp(wrapping)] : []),
  ]
  actions[step % actions.length]?.()
}

const history = fc.array(fc.nat(1_000), { minLength: 5, maxLength: 25 })
const RUNS = { numRuns: 300 }

test('whatever order events come in and however often, the same work is open at the end', () => {
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.nat()), (steps, order) => {
      const { user, frames } = live(steps)
      const straight = reader([user])
      for (const frame of frames) straight.read(frame)
      const shuffled = reader([user])
      const twice = [...frames, ...frames].map((frame) => ({ frame, key: order.next().value ?? 0 }))
      for (const { frame } of twice.toSorted((one, other) => one.key - other.key)) shuffled.read(frame)
      const open = ({ tracker }: typeof straight) =>
        tracker
          .openItems(user)
          .map(({ item, state }) => `${item} ${state}`)
          .toSorted()
      expect(open(shuffled)).toEqual(open(straight))
      expect(shown(shuffled.views.of(user))).toBe(shown(straight.views.of(user)))
    }),
    RUNS,
  )
})

test('in whatever order events come, who believes the newest report by its time ends with what is shown', () => {
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.nat()), (steps, order) => {
      const { user, frames } = live(steps)
      const { read, reports, tracker, views } = reader([user])
      const keyed = frames.map((frame) => ({ frame, key: order.next().value ?? 0 }))
      for (const { frame } of keyed.toSorted((one, other) => one.key - other.key)) read(frame)
      const believed = new Map<string, Report>()
      for (const report of reports) {
        const what = report.kind === 'work' ? report.item : 'status'
        if (report.stamp.at >= (believed.get(what)?.stamp.at ?? 0)) believed.set(what, report)
      }
      const status = believed.get('status')
      expect(status?.kind === 'status' ? status.status : undefined).toBe(shown(views.of(user)))
      const open = [...believed.values()].filter((report) => report.kind === 'work' && isOpen(report.state))
      expect(open.map((report) => report.kind === 'work' && `${report.item} ${report.state}`).toSorted()).toEqual(
        tracker
          .openItems(user)
          .map(({ item, state }) => `${item} ${state}`)
          .toSorted(),
      )
    }),
    RUNS,
  )
})

const JANE = 'abcdef00-0000-4000-a000-000000000001' as PlatformUserId

function conversation(participants: readonly object[]): StreamFrame {
  return { topicName: `v2.users.${JANE.toUpperCase()}.conversations`, eventBody: { id: 'c1', participants } }
}

test('a callback and the call made for it are two items, each with its own medium', () => {
  const { read, reports } = reader([JANE])
  const call = { id: 'l2', state: 'dialing' }
  read(conversation([{ userId: JANE, callbacks: [{ id: 'l1', state: 'connected' }], calls: [] }]))
  read(conversation([{ userId: JANE, callbacks: [{ id: 'l1', state: 'connected' }], calls: [call] }]))
  expect(reports).toMatchObject([
    { item: 'c1', channel: 'callback' },
    { item: 'c1/call', channel: 'call' },
  ])
})

test('the media topics say the same in another shape', () => {
  const { read, reports } = reader([JANE])
  const flat = { id: 'p1', state: 'connected', user: { id: JANE }, connectedTime: '2026-11-21T10:00:00.000Z' }
  read({ topicName: `v2.users.${JANE}.conversations.calls`, eventBody: { id: 'c1', participants: [flat] } })
  const ended = { ...flat, state: 'terminated', endTime: '2026-11-21T10:01:00.000Z', disconnectType: 'peer' }
  read({ topicName: `v2.users.${JANE}.conversations.calls`, eventBody: { id: 'c1', participants: [ended] } })
  expect(reports).toMatchObject([
    { item: 'c1', channel: 'call', state: 'accepted', stamp: { at: Date.parse('2026-11-21T10:00:00Z') } },
    { item: 'c1', channel: 'call', state: 'closed', stamp: { at: Date.parse('2026-11-21T10:01:00Z') } },
  ])
})

test('a parked e-mail is out of the agent’s hands until it is taken up again', () => {
  const { read, reports } = reader([JANE])
  for (const state of ['connected', 'parked', 'connected']) {
    read(conversation([{ userId: JANE, emails: [{ id: `${reports.length}`, state }] }]))
  }
  expect(reports).toMatchObject([{ state: 'accepted' }, { state: 'closed' }, { state: 'accepted' }])
})

test('scheduled callbacks, other people’s legs and unknown words are no work; the unknown word is logged once', () => {
  const { read, reports, logged } = reader([JANE])
  read(conversation([{ userId: JANE, callbacks: [{ id: 'l1', state: 'scheduled' }] }]))
  read(conversation([{ userId: 'someone else', calls: [{ id: 'l1', state: 'connected' }] }]))
  for (let at = 0; at < 3; at++) read(conversation([{ userId: JANE, calls: [{ id: 'l1', state: 'levitating' }] }]))
  expect(reports).toEqual([])
  expect(logged).toMatchObject([{ code: 'genesys.unknown_value', value: 'levitating' }])
})

test('frames of unknown topics, other people and unreadable bodies are passed over', () => {
  const { read, reports } = reader([JANE])
  read({ topicName: 'channel.metadata', eventBody: { message: 'pong' } })
  read({ topicName: `v2.users.${JANE}.station`, eventBody: {} })
  read({ topicName: 'v2.users.other.presence', eventBody: { presenceDefinition: { id: 'x' } } })
  read({ topicName: `v2.users.${JANE}.presence`, eventBody: 'nonsense' })
  read({ topicName: `v2.users.${JANE}.conversations`, eventBody: null })
  read({ topicName: `v2.users.${JANE}.presence`, eventBody: { presenceDefinition: null } })
  expect(reports).toEqual([])
})

test('what a source that is not the primary one says is not what the user shows', () => {
  const { read, reports } = reader([JANE])
  const body = { source: 'PURECLOUD', primary: false, presenceDefinition: { id: 'x', systemPresence: 'BUSY' } }
  read({ topicName: `v2.users.${JANE}.presence`, eventBody: body })
  expect(reports).toEqual([])
})

test('a late presence is passed on with its own old time', () => {
  const { read, reports } = reader([JANE])
  const at = (modifiedDate: string, id: string) =>
    read({ topicName: `v2.users.${JANE}.presence`, eventBody: { modifiedDate, presenceDefinition: { id } } })
  at('2026-11-21T10:00:05.000Z', 'newer')
  at('2026-11-21T10:00:01.000Z', 'older')
  expect(reports).toMatchObject([
    { status: 'newer', stamp: { at: Date.parse('2026-11-21T10:00:05Z') } },
    { status: 'older', stamp: { at: Date.parse('2026-11-21T10:00:01Z') } },
  ])
})

/** What Jane's activity says: presence, routing status, when each changed. */
function activity(presence: { id: string; at: number }, routing?: { status: string; at: number }): StreamFrame {
  const time = (at: number) => new Date(at).toISOString()
  const systemPresence = presence.id === ON_QUEUE_DEFINITION ? 'ON_QUEUE' : 'AWAY'
  const eventBody = {
    id: JANE,
    presence: { presenceDefinition: { id: presence.id, systemPresence }, modifiedDate: time(presence.at) },
    ...(routing && { routingStatus: { status: routing.status, startTime: time(routing.at) } }),
    outOfOffice: { active: true, modifiedDate: time(presence.at + 1) },
  }
  return { topicName: `v2.users.${JANE}.activity`, eventBody }
}

function presence(id: string, at: number): StreamFrame {
  const body = { source: 'PURECLOUD', primary: true, presenceDefinition: { id, systemPresence: 'AWAY' } }
  const eventBody = { ...body, modifiedDate: new Date(at).toISOString() }
  return { topicName: `v2.users.${JANE}.presence`, eventBody }
}

test('an activity alone tells a change of presence, and Not Responding, each once', () => {
  const { read, reports } = reader([JANE])
  read(activity({ id: 'away', at: 1_000 }))
  read(activity({ id: 'away', at: 1_000 }))
  read(activity({ id: ON_QUEUE_DEFINITION, at: 2_000 }, { status: 'IDLE', at: 2_000 }))
  read(activity({ id: ON_QUEUE_DEFINITION, at: 2_000 }, { status: 'NOT_RESPONDING', at: 3_000 }))
  expect(reports).toMatchObject([
    { status: 'away', stamp: { at: 1_000 }, by: 'unknown' },
    { status: ON_QUEUE_DEFINITION, stamp: { at: 2_000 } },
    { status: 'NOT_RESPONDING', stamp: { at: 3_000 }, by: 'system' },
  ])
})

test('presence and activity that say the same are one report, whichever comes first', () => {
  for (const [first, second] of [
    [presence('away', 1_000), activity({ id: 'away', at: 1_000 })],
    [activity({ id: 'away', at: 1_000 }), presence('away', 1_000)],
  ]) {
    const { read, reports } = reader([JANE])
    for (const frame of [first, second]) if (frame) read(frame)
    expect(reports).toMatchObject([{ status: 'away', stamp: { at: 1_000 } }])
  }
})

test('out of office changes no status', () => {
  const { read, reports } = reader([JANE])
  read(presence('away', 1_000))
  read({ topicName: `v2.users.${JANE}.activity`, eventBody: { outOfOffice: { active: true } } })
  read({ topicName: `v2.users.${JANE}.outofoffice`, eventBody: { user: { id: JANE }, active: true } })
  expect(reports).toHaveLength(1)
})

test('a routing status that is not known says nothing, so who is Not Responding stays that', () => {
  const { read, reports, logged } = reader([JANE])
  read(activity({ id: ON_QUEUE_DEFINITION, at: 2_000 }, { status: 'NOT_RESPONDING', at: 3_000 }))
  read(activity({ id: ON_QUEUE_DEFINITION, at: 2_000 }, { status: 'DAYDREAMING', at: 4_000 }))
  const eventBody = { routingStatus: { status: 'DAYDREAMING', startTime: new Date(5_000).toISOString() } }
  read({ topicName: `v2.users.${JANE}.routingStatus`, eventBody })
  expect(reports).toMatchObject([{ status: 'NOT_RESPONDING' }])
  expect(logged).toMatchObject([{ what: 'routing status', value: 'DAYDREAMING' }])
})

test('a presence of another primary source is what the user shows', () => {
  const { read, reports, views } = reader([JANE])
  const body = { source: 'MICROSOFTTEAMS', primary: true, presenceDefinition: { id: 'x', systemPresence: 'BUSY' } }
  read({ topicName: `v2.users.${JANE}.presence`, eventBody: body })
  read(activity({ id: 'y', at: Date.now() }))
  expect(reports).toMatchObject([{ status: 'x' }, { status: 'y' }])
  expect(views.of(JANE).presence).toMatchObject({ status: 'y', foreign: true })
})

test('each spelling of a family is the same family, and the id decides first', () => {
  for (const systemPresence of ['On Queue', 'ON_QUEUE', 'OnQueue', 'on_queue']) {
    const { read, views } = reader([JANE])
    const eventBody = { presenceDefinition: { id: 'own queue status', systemPresence } }
    read({ topicName: `V2.Users.${JANE.toUpperCase()}.Presence`, eventBody })
    expect(views.of(JANE).presence).toMatchObject({ status: 'own queue status', onQueue: true })
  }
  const { read, views } = reader([JANE])
  const eventBody = { presenceDefinition: { id: ON_QUEUE_DEFINITION } }
  read({ topicName: `v2.users.${JANE}.presence`, eventBody })
  expect(views.of(JANE).presence).toMatchObject({ onQueue: true })
})
