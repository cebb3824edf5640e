// What the companion does with commands: each once, in order, and only while it fits.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createWorld, type Frame, results, STATUSES, type World } from './fakes.ts'

const command = (world: World, cmd: string, apiName: string, expectName: string | null = null, inMs = 10_000) => ({
  type: 'set_status',
  cmd,
  apiName,
  expect: expectName,
  expiresAt: world.orgTime(inMs),
  sentence: `Jane is set to ${apiName}.`,
})

describe('properties', () => {
  const asked = fc.record({
    cmd: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    apiName: fc.constantFrom('Online', 'Busy', 'Lunch', 'Offline', 'Unheard_Of'),
    expect: fc.constantFrom(null, 'Online', 'Busy', 'Offline'),
    inMs: fc.constantFrom(-1_000, 1, 5_000, 60_000),
    pauseMs: fc.constantFrom(0, 0, 3, 700),
  })

  test('a command is carried out at most once, every coming is answered, and answers come in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { maxLength: 25 }), fc.constantFrom(0, 40, 900), async (list, delayMs) => {
        const world = createWorld()
        const socket = await world.connected()
        world.slowToolkit(delayMs)
        for (const { cmd, apiName, expect: expected, inMs, pauseMs } of list) {
          socket.tells(command(world, cmd, apiName, expected, inMs))
          await world.clock.advance(pauseMs)
        }
        await world.clock.advance(120_000)
        const answers = results(world.sockets[0] ?? socket)
        expect(answers.map(({ cmd }) => cmd)).toEqual(list.map(({ cmd }) => cmd))
        const first = new Map<unknown, Frame>()
        for (const answer of answers) if (!first.has(answer.cmd)) first.set(answer.cmd, answer)
        for (const answer of answers) expect(answer).toEqual(first.get(answer.cmd))
        expect(world.toolkit.sets.length).toBeLessThanOrEqual(
          [...first.values()].filter(({ ok }) => ok === true).length,
        )
      }),
      { numRuns: 60 },
    )
  })

  test('nobody is ever logged in: after a log-out no command makes the agent show anything but Offline', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { minLength: 1, maxLength: 15 }),
        fc.nat(14),
        fc.constantFrom(0, 40, 900),
        async (list, leavesAt, delayMs) => {
          const world = createWorld()
          const socket = await world.connected()
          world.slowToolkit(delayMs)
          let setsBefore = 0
          for (const [index, { cmd, apiName, expect: expected, inMs, pauseMs }] of list.entries()) {
            if (index === leavesAt % list.length) {
              world.toolkit.person(null, 'agent')
              setsBefore = world.toolkit.sets.length
            }
            socket.tells(command(world, cmd, apiName, expected, inMs))
            await world.clock.advance(pauseMs)
          }
          await world.clock.advance(120_000)
          // A call that was under way in the toolkit when the agent left cannot be called back; with a toolkit that is quick there is none.
          if (delayMs === 0) expect(world.toolkit.shows()).toBe('Offline')
          expect(world.toolkit.sets.length - setsBefore).toBeLessThanOrEqual(delayMs === 0 ? 0 : 1)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a status', () => {
  test('is set, reported with Salesforce’s own reason, and answered', async () => {
    const world = createWorld()
    const socket = await world.connected()
    socket.tells(command(world, 'c1', 'Busy', 'Online'))
    await world.clock.settle()
    expect(world.toolkit.shows()).toBe('Busy')
    expect(socket.sent.slice(-2)).toMatchObject([
      { type: 'status', id: '0N5000000000002', apiName: 'Busy', label: 'Busy!', reason: 'OmniToolkitStatusChange' },
      { type: 'result', cmd: 'c1', ok: true },
    ])
    expect(world.companion.state().last).toMatchObject({ ok: true, sentence: 'Jane is set to Busy.' })
  })

  test('that shows already is told again instead of being set', async () => {
    const world = createWorld()
    const socket = await world.connected()
    socket.tells(command(world, 'c1', 'Online', null))
    await world.clock.settle()
    expect(world.toolkit.sets).toEqual([])
    expect(socket.sent.slice(-2)).toMatchObject([
      { type: 'status', apiName: 'Online' },
      { type: 'result', cmd: 'c1', ok: true },
    ])
  })

  test('Offline logs out', async () => {
    const world = createWorld()
    const socket = await world.connected()
    socket.tells(command(world, 'c1', 'Offline', 'Online'))
    await world.clock.settle()
    expect(world.toolkit.shows()).toBe('Offline')
    expect(socket.sent.slice(-2)).toMatchObject([{ type: 'logout' }, { type: 'result', ok: true }])
  })

  test('that the agent left meanwhile is not set', async () => {
    const world = createWorld()
    const socket = await world.connected()
    world.toolkit.person('Lunch')
    socket.tells(command(world, 'c1', 'Busy', 'Online'))
    await world.clock.settle()
    expect(world.toolkit.shows()).toBe('Lunch')
    expect(results(socket)).toMatchObject([
      { ok: false, error: 'expected_other', message: 'The agent is in Lunch, not in Online.' },
    ])
  })

  test('of an agent who is logged out is not set', async () => {
    const world = createWorld()
    const socket = await world.connected()
    world.toolkit.person(null)
    socket.tells(command(world, 'c1', 'Busy'))
    await world.clock.settle()
    expect(world.toolkit.shows()).toBe('Offline')
    expect(results(socket)).toMatchObject([{ ok: false, error: 'logged_out' }])
  })

  test('of an agent who was logged out before the page was loaded is not set', async () => {
    const world = createWorld()
    world.toolkit.was(null)
    world.companion.start()
    await world.clock.advance(3_000)
    const socket = await world.connected()
    socket.tells(command(world, 'c1', 'Busy'))
    await world.clock.settle()
    expect(world.toolkit.shows()).toBe('Offline')
    expect(results(socket)).toMatchObject([{ ok: false, error: 'logged_out' }])
  })

  test('of an agent who logs out between the look and the deed is not set', async () => {
    const world = createWorld()
    world.orgHas(STATUSES.slice(0, 1))
    const socket = await world.connected()
    world.orgHas(STATUSES)
    // Finding the status takes another question to Salesforce; the agent leaves before its answer.
    world.meanwhile(async () => world.toolkit.person(null))
    socket.tells(command(world, 'c1', 'Busy'))
    await world.clock.settle()
    expect(world.toolkit.shows()).toBe('Offline')
    expect(results(socket)).toMatchObject([{ ok: false, error: 'logged_out' }])
  })

  test('that is new in the org is found', async () => {
    const world = createWorld()
    world.orgHas(STATUSES.slice(0, 1))
    const socket = await world.connected()
    world.orgHas(STATUSES)
    socket.tells(command(world, 'c1', 'Lunch'))
    await world.clock.settle()
    expect(world.toolkit.shows()).toBe('Lunch')
  })

  test('that the org does not have is refused by its name', async () => {
    const world = createWorld()
    const socket = await world.connected()
    socket.tells(command(world, 'c1', 'Unheard_Of'))
    await world.clock.settle()
    expect(results(socket)).toMatchObject([{ ok: false, error: 'not_granted' }])
    expect(String(results(socket)[0]?.message)).toContain('Unheard_Of')
  })

  test.each([
    ['You do not have access to this presence status.', 'not_granted'],
    ['The status is not granted to this user.', 'not_granted'],
    ['An internal server error occurred.', 'toolkit'],
  ])('refused by the toolkit with "%s" is answered %s in its own words', async (words, error) => {
    const world = createWorld()
    const socket = await world.connected()
    world.toolkit.person('Lunch')
    const { carryOut } = world.toolkit
    world.toolkit.carryOut = (ask) => {
      if (ask.method === 'setServicePresenceStatus') throw new Error(words)
      return carryOut(ask)
    }
    socket.tells(command(world, 'c1', 'Busy'))
    await world.clock.settle()
    expect(results(socket)).toMatchObject([{ ok: false, error, message: words }])
    expect(world.companion.state().last).toMatchObject({ ok: false, message: words })
  })

  test('is not taken for logged out when a logged-in toolkit only fails to answer', async () => {
    const world = createWorld()
    const socket = await world.connected()
    world.toolkit.person('Lunch')
    world.toolkit.refuseWith('Service unavailable')
    socket.tells(command(world, 'c1', 'Busy'))
    await world.clock.settle()
    expect(results(socket)).toMatchObject([{ ok: false, error: 'toolkit', message: 'Service unavailable' }])
  })

  test('is given up when the toolkit says nothing', async () => {
    const world = createWorld()
    const socket = await world.connected()
    world.toolkit.person('Lunch')
    world.slowToolkit(60_000)
    socket.tells(command(world, 'c1', 'Busy'))
    await world.clock.advance(5_000)
    expect(results(socket)).toMatchObject([{ ok: false, error: 'toolkit' }])
    expect(String(results(socket)[0]?.message)).toContain('within 2 s')
  })
})

describe('expiry', () => {
  test.each([-3_600_000, -5_000, 0, 5_000, 3_600_000])(
    'goes by Salesforce’s clock, which is %d ms before the browser’s',
    async (orgAheadMs) => {
      const world = createWorld({ orgAheadMs })
      const socket = await world.connected()
      socket.tells(command(world, 'late', 'Busy', null, -1))
      await world.clock.settle()
      expect(world.toolkit.sets).toEqual([])
      socket.tells(command(world, 'good', 'Busy', null, 1_000))
      await world.clock.settle()
      expect(world.toolkit.sets).toEqual(['Busy'])
      expect(results(socket)).toMatchObject([{ ok: false, error: 'expired' }, { ok: true }])
    },
  )

  test('holds for a command that waited behind a slow one', async () => {
    const world = createWorld()
    const socket = await world.connected()
    world.slowToolkit(1_500)
    socket.tells(command(world, 'slow', 'Lunch', null, 10_000))
    socket.tells(command(world, 'late', 'Busy', null, 2_000))
    await world.clock.advance(20_000)
    expect(world.toolkit.sets).toEqual(['Lunch'])
    expect(results(socket)).toMatchObject([
      { cmd: 'slow', ok: true },
      { cmd: 'late', ok: false, error: 'expired' },
    ])
  })
})

describe('expiry of a command', () => {
  test('is said before anything else', async () => {
    const world = createWorld()
    const socket = await world.connected()
    socket.tells(command(world, 'c1', 'Busy', 'Lunch', -1))
    await world.clock.settle()
    expect(results(socket)).toMatchObject([{ ok: false, error: 'expired' }])
  })

  test('is looked at again after the status was found', async () => {
    const world = createWorld()
    world.orgHas(STATUSES.slice(0, 1))
    const socket = await world.connected()
    world.orgHas(STATUSES)
    world.meanwhile(() => new Promise((resolve) => void world.clock.after(3_000, resolve)))
    socket.tells(command(world, 'c1', 'Busy', null, 2_000))
    await world.clock.advance(5_000)
    expect(world.toolkit.sets).toEqual([])
    expect(results(socket)).toMatchObject([{ ok: false, error: 'expired' }])
  })
})

describe('work', () => {
  test.each([
    ['accept', undefined, 'acceptAgentWork 0Bz000000000001'],
    ['decline', 'On a call', 'declineAgentWork 0Bz000000000001 On a call'],
    ['close', undefined, 'closeAgentWork 0Bz000000000001'],
  ])('%s', async (action, reason, done) => {
    const world = createWorld()
    const socket = await world.connected()
    socket.tells({ type: 'work', cmd: 'w1', action, workId: '0Bz000000000001AAA', reason })
    await world.clock.settle()
    expect(world.toolkit.done).toEqual([done])
    expect(results(socket)).toEqual([{ type: 'result', cmd: 'w1', ok: true }])
  })

  test('of an action that this version does not know is answered', async () => {
    const world = createWorld()
    const socket = await world.connected()
    socket.tells({ type: 'work', cmd: 'w1', action: 'juggle', workId: '0Bz000000000001AAA' })
    await world.clock.settle()
    expect(results(socket)).toMatchObject([{ ok: false, error: 'toolkit' }])
  })
})

test('more commands at once than can wait are answered and not carried out', async () => {
  const world = createWorld()
  const socket = await world.connected()
  world.slowToolkit(100)
  for (let n = 0; n < 60; n += 1) socket.tells(command(world, `c${n}`, n % 2 ? 'Online' : 'Busy'))
  expect(results(socket)).toHaveLength(10)
  await world.clock.advance(60_000)
  expect(results(world.sockets[0] ?? socket).filter(({ ok }) => ok === false)).not.toHaveLength(0)
  expect(world.toolkit.sets.length).toBeLessThanOrEqual(50)
})

test('the answer to a command belongs to the connection on which it came', async () => {
  const world = createWorld({ random: () => 0 })
  const first = await world.connected()
  world.slowToolkit(1_500)
  first.tells(command(world, 'c1', 'Busy'))
  await world.clock.settle()
  first.ends(1006)
  world.slowToolkit(0)
  await world.clock.advance(200)
  const second = world.socket()
  second.opens()
  await world.clock.settle()
  second.tells({ type: 'welcome', lead: true, agent: 'jane' })
  expect(world.toolkit.sets).toEqual([])
  await world.clock.advance(4_000)
  expect(world.toolkit.sets).toEqual(['Busy'])
  expect(results(second)).toEqual([])
  second.tells(command(world, 'c1', 'Busy'))
  await world.clock.settle()
  expect(results(second)).toEqual([{ type: 'result', cmd: 'c1', ok: true }])
  expect(world.toolkit.sets).toEqual(['Busy'])
})
