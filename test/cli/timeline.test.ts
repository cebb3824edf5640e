// The timeline in a terminal: both sides of a recorded morning, at any width.

import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { EXIT } from '../../src/cli/output.ts'
import { type TimelineOptions, timeline } from '../../src/cli/timeline.ts'
import { timelineText } from '../../src/cli/timeline-text.ts'
import { faceOf, type When } from '../../src/cli/times.ts'
import { chronicleOf } from '../../src/history/timeline.ts'
import { columnsOf } from '../../src/mapping/columns.ts'
import { readerFor } from '../history/memory-reader.ts'
import { entry } from '../journal/records.ts'
import { captured } from './captured.ts'
import { BERLIN, expectGolden, type ShiftJournal, shiftJournal } from './shift-journal.ts'

const JANE = 'jane@acme.example'
let shift: ShiftJournal

beforeAll(async () => {
  shift = await shiftJournal()
})
afterAll(() => shift.remove())

async function drawn(
  name: string,
  more: Partial<TimelineOptions> & { columns?: number; color?: boolean; when?: When } = {},
) {
  const { columns, color, when = BERLIN, ...options } = more
  const { io, out, err } = captured({ color: color === true })
  const shown = columns === undefined ? io : { ...io, columns }
  const code = await timeline(name, { journal: shift.journal, format: 'text', ...options }, when, shown)
  return { code, out: out(), err: err() }
}

test.each([
  ['jane', JANE],
  ['bob', 'bob@acme.example'],
])('the morning of %s is drawn', async (file, name) => {
  const { code, out, err } = await drawn(name)
  expect({ code, err }).toEqual({ code: EXIT.fine, err: '' })
  expectGolden(`timeline-${file}.txt`, out)
})

test('it fits the terminal, down to what two lanes need', async () => {
  for (const columns of [76, 80, 120, 200]) {
    const lines = (await drawn(JANE, { columns })).out.split('\n')
    expect(lines.length).toBeGreaterThan(20)
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(columns)
  }
  expectGolden('timeline-narrow.txt', (await drawn(JANE, { columns: 80 })).out)
})

test('whatever statuses and work are called, the lanes stay in their columns', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(name, name, fc.integer({ min: 76, max: 160 }), (status, channel, width) => {
      const { record } = entry(1)
      const event = {
        side: 'telephony',
        kind: 'work',
        item: status,
        channel,
        state: 'offered',
        at: record.time,
      } as const
      const entries = [
        {
          seq: 1,
          record: { ...record, decisions: record.decisions.map((d) => ({ ...d, from: status, rule: `${status}:7` })) },
        },
        { seq: 2, record: { ...record, event, time: '2026-11-21T10:00:09.000Z' } },
      ]
      const ask = {
        agent: record.agent,
        name: status,
        from: '2026-11-21T10:00:00Z',
        to: '2026-11-21T11:00:00Z',
        now: '2026-11-21T12:00:00Z',
      }
      const found = chronicleOf(readerFor({ entries }), ask)
      const text = timelineText({ ...found, face: faceOf('UTC'), width, paint: (_, shown) => shown })
      for (const line of text.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(width)
    }),
  )
})

test('colours change nothing but colours', async () => {
  const coloured = (await drawn(JANE, { color: true })).out
  expect(coloured).not.toBe((await drawn(JANE)).out)
  expect(stripVTControlCharacters(coloured)).toBe((await drawn(JANE)).out)
})

test('in UTC an hour earlier, and it says so', async () => {
  const { out } = await drawn(JANE, { when: { ...BERLIN, zone: 'UTC' } })
  expect(out).toContain('times in UTC')
  expect(out).toContain('08:30:06.250')
  expect(out).not.toContain('09:30:06.250')
})

test('of a part of the morning nothing else is drawn', async () => {
  const { out } = await drawn(JANE, { from: '10:30', to: '10:42' })
  expect(out).toContain('10:31:35.000')
  expect(out).not.toMatch(/09:3\d|10:42:10/)
})

test('as JSON it has ISO times in UTC, and the lanes', async () => {
  const found = JSON.parse((await drawn(JANE, { format: 'json', from: '10:30', to: '10:45' })).out)
  expect(found).toMatchObject({
    agent: JANE,
    from: '2026-11-20T09:30:00.000Z',
    to: '2026-11-20T09:45:00.000Z',
    cut: false,
  })
  expect(found.lanes.crm.exposures).toEqual([
    { cause: 'not_taken', from: '2026-11-20T09:31:30.000Z', to: '2026-11-20T09:41:00.000Z' },
  ])
  expect(found.gaps).toMatchObject([{ kind: 'crm_down', to: '2026-11-20T09:41:00.000Z' }])
})

test('when nothing happened lately, the last hours in which something did are drawn, and that is said', async () => {
  const { out } = await drawn(JANE, { when: { ...BERLIN, now: () => BERLIN.now() + 5 * 86_400_000 } })
  expect(out).toContain('the last hours in which something did')
  expect(out).toContain('10:58:00.000')
})

test.each(['Jane Doe', 'JANE@acme.example', 'jane@telephony.example'])('she is found as %s', async (name) => {
  expect((await drawn(name)).out).toContain('Jane Doe (jane@acme.example)')
})

test('somebody who is not found is named with who may be meant', async () => {
  const { code, err } = await drawn('jnae@acme.example')
  expect(code).toBe(EXIT.no)
  expect(err).toMatch(
    /^The journal knows nobody called "jnae@acme.example"; did you mean "jane@acme.example"\?\n.*unknown_agent/,
  )
})

test.each([
  [{ from: 'ten' }, /"ten" is not a time; write it like/],
  [{ from: '10:40', to: '10:30' }, /--from is not before --to/],
  [{ from: '2026-11-21' }, /--from lies in the future/],
  [{ journal: '/nowhere/journal.sqlite' }, /cannot be opened/],
  [{ journal: undefined }, /--settings, or the journal itself with --journal/],
] as const)('what cannot be done is said: %o', async (options, words) => {
  const { code, out, err } = await drawn(JANE, options)
  expect({ code, out }).toEqual({ code: EXIT.couldNotRun, out: '' })
  expect(err).toMatch(words)
})
