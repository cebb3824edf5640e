// What a PromQL expression asks for, found by Prometheus' own grammar, and whether the bridge exports that.

import { parser } from '@prometheus-io/lezer-promql'
import { createMetrics } from '../../src/ops/metrics.ts'

type Matcher = { readonly label: string; readonly op: string; readonly value: string }
type Selector = { readonly metric: string; readonly matchers: readonly Matcher[] }

type Query = {
  /** Places where the grammar gives up. */
  readonly errors: readonly string[]
  readonly selectors: readonly Selector[]
  /** Labels named in by, without, on, ignoring and group_left. */
  readonly grouped: readonly string[]
}

/** What Prometheus and whoever deploys it put on every series. */
const TARGET_LABELS = new Set(['job', 'instance', 'pod', 'namespace'])
/** Not the bridge's own: Prometheus makes it of each scrape. */
const PROMETHEUS_OWN: Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>> = { up: {} }

/** Grafana's variables stand for a range, or for instances. */
export function withoutVariables(expr: string): string {
  return expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*')
}

export function readQuery(expr: string): Query {
  const errors: string[] = []
  const selectors: { metric: string; matchers: Matcher[] }[] = []
  const grouped: string[] = []
  let matcher = { label: '', op: '', value: '' }
  parser.parse(expr).iterate({
    enter(node) {
      const text = expr.slice(node.from, node.to)
      if (node.type.isError) errors.push(`at ${node.from}: ${expr.slice(node.from, node.from + 20)}`)
      else if (node.name === 'VectorSelector') selectors.push({ metric: '', matchers: [] })
      else if (node.name === 'Identifier') {
        const last = selectors.at(-1)
        if (last !== undefined) last.metric = text
      } else if (node.name === 'UnquotedLabelMatcher') {
        matcher = { label: '', op: '', value: '' }
        selectors.at(-1)?.matchers.push(matcher)
      } else if (node.name === 'LabelName') {
        if (node.node.parent?.name === 'GroupingLabels') grouped.push(text)
        else matcher.label = text
      } else if (node.name === 'MatchOp') matcher.op = text
      else if (node.name === 'StringLiteral' && node.node.parent?.name === 'UnquotedLabelMatcher')
        matcher.value = text.slice(1, -1)
    },
  })
  return { errors, selectors, grouped }
}

/** Everything that is wrong with an expression, in words; none: it can be answered from what the bridge exports. */
export function wrongIn(expr: string): readonly string[] {
  const { errors, selectors, grouped } = readQuery(expr)
  const wrong = [...errors]
  if (selectors.length === 0) wrong.push('it asks for nothing')
  for (const { metric, matchers } of selectors) {
    const labels = EXPORTED.get(metric)
    if (labels === undefined) wrong.push(`there is no metric ${metric}`)
    else wrong.push(...matchers.flatMap((matcher) => wrongMatcher(metric, labels, matcher)))
  }
  const known = selectors.flatMap(({ metric }) => [...(EXPORTED.get(metric)?.keys() ?? [])])
  for (const label of grouped)
    if (!known.includes(label) && !TARGET_LABELS.has(label)) wrong.push(`nothing that it asks for has a label ${label}`)
  return wrong
}

type Labels = ReadonlyMap<string, readonly string[] | null>

function wrongMatcher(metric: string, labels: Labels, { label, op, value }: Matcher): readonly string[] {
  if (TARGET_LABELS.has(label)) return []
  const values = labels.get(label)
  if (values === undefined) return [`${metric} has no label ${label}`]
  if (values === null) return []
  const wanted = op.endsWith('~') ? value.split('|') : [value]
  return wanted.filter((one) => !values.includes(one)).map((one) => `${metric} never has ${label}="${one}"`)
}

/** Every name that Prometheus knows after a scrape, with the labels of its series. */
const EXPORTED: ReadonlyMap<string, Labels> = new Map([
  ...Object.entries(PROMETHEUS_OWN).map(([name, labels]) => [name, new Map(Object.entries(labels))] as const),
  ...createMetrics()
    .list()
    .flatMap(({ name, type, labels }) => {
      const own: Labels = new Map(Object.entries(labels))
      if (type !== 'histogram') return [[name, own] as const]
      const buckets: Labels = new Map([...own, ['le', null]])
      return [[`${name}_bucket`, buckets] as const, [`${name}_sum`, own] as const, [`${name}_count`, own] as const]
    }),
])
