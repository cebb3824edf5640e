// What Prometheus reads.

import { expect, test } from '@jest/globals'
import { REASONS } from '../../src/domain/reason.ts'
import { createMetrics } from '../../src/ops/metrics.ts'

/** The value of one series, by its exact text. */
async function value(metrics: ReturnType<typeof createMetrics>, series: string): Promise<number> {
  const line = (await metrics.text()).split('\n').find((one) => one.startsWith(`${series} `))
  return Number(line?.slice(series.length + 1) ?? Number.NaN)
}

test('every series with known labels is there at zero before anything happened', async () => {
  const metrics = createMetrics({ process: false })
  for (const reason of Object.keys(REASONS)) {
    expect(await value(metrics, `presence_bridge_decisions_total{reason="${reason}"}`)).toBe(0)
  }
  expect(await value(metrics, 'presence_bridge_writes_total{side="crm",outcome="refused"}')).toBe(0)
  expect(await value(metrics, 'presence_bridge_events_total{side="telephony",kind="work"}')).toBe(0)
  expect(await value(metrics, 'presence_bridge_outbox_depth{side="crm",urgency="block"}')).toBe(0)
  expect(await value(metrics, 'presence_bridge_link_up{side="telephony"}')).toBe(0)
  expect(await value(metrics, 'presence_bridge_write_seconds_count{side="crm"}')).toBe(0)
})

test('what was recorded is what is read', async () => {
  const metrics = createMetrics({ process: false })
  metrics.event('crm', 'status')
  metrics.event(null, 'reload')
  metrics.decision('mapped')
  metrics.write('telephony', 'confirmed')
  metrics.writeTook('telephony', 0.2)
  metrics.converged('crm', 0.7)
  metrics.call('crm', 'query', false)
  metrics.linkUp('crm', true)
  metrics.journalCommitted(0.003)
  metrics.journalUp(true)
  expect(await value(metrics, 'presence_bridge_events_total{side="crm",kind="status"}')).toBe(1)
  expect(await value(metrics, 'presence_bridge_events_total{side="none",kind="reload"}')).toBe(1)
  expect(await value(metrics, 'presence_bridge_decisions_total{reason="mapped"}')).toBe(1)
  expect(await value(metrics, 'presence_bridge_writes_total{side="telephony",outcome="confirmed"}')).toBe(1)
  expect(await value(metrics, 'presence_bridge_write_seconds_sum{side="telephony"}')).toBe(0.2)
  expect(await value(metrics, 'presence_bridge_convergence_seconds_bucket{le="0.5",side="crm"}')).toBe(0)
  expect(await value(metrics, 'presence_bridge_convergence_seconds_bucket{le="1",side="crm"}')).toBe(1)
  expect(await value(metrics, 'presence_bridge_api_calls_total{side="crm",operation="query",ok="false"}')).toBe(1)
  expect(await value(metrics, 'presence_bridge_link_up{side="crm"}')).toBe(1)
  expect(await value(metrics, 'presence_bridge_journal_commit_seconds_count')).toBe(1)
  expect(await value(metrics, 'presence_bridge_journal_up')).toBe(1)
})

test('gauges are set at the moment of the scrape', async () => {
  const metrics = createMetrics({ process: false })
  let agents = 3
  metrics.onScrape(() => {
    metrics.agents(agents)
    metrics.agentsBlocked('telephony', 2)
    metrics.inboxDepth(7)
    metrics.oldestWrite('telephony', { block: 1.5, release: 0, comfort: 60 })
    metrics.rate('telephony', { perMinute: 280, left: 12, waiting: { block: 0, comfort: 40 } })
    metrics.outboxDepth({ crm: { block: 1, release: 2, comfort: 3 }, telephony: { block: 0, release: 0, comfort: 0 } })
  })
  expect(await value(metrics, 'presence_bridge_agents')).toBe(3)
  agents = 4
  expect(await value(metrics, 'presence_bridge_agents')).toBe(4)
  expect(await value(metrics, 'presence_bridge_agents_blocked{side="telephony"}')).toBe(2)
  expect(await value(metrics, 'presence_bridge_inbox_depth')).toBe(7)
  expect(await value(metrics, 'presence_bridge_outbox_oldest_seconds{side="telephony",urgency="block"}')).toBe(1.5)
  expect(await value(metrics, 'presence_bridge_calls_allowed{side="telephony"}')).toBe(280)
  expect(await value(metrics, 'presence_bridge_calls_left{side="telephony"}')).toBe(12)
  expect(await value(metrics, 'presence_bridge_calls_waiting{side="telephony",class="comfort"}')).toBe(40)
  expect(await value(metrics, 'presence_bridge_outbox_depth{side="crm",urgency="comfort"}')).toBe(3)
})

test('two bridges in one process keep their own figures, and the reference lists every metric', async () => {
  const [one, two] = [createMetrics({ process: false }), createMetrics({ process: false })]
  one.decision('mapped')
  expect(await value(two, 'presence_bridge_decisions_total{reason="mapped"}')).toBe(0)
  const text = await one.text()
  const named = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => `${match[1]} ${match[2]}`)
  expect(
    one
      .list()
      .map(({ name, type }) => `${name} ${type}`)
      .sort(),
  ).toEqual(named.sort())
  for (const name of one.list()) expect(name.name.startsWith('presence_bridge_')).toBe(true)
})

test('the figures of the process are there too, under the same prefix', async () => {
  const metrics = createMetrics()
  const text = await metrics.text()
  expect(text).toContain('presence_bridge_process_cpu_seconds_total')
  expect([...text.matchAll(/^# TYPE (\S+)/gm)].every((match) => match[1]?.startsWith('presence_bridge_'))).toBe(true)
})
