// The alert rules: of a shape that Prometheus takes, answerable from what the bridge exports, and each with its section in the runbook.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { z } from 'zod'
import { readQuery, wrongIn } from './promql.ts'

const duration = z.string().regex(/^(\d+[smhd])+$/)
const rulesFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^PresenceBridge[A-Za-z]+$/),
          expr: z.string(),
          for: duration.optional(),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.strictObject({
            summary: z.string().regex(/[.]$/),
            description: z.string().regex(/[.]$/),
            runbook_url: z.string(),
          }),
        }),
      ),
    }),
  ),
})

const FILE = 'config/prometheus-alerts.yaml'
/** Of the prometheus package. */
const PROMTOOL = 'promtool'
const rules = rulesFile.parse(parse(readFileSync(FILE, 'utf8'))).groups.flatMap((group) => group.rules)
const tests = readFileSync('config/prometheus-alerts.test.yaml', 'utf8')
const runbook = readFileSync('docs/operations.md', 'utf8')

describe.each(rules)('the alert $alert', ({ alert, expr, annotations }) => {
  test('asks only for what the bridge exports', () => {
    expect(wrongIn(expr)).toEqual([])
  })

  test('speaks only of labels that it has', () => {
    const labels = [
      ...Object.values(annotations)
        .join(' ')
        .matchAll(/\$labels\.(\w+)/g),
    ].map((found) => found[1] ?? '')
    const { selectors, grouped } = readQuery(expr)
    for (const label of labels) {
      // A label is there unless it was summed away everywhere.
      expect(selectors.some(({ metric }) => wrongIn(`sum by (${label}) (${metric})`).length === 0)).toBe(true)
      expect(grouped.filter((one) => one === label).length).toBeLessThan(selectors.length)
    }
  })

  test('leads to a section of the runbook that says what to do', () => {
    expect(annotations.runbook_url).toBe(`docs/operations.md#${alert.toLowerCase()}`)
    const section = runbook.split(/^#+ /m).find((part) => part.startsWith(`${alert}\n`))
    expect(section?.length ?? 0).toBeGreaterThan(200)
  })

  test('has a unit test where it is heard and one where it is not', () => {
    const cases = tests.split('- name: ').filter((one) => one.includes(`alertname="${alert}"`))
    expect(cases.some((one) => one.includes('exp_samples: []'))).toBe(true)
    expect(cases.some((one) => one.includes('value: 1'))).toBe(true)
  })
})

test('no two alerts have one name, and the runbook has no section about an alert that does not exist', () => {
  const names = rules.map(({ alert }) => alert)
  expect(new Set(names).size).toBe(names.length)
  const sections = [...runbook.matchAll(/^#+ (PresenceBridge\w+)$/gm)].map((found) => found[1] ?? '')
  expect(sections).toEqual(names)
})

test('an expression about what does not exist, or that cannot be read, would be found', () => {
  expect(wrongIn('presence_bridge_linkup == 0')).toEqual(['there is no metric presence_bridge_linkup'])
  expect(wrongIn('presence_bridge_link_up{sides="crm"}')).toEqual(['presence_bridge_link_up has no label sides'])
  expect(wrongIn('presence_bridge_link_up{side="phone"}')).toEqual(['presence_bridge_link_up never has side="phone"'])
  expect(wrongIn('sum by (reason) (presence_bridge_link_up)')).toEqual(['nothing that it asks for has a label reason'])
  expect(wrongIn('sum by (side (presence_bridge_link_up)')).not.toEqual([])
})

const found = spawnSync(PROMTOOL, ['--version']).status === 0
const ifFound = found ? test : test.skip
ifFound(
  `promtool takes the rules and their unit tests pass${found ? '' : ' (skipped: promtool is not installed here)'}`,
  () => {
    for (const args of [
      ['check', 'rules', 'prometheus-alerts.yaml'],
      ['test', 'rules', 'prometheus-alerts.test.yaml'],
    ]) {
      const { status, stdout, stderr } = spawnSync(PROMTOOL, args, { cwd: 'config', encoding: 'utf8' })
      expect({ args, status, said: status === 0 ? '' : stdout + stderr }).toEqual({ args, status: 0, said: '' })
    }
  },
)
