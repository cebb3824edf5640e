// The page about the metrics, made from the metrics that there are.

import { createMetrics } from './metrics.ts'
import type { MetricDescription } from './metrics-make.ts'

const INTRO = `# Metrics reference

<!-- Written by \`npm run generate\` from the metrics that exist; do not edit by hand. -->

\`GET /metrics\` on the private port, for Prometheus; it needs \`Authorization: Bearer TOKEN\` unless \`ops.listen\` is loopback. What to make of them:
[the alerts](../config/prometheus-alerts.yaml) with [a runbook for each](operations.md#runbook), and [a dashboard](../config/grafana-dashboard.json).

- Every name begins with \`presence_bridge_\`. Counters end in \`_total\`; a histogram has \`_bucket\`, \`_sum\` and \`_count\`.
- \`side\` is \`crm\` or \`telephony\`. Where the values of a label are written out, every series is there at zero from the start, so that \`rate()\` and
  \`increase()\` miss no first event.
- Gauges are found out at the moment of the scrape. No label ever has an agent's name: who it is stands in the sync log and at the status page.
- Names and labels stay as they are from one release to the next; new ones come.

## Of the bridge

`

const PROCESS_INTRO = `
## Of the process

As \`prom-client\` measures them.

`

export function metricsFiles(): readonly { readonly path: string; readonly text: string }[] {
  const own = createMetrics({ process: false }).list()
  const known = new Set(own.map(({ name }) => name))
  const ofProcess = createMetrics()
    .list()
    .filter(({ name }) => !known.has(name))
  const text = `${INTRO}${table(own)}${PROCESS_INTRO}${table(ofProcess)}`
  return [{ path: 'docs/metrics-reference.md', text }]
}

function table(metrics: readonly MetricDescription[]): string {
  const rows = [...metrics].sort((a, b) => (a.name < b.name ? -1 : 1)).map(row)
  return `| metric | is a | labels | tells |\n| --- | --- | --- | --- |\n${rows.join('')}`
}

function row({ name, type, labels, help }: MetricDescription): string {
  const cells = [`\`${name}\``, type, Object.entries(labels).map(labelWords).join('; '), help]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').trim()).join(' | ')} |\n`
}

/** The long lists stand elsewhere; the platforms' own values are not known beforehand. */
function labelWords([label, values]: [string, readonly string[] | null]): string {
  if (label === 'side' && values?.length !== 3) return '`side`'
  if (label === 'reason') return '`reason`: [every reason code](sync-log.md)'
  if (values === null) return `\`${label}\``
  return `\`${label}\`: ${values.map((value) => `\`${value}\``).join(' ')}`
}
