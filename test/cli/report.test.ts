// The figures of a recorded morning, and that they are what a naive count of the same records gives.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { EXIT } from '../../src/cli/output.ts'
import { type ReportOptions, report } from '../../src/cli/report.ts'
import { captured } from './captured.ts'
import { BERLIN, expectGolden, type ShiftJournal, shiftJournal } from './shift-journal.ts'

let shift: ShiftJournal

beforeAll(async () => {
  shift = await shiftJournal()
})
afterAll(() => shift.remove())

async function reported(more: Partial<ReportOptions> = {}) {
  const { io, out, err } = captured()
  const code = await report({ journal: shift.journal, format: 'text', ...more }, BERLIN, io)
  return { code, out: out(), err: err() }
}

test('as text', async () => {
  const { code, out, err } = await reported()
  expect({ code, err }).toEqual({ code: EXIT.fine, err: '' })
  expectGolden('report.txt', out)
})

test('as JSON', async () => {
  const found = JSON.parse((await reported({ format: 'json', from: '09:00', to: '10:00' })).out)
  expect(found).toMatchObject({
    agents: 2,
    blocks: { crm: { length: { count: 1, max: 310_000 } }, telephony: { length: null } },
    work: [
      {
        side: 'telephony',
        channel: 'call',
        offered: 1,
        accepted: 1,
        ended: { closed: 1 },
        speedToAccept: { max: 6_250 },
        handleTime: { max: 293_750 },
      },
    ],
    down: { bridge_down: { count: 0, ms: 0 }, crm_down: { count: 0, ms: 0 } },
  })
})

test('of hours in which nothing happened it says so', async () => {
  expect((await reported({ from: '2026-11-19', to: '2026-11-20' })).out).toContain('0 decisions about 0 people')
})
