// Many channels: counted before they are made, kept over a restart, replaced without a moment of deafness, lost one at a time.

import { afterEach, describe, expect, test } from '@jest/globals'
import type { PlatformUserId } from '../../../src/domain/side.ts'
import type { Marks } from '../../../src/platforms/genesys-cloud/channel-marks.ts'
import { CLIENT, eventually } from '../../sandbox/genesys-cloud/support.ts'
import { type Ear, type EarOptions, openEar } from './bridge-ear.ts'

const ears: Ear[] = []
afterEach(async () => {
  for (const ear of ears.splice(0)) await ear.close()
})

const ROOM = { callsPerMinute: 6_000, settings: { callsPerMinute: 6_000 } }

async function openRoomy(options: EarOptions = {}): Promise<Ear> {
  const ear = await openEar({ ...ROOM, ...options })
  ears.push(ear)
  return ear
}

function crowd(ear: Ear, size: number): readonly PlatformUserId[] {
  const { model } = ear.organisation
  return Array.from(
    { length: size },
    (_, at) => model.addUser({ name: `P${at}`, email: `p${at}@acme.example` }).id as PlatformUserId,
  )
}

/** Somebody else's program, which uses the same OAuth client. */
async function othersMake(ear: Ear, channels: number): Promise<void> {
  const { url } = ear.organisation.server
  const basic = Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')
  const login = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  })
  const { access_token } = JSON.parse(await login.text())
  for (let at = 0; at < channels; at++) {
    const headers = { Authorization: `Bearer ${access_token}` }
    await fetch(`${url}/api/v2/notifications/channels`, { method: 'POST', headers })
  }
}

function memory(): Marks & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return { kept, get: (key) => kept.get(key), set: (key, value) => void kept.set(key, value) }
}

const made = (ear: Ear) => ear.calls.filter(({ operation }) => operation === 'channel.create').length
const listed = (ear: Ear) => ear.calls.filter(({ operation }) => operation === 'channel.list').length

describe('the allowance', () => {
  test('channels of others are counted, and none is made where that would end one of theirs', async () => {
    const ear = await openRoomy()
    await othersMake(ear, 19)
    await expect(ear.start(crowd(ear, 1_001))).rejects.toThrow(
      'the bridge needs 2, and 19 belong to somebody else who uses the same client, of which 1 would be ended',
    )
    expect(made(ear)).toBe(0)
    await ear.start([ear.jane])
    expect(made(ear)).toBe(1)
  })

  test('more people than all channels together take are told in one sentence', async () => {
    const ear = await openRoomy()
    await expect(ear.start(crowd(ear, 20_001))).rejects.toThrow('20001 people need 21 notification channels')
    expect(ear.calls).toEqual([])
  })

  test('where the platform does not list channels, the bridge says so and goes on', async () => {
    const ear = await openRoomy()
    ear.organisation.server.faults.forbid('GET /api/v2/notifications/channels')
    await ear.start()
    expect(ear.logged).toContainEqual(expect.objectContaining({ code: 'genesys.channels_uncounted' }))
    expect(ear.links).toEqual([expect.objectContaining({ up: true })])
  })

  test('channels are counted once for many that are made together', async () => {
    const ear = await openRoomy()
    await ear.start(crowd(ear, 3_001))
    expect({ made: made(ear), listed: listed(ear) }).toEqual({ made: 4, listed: 1 })
  })

  test('starting again and again, in one process or many, uses the same channels', async () => {
    const marks = memory()
    const first = await openRoomy({ marks })
    const people = crowd(first, 1_001)
    await first.start(people)
    await first.start(people)
    await first.start(people)
    expect(made(first)).toBe(2)
    expect(JSON.parse([...marks.kept.values()][0] ?? '')).toHaveLength(2)
  })
})

describe('after a restart', () => {
  test('the channels from before are used again', async () => {
    const marks = memory()
    const before = await openRoomy({ marks })
    await before.start()
    await before.adapter.stop()
    const after = await openRoomy({ marks, beside: before })
    await after.start()
    expect(made(after)).toBe(0)
    after.organisation.model.setPresence(after.jane, 'Break')
    await after.untilStatus(after.jane, 'Break')
  })

  test('a channel that the new token may not use is counted as the bridge’s own, and a new one is made', async () => {
    const marks = memory()
    const before = await openRoomy({ marks })
    await before.start()
    await before.adapter.stop()
    const id: string = JSON.parse([...marks.kept.values()][0] ?? '[]')[0].id
    await othersMake(before, 18)
    const after = await openRoomy({ marks, beside: before })
    after.organisation.server.faults.forbid(`PUT /api/v2/notifications/channels/${id}`)
    await after.start()
    expect(made(after)).toBe(1)
    after.organisation.model.setPresence(after.jane, 'Break')
    await after.untilStatus(after.jane, 'Break')
  })
})

describe('near its end', () => {
  test('a channel whose end the platform does not move is replaced, and every change is heard once', async () => {
    const ear = await openRoomy({ channelLifeMs: 400, timing: { overlapMs: 60 } })
    ear.organisation.server.faults.keepChannelEnds(true)
    await ear.start()
    const told: string[] = []
    const labels = ['Break', 'Meal', 'Busy', 'Away']
    const until = Date.now() + 1_500
    for (let turn = 0; Date.now() < until; turn++) {
      const label = labels[turn % labels.length] ?? ''
      ear.organisation.model.setPresence(ear.jane, label)
      told.push(label)
      await eventually(`change ${turn}`, () => ear.statuses(ear.jane).length >= told.length)
    }
    expect(made(ear)).toBeGreaterThanOrEqual(3)
    expect(ear.statuses(ear.jane).map(({ status }) => status)).toEqual(told.map((label) => ear.id(label)))
    expect(ear.links.map(({ up }) => up)).toEqual([true])
  })

  test('where renewals fail, another channel takes its place before the end', async () => {
    const ear = await openRoomy({ channelLifeMs: 600, timing: { overlapMs: 20 } })
    await ear.start()
    const id = ear.organisation.server.faults.channels()[0] ?? ''
    ear.organisation.server.faults.forbid(`PUT /api/v2/notifications/channels/${id}`)
    await eventually('the other channel', () => made(ear) === 2)
    ear.organisation.model.setPresence(ear.jane, 'Break')
    await ear.untilStatus(ear.jane, 'Break')
    expect(ear.links.map(({ up }) => up)).toEqual([true])
  })
})

describe('one channel lost', () => {
  async function openWide(timing: EarOptions['timing'] = {}) {
    const ear = await openRoomy({ timing })
    const people = crowd(ear, 2_001)
    await ear.start(people)
    return { ear, people, faults: ear.organisation.server.faults }
  }

  test('is a gap for its own people; the link stands', async () => {
    const { ear, people, faults } = await openWide()
    faults.dropSocketOf(people[0] ?? '')
    await eventually('the gap', () => ear.gaps.length > 0)
    expect(ear.gaps).toEqual([{ why: expect.stringContaining('open again'), users: people.slice(0, 1_000) }])
    expect(ear.links.map(({ up }) => up)).toEqual([true])
    expect(ear.adapter.health()).toMatchObject({ link: { up: true }, details: { unheard: 0, channels: 3 } })
  })

  test('has its people read again and again while it is down', async () => {
    const { ear, people, faults } = await openWide({ unheardReadMs: 20 })
    faults.refuseUpgrades(1_000_000, 503)
    faults.dropSocketOf(people[1_500] ?? '')
    await eventually('three readings', () => ear.gaps.length >= 3)
    expect(ear.gaps.every(({ users }) => users[0] === people[1_000] && users.length === 1_000)).toBe(true)
    expect(ear.adapter.health()).toMatchObject({ link: { up: true }, details: { unheard: 1_000, channels: 2 } })
    // A 503 passes: the channel itself is still good.
    expect(made(ear)).toBe(3)
    faults.refuseUpgrades(0, 503)
    await eventually('everybody heard', () => ear.adapter.health().details.unheard === 0)
  })

  test('and another, so that more people are unheard than heard, is the link lost', async () => {
    const { ear, people, faults } = await openWide()
    faults.refuseUpgrades(1_000_000, 503)
    faults.dropSocketOf(people[0] ?? '')
    faults.dropSocketOf(people[1_000] ?? '')
    await eventually('the link down', () => ear.links.at(-1)?.up === false)
    faults.refuseUpgrades(0, 503)
    await eventually('the link up', () => ear.links.at(-1)?.up)
    await eventually('everybody heard', () => ear.adapter.health().details.unheard === 0)
    expect(ear.links.map(({ up }) => up)).toEqual([true, false, true])
  })
})
