// The dashboard: of a shape that Grafana takes, without panels over each other, and with queries that can be answered.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { withoutVariables, wrongIn } from './promql.ts'

const place = z.strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1).max(24), h: z.int().min(1) })
const source = z.strictObject({ type: z.literal('prometheus'), uid: z.literal('${datasource}') })
const target = z.object({ refId: z.string(), datasource: source, expr: z.string(), legendFormat: z.string() })
const row = z.object({ id: z.int(), type: z.literal('row'), title: z.string(), gridPos: place })
const chart = z.object({
  id: z.int(),
  type: z.enum(['stat', 'timeseries', 'bargauge']),
  title: z.string().min(3),
  datasource: source,
  targets: z.array(target).min(1),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }),
  gridPos: place,
})
const dashboard = z.object({
  title: z.string(),
  uid: z.string(),
  schemaVersion: z.int().min(39),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
  annotations: z.object({ list: z.array(z.object({ name: z.string(), expr: z.string() })) }),
  panels: z.array(z.discriminatedUnion('type', [row, chart])),
})

const { panels, templating, annotations } = dashboard.parse(
  JSON.parse(readFileSync('config/grafana-dashboard.json', 'utf8')),
)
const charts = panels.flatMap((panel) => (panel.type === 'row' ? [] : [panel]))

describe.each(charts)('the panel "$title"', ({ targets }) => {
  test('asks only for what the bridge exports, and its legend names labels that there are', () => {
    for (const { expr, legendFormat } of targets) {
      const plain = withoutVariables(expr)
      expect({ expr, wrong: wrongIn(plain) }).toEqual({ expr, wrong: [] })
      const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] ?? '')
      const kept = /\bby \(([^)]*)\)/.exec(plain)?.[1]?.split(/, */)
      for (const label of labels) if (kept !== undefined) expect(kept).toContain(label)
    }
  })
})

test('annotations can be answered too, and every variable that is used exists', () => {
  for (const { expr } of annotations.list) expect(wrongIn(withoutVariables(expr))).toEqual([])
  const known = templating.list.map(({ name }) => name)
  const used = JSON.stringify(charts).matchAll(/\$\{?([a-z]\w*)\}?/g)
  for (const [, name] of used) expect([...known, 'value']).toContain(name)
})

test('no panel lies over another, none has the id of another, and a row begins the dashboard', () => {
  const taken = new Set<string>()
  for (const { gridPos, title } of panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect([title, taken.has(`${x} ${y}`)]).toEqual([title, false])
        taken.add(`${x} ${y}`)
      }
  }
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  expect(panels[0]?.type).toBe('row')
})
