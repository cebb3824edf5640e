// Why: causes in words, the rule as it is written, and what to do in the last line.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { EXIT } from '../../src/cli/output.ts'
import { type WhyOptions, why } from '../../src/cli/why.ts'
import { at, type Shift } from '../history/shift.ts'
import { captured } from './captured.ts'
import { BERLIN, expectGolden, type ShiftJournal, shiftJournal } from './shift-journal.ts'

async function said({ journal }: ShiftJournal, name: string, more: Partial<WhyOptions> = {}) {
  const { io, out, err } = captured()
  const code = await why(name, { journal, format: 'text', ...more }, BERLIN, io)
  expect({ code, err: err() }).toEqual({ code: EXIT.fine, err: '' })
  return out()
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? ''
}

describe('of the recorded morning', () => {
  let shift: ShiftJournal
  beforeAll(async () => {
    shift = await shiftJournal()
  })
  afterAll(() => shift.remove())

  test.each([
    ['jane', 'jane@acme.example', undefined],
    ['bob', 'bob@acme.example', undefined],
    ['jane-then', 'Jane Doe', '10:35'],
  ])('%s', async (file, name, when) => {
    expectGolden(`why-${file}.txt`, await said(shift, name, { at: when }))
  })

  test('as JSON it has the same, with ISO times in UTC', async () => {
    const found = JSON.parse(await said(shift, 'jane@acme.example', { format: 'json', at: '10:35' }))
    expect(found).toMatchObject({
      agent: 'jane@acme.example',
      at: '2026-11-20T09:35:00.000Z',
      source: 'records',
      detail: null,
    })
    expect(found.sides.crm).toMatchObject({ status: { status: 'On Queue' }, block: { phase: 'standing' }, waits: true })
    expect(found.troubles[0].kind).toBe('down')
  })

  test('what the bridge knew last is what its own state says', async () => {
    const found = JSON.parse(await said(shift, 'jane@acme.example', { format: 'json' }))
    expect(found.source).toBe('journal')
    expect(found.detail.crm).toMatchObject({ status: 'On Queue', target: 'Lunch' })
    expect(found.detail.causes[0]).toMatchObject({
      side: 'crm',
      words: 'the platform refused',
      quote: '- { crm: Lunch, telephony: Meal }',
    })
  })
})

async function afterShift(play: (shift: Shift) => Promise<void>, tell: (shift: ShiftJournal) => Promise<void>) {
  const shift = await shiftJournal(async (floor) => {
    await floor.until('08:00:05')
    floor.status(0, 'telephony', 'On Queue')
    floor.status(0, 'crm', 'On Queue')
    await floor.until('09:00:00')
    await play(floor)
    await floor.until('10:00:00')
  })
  try {
    await tell(shift)
  } finally {
    shift.remove()
  }
}

test('a chat during a call is traced to the link that was down and the write that waited', async () => {
  await afterShift(
    async ({ until, work, model }) => {
      await until('09:29:00')
      model('crm').link(false, false)
      await until('09:32:00')
      work(0, 'telephony', 'call-7', 'call', 'accepted')
      await until('09:41:00')
      work(0, 'crm', 'chat-3', 'chat', 'offered')
      model('crm').link(true, true)
      await until('09:44:00')
      work(0, 'crm', 'chat-3', 'chat', 'closed')
      await until('09:45:00')
      work(0, 'telephony', 'call-7', 'call', 'closed')
    },
    async (shift) => {
      const text = (await said(shift, 'jane@acme.example', { at: '10:42' })).replaceAll(/\s+/g, ' ')
      expect(text).toContain(
        'Chat chat-3 reached Jane Doe in the CRM during call call-7 in telephony, because the CRM had not taken the block yet (the platform is down): the CRM was not reachable from 10:29:00 to 10:41:00 (cut), the write waited.',
      )
    },
  )
})

test('a block whose work ended unheard is to be released, and the command for it is the last line', async () => {
  await afterShift(
    async ({ work, clock }) => {
      work(0, 'telephony', 'call-7', 'call', 'accepted')
      await clock.advanceTo(at('14:00:00'))
    },
    async (shift) => {
      const text = await said(shift, 'jane@acme.example')
      expect(text).toContain('The CRM is blocked by call call-7 (accepted) in telephony.')
      expect(lastLine(text)).toBe('What to do: If that work ended long ago: presence-bridge release jane@acme.example')
    },
  )
})

test('a status that leads nowhere is told with the row that is missing', async () => {
  await afterShift(
    async ({ status, until }) => {
      status(0, 'telephony', 'Training')
      await until('09:10:00')
      status(0, 'telephony', 'Available')
    },
    async (shift) => {
      const text = await said(shift, 'jane@acme.example')
      expect(text).toContain('which no rule speaks of')
      expect(lastLine(text)).toMatch(/^What to do: .* a row under mapped:/)
    },
  )
})

test('with nothing to explain there is nothing to do', async () => {
  await afterShift(
    async () => {},
    async (shift) => {
      const text = await said(shift, 'jane@acme.example')
      expect(text).toContain('Jane Doe is On Queue in the CRM and On Queue in telephony.')
      expect(text).not.toContain('What to do')
    },
  )
})

test('the future is not told', async () => {
  await afterShift(
    async () => {},
    async ({ journal }) => {
      const { io, err } = captured()
      expect(await why('jane@acme.example', { journal, at: '2027-01-01', format: 'text' }, BERLIN, io)).toBe(
        EXIT.couldNotRun,
      )
      expect(err()).toBe('--at lies in the future.\n')
    },
  )
})
