// What Prometheus reads.

import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { agentFigures } from '../../src/app/gauges.ts'
import { REASONS, type Reason } from '../../src/domain/reason.ts'
import { EXPOSURE_CAUSES, WRITE_OUTCOMES } from '../../src/domain/record.ts'
import { SIDES } from '../../src/domain/side.ts'
import { type AgentFigures, createMetrics } from '../../src/ops/metrics.ts'
import { metricsFiles } from '../../src/ops/metrics-reference.ts'

/** The value of one series, by its exact text. */
async function value(metrics: ReturnType<typeof createMetrics>, series: string): Promise<number> {
  const line = (await metrics.text()).split('\n').find((one) => one.startsWith(`${series} `))
  return Number(line?.slice(series.length + 1) ?? Number.NaN)
}

/** Series by their text, of everything that is no figure of the process. */
async function seriesOf(metrics: ReturnType<typeof createMetrics>): Promise<readonly string[]> {
  const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => line.slice(0, line.lastIndexOf(' ')))
}

const reasons = Object.keys(REASONS) as Reason[]
const write = fc.record({
  side: fc.constantFrom(...SIDES),
  outcome: fc.constantFrom(...WRITE_OUTCOMES),
  reason: fc.constantFrom(...reasons),
})

test('no event, whatever its labels, makes a series that was not there at zero before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 20 }), async (writes) => {
      const metrics = createMetrics({ process: false })
      const before = await seriesOf(metrics)
      for (const { side, outcome, reason } of writes) {
        metrics.write(side, outcome, reason)
        metrics.decision(reason)
        metrics.event(side, 'status')
        metrics.writeTook(side, 0.2)
        metrics.converged(side, 1)
        metrics.heard(side, 0.1)
        metrics.quiet(side, 4)
        metrics.overlap(side)
        metrics.overlapEnded(side, 3)
        metrics.unknownUser(side)
        metrics.linkUp(side, true)
        for (const cause of EXPOSURE_CAUSES) metrics.exposed({ side, cause }, 0.5)
      }
      expect(await seriesOf(metrics)).toEqual(before)
    }),
    { numRuns: 10 },
  )
})

test('writes are counted by outcome and reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 30 }), async (writes) => {
      const metrics = createMetrics({ process: false })
      for (const { side, outcome, reason } of writes) metrics.write(side, outcome, reason)
      for (const { side, outcome, reason } of writes.slice(0, 3)) {
        const series = `presence_bridge_writes_total{side="${side}",outcome="${outcome}",reason="${reason}"}`
        const same = writes.filter((w) => w.side === side && w.outcome === outcome && w.reason === reason)
        expect(await value(metrics, series)).toBe(same.length)
      }
    }),
    { numRuns: 10 },
  )
})

test('every series with known labels is there at zero before anything happened', async () => {
  const metrics = createMetrics({ process: false })
  for (const series of [
    ...reasons.map((reason) => `decisions_total{reason="${reason}"}`),
    'writes_total{side="crm",outcome="refused",reason="blocked"}',
    'events_total{side="telephony",kind="work"}',
    'events_total{side="none",kind="reload"}',
    'outbox_depth{side="crm",urgency="block"}',
    'link_up{side="telephony"}',
    'write_seconds_count{side="crm"}',
    'stream_lag_seconds_count{side="telephony"}',
    'exposure_seconds_total{side="crm",cause="not_taken"}',
    'agents_drifting{side="telephony",cause="refused"}',
    'agents_logged_in{on="both"}',
    'agents_held{by="paused"}',
    'overlaps_total{side="crm"}',
    'check_ok{check="crm link"}',
    'ready',
  ])
    expect([series, await value(metrics, `presence_bridge_${series}`)]).toEqual([series, 0])
})

test('what was recorded is what is read', async () => {
  const metrics = createMetrics({ process: false })
  metrics.build({ version: '1.2.3', revision: 'abc', node: 'v24.0.0' })
  metrics.event('crm', 'status')
  metrics.event(null, 'reload')
  metrics.decision('mapped')
  metrics.writeTook('telephony', 0.2)
  metrics.converged('crm', 0.7)
  metrics.heard('crm', 0.3)
  metrics.call('crm', 'query', false)
  metrics.linkUp('crm', true)
  metrics.journalCommitted(0.003)
  metrics.journalUp(true)
  metrics.journal({ bytes: 4_096, maxBytes: 10_000, freeBytes: null, decisions: 17, reachesBackSeconds: 60 })
  metrics.exposed({ side: 'crm', cause: 'under_way' }, 0.4)
  metrics.checks([{ name: 'crm link', ok: false }])
  const read = {
    'build_info{version="1.2.3",revision="abc",node="v24.0.0"}': 1,
    'events_total{side="crm",kind="status"}': 1,
    'events_total{side="none",kind="reload"}': 1,
    'decisions_total{reason="mapped"}': 1,
    'write_seconds_sum{side="telephony"}': 0.2,
    'convergence_seconds_bucket{le="0.5",side="crm"}': 0,
    'convergence_seconds_bucket{le="1",side="crm"}': 1,
    'stream_lag_seconds_sum{side="crm"}': 0.3,
    'api_calls_total{side="crm",operation="query",ok="false"}': 1,
    'link_up{side="crm"}': 1,
    journal_commit_seconds_count: 1,
    journal_up: 1,
    journal_bytes: 4_096,
    journal_disk_free_bytes: Number.NaN,
    journal_decisions: 17,
    journal_reaches_back_seconds: 60,
    'exposure_seconds_total{side="crm",cause="under_way"}': 0.4,
    'check_ok{check="crm link"}': 0,
    'check_ok{check="journal"}': 1,
    ready: 0,
  }
  for (const [series, is] of Object.entries(read))
    expect([series, await value(metrics, `presence_bridge_${series}`)]).toEqual([series, is])
})

test('gauges are set at the moment of the scrape', async () => {
  const metrics = createMetrics({ process: false })
  const nobody = agentFigures([], { now: 0, shadow: false })
  let agents = 3
  metrics.onScrape(() => {
    const telephony = { ...nobody.sides.telephony, blocked: 2, oldestBlock: 4_000 }
    const figures: AgentFigures = { ...nobody, agents, sides: { ...nobody.sides, telephony } }
    metrics.standing(figures, 10_000)
    metrics.inboxDepth(7)
    metrics.oldestWrite('telephony', { block: 1.5, release: 0, comfort: 60 })
    metrics.rate('telephony', { perMinute: 280, left: 12, waiting: { block: 0, comfort: 40 } })
    metrics.budgets('crm', [{ name: 'api_calls', used: 5, limit: 100, forecast: 50 }])
    metrics.consoles('crm', 4)
    metrics.outboxDepth({ crm: { block: 1, release: 2, comfort: 3 }, telephony: { block: 0, release: 0, comfort: 0 } })
  })
  expect(await value(metrics, 'presence_bridge_agents')).toBe(3)
  agents = 4
  expect(await value(metrics, 'presence_bridge_agents')).toBe(4)
  expect(await value(metrics, 'presence_bridge_agents_blocked{side="telephony"}')).toBe(2)
  expect(await value(metrics, 'presence_bridge_block_oldest_seconds{side="telephony"}')).toBe(6)
  expect(await value(metrics, 'presence_bridge_block_oldest_seconds{side="crm"}')).toBe(0)
  expect(await value(metrics, 'presence_bridge_inbox_depth')).toBe(7)
  expect(await value(metrics, 'presence_bridge_outbox_oldest_seconds{side="telephony",urgency="block"}')).toBe(1.5)
  expect(await value(metrics, 'presence_bridge_calls_allowed{side="telephony"}')).toBe(280)
  expect(await value(metrics, 'presence_bridge_calls_left{side="telephony"}')).toBe(12)
  expect(await value(metrics, 'presence_bridge_calls_waiting{side="telephony",class="comfort"}')).toBe(40)
  expect(await value(metrics, 'presence_bridge_budget_forecast{side="crm",budget="api_calls"}')).toBe(50)
  expect(await value(metrics, 'presence_bridge_consoles_connected{side="crm"}')).toBe(4)
  expect(await value(metrics, 'presence_bridge_outbox_depth{side="crm",urgency="comfort"}')).toBe(3)
})

test('two bridges in one process keep their own figures, and the reference lists every metric with its labels', async () => {
  const [one, two] = [createMetrics({ process: false }), createMetrics({ process: false })]
  one.decision('mapped')
  expect(await value(two, 'presence_bridge_decisions_total{reason="mapped"}')).toBe(0)
  const text = await one.text()
  const named = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => `${match[1]} ${match[2]}`)
  const listed = one.list().map(({ name, type }) => `${name} ${type}`)
  expect(listed.sort()).toEqual(named.sort())
  for (const { name, help, labels } of one.list()) {
    expect(name.startsWith('presence_bridge_')).toBe(true)
    expect(help).toMatch(/[.]$/)
    const known = Object.values(labels).every((values) => values !== null)
    if (known) expect(text).toMatch(new RegExp(`^${name}(_bucket)?[ {]`, 'm'))
  }
})

test('the figures of the process are there too, under the same prefix', async () => {
  const metrics = createMetrics()
  const text = await metrics.text()
  expect(text).toContain('presence_bridge_process_cpu_seconds_total')
  expect([...text.matchAll(/^# TYPE (\S+)/gm)].every((match) => match[1]?.startsWith('presence_bridge_'))).toBe(true)
  expect(metrics.list().map(({ name }) => name)).toContain('presence_bridge_nodejs_eventloop_lag_p99_seconds')
})

test('the reference page is as the metrics are (npm run generate)', () => {
  for (const { path, text } of metricsFiles()) expect(readFileSync(path, 'utf8')).toBe(text)
})
