// The journal's disk is full, or its file was spoilt: agents are kept in step all the same, and operators hear of it.

import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { JournalEntry } from '../../src/domain/journal.ts'
import { openJournalReader } from '../../src/journal/sqlite-journal.ts'
import { unaccounted } from './account.ts'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { limitFileSize } from './limit-file-size.ts'
import { SCENARIO_B } from './mappings.ts'
import { type Witness, watchPlatforms } from './witness.ts'

const MAPPING = SCENARIO_B.replace('mapped:\n', 'mapped:\n  - { crm: Lunch, telephony: Meal }\n')
const PAGE = 4_096
let floor: Floor
let bridge: BridgeProcess
let witness: Witness

beforeEach(async () => {
  floor = await openFloor({ mapping: MAPPING, agents: 3 })
  witness = watchPlatforms(floor.centre, floor.agents)
  for (const agent of floor.agents) {
    agent.inCrm('On_Queue')
    agent.inTelephony('On Queue')
  }
  bridge = await floor.start()
  // So that the file has something to lose.
  floor.agent(2).inTelephony('Meal')
  await bridge.decides({ side: 'crm', reason: 'mapped', outcome: 'confirmed' })
})
afterEach(async () => await floor?.close())

async function journalIsUp(up: boolean): Promise<void> {
  await eventually(async () => {
    const readiness = await floor.ops.readyz()
    expect(readiness?.status).toBe(up ? 200 : 503)
    expect(readiness?.checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(up ? [] : ['journal'])
    expect(await floor.ops.text('/metrics')).toMatch(new RegExp(`^presence_bridge_journal_up ${up ? 1 : 0}$`, 'm'))
  })
}

function kept(): readonly JournalEntry[] {
  const reader = openJournalReader({ path: floor.journal })
  const entries = reader.query({ limit: 10_000 })
  reader.close()
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
  return entries
}

async function restarted(): Promise<void> {
  floor.closeConsoles()
  await bridge.ended
  bridge = await floor.start()
  expect(bridge.service().filter(({ level }) => level === 'error')).toEqual([])
}

describe('when the disk fills up in the middle of work', () => {
  beforeEach(async () => {
    limitFileSize(bridge.pid, 0)
    const [ada] = [floor.agent(0)]
    ada.inTelephony('Meal')
    await eventually(() => expect(ada.shows()).toEqual({ crm: 'Lunch', telephony: 'Meal' }))
    await journalIsUp(false)
  })

  test('it is said once, statuses still follow, blocks still stand, and nothing is missing once there is room again', async () => {
    const [ada, ben] = [floor.agent(0), floor.agent(1)]
    const before = kept().length
    const chat = ben.offerChat()
    await eventually(() => expect(ben.shows()).toEqual({ crm: 'On_Queue', telephony: 'Available' }))
    ada.inTelephony('On Queue')
    await eventually(() => expect(ada.shows().crm).toBe('On_Queue'))
    expect((await floor.ops.agent(ben.name)).blocked).toEqual(['telephony'])
    ben.accept(chat)
    ben.closeChat(chat)
    await eventually(() => expect(ben.shows().telephony).toBe('On Queue'))
    await bridge.decides({ agent: ben.name, side: 'telephony', reason: 'released', outcome: 'confirmed' })
    expect(bridge.service().filter(({ code }) => code === 'journal_failed')).toHaveLength(1)
    expect(bridge.service().filter(({ code }) => code === 'journal_back')).toEqual([])
    expect(kept()).toHaveLength(before)

    limitFileSize(bridge.pid, 'unlimited')
    expect(await bridge.says('journal_back')).toMatchObject({ lost: 0 })
    await journalIsUp(true)
    expect(bridge.service().filter(({ code }) => code === 'journal_failed')).toHaveLength(1)
    bridge.signal('SIGTERM')
    expect(await bridge.ended).toEqual({ code: 0, signal: null })
    const entries = kept()
    const printed = bridge.decisions().map((record) => JSON.stringify(record))
    expect(entries.map(({ record }) => JSON.stringify(record)).sort()).toEqual(printed.sort())
    expect(unaccounted(entries, witness.seen())).toEqual([])
  })

  test('a kill while it is full loses what could not be kept and nothing else, and moves nobody', async () => {
    const before = kept()
    const written = floor.writes()
    bridge.signal('SIGKILL')
    await restarted()
    const [ada] = [floor.agent(0)]
    await eventually(async () => expect((await floor.ops.agent(ada.name)).crm.base).toBe('Lunch'))
    ada.inTelephony('On Queue')
    await eventually(() => expect(ada.shows()).toEqual({ crm: 'On_Queue', telephony: 'On Queue' }))
    expect(floor.writes()).toEqual({ crm: written.crm + 1, telephony: written.telephony })
    await journalIsUp(true)
    await eventually(() => expect(kept().length).toBeGreaterThan(before.length))
    expect(kept().slice(0, before.length)).toEqual(before)
  })

  test('a bridge that is told to stop while it is full ends all the same', async () => {
    bridge.signal('SIGTERM')
    expect(await bridge.ended).toEqual({ code: 0, signal: null })
    await restarted()
    expect(floor.agent(0).shows()).toEqual({ crm: 'Lunch', telephony: 'Meal' })
  })
})

describe('when the file was spoilt while the bridge was down', () => {
  function spoil(fromPage: number): void {
    const size = statSync(floor.journal).size
    const file = openSync(floor.journal, 'r+')
    writeSync(file, Buffer.alloc(size - fromPage * PAGE, 0xa5), 0, size - fromPage * PAGE, fromPage * PAGE)
    closeSync(file)
  }

  test.each([
    ['but for its beginning', 1],
    ['altogether', 0],
  ])('%s it says so, sets it aside, reads the platforms, and nobody is moved', async (_, fromPage) => {
    bridge.signal('SIGTERM')
    await bridge.ended
    spoil(fromPage)
    const size = statSync(floor.journal).size
    const shown = floor.agents.map((agent) => agent.shows())
    const seen = witness.seen().length
    floor.closeConsoles()
    bridge = await floor.start()

    const line = await bridge.says('journal_damaged')
    expect(line).toMatchObject({ level: 'error', path: floor.journal })
    const folder = dirname(floor.journal)
    const aside = readdirSync(folder).filter((name) => /^journal\.sqlite\.damaged-[^.]*$/.test(name))
    expect([`${folder}/${aside[0]}`]).toEqual([line.setAside])
    expect(statSync(String(line.setAside)).size).toBe(size)
    const adopted = bridge.decisions().filter(({ decisions }) => decisions.some(({ reason }) => reason === 'adopted'))
    expect(adopted.map(({ agent }) => agent).sort()).toEqual(floor.agents.map(({ name }) => name).sort())

    // When this has come through, everything that the start itself decided has been done.
    const ada = floor.agent(0)
    ada.inTelephony('Meal')
    await eventually(() => expect(ada.shows().crm).toBe('Lunch'))
    expect(floor.agents.slice(1).map((agent) => agent.shows())).toEqual(shown.slice(1))
    const moved = witness.seen().slice(seen)
    expect(moved.map(({ agent, side, by }) => `${agent} ${side} ${by}`)).toEqual([
      `${ada.name} telephony person`,
      `${ada.name} crm bridge`,
    ])
    await journalIsUp(true)
    expect(openJournalReader({ path: floor.journal }).query({ limit: 100 }).length).toBeGreaterThan(0)
  })
})
