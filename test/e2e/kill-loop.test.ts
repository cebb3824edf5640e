// The bridge is killed again and again while people never rest, at moments that a seed chooses: nothing is lost, nothing is done twice,
// and in the end everybody stands as the rules say. KILLS=50 makes it long, SEED=… another one.

import { type FSWatcher, watch } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, expect, jest, test } from '@jest/globals'
import type { JournalEntry } from '../../src/domain/journal.ts'
import type { Side } from '../../src/domain/side.ts'
import { type Chance, createChance } from '../sim/chance.ts'
import { mistaken, story, unaccounted } from './account.ts'
import type { BridgeProcess } from './bridge-process.ts'
import { type Crowd, createCrowd } from './crowd.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { type JournalWatch, watchJournal } from './journal-watch.ts'
import { SCENARIO_B } from './mappings.ts'
import type { Agent } from './person.ts'
import { unsettled } from './standing.ts'
import { type Witness, watchPlatforms } from './witness.ts'

const KILLS = Number(process.env.KILLS ?? 10)
const SEED = Number(process.env.SEED ?? 1)
const AGENTS = 24
/** A start, a while of running, and the look into the journal. */
const KILL_MS = 6_000
const CALM_MS = 30_000
const MAPPING = SCENARIO_B.replace(
  'mapped:\n',
  'mapped:\n  - { crm: Lunch, telephony: Meal }\n  - { crm: Break, telephony: Break }\n  - { crm: Busy, telephony: [Busy, Training], direction: to_crm }\n',
)

// Each run is another one, because real processes are never as fast twice. What fails is printed; a short run has a second try, a long one has none.
if (process.env.KILLS === undefined) jest.retryTimes(1, { logErrorsBeforeRetry: true })

let floor: Floor
let crowd: Crowd
afterEach(async () => {
  crowd?.rest()
  await floor?.close()
})

/** When the bridge dies. */
const MOMENTS = ['right after its launch', 'while it starts', 'while it runs', 'at a write', 'at a commit'] as const
type Moment = (typeof MOMENTS)[number]

test(
  `${KILLS} kills at any moment (seed ${SEED}) lose nothing, do nothing twice and leave everybody where the rules say`,
  async () => {
    const chance = createChance(SEED)
    floor = await openFloor({ mapping: MAPPING, agents: AGENTS })
    const witness = watchPlatforms(floor.centre, floor.agents)
    crowd = createCrowd({ centre: floor.centre, agents: floor.agents, seed: SEED })
    crowd.everybodyOnQueue()
    const journal = watchJournal(floor.journal)
    const died: Record<string, number> = {}
    crowd.start()
    for (let kill = 0; kill < KILLS; kill++) {
      const moment = MOMENTS[kill % MOMENTS.length] ?? 'while it runs'
      await killAt(moment, { chance, witness, journal })
      died[moment] = (died[moment] ?? 0) + 1
      const entries = journal.look()
      expect(unaccounted(entries, witness.seen())).toEqual([])
      expect(mistaken(entries, witness.seen())).toEqual([])
    }

    const bridge = await floor.start()
    crowd.rest()
    const told = (key: string) => story(key, journal.look(), witness.seen())
    await settles({ workEnded: false }, told)
    crowd.endWork()
    await settles({ workEnded: true }, told)
    for (const agent of floor.agents) expect(agent.shows()).toEqual(lastSeen(agent, witness))
    crowd.everybodyOnQueue()
    await eventually(() => expect(notOnQueue(floor.agents).map(told)).toEqual([]), CALM_MS)
    await settles({ workEnded: true }, told)
    bridge.signal('SIGTERM')
    expect(await bridge.ended).toEqual({ code: 0, signal: null })
    const entries = journal.look()
    expect(unaccounted(entries, witness.seen())).toEqual([])
    expect(mistaken(entries, witness.seen())).toEqual([])
    if (process.env.KILLS !== undefined) report({ died, entries, witness })
  },
  KILLS * KILL_MS + 3 * CALM_MS,
)

/** Fails with what is wrong, and with the story of the first one of whom it is. */
async function settles(args: { workEnded: boolean }, told: (key: string) => string): Promise<void> {
  await eventually(async () => {
    const [first, ...others] = await unsettled(floor, args)
    if (first === undefined) return
    const agent = first.split(':')[0]
    expect([first, ...others, told(`${agent} crm`), told(`${agent} telephony`)]).toEqual([])
  }, CALM_MS)
}

async function killAt(
  moment: Moment,
  { chance, witness, journal }: { chance: Chance; witness: Witness; journal: JournalWatch },
): Promise<void> {
  const starts = moment === 'right after its launch' || moment === 'while it starts'
  const bridge = starts ? floor.launch() : await floor.start()
  const wait = (low: number, high: number) => new Promise((resolve) => setTimeout(resolve, chance.between(low, high)))
  if (moment === 'right after its launch') await wait(0, 300)
  else if (moment === 'while it starts') {
    await bridge.says(chance.pick(['journal_open', 'page', 'people']))
    await wait(0, 200)
  } else if (moment === 'while it runs') {
    await wait(100, 700)
    journal.look()
    await wait(0, 500)
  } else if (moment === 'at a write') await diesAtWrite(bridge, witness, chance.between(1, 12))
  else await diesAtCommit(bridge, chance.between(1, 40))
  bridge.signal('SIGKILL')
  expect((await bridge.ended).signal).toBe('SIGKILL')
  // Pages that lost their bridge are reloaded when it is back.
  floor.closeConsoles()
}

/** In the moment in which the platform takes the write, before the bridge hears of it. */
function diesAtWrite(bridge: BridgeProcess, witness: Witness, nth: number): Promise<void> {
  return new Promise((resolve) => {
    let left = nth
    witness.atWrite(() => {
      left -= 1
      if (left > 0) return
      bridge.signal('SIGKILL')
      witness.atWrite(null)
      resolve()
    })
  })
}

/** While the journal's file is being written. */
function diesAtCommit(bridge: BridgeProcess, nth: number): Promise<void> {
  return new Promise((resolve) => {
    let left = nth
    const watcher: FSWatcher = watch(dirname(floor.journal), () => {
      left -= 1
      if (left > 0) return
      bridge.signal('SIGKILL')
      watcher.close()
      resolve()
    })
  })
}

/** "agent side" of each. */
function notOnQueue(agents: readonly Agent[]): readonly string[] {
  return agents.flatMap((agent) => {
    const { crm, telephony } = agent.shows()
    return [
      ...(crm === 'On_Queue' ? [] : [`${agent.name} crm`]),
      ...(telephony === 'On Queue' ? [] : [`${agent.name} telephony`]),
    ]
  })
}

/** What the platforms took last for an agent: by API name and label, as `shows` says it. */
function lastSeen(agent: Agent, witness: Witness): ReturnType<Agent['shows']> {
  const last = (side: Side) => witness.seen().findLast((one) => one.agent === agent.name && one.side === side)?.status
  return { crm: (last('crm') ?? '').replace(' ', '_'), telephony: last('telephony') ?? '' }
}

function report(args: { died: object; entries: readonly JournalEntry[]; witness: Witness }): void {
  const { died, entries, witness } = args
  const seen = witness.seen()
  const byBridge = seen.filter(({ by }) => by === 'bridge').length
  const outcomes = Object.groupBy(
    entries.flatMap(({ record }) => record.writes),
    ({ outcome }) => outcome,
  )
  const writes = Object.fromEntries(Object.entries(outcomes).map(([outcome, of]) => [outcome, of?.length]))
  console.log(JSON.stringify({ seed: SEED, died, decisions: entries.length, writes, byBridge, seen: seen.length }))
}
