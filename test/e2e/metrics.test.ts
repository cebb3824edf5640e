// What Prometheus reads of a bridge at work.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { BridgeProcess } from './bridge-process.ts'
import { eventually, type Floor, openFloor } from './harness.ts'
import { SCENARIO_B } from './mappings.ts'
import type { Agent } from './person.ts'

let floor: Floor
let bridge: BridgeProcess
let ada: Agent

beforeAll(async () => {
  floor = await openFloor({ mapping: SCENARIO_B, agents: 2 })
  ada = floor.agent(0)
  ada.inCrm('On_Queue')
  ada.inTelephony('On Queue')
  bridge = await floor.start()
})
afterAll(async () => await floor?.close())

/** The values of these series, by their exact text without the prefix. */
async function values<K extends string>(...series: readonly K[]): Promise<Record<K, number>> {
  const lines = (await floor.ops.text('/metrics')).split('\n')
  const of = (one: string) => {
    const line = lines.find((text) => text.startsWith(`presence_bridge_${one} `))
    return Number(line?.split(' ').at(-1) ?? Number.NaN)
  }
  return Object.fromEntries(series.map((one) => [one, of(one)])) as Record<K, number>
}

test('a bridge that has just begun is ready, with its agents where they are and nothing wrong', async () => {
  expect(
    await values(
      'ready',
      'shadow',
      'mapping_current',
      'journal_up',
      'agents',
      'agents_logged_in{on="both"}',
      'agents_logged_in{on="none"}',
      'agents_available{side="crm"}',
      'agents_blocked{side="crm"}',
      'link_up{side="crm"}',
      'check_ok{check="telephony link"}',
      'consoles_connected{side="crm"}',
      'agents_drifting{side="crm",cause="unexplained"}',
    ),
  ).toEqual({
    ready: 1,
    shadow: 0,
    mapping_current: 1,
    journal_up: 1,
    agents: 2,
    'agents_logged_in{on="both"}': 1,
    'agents_logged_in{on="none"}': 1,
    'agents_available{side="crm"}': 1,
    'agents_blocked{side="crm"}': 0,
    'link_up{side="crm"}': 1,
    'check_ok{check="telephony link"}': 1,
    'consoles_connected{side="crm"}': 2,
    'agents_drifting{side="crm",cause="unexplained"}': 0,
  })
  const { journal_bytes, journal_disk_free_bytes, journal_decisions } = await values(
    'journal_bytes',
    'journal_disk_free_bytes',
    'journal_decisions',
  )
  expect(journal_bytes).toBeGreaterThan(4_096)
  expect(journal_disk_free_bytes).toBeGreaterThan(0)
  expect(journal_decisions).toBeGreaterThanOrEqual(1)
})

test('a call is seen as work, block, write with its reason, lag and the moment of exposure', async () => {
  ada.ring()
  await bridge.decides({ side: 'crm', reason: 'blocked', outcome: 'confirmed' })
  await eventually(async () =>
    expect(
      await values(
        'agents_working{side="telephony"}',
        'agents_blocked{side="crm"}',
        'writes_total{side="crm",outcome="confirmed",reason="blocked"}',
        'convergence_seconds_count{side="crm"}',
        'agents_exposed{side="crm",cause="under_way"}',
      ),
    ).toEqual({
      'agents_working{side="telephony"}': 1,
      'agents_blocked{side="crm"}': 1,
      'writes_total{side="crm",outcome="confirmed",reason="blocked"}': 1,
      'convergence_seconds_count{side="crm"}': 1,
      'agents_exposed{side="crm",cause="under_way"}': 0,
    }),
  )
  const seen = await values(
    'exposure_seconds_total{side="crm",cause="under_way"}',
    'block_oldest_seconds{side="crm"}',
    'stream_lag_seconds_count{side="telephony"}',
  )
  for (const value of Object.values(seen)) expect(value).toBeGreaterThan(0)
  const quiet = await values('stream_quiet_seconds{side="telephony"}')
  expect(quiet['stream_quiet_seconds{side="telephony"}']).toBeLessThan(60)
  expect(seen['exposure_seconds_total{side="crm",cause="under_way"}']).toBeLessThan(10)
})

test('a paused agent is counted as held, until somebody resumes them', async () => {
  await floor.ops.order('pause', { agent: ada.name, reason: 'test', by: 'eve' })
  expect(await values('agents_held{by="paused"}')).toEqual({ 'agents_held{by="paused"}': 1 })
  await floor.ops.order('resume', { agent: ada.name, reason: 'test', by: 'eve' })
  expect(await values('agents_held{by="paused"}')).toEqual({ 'agents_held{by="paused"}': 0 })
})
