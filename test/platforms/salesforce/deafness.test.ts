// Every way in which the event stream can go deaf, over each transport that can have it: noticed in time, told, and mended. What is compared at
// the end is what the bridge would believe with what the org shows. Time runs twenty times faster than it is.

import { describe, expect, test } from '@jest/globals'
import { SILENT } from '../../../src/domain/log.ts'
import { OFFLINE, type PlatformUserId } from '../../../src/domain/side.ts'
import type { StreamSettings } from '../../../src/platforms/salesforce/settings.ts'
import type { SalesforceFaults } from '../../../src/sandbox/salesforce/faults.ts'
import { createFollower } from './follower.ts'
import { createWorld, until } from './kit.ts'

type Name = StreamSettings['transport']
const SPEED = 20
/** By the fast clock; pings are by the real one. A machine with other work needs some room. */
const LIMITS = {
  pubsub: { pingMs: 150, pingTimeoutMs: 150, settleMs: 4_000 },
  cometd: { firstPollMs: 1_000, pollMs: 4_000, slackMs: 6_000, silenceMs: 40_000 },
  selfTest: { graceMs: 3_000, witnesses: 3, windowMs: 600_000, deafReadMs: 2_000, unprovenReadMs: 600_000 },
}
/** Within this the trouble must be noticed, real ms: a second for limits that are 60 s in operation at most. */
const NOTICED_MS = 1_500

type Mode = {
  readonly name: string
  readonly on: readonly Name[]
  readonly begin: (faults: SalesforceFaults) => void
  readonly end: (faults: SalesforceFaults) => void
  /** How it is told: the link goes down, or a gap is told while it stands. */
  readonly told: 'link' | 'gap'
  /** Where the trouble has to be over before it can be told. */
  readonly late?: true
}

const nothing = () => {}
const MODES: readonly Mode[] = [
  { name: 'token replaced', on: ['pubsub', 'cometd'], begin: (f) => f.expireTokens(), end: nothing, told: 'link' },
  {
    name: 'client unknown, or stream ended by the server',
    on: ['pubsub', 'cometd'],
    begin: (f) => f.unknownClients(),
    end: nothing,
    told: 'link',
  },
  {
    name: 'replay id refused',
    on: ['pubsub', 'cometd'],
    begin(faults) {
      faults.rejectReplay(true)
      faults.unknownClients()
    },
    end: nothing,
    told: 'gap',
  },
  {
    name: '401 without a body',
    on: ['cometd'],
    begin: (f) => f.refuseStreaming('bodiless'),
    end: (f) => f.refuseStreaming(null),
    told: 'link',
  },
  {
    name: '401 as the REST API says it',
    on: ['cometd'],
    begin: (f) => f.refuseStreaming('as_rest'),
    end: (f) => f.refuseStreaming(null),
    told: 'link',
  },
  {
    name: 'black hole',
    on: ['pubsub', 'cometd'],
    begin: (f) => f.blackHole(true),
    end: (f) => f.blackHole(false),
    told: 'link',
  },
  {
    name: 'not available: a web page, or a trailer',
    on: ['pubsub', 'cometd'],
    begin: (f) => f.unavailable(true),
    end: (f) => f.unavailable(false),
    told: 'link',
  },
  {
    name: 'servers changed for others',
    on: ['pubsub', 'cometd'],
    begin: (f) => f.restart(),
    end: nothing,
    told: 'link',
  },
  ...(['GAP_UPDATE', 'GAP_OVERFLOW'] as const).map(
    (type): Mode => ({
      name: type,
      on: ['pubsub', 'cometd'],
      begin: (f) => f.loseEvents(true),
      end(faults) {
        faults.loseEvents(false)
        faults.gapEvent(type)
      },
      told: 'gap',
      late: true,
    }),
  ),
]
const CASES = MODES.flatMap((mode) => mode.on.map((transport) => ({ ...mode, transport })))

async function listening(transport: Name) {
  const warnings: string[] = []
  const log = { ...SILENT, warn: ({ code }: { readonly code?: unknown }) => void warnings.push(String(code)) }
  const world = await createWorld({
    transport,
    speed: SPEED,
    server: { pollTimeoutMs: 110_000, sessionMs: 4_000 },
    adapter: { limits: LIMITS, random: () => 0.2, log },
  })
  const { adapter, model, jane, lee, busy, online } = world
  const follower = createFollower(adapter, [jane, lee])
  const names = { [OFFLINE]: OFFLINE, [busy]: 'Busy', [online]: 'Online' }
  const shown = () => ({ [jane]: model.presence(jane), [lee]: model.presence(lee) })
  const believed = () => Object.fromEntries(Object.entries(follower.believes()).map(([user, id]) => [user, names[id]]))
  const inStep = () => JSON.stringify(shown()) === JSON.stringify({ ...shown(), ...believed() })
  const choose = (user: PlatformUserId, apiName: string) => void model.setPresence({ user, apiName, by: 'agent' })
  await adapter.start([jane, lee], follower.sink)
  choose(jane, 'Online')
  await until('the first event came', () => follower.reports(jane) === 1)
  if (transport === 'cometd') await until('polls end as asked', () => world.server.faults.calls.idlePolls > 1)
  return { ...world, follower, warnings, shown, believed, inStep, choose }
}

describe('the event stream', () => {
  test.each(CASES)('$transport: $name', async ({ transport, begin, end, told, late }) => {
    const { server, follower, jane, lee, shown, believed, inStep, choose } = await listening(transport)
    const from = Date.now()
    const noticed = () => (told === 'link' ? follower.links.includes(false) : follower.gaps.length > 0)
    begin(server.faults)
    choose(jane, 'Busy')
    choose(lee, 'Online')
    if (late) end(server.faults)
    await until('it was noticed', noticed)
    expect(Date.now() - from).toBeLessThan(NOTICED_MS)
    if (!late) end(server.faults)
    await until('all is in step again', inStep)
    await until('the link stands', () => follower.links.at(-1))
    // And events are heard again, not only read.
    const reports = follower.reports(lee)
    choose(lee, 'Offline')
    choose(jane, 'Online')
    choose(lee, 'Online')
    await until('events come again', () => follower.reports(lee) > reports && inStep())
    expect(believed()).toEqual(shown())
    await until('nobody but us listens', () => server.subscribers() === 1)
  })

  test.each(['pubsub', 'cometd'] as const)('%s: subscribed, and nothing is ever delivered', async (transport) => {
    const { adapter, server, follower, warnings, jane, lee, shown, believed, inStep, choose } =
      await listening(transport)
    server.faults.loseEvents(true)
    follower.readEvery(60)
    const stand = { [jane]: 'Online', [lee]: 'Online' }
    for (const apiName of ['Busy', 'Online', 'Busy', 'Online']) {
      choose(jane, apiName)
      choose(lee, apiName === 'Busy' ? 'Offline' : 'Online')
      await until('a reading showed it', inStep)
    }
    const presence = () => adapter.health().details.presence_events
    await until('it is warned of', () => presence() === 'missing')
    expect(warnings.filter((code) => code === 'salesforce_deaf')).toHaveLength(1)
    expect(adapter.health().notes?.[0]).toMatch(/no change events of UserServicePresence.*View All Records/)
    expect(adapter.health().details.changes_unheard).toBeGreaterThanOrEqual(3)
    const gaps = follower.gaps.length
    await until('everybody is read more often', () => follower.gaps.length > gaps + 1)
    expect(follower.links).toEqual([true])
    server.faults.loseEvents(false)
    choose(lee, 'Offline')
    choose(lee, 'Online')
    await until('events are back', () => presence() === 'proven')
    expect(adapter.health().notes).toEqual([])
    const after = follower.gaps.length
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(follower.gaps.length).toBeLessThanOrEqual(after + 1)
    expect(believed()).toEqual(shown())
    expect(shown()).toEqual(stand)
    expect(warnings.filter((code) => code === 'salesforce_deaf')).toHaveLength(1)
  })
})
