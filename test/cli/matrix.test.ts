// The matrix: whatever the rules, its cells say what the engine does, and its words stay readable.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { matrix } from '../../src/cli/matrix.ts'
import type { Rules } from '../../src/domain/rules.ts'
import { type BySide, OFFLINE, otherSide, type Side, type StatusId } from '../../src/domain/side.ts'
import type { Verdict } from '../../src/engine/conclude.ts'
import type { Answer } from '../../src/engine/follow.ts'
import { type AgentState, newAgent } from '../../src/engine/state.ts'
import { type Step, step } from '../../src/engine/step.ts'
import { columnsOf } from '../../src/mapping/columns.ts'
import { ANY_OTHER, answerAt, type Matrix, type MatrixRow, matrixOf } from '../../src/mapping/matrix.ts'
import { matrixHtml } from '../../src/mapping/matrix-html.ts'
import { matrixMarkdown } from '../../src/mapping/matrix-markdown.ts'
import { matrixText } from '../../src/mapping/matrix-text.ts'
import { sheetOf } from '../../src/mapping/matrix-words.ts'
import { NAMES, sketch } from '../engine/histories.ts'
import { id, ruleset } from '../support/rules.ts'
import { captured } from './captured.ts'

const NOBODY_NAMES_THIS = id('a status of which nobody has heard')
const LATER_MS = 60_000

const withNoSync = fc.record({
  sketch,
  noSync: fc.record({ crm: fc.subarray(NAMES), telephony: fc.subarray(NAMES) }, { requiredKeys: [] }),
})
const anyMatrix = withNoSync.map(({ sketch: given, noSync }) => {
  const top = ruleset({ ...given, noSync })
  // As in the file: who is not synchronised leads nowhere.
  for (const side of ['crm', 'telephony'] as const)
    for (const status of top.noSync[side].keys()) (top.partners[side] as Map<StatusId, unknown>).delete(status)
  const names = new Set([...NAMES.map(id), OFFLINE])
  const rules: Rules = {
    hash: 'sha256:0',
    file: 'm.yaml',
    top,
    profiles: new Map(),
    statuses: { crm: names, telephony: names },
    label: (_side, status) => status,
  }
  return matrixOf(rules, top)
})

/** An agent at rest at this pair. */
function resting({ rules }: Matrix, shows: BySide<StatusId>): AgentState {
  const reading = (status: StatusId) => ({ status, stamp: { at: 0 }, work: [] })
  const readings = { crm: reading(shows.crm), telephony: reading(shows.telephony) }
  return step({ state: newAgent(), input: { kind: 'start', readings }, rules, now: 0, seq: 1, writing: true }).state
}

function changed({ rules }: Matrix, state: AgentState, { side, to }: { side: Side; to: StatusId }): Step {
  const report = { kind: 'status' as const, status: to, stamp: { at: LATER_MS }, by: 'agent' as const }
  const input = { kind: 'report' as const, side, report, begunAt: null }
  return step({ state, input, rules, now: LATER_MS, seq: 2, writing: true })
}

function rowFor(found: Matrix, side: Side, status: StatusId): MatrixRow {
  const rows = found.sides[side].rows
  const row = rows.find((one) => one.status === status) ?? rows.find((one) => one.status === ANY_OTHER)
  if (row === undefined) throw new Error('every matrix has a row for any other status')
  return row
}

function verdictOn(result: Step, side: Side): Pick<Verdict, 'reason' | 'rule' | 'to'> | null {
  const verdict = result.verdicts.find((one) => one.side === side)
  return verdict === undefined ? null : { reason: verdict.reason, rule: verdict.rule, to: verdict.to }
}

function told(answer: Answer | undefined, base: StatusId): object | null {
  if (answer === undefined) return null
  return { reason: answer.reason, rule: answer.rule, to: answer.kind === 'set' ? answer.status : base }
}

const side = fc.constantFrom<Side>('crm', 'telephony')
const status = fc.constantFrom<StatusId>(...NAMES.map(id), NOBODY_NAMES_THIS, ANY_OTHER)
const pair = (s: Side, own: StatusId, other: StatusId): BySide<StatusId> =>
  s === 'crm' ? { crm: own, telephony: other } : { crm: other, telephony: own }

describe('for any rules', () => {
  test('every change of status of an agent at rest does what the cells of its two rows say', () => {
    const counts = { set: 0, keep: 0 }
    fc.assert(
      fc.property(
        anyMatrix,
        side,
        status,
        fc.oneof(status, fc.constant(OFFLINE)),
        status,
        (found, s, from, to, base) => {
          fc.pre(from !== to)
          const row = rowFor(found, s, to)
          const cell = row.decides ? row.choosing : rowFor(found, s, from).leaving
          const answer = cell === null ? undefined : answerAt(cell, base)
          const result = changed(found, resting(found, pair(s, from, base)), { side: s, to })
          expect(verdictOn(result, otherSide(s))).toEqual(told(answer, base))
          const written = result.orders.flatMap((order) => (order.kind === 'write' ? [order.status] : []))
          expect(written).toEqual(answer?.kind === 'set' && answer.status !== base ? [answer.status] : [])
          const timer = result.state[otherSide(s)].transition
          expect(timer?.status ?? null).toBe(answer?.kind === 'set' ? (answer.ends?.status ?? null) : null)
          if (answer !== undefined) counts[answer.kind] += 1
        },
      ),
      { numRuns: 1_500 },
    )
    expect(Math.min(counts.set, counts.keep)).toBeGreaterThan(150)
  })

  test('every log-in does what its cell says', () => {
    const counts = { stays: 0, follows: 0, leads: 0 }
    fc.assert(
      fc.property(anyMatrix, side, status, status, (found, s, to, base) => {
        const cell = rowFor(found, s, to).login
        const answer = cell === null ? undefined : answerAt(cell, base)
        const result = changed(found, resting(found, pair(s, OFFLINE, base)), { side: s, to })
        if (answer === undefined) throw new Error('whoever is not Offline can log in')
        counts[answer.kind] += 1
        if (answer.kind === 'leads') {
          expect(verdictOn(result, otherSide(s))).toEqual(told(answer.answer, base))
          return
        }
        const becomes = answer.kind === 'stays' ? to : answer.status
        const reason = answer.kind === 'stays' ? 'already' : 'login'
        expect(verdictOn(result, s)).toEqual({ reason, rule: answer.rule, to: becomes })
        expect(verdictOn(result, otherSide(s))).toBeNull()
      }),
      { numRuns: 2_000 },
    )
    expect(Math.min(counts.stays, counts.follows, counts.leads)).toBeGreaterThan(10)
  })

  test('where nobody is logged in on the other side no change reaches it', () => {
    fc.assert(
      fc.property(anyMatrix, side, status, status, (found, s, from, to) => {
        fc.pre(from !== to)
        const result = changed(found, resting(found, pair(s, from, OFFLINE)), { side: s, to })
        expect(verdictOn(result, otherSide(s))?.reason).toBe('logged_out')
        expect(result.orders).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('every status of a row stands before all others, and Offline stands last', () => {
    fc.assert(
      fc.property(anyMatrix, side, (found, s) => {
        const rows = found.sides[s].rows
        expect(new Set(rows.map((row) => row.status)).size).toBe(rows.length)
        expect(rows.at(-1)?.status).toBe(OFFLINE)
        expect(rows.at(-2)?.status).toBe(ANY_OTHER)
        const { partners } = found.rules
        const led = [...partners[otherSide(s)].values()].flat().map((partner) => partner.status)
        const inRow = new Set([...partners[s].keys(), ...led].filter((one) => one !== OFFLINE))
        expect(rows.slice(0, inRow.size).every((row) => inRow.has(row.status))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('whatever statuses are called', () => {
  const odd = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 })

  test('the text stays within 118 columns', () => {
    fc.assert(
      fc.property(anyMatrix, odd, (found, name) => {
        const text = matrixText(sheetOf(relabelled(found, name)), { color: false })
        expect(Math.max(...text.split('\n').map(columnsOf))).toBeLessThanOrEqual(118)
      }),
      { numRuns: 100 },
    )
  })

  test('the page has no markup but its own, and the Markdown no cell but its own', () => {
    const nasty = '<script>alert(1)</script> | **x** &amp; "y"'
    fc.assert(
      fc.property(anyMatrix, (found) => {
        const sheet = sheetOf(relabelled(found, nasty))
        expect(matrixHtml(sheet)).not.toContain('<script>')
        for (const line of matrixMarkdown(sheet).split('\n')) {
          if (line.startsWith('| ')) expect(line.match(/(?<!\\)\|/g)?.length).toBe(columns(sheet) + 1)
        }
      }),
      { numRuns: 50 },
    )
  })
})

function columns({ tables }: ReturnType<typeof sheetOf>): number {
  return tables[0]?.header.length ?? 0
}

function relabelled(found: Matrix, name: string): Matrix {
  const rows = (s: Side) => found.sides[s].rows.map((row) => ({ ...row, label: `${name}${row.label}` }))
  return {
    ...found,
    label: (_side, one) => `${name}${one}`,
    sides: {
      crm: { ...found.sides.crm, rows: rows('crm') },
      telephony: { ...found.sides.telephony, rows: rows('telephony') },
    },
  }
}

describe('presence-bridge matrix', () => {
  const lineWith = (words: string) =>
    readFileSync('mappings.example.yaml', 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(words)) + 1

  test('names the line of every rule', () => {
    const { io, out } = captured()
    expect(matrix('mappings.example.yaml', { profile: null, format: 'text' }, io)).toBe(0)
    expect(out()).toMatch(new RegExp(`^Lunch +sets Meal — line ${lineWith('crm: Lunch')} `, 'm'))
    expect(out()).toMatch(new RegExp(`sets Break — line ${lineWith('[Break, Coaching]')}; stays at Coaching`))
    expect(out()).toContain(`nothing: not synchronised — line ${lineWith('no_sync:')}`)
    expect(out()).toContain(`Work in the CRM blocks telephony — line ${lineWith('  telephony: #')}`)
    expect(out()).toContain('release   5s after the work is over')
  })

  test('shows the rules of a profile', () => {
    const { io, out } = captured()
    expect(matrix('mappings.example.yaml', { profile: 'chat-only', format: 'text' }, io)).toBe(0)
    expect(out()).toContain('profile chat-only')
    expect(out()).toContain('Work in the CRM never blocks telephony.')
  })

  test('knows the profile that was meant', () => {
    const { io } = captured()
    const ask = () => matrix('mappings.example.yaml', { profile: 'chat-onyl', format: 'text' }, io)
    expect(ask).toThrow('mappings.example.yaml has no profile "chat-onyl": did you mean "chat-only"?')
  })

  test('colours only where somebody looks', () => {
    const plain = captured()
    const coloured = captured({ color: true })
    matrix('mappings.example.yaml', { profile: null, format: 'text' }, plain.io)
    matrix('mappings.example.yaml', { profile: null, format: 'text' }, coloured.io)
    expect(plain.out()).not.toContain('\u001b[')
    expect(coloured.out()).toContain('\u001b[')
  })

  test('as JSON says the same for programs', () => {
    const { io, out } = captured()
    matrix('mappings.example.yaml', { profile: null, format: 'json' }, io)
    const { telephony } = JSON.parse(out())
    const meal = telephony.statuses.find((one: { status: string }) => one.status === 'Meal')
    expect(meal).toMatchObject({
      takesWork: false,
      choosing: [
        { beside: ['Lunch'], does: 'nothing', reason: 'already' },
        { beside: null, does: 'sets', side: 'crm', status: 'Lunch', reason: 'mapped', line: lineWith('crm: Lunch') },
      ],
      leaving: [
        { beside: ['Lunch'], does: 'sets', status: 'Transition', reason: 'transition' },
        { beside: null, does: 'nothing', reason: 'unrelated' },
      ],
    })
    expect(telephony.work).toMatchObject({ blocks: 'crm', status: 'Transition', minItems: 1 })
  })

  test('as a page is whole by itself, light and dark, on screen and paper', () => {
    const { io, out } = captured()
    matrix('mappings.example.yaml', { profile: null, format: 'html' }, io)
    expect(out()).toMatch(/^<!doctype html>/)
    expect(out()).not.toMatch(/https?:|<script|<link/)
    for (const rule of ['prefers-color-scheme: dark', '@media print']) expect(out()).toContain(rule)
    expect(out().match(/<tr/g)?.length).toBe(out().match(/<\/tr>/g)?.length)
  })

  test('says what is wrong with a file that cannot be used', () => {
    const { io, out, err } = captured()
    expect(matrix('test/cli/files/broken.yaml', { profile: null, format: 'text' }, io)).toBe(1)
    expect(out()).toBe('')
    expect(err()).toContain('test/cli/files/broken.yaml:')
  })
})
