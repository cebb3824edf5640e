// What every adapter must do, whatever the vendor: run by the real runtime, with a mirror on the other side, it ends in step with its platform
// after each trouble, tells nothing untrue, and lets go when stopped. What is compared is what people see on both sides, never a list of calls.

import { afterEach, describe, expect, test } from '@jest/globals'
import type { Member } from '../../src/app/agents.ts'
import { SILENT_OBSERVER } from '../../src/app/observer.ts'
import { Runtime } from '../../src/app/runtime.ts'
import { SILENT } from '../../src/domain/log.ts'
import type { PlatformAdapter, PlatformSink, WriteOptions, WriteResult } from '../../src/domain/platform.ts'
import {
  type AgentId,
  type BySide,
  OFFLINE,
  otherSide,
  type PlatformUserId,
  type StatusId,
} from '../../src/domain/side.ts'
import { createMemoryJournal } from '../../src/journal/memory-journal.ts'
import { loadMapping } from '../../src/mapping/compile.ts'
import { until } from '../support/poll.ts'
import { REAL_CLOCK } from '../support/real-clock.ts'
import { type Bed, type Impossible, type MakeBed, overheard, type Trouble } from './bed.ts'
import { createMirror, type Mirror } from './mirror.ts'

const HOUR_MS = 3_600_000
/** The points of a start at which something is made to happen: more than any start has calls. */
const POINTS = [1, 2, 3, 4, 5, 6, 8]

/** On the platform, in the mirror. */
type Shown = readonly [platform: string, mirror: string]
type World = { readonly bed: Bed; readonly mirror: Mirror; readonly isUp: () => boolean }

const running: { readonly runtime: Runtime; readonly bed: Bed }[] = []
afterEach(async () => {
  for (const { runtime, bed } of running.splice(0)) {
    await runtime.stop()
    await bed.adapter.stop()
  }
})

export function conforms(make: MakeBed): void {
  describe('what there is', () => {
    test('the catalogue has the statuses, each under an id of its own', async () => {
      const { adapter, statuses } = await make()
      const catalogue = await adapter.catalogue()
      const ids = catalogue.statuses.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      for (const name of statuses) {
        const status = catalogue.statuses.find(({ label, apiName }) => label === name || apiName === name)
        expect(status).toMatchObject({ settable: true })
        if (status?.available !== undefined) expect(status.available).toBe(name === statuses[0])
      }
      await adapter.stop()
    })

    test('the roster has the people, each once', async () => {
      const { adapter, people } = await make()
      const users = (await adapter.roster()).map(({ user }) => user)
      expect(new Set(users).size).toBe(users.length)
      expect(users).toEqual(expect.arrayContaining([...people]))
      await adapter.stop()
    })

    test('a reading has those who were asked for and are known, and nobody else', async () => {
      const { adapter, people } = await make()
      await adapter.roster()
      await adapter.catalogue()
      const nobody = `${people[0].slice(0, -4)}ZZZZ` as PlatformUserId
      expect([...(await adapter.snapshot([people[1], nobody])).keys()]).toEqual([people[1]])
      expect((await adapter.snapshot([])).size).toBe(0)
      await adapter.stop()
    })
  })

  describe('in step', () => {
    test('people are followed, whoever chooses what', async () => {
      const world = await inStep(make)
      const { bed, mirror } = world
      const [jane, lee] = bed.people
      const [first, second, third] = bed.statuses
      bed.choose(jane, second)
      bed.choose(lee, third)
      await settled(world, { [jane]: both(second), [lee]: both(third) })
      mirror.choose(jane, third)
      await settled(world, { [jane]: both(third), [lee]: both(third) })
      for (const status of [first, second, first, third, second]) bed.choose(jane, status)
      bed.choose(lee, first)
      await settled(world, { [jane]: both(second), [lee]: both(first) })
    })

    test('work on the platform blocks the other side until it is over', async () => {
      const world = await inStep(make)
      const { bed, mirror } = world
      const [jane] = bed.people
      const work = bed.offer(jane)
      await until(() => mirror.shown(jane) === bed.statuses[1], 'the block')
      bed.accept(work)
      bed.finish(work)
      await until(() => mirror.shown(jane) === bed.statuses[0], 'the release')
      expect(bed.shown(jane)).toBe(bed.statuses[0])
    })

    test('what happens while it starts is not missed', async () => {
      for (const point of POINTS) {
        const bed = await make()
        const [jane, lee] = bed.people
        let calls = 0
        const adapter = overheard(bed.adapter, () => {
          calls += 1
          if (calls === point) bed.choose(jane, bed.statuses[2])
          if (calls === point + 1) bed.choose(lee, bed.statuses[1])
        })
        const world = await run({ ...bed, adapter })
        if (calls < point) bed.choose(jane, bed.statuses[2])
        if (calls < point + 1) bed.choose(lee, bed.statuses[1])
        await settled(world, { [jane]: both(bed.statuses[2]), [lee]: both(bed.statuses[1]) })
      }
    })
  })

  describe('writes', () => {
    test('before the start a write is carried out or not, as its answer says', async () => {
      const { adapter, people, shown } = await make()
      const before = shown(people[0])
      const { kind } = await adapter.setStatus(people[0], OFFLINE, options())
      expect(shown(people[0])).toBe(kind === 'accepted' ? OFFLINE : before)
      await adapter.stop()
    })

    test('what the platform refuses is told in words, and nobody moves', async () => {
      const world = await inStep(make)
      const { bed } = world
      const [jane] = bed.people
      bed.refuse(jane)
      const result = await write(bed, jane, bed.statuses[2])
      expect(result).toEqual({ kind: 'refused', words: expect.stringMatching(/.{5}/) })
      expect(bed.shown(jane)).toBe(bed.statuses[0])
    })

    test('a write that the platform accepts and does not carry out is not told as a change', async () => {
      const world = await inStep(make)
      const { bed, mirror } = world
      const [jane, lee] = bed.people
      if (typeof bed.ignore === 'string') {
        expect(bed.ignore.length).toBeGreaterThan(10)
        return
      }
      bed.ignore(jane)
      expect(await write(bed, jane, bed.statuses[2])).toEqual({ kind: 'accepted' })
      bed.choose(lee, bed.statuses[1])
      await settled(world, { [jane]: both(bed.statuses[0]), [lee]: both(bed.statuses[1]) })
      expect(mirror.shown(jane)).toBe(bed.statuses[0])
    })

    test('a write that comes too late or is withdrawn is not carried out later', async () => {
      const world = await inStep(make)
      const { bed } = world
      const [jane, lee] = bed.people
      const target = await idOf(bed, bed.statuses[2])
      const late = await bed.adapter.setStatus(jane, target, { ...options(), deadline: Date.now() - 1 })
      const withdrawn = await bed.adapter.setStatus(lee, target, { ...options(), signal: AbortSignal.abort() })
      expect([late.kind, withdrawn.kind]).not.toContain('accepted')
      expect([bed.shown(jane), bed.shown(lee)]).toEqual([bed.statuses[0], bed.statuses[0]])
    })
  })

  describe('after a trouble', () => {
    test.each(TROUBLES)('it ends in step: %s', async (name) => {
      // A silent loss is what the periodic reading is for; everything else must do without it.
      const world = await inStep(make, name === 'events are lost' ? 500 : HOUR_MS)
      const { bed, mirror, isUp } = world
      const trouble: Trouble | Impossible = bed.troubles[name]
      if (typeof trouble === 'string') {
        expect(trouble.length).toBeGreaterThan(10)
        return
      }
      const [ann, bob, cat] = bed.people
      const [first, second, third] = bed.statuses
      // Something was heard before, so that there is a position to lose.
      bed.choose(ann, third)
      await settled(world, { [ann]: both(third) })
      bed.choose(ann, first)
      await settled(world, { [ann]: both(first) })
      const heal = trouble()
      const work = bed.offer(ann)
      bed.accept(work)
      bed.choose(bob, second)
      bed.choose(bob, third)
      mirror.choose(cat, second)
      // What is silent must be found out: nothing else tells that something was missed.
      if (name === 'everything is silent') await until(() => !isUp(), 'the silence to be noticed')
      heal()
      await settled(world, { [ann]: [first, second], [bob]: [third, third], [cat]: [second, second] })
      bed.finish(work)
      await settled(world, { [ann]: [first, first], [bob]: [third, third], [cat]: [second, second] })
      bed.choose(ann, second)
      mirror.choose(bob, second)
      bed.choose(cat, first)
      await settled(world, { [ann]: [second, second], [bob]: [second, second], [cat]: [first, first] })
    })
  })

  test.each(POINTS)('stopped at call %i of its start it lets go, and tells nothing any more', async (point) => {
    const bed = await make()
    let [calls, told, stopped] = [0, 0, false]
    const stopping = Promise.withResolvers<void>()
    const tell = () => {
      if (stopped) told += 1
    }
    const stop = () =>
      bed.adapter.stop().then(() => {
        stopped = true
        stopping.resolve()
      }, stopping.reject)
    const sink: PlatformSink = {
      report: tell,
      link: tell,
      gap: tell,
      reachable: tell,
      call() {
        calls += 1
        if (calls === point) void stop()
      },
    }
    await bed.adapter.start([...bed.people], sink).catch(() => {})
    if (calls < point) void stop()
    await stopping.promise
    bed.choose(bed.people[0], bed.statuses[2])
    await until(() => bed.shown(bed.people[0]) === bed.statuses[2], 'the change')
    await new Promise((resolve) => setImmediate(resolve))
    expect(told).toBe(0)
  })
}

const TROUBLES = [
  'the stream is cut',
  'everything is silent',
  'the token is no longer good',
  'the subscription is forgotten',
  'the position is refused',
  'calls fail',
  'calls are limited',
  'events come twice',
  'a gap is told',
  'events are lost',
] as const satisfies readonly (keyof Bed['troubles'])[]

/** A bridge that keeps the platform and a mirror in step, begun, with everybody in the first status. */
async function inStep(make: MakeBed, resyncEveryMs = HOUR_MS): Promise<World> {
  const world = await run(await make(), resyncEveryMs)
  const { people, statuses } = world.bed
  await settled(world, Object.fromEntries(people.map((user) => [user, both(statuses[0])])))
  return world
}

async function run(bed: Bed, resyncEveryMs = HOUR_MS): Promise<World> {
  const { side } = bed.adapter
  const mirror = createMirror({ side: otherSide(side), people: bed.people, statuses: bed.statuses })
  const adapters = bothSides(bed, mirror)
  const [crm, telephony] = await Promise.all([adapters.crm.catalogue(), adapters.telephony.catalogue()])
  const { mapping, findings } = loadMapping(rulesText(bed), { file: 'rules.yaml', catalogue: { crm, telephony } })
  if (mapping === null) throw new Error(findings.map(({ message }) => message).join('\n'))
  let isUp = false
  const runtime = new Runtime({
    members: bed.people.map(memberOf),
    rules: mapping.rules,
    adapters,
    journal: createMemoryJournal(),
    clock: REAL_CLOCK,
    random: Math.random,
    log: SILENT,
    observer: {
      ...SILENT_OBSERVER,
      link(told, up) {
        if (told === side) isUp = up
      },
    },
    shadow: false,
    resyncEveryMs,
  })
  running.push({ runtime, bed })
  await runtime.start()
  await bed.ready()
  return { bed, mirror, isUp: () => isUp }
}

function bothSides(bed: Bed, mirror: Mirror): BySide<PlatformAdapter> {
  return bed.adapter.side === 'crm'
    ? { crm: bed.adapter, telephony: mirror.adapter }
    : { crm: mirror.adapter, telephony: bed.adapter }
}

/** The same person has the same id on both sides here. */
function memberOf(user: PlatformUserId): Member {
  return {
    agent: user as string as AgentId,
    name: user,
    aliases: [],
    users: { crm: user, telephony: user },
    profile: null,
  }
}

/** Each status with its namesake, in both directions; work on the platform blocks the mirror. */
function rulesText({ adapter, statuses }: Bed): string {
  const [first, second] = statuses
  return [
    'version: 1',
    `available: { crm: [${first}], telephony: [${first}] }`,
    'mapped:',
    ...statuses.map((name) => `  - { crm: ${name}, telephony: ${name} }`),
    'blocking:',
    `  ${otherSide(adapter.side)}: { status: ${second}, release_after: 0s }`,
    'conflict: { window: 1ms }',
    `startup: ${adapter.side}`,
    'limits: { writes_per_minute: 600 }',
    '',
  ].join('\n')
}

const both = (status: string): Shown => [status, status]

/** Until they show this on both sides. */
async function settled({ bed, mirror }: World, expected: Readonly<Record<string, Shown>>): Promise<void> {
  const bothShow = (user: PlatformUserId): Shown => [bed.shown(user), mirror.shown(user)]
  const shown = () =>
    Object.fromEntries(Object.keys(expected).map((user) => [user, bothShow(user as PlatformUserId)] as const))
  const same = () =>
    Object.entries(shown()).every(([user, [a, b]]) => a === expected[user]?.[0] && b === expected[user]?.[1])
  await until(same, 'both sides to be in step').catch(() => expect(shown()).toEqual(expected))
}

/** As soon as there is somebody to carry it out. */
async function write(bed: Bed, user: PlatformUserId, name: string): Promise<WriteResult> {
  const status = await idOf(bed, name)
  for (;;) {
    const result = await bed.adapter.setStatus(user, status, options())
    if (result.kind !== 'unreachable') return result
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function options(): WriteOptions {
  return {
    expect: null,
    deadline: Date.now() + 5_000,
    sentence: 'a conformance test',
    signal: new AbortController().signal,
  }
}

async function idOf(bed: Bed, name: string): Promise<StatusId> {
  const { statuses } = await bed.adapter.catalogue()
  const found = statuses.find(({ label, apiName }) => label === name || apiName === name)
  if (found === undefined) throw new Error(`the platform has no status ${name}`)
  return found.id
}
