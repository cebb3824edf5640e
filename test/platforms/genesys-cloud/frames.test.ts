// What frames mean, also when they come late, twice, out of order, in other spellings, or half empty.

import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SILENT } from '../../../src/domain/log.ts'
import type { Report } from '../../../src/domain/report.ts'
import type { PlatformUserId } from '../../../src/domain/side.ts'
import { isOpen } from '../../../src/domain/work.ts'
import { createKnownDefinitions } from '../../../src/platforms/genesys-cloud/definitions.ts'
import { createFrameReader } from '../../../src/platforms/genesys-cloud/frames.ts'
import { createPresenceViews, shown } from '../../../src/platforms/genesys-cloud/presence-view.ts'
import { createSurprises } from '../../../src/platforms/genesys-cloud/surprises.ts'
import type { StreamFrame } from '../../../src/platforms/genesys-cloud/wire.ts'
import { createWorkTracker } from '../../../src/platforms/genesys-cloud/work-tracker.ts'
import { createGenesysModel, type GenesysModel } from '../../../src/sandbox/genesys-cloud/model.ts'
import { conversationBody, presenceEvent, routingEvent } from '../../../src/sandbox/genesys-cloud/render.ts'
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
  const frames: StreamFrame[] = []
  model.onChange((change) => {
    if (change.kind === 'conversation') {
      frames.push({ topicName: `v2.users.${user}.conversations`, eventBody: conversationBody(change.conversation) })
    } else if (change.kind === 'presence') {
      frames.push({ topicName: `v2.users.${user}.presence`, eventBody: presenceEvent(change.user) })
    } else frames.push({ topicName: `v2.users.${user}.routingStatus`, eventBody: routingEvent(change.user) })
  })
  for (const step of steps) act(model, user, step)
  return { model, user, frames }
}

// Each number picks one of the things that can happen now, so that no step is idle.
function act(model: GenesysModel, user: string, step: number): void {
  const open = model.conversations().filter(({ endedAt }) => endedAt === null)
  const last = (state: string) =>
    open.find(({ participants }) => participants.at(-1)?.userId === user && participants.at(-1)?.state === state)?.id
  const wrapping = model
    .conversations()
    .find(({ participants }) => participants.some((one) => one.acwStartedAt !== null && one.acwEndedAt === null))?.id
  const ringing = last('alerting')
  const talking = last('connected')
  const actions: (() => unknown)[] = [
    () => model.setPresence(user, model.user(user)?.presence.label === 'On Queue' ? 'Break' : 'On Queue'),
    ...(model.user(user)?.routing === 'NOT_RESPONDING' ? [() => model.setIdle(user)] : []),
    ...(open.length < 3 ? [() => model.arrive('call'), () => model.offer(user, 'chat')] : []),
    ...(ringing ? [() => model.answer(ringing), () => model.miss(ringing), () => model.decline(ringing)] : []),
    ...(ringing ? [() => model.hangUp(ringing, { by: 'customer' })] : []),
    ...(talking
      ? [() => model.hangUp(talking, { wrapUp: true }), () => model.transfer(talking, { wrapUp: true })]
      : []),
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
