// The two calls of the capacity writer, before an org and before whatever else may answer.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { PlatformUserId } from '../../../src/domain/side.ts'
import { createCapacityCalls } from '../../../src/platforms/salesforce/capacity/calls.ts'
import type { Sent } from '../../../src/platforms/salesforce/client.ts'
import { createVirtualClock } from '../../../src/stories/virtual-clock.ts'
import { openOrg } from './setup-kit.ts'

const START = Date.parse('2026-11-22T08:00:00Z')
const limitsAt = (now: number) => ({ deadline: now + 15_000, signal: new AbortController().signal })
const CAPACITY = {
  channel: 'phone',
  object: 'Phone_Call__c',
  statusField: 'Status__c',
  openValue: 'Open',
  doneValue: 'Done',
}
const SETTINGS = { settings: { apiVersion: '67.0' }, capacity: CAPACITY }
const ABOUT = { user: 'user' as PlatformUserId, channelId: 'channel', ...limitsAt(START) }

const before = (sent: Sent) => createCapacityCalls({ ...SETTINGS, client: { send: () => Promise.resolve(sent) } })

async function org() {
  const clock = createVirtualClock(START)
  const object = { name: 'Phone_Call__c', statusField: 'Status__c', doneValue: 'Done', autoAccept: true }
  const { client, model, server } = await openOrg({ clock, server: { workObject: object } })
  const user = model.addUser({ username: 'jane@acme.example' }) as PlatformUserId
  model.addChannel('phone')
  model.addStatus({ apiName: 'Online', label: 'Online', channels: ['phone'] })
  model.setPresence({ user, apiName: 'Online', by: 'agent' })
  const calls = createCapacityCalls({ ...SETTINGS, client })
  const limits = () => limitsAt(clock.now())
  const create = () => calls.create({ user, channelId: model.channel('phone')?.Id ?? '', ...limits() })
  const end = (record: string) => calls.end(record, limits())
  const items = () => model.work.openOf(user).map(({ Id, WorkItemId }) => ({ work: Id, record: WorkItemId }))
  return { clock, create, end, items, faults: server.faults }
}

describe('before an org', () => {
  test('a block is one call and its end another, after one log-in', async () => {
    const { create, end, items, faults } = await org()
    const made = await create()
    if (!made.ok) throw new Error(made.failure.kind)
    expect(items()).toEqual([{ work: made.work, record: made.record }])
    expect(await end(made.record)).toEqual({ ok: true })
    expect(items()).toEqual([])
    expect(faults.calls).toMatchObject({ rest: 2, tokens: 1 })
  })

  test('a token that is no longer good is renewed once, and there is one item', async () => {
    const { create, end, items, faults } = await org()
    expect(await end('a1B000000000001AAA')).toEqual({ ok: true })
    faults.expireTokens()
    expect(await create()).toMatchObject({ ok: true })
    expect(items()).toHaveLength(1)
    expect(faults.calls.tokens).toBe(2)
  })

  test('when the calls of the day are used up, blocks wait and ends too, until there is room again', async () => {
    const { clock, create, end, items, faults } = await org()
    faults.failNext(1, 403)
    const failure = { kind: 'rate_limited', untilMs: START + 45_000 }
    expect(await create()).toMatchObject({ ok: false, failure, doubtful: false })
    for (let attempt = 0; attempt < 20; attempt++) {
      expect(await create()).toMatchObject({ ok: false, failure, doubtful: false })
      expect(await end('a1B000000000001AAA')).toMatchObject({ ok: false, failure })
    }
    expect(faults.calls.rest).toBe(1)
    await clock.advanceTo(START + 45_000)
    expect(await create()).toMatchObject({ ok: true })
    expect(items()).toHaveLength(1)
  })
})

describe('what comes back of a creation', () => {
  const id = fc.option(fc.constant('a1B000000000001'), { nil: undefined })
  const part = (referenceId: string) =>
    fc.record({ referenceId: fc.constant(referenceId), httpStatusCode: fc.constant(201), body: fc.record({ id }) })

  test('is taken for done with both ids only, and for doubtful without', async () => {
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({ compositeResponse: fc.tuple(part('block'), part('work')) }),
      fc.record({ compositeResponse: fc.subarray(['block', 'work']).chain((names) => fc.tuple(...names.map(part))) }),
    )
    await fc.assert(
      fc.asyncProperty(body, async (answer) => {
        const made = await before({ ok: true, status: 200, body: answer }).create(ABOUT)
        const ids = JSON.stringify(answer).match(/"id":"a1B000000000001"/g) ?? []
        if (ids.length === 2) expect(made).toMatchObject({ ok: true, work: expect.stringMatching(/^\w{18}$/) })
        else expect(made).toMatchObject({ ok: false, doubtful: true, failure: { kind: 'transient' } })
      }),
    )
  })

  test('tells the cause where one part failed, not that the others were halted for it', async () => {
    const halted = { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED', message: 'rolled back' }] }
    const failed = (errorCode: string) => ({ httpStatusCode: 400, body: [{ errorCode, message: 'why' }] })
    const answer = (errorCode: string) => ({
      compositeResponse: [
        { referenceId: 'block', ...halted },
        { referenceId: 'work', ...failed(errorCode) },
      ],
    })
    const created = (errorCode: string) => before({ ok: true, status: 200, body: answer(errorCode) }).create(ABOUT)
    const told = (kind: string, words: string) => ({ ok: false, failure: { kind, words }, doubtful: false })
    expect(await created('INVALID_OPERATION')).toEqual(told('refused', 'INVALID_OPERATION: why'))
    expect(await created('UNABLE_TO_LOCK_ROW')).toEqual(told('transient', 'UNABLE_TO_LOCK_ROW: why'))
    expect(await created('REQUEST_LIMIT_EXCEEDED')).toEqual(told('transient', 'REQUEST_LIMIT_EXCEEDED: why'))
  })
})

test('an end is done where the record is gone, and otherwise what the client says', async () => {
  const failure = { kind: 'refused', words: 'ENTITY_IS_DELETED: entity is deleted' } as const
  const sent = (status: number): Sent => ({ ok: false, status, failure, doubtful: false })
  expect(await before(sent(404)).end('record', limitsAt(START))).toEqual({ ok: true })
  expect(await before(sent(400)).end('record', limitsAt(START))).toMatchObject({ ok: false, failure, doubtful: false })
})
