// Overlaps and exposures of a recorded morning, as text and as JSON.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { EXIT } from '../../src/cli/output.ts'
import { type OverlapOptions, overlap } from '../../src/cli/overlap.ts'
import type { Shift } from '../history/shift.ts'
import { captured } from './captured.ts'
import { BERLIN, expectGolden, type ShiftJournal, shiftJournal } from './shift-journal.ts'

/** A chat comes while the block of a call cannot be written. */
async function anOverlap({ until, status, work, model }: Shift): Promise<void> {
  await until('08:00:05')
  for (const agent of [0, 1]) {
    status(agent, 'telephony', 'On Queue')
    status(agent, 'crm', 'On Queue')
  }
  await until('08:30:00')
  work(1, 'telephony', 'call-1', 'call', 'accepted')
  await until('08:40:00')
  work(1, 'telephony', 'call-1', 'call', 'closed')
  await until('09:00:00')
  model('crm').answerNext('refused', { after: 0, times: 1 })
  work(0, 'telephony', 'call-7', 'call', 'accepted')
  await until('09:02:00')
  work(0, 'crm', 'chat-3', 'chat', 'accepted')
  await until('09:04:30')
  work(0, 'crm', 'chat-3', 'chat', 'closed')
  await until('09:05:00')
  work(0, 'telephony', 'call-7', 'call', 'closed')
  await until('10:00:00')
}

let shift: ShiftJournal

beforeAll(async () => {
  shift = await shiftJournal(anOverlap)
})
afterAll(() => shift.remove())

async function found(more: Partial<OverlapOptions> = {}) {
  const { io, out, err } = captured()
  const code = await overlap({ journal: shift.journal, format: 'text', ...more }, BERLIN, io)
  return { code, out: out(), err: err() }
}

test('who, when, how long, why, and what to do', async () => {
  const { code, out, err } = await found()
  expect({ code, err }).toEqual({ code: EXIT.fine, err: '' })
  expectGolden('overlap.txt', out)
})

test('as JSON it has every exposure and overlap, and the totals', async () => {
  const report = JSON.parse((await found({ format: 'json' })).out)
  expect(report.overlaps).toMatchObject([
    {
      agent: 'jane@acme.example',
      side: 'crm',
      item: 'chat-3',
      channel: 'chat',
      from: '2026-11-20T09:02:00.000Z',
      ms: 150_000,
      cause: 'refused',
      words: 'the platform refused',
    },
  ])
  expect(report.totals.overlaps).toEqual([{ side: 'crm', cause: 'refused', count: 1, ms: 150_000 }])
})

test('of one person only theirs, of another hour none', async () => {
  expect(JSON.parse((await found({ agent: 'bob@acme.example', format: 'json' })).out).overlaps).toEqual([])
  const { out } = await found({ from: '08:00', to: '08:30' })
  expect(out).toContain('Work reached somebody who was at work on the other side: never.')
  expect(out).not.toContain('What to do')
})
