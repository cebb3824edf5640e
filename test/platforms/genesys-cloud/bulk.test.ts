// Many presences in one call: only when the minute's calls run short, and never taken on trust.

import { afterEach, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SILENT } from '../../../src/domain/log.ts'
import type { Urgency } from '../../../src/domain/outbox.ts'
import type { WriteResult } from '../../../src/domain/platform.ts'
import type { PlatformUserId, StatusId } from '../../../src/domain/side.ts'
import type { CallOutcome, CallRequest } from '../../../src/platforms/genesys-cloud/client.ts'
import { createOffQueue } from '../../../src/platforms/genesys-cloud/off-queue.ts'
import { createPresenceWriter } from '../../../src/platforms/genesys-cloud/presence-writer.ts'
import {
  BULK_FAILURES_MAX,
  BULK_OFF_MS,
  GATHER_BLOCKS_MS,
  GATHER_STRETCH_MAX,
} from '../../../src/platforms/genesys-cloud/settings.ts'
import { writeOnePresence } from '../../../src/platforms/genesys-cloud/write.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { type Ear, openEar, writeOptions } from './bridge-ear.ts'

const ears: Ear[] = []
afterEach(async () => {
  for (const ear of ears.splice(0)) await ear.close()
})

/** What a bulk write does to one person; a write of its own always works, except for those who are `refused`. */
type Fate = 'done' | 'done untold' | 'ignored' | 'refused'
type Answer = 'list' | 'nonsense' | 'refused' | 'down' | 'silence'

/** An organisation without sockets, and a writer whose budget is what the test says. */
function openDesk({ answer = 'list', room = 0 }: { answer?: Answer; room?: number } = {}) {
  const clock = createVirtualClock()
  const shows = new Map<string, string>()
  const fates = new Map<string, Fate>()
  const calls: CallRequest[] = []
  const desk = { answer, room }

  function bulk(body: readonly { id: string; presenceDefinition: { id: string } }[]): CallOutcome {
    if (desk.answer === 'refused') return { kind: 'status', status: 403, message: 'missing permission' }
    if (desk.answer === 'down') return { kind: 'status', status: 503, message: 'down' }
    for (const { id, presenceDefinition } of body) {
      if (fates.get(id)?.startsWith('done')) shows.set(id, presenceDefinition.id)
    }
    if (desk.answer === 'silence') return { kind: 'network', message: 'no answer in time', connected: true }
    if (desk.answer === 'nonsense') return { kind: 'ok', body: 'done' }
    const told = body.filter(({ id }) => fates.get(id) !== 'refused' && fates.get(id) !== 'done untold')
    return { kind: 'ok', body: told.map(({ id }) => ({ id, presenceDefinition: { id: shows.get(id) ?? 'old' } })) }
  }

  function respond({ method, path, body }: CallRequest): CallOutcome {
    const [route, query] = path.split('?id=')
    if (method === 'PUT') return bulk(body as Parameters<typeof bulk>[0])
    if (query !== undefined && route?.endsWith('bulk')) {
      const found = query
        .split(',')
        .map((userId) => ({ userId, presenceDefinition: { id: shows.get(userId) ?? 'old' } }))
      return { kind: 'ok', body: found }
    }
    const user = path.split('/')[4] ?? ''
    if (fates.get(user) === 'refused') return { kind: 'status', status: 403, message: 'not this one' }
    shows.set(user, (body as { presenceDefinition: { id: string } }).presenceDefinition.id)
    return { kind: 'ok', body: {} }
  }

  const client = {
    async call(request: CallRequest) {
      calls.push(request)
      await Promise.resolve()
      return respond(request)
    },
  }
  const rate = { perMinute: 300, left: 0, waiting: {} }
  const limiter = {
    room: () => desk.room,
    rate: () => ({ ...rate, waiting: { block: 0, write: 0, stream: 0, release: 0, comfort: 0, read: 0 } }),
  }
  const deps = { client, linkUp: () => true, offQueue: createOffQueue(clock) }
  const writer = createPresenceWriter({
    ...deps,
    clock,
    log: SILENT,
    limiter,
    writeOne: (target, presence) => writeOnePresence(deps, target, presence),
  })
  const write = (
    user: string,
    urgency: Urgency = 'comfort',
    signal = new AbortController().signal,
  ): Promise<WriteResult> =>
    writer(
      {
        user: user as PlatformUserId,
        status: 'new' as StatusId,
        options: { ...writeOptions(), deadline: clock.now() + 15_000, urgency, signal },
      },
      { presenceDefinition: { id: 'new' } },
    )
  return { clock, shows, fates, calls, desk, write }
}

const fate = fc.constantFrom<Fate>('done', 'done untold', 'ignored', 'refused')
const answer = fc.constantFrom<Answer>('list', 'nonsense', 'refused', 'down', 'silence')

test('whatever a bulk write does and says, whoever is told as accepted shows the new presence, and everybody is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 120 }), answer, async (fates, said) => {
      const { clock, shows, fates: fateOf, write } = openDesk({ answer: said })
      for (const [at, one] of fates.entries()) fateOf.set(`u${at}`, one)
      const results = fates.map((_, at) => write(`u${at}`))
      await clock.advance(60_000)
      for (const [at, result] of (await Promise.all(results)).entries()) {
        const alone = fates.length % 50 === 1 && at === fates.length - 1
        if (result.kind === 'accepted') expect(shows.get(`u${at}`)).toBe('new')
        else if (!alone && (said === 'down' || said === 'silence')) expect(result.kind).toBe('transient')
        else expect([result.kind, fates[at]]).toEqual(['refused', 'refused'])
        if (alone && fates[at] !== 'refused') expect(result.kind).toBe('accepted')
      }
    }),
    { numRuns: 60 },
  )
})

describe('with room left', () => {
  test('each write goes at once, by a call of its own', async () => {
    const { calls, write } = openDesk({ room: 300 })
    await Promise.all(Array.from({ length: 20 }, (_, at) => write(`u${at}`)))
    expect(calls.map(({ method }) => method)).toEqual(Array(20).fill('PATCH'))
  })
})

describe('when calls run short', () => {
  test('a write that comes alone goes at once', async () => {
    const { clock, calls, write } = openDesk({ room: 1 })
    void write('jane', 'block')
    await clock.advance(0)
    expect(calls.map(({ method }) => method)).toEqual(['PATCH'])
  })

  test('writes that come together are one call, those of one urgency', async () => {
    const { clock, calls, fates, write } = openDesk({ room: 1 })
    for (let at = 0; at < 40; at++) fates.set(`u${at}`, 'done')
    for (let at = 0; at < 40; at++) void write(`u${at}`, at < 20 ? 'comfort' : 'block')
    await clock.advance(0)
    expect(calls.map(({ method, kind, body }) => [method, kind, Array.isArray(body) ? body.length : 0])).toEqual([
      ['PUT', 'comfort', 20],
      ['PUT', 'block', 20],
    ])
  })

  test.each([
    { room: 170, waitMs: GATHER_BLOCKS_MS },
    { room: 1, waitMs: GATHER_BLOCKS_MS * GATHER_STRETCH_MAX },
  ])('a block after another one waits for a moment, longer with fewer calls left: $room', async ({ room, waitMs }) => {
    const { clock, shows, write } = openDesk({ room })
    void write('jane', 'block')
    await clock.advance(10)
    void write('lee', 'block')
    await clock.advance(waitMs - 20)
    expect([...shows.keys()]).toEqual(['jane'])
    await clock.advance(10)
    expect([...shows.keys()]).toEqual(['jane', 'lee'])
  })

  test('a write that is not wanted any more is left out', async () => {
    const { clock, shows, fates, write } = openDesk({ room: 1 })
    for (const user of ['jane', 'lee', 'cat']) fates.set(user, 'done')
    const gone = new AbortController()
    void write('jane')
    await clock.advance(10)
    void write('lee')
    const result = write('cat', 'comfort', gone.signal)
    gone.abort()
    await clock.advance(10_000)
    expect([...shows.keys()]).toEqual(['jane', 'lee'])
    expect(await result).toMatchObject({ kind: 'transient' })
  })

  test('after some refusals of the call as a whole, writes go one by one, and it is tried again later', async () => {
    const { clock, calls, desk, fates, write } = openDesk({ room: 1, answer: 'refused' })
    const both = async () => {
      calls.length = 0
      for (const user of ['jane', 'lee']) void write(user)
      await clock.advance(10_000)
      return calls.map(({ method }) => method).join(' ')
    }
    for (let at = 0; at < BULK_FAILURES_MAX; at++) expect(await both()).toBe('PUT PATCH PATCH')
    expect(await both()).toBe('PATCH PATCH')
    desk.answer = 'list'
    for (const user of ['jane', 'lee']) fates.set(user, 'done')
    await clock.advance(BULK_OFF_MS)
    expect(await both()).toBe('PUT')
  })
})

describe('on the stand-in', () => {
  async function openBusy(size: number) {
    const ear = await openEar({ callsPerMinute: 12, settings: { callsPerMinute: 12 } })
    ears.push(ear)
    await ear.adapter.catalogue()
    await ear.start()
    const { model } = ear.organisation
    const people = Array.from(
      { length: size },
      (_, at) => model.addUser({ name: `P${at}`, email: `p${at}@acme.example` }).id as PlatformUserId,
    )
    // Uses up more than half of what the minute has for such writes.
    for (let at = 0; at < 2; at++) await ear.adapter.snapshot([ear.jane])
    const options = { ...writeOptions(), urgency: 'comfort' as const }
    const writeAll = () => Promise.all(people.map((user) => ear.adapter.setStatus(user, ear.id('Break'), options)))
    const shown = () => people.map((user) => model.user(user)?.presence.label)
    return { ear, people, writeAll, shown, faults: ear.organisation.server.faults }
  }

  test('forty people are written by one call', async () => {
    const { ear, writeAll, shown } = await openBusy(40)
    expect(await writeAll()).toEqual(Array(40).fill({ kind: 'accepted' }))
    expect(shown()).toEqual(Array(40).fill('Break'))
    const writes = ear.calls.filter(({ operation }) => operation.endsWith('.write'))
    expect(writes.map(({ operation }) => operation)).toEqual(['presences.write'])
  })

  test('whoever is left out of the answer is written alone, and told why not', async () => {
    const { people, writeAll, shown, faults } = await openBusy(5)
    faults.refuseWrites(people[3] ?? '')
    const results = await writeAll()
    expect(results.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted', 'refused', 'accepted'])
    expect(results[3]).toMatchObject({ words: expect.stringContaining('presence:userPresence:edit') })
    expect(shown()).toEqual(['Break', 'Break', 'Break', 'Offline', 'Break'])
  })

  test('where the answer tells nothing, everybody is read', async () => {
    const { ear, writeAll, shown, faults } = await openBusy(10)
    faults.keepBulkSilent(true)
    expect(await writeAll()).toEqual(Array(10).fill({ kind: 'accepted' }))
    expect(shown()).toEqual(Array(10).fill('Break'))
    expect(ear.calls.filter(({ operation }) => operation === 'presence.write')).toEqual([])
  })
})
