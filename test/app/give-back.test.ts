// Out of service, whatever agents are doing: nobody is left in a status that only the bridge would end.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Member } from '../../src/app/agents.ts'
import { giveBlocksBack } from '../../src/app/drain.ts'
import { SILENT_OBSERVER } from '../../src/app/observer.ts'
import { Runtime } from '../../src/app/runtime.ts'
import { SILENT } from '../../src/domain/log.ts'
import type { LogRecord } from '../../src/domain/record.ts'
import { type AgentId, type PlatformUserId, SIDES, type Side } from '../../src/domain/side.ts'
import { createMemoryJournal } from '../../src/journal/memory-journal.ts'
import { createModelPlatform } from '../../src/stories/model-platform.ts'
import { createVirtualClock } from '../../src/stories/virtual-clock.ts'
import { id, ruleset } from '../support/rules.ts'

const BEGIN = 1_800_000_000_000
const WITHIN_MS = 20_000
const top = ruleset({
  available: { crm: ['Q'], telephony: ['Q'] },
  rows: [{ crm: ['Q'], telephony: ['Q'] }],
  blocking: { crm: { status: 'T', releaseAfterMs: 5_000 }, telephony: { status: 'T' } },
})
const rules = {
  hash: 'x',
  file: 'x',
  top,
  profiles: new Map(),
  statuses: { crm: new Set<never>(), telephony: new Set<never>() },
  label: (_: unknown, status: string) => status,
}

/** Everybody on queue on both sides; some of them with work, as `busy` says, one after the other. */
async function floorOf(busy: readonly (Side | null)[]) {
  const clock = createVirtualClock(BEGIN)
  const members = busy.map(
    (_, n): Member => ({
      agent: `agent${n}` as AgentId,
      name: `agent${n}`,
      aliases: [],
      users: { crm: `c${n}` as PlatformUserId, telephony: `t${n}` as PlatformUserId },
      profile: null,
    }),
  )
  const model = (side: Side) =>
    createModelPlatform({ side, clock, start: id('Q'), users: members.map(({ users }) => users[side]) })
  const platforms = { crm: model('crm'), telephony: model('telephony') }
  const records: LogRecord[] = []
  const runtime = new Runtime({
    members,
    rules,
    adapters: { crm: platforms.crm.adapter, telephony: platforms.telephony.adapter },
    journal: createMemoryJournal(),
    clock,
    random: () => 0.5,
    log: SILENT,
    observer: { ...SILENT_OBSERVER, decided: ({ record }) => records.push(record) },
    shadow: false,
    resyncEveryMs: 10 ** 9,
  })
  void runtime.start()
  await clock.advanceTo(clock.now() + 1_000)
  const works = (n: number, side: Side, item: string, state: 'accepted' | 'closed' = 'accepted') => {
    const user = members[n]?.users[side]
    if (user !== undefined) platforms[side].send(platforms[side].work(user, { id: item, channel: 'call', state }))
  }
  for (const [n, side] of busy.entries()) if (side !== null) works(n, side, `first ${n}`)
  await clock.advanceTo(clock.now() + 1_000)
  const shows = () =>
    members.map(({ users }) => ({
      crm: platforms.crm.status(users.crm),
      telephony: platforms.telephony.status(users.telephony),
    }))
  const giveBack = async (meanwhile: () => void = () => {}) => {
    const began = clock.now()
    let overAt: number | null = null
    void giveBlocksBack({ runtime, clock, log: SILENT, withinMs: WITHIN_MS }).then(() => {
      overAt = clock.now()
    })
    meanwhile()
    await clock.advanceTo(began + WITHIN_MS)
    return (overAt ?? Number.POSITIVE_INFINITY) - began
  }
  return { clock, platforms, records, runtime, works, shows, giveBack }
}

const busy = fc.array(fc.constantFrom<Side | null>('crm', 'telephony', null), { minLength: 1, maxLength: 8 })

test('everybody who is blocked gets their own status back, with one record each, within a moment', async () => {
  await fc.assert(
    fc.asyncProperty(busy, async (given) => {
      const floor = await floorOf(given)
      const blocked = given.filter((side) => side !== null).length
      expect(floor.shows().filter(({ crm, telephony }) => crm === 'T' || telephony === 'T')).toHaveLength(blocked)
      expect(await floor.giveBack()).toBeLessThan(1_000)
      for (const agent of floor.shows()) expect(agent).toEqual({ crm: 'Q', telephony: 'Q' })
      const released = floor.records.filter(({ decisions }) => decisions.some(({ reason }) => reason === 'released'))
      expect(released.map(({ event }) => event.kind)).toEqual(Array(blocked).fill('admin'))
    }),
    { numRuns: 30 },
  )
})

test('a block that is held after its work is given back at once, too', async () => {
  const floor = await floorOf(['telephony'])
  floor.works(0, 'telephony', 'first 0', 'closed')
  await floor.clock.advanceTo(floor.clock.now() + 500)
  expect(floor.shows()).toEqual([{ crm: 'T', telephony: 'Q' }])
  expect(await floor.giveBack()).toBeLessThan(1_000)
  expect(floor.shows()).toEqual([{ crm: 'Q', telephony: 'Q' }])
})

test('work that arrives meanwhile blocks nobody any more', async () => {
  await fc.assert(
    fc.asyncProperty(busy, fc.constantFrom(...SIDES), async (given, side) => {
      const floor = await floorOf(given)
      await floor.giveBack(() => {
        for (const n of given.keys()) floor.works(n, side, `second ${n}`)
      })
      for (const agent of floor.shows()) expect(agent).toEqual({ crm: 'Q', telephony: 'Q' })
      for (const { state } of floor.runtime.agents.all)
        for (const one of SIDES) expect(state[one].block?.phase ?? 'gave_way').toBe('gave_way')
    }),
    { numRuns: 30 },
  )
})

test('a platform that takes nothing is waited for, and not longer than there is time', async () => {
  const floor = await floorOf(['telephony', null])
  floor.platforms.crm.link(false, false)
  const tookMs = await floor.giveBack()
  expect(tookMs).toBeGreaterThanOrEqual(WITHIN_MS - 5_000)
  expect(tookMs).toBeLessThan(WITHIN_MS - 3_000)
  expect(floor.shows()[0]).toEqual({ crm: 'T', telephony: 'Q' })
})
