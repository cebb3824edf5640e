// The log from the journal: the contract's lines for machines, readable ones for people.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type LogOptions, log } from '../../src/cli/log.ts'
import { EXIT } from '../../src/cli/output.ts'
import { openJournalReader } from '../../src/journal/sqlite-journal.ts'
import { jsonLine } from '../../src/ops/sync-line.ts'
import { captured } from './captured.ts'
import { BERLIN, expectGolden, type ShiftJournal, shiftJournal } from './shift-journal.ts'

let shift: ShiftJournal

beforeAll(async () => {
  shift = await shiftJournal()
})
afterAll(() => shift.remove())

async function logged(more: Partial<LogOptions> = {}) {
  const { io, out, err } = captured()
  const code = await log({ journal: shift.journal, format: 'text', ...more }, BERLIN, io)
  return { code, out: out(), err: err() }
}

test('people read a line a decision, each day with its date', async () => {
  const { code, out, err } = await logged()
  expect({ code, err }).toEqual({ code: EXIT.fine, err: '' })
  expectGolden('log.txt', out)
})

test('as JSON it is the contract’s lines of everything that was decided, in its order', async () => {
  const reader = openJournalReader({ path: shift.journal })
  const lines = [...reader.walk({})].map(({ record }) => jsonLine(record))
  reader.close()
  expect(lines.length).toBeGreaterThan(20)
  expect((await logged({ format: 'json' })).out).toBe(lines.join(''))
})

test('the members of a line are the contract’s, with exposures', async () => {
  const [line] = (await logged({ format: 'json', agent: 'Jane Doe', from: '10:31', to: '10:32' })).out.split('\n')
  expect(Object.keys(JSON.parse(line ?? ''))).toEqual([
    'time',
    'agent',
    'event',
    'decisions',
    'writes',
    'exposed',
    'mapping',
    'sentence',
  ])
})

test('only of one person, only with one reason, only in one hour, only the newest', async () => {
  const reasons = async (options: Partial<LogOptions>) =>
    (await logged({ format: 'json', ...options })).out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
      .map(({ time, agent, decisions }) => `${time.slice(11, 16)} ${agent.slice(0, 3)} ${decisions[0]?.reason ?? ''}`)
  expect(await reasons({ agent: 'bob@acme.example', from: '10:45' })).toEqual([
    '09:50 bob mapped',
    '09:50 bob echo',
    '09:55 bob ',
    '09:56 bob transition',
  ])
  expect(await reasons({ reason: 'refused' })).toEqual(['09:58 jan refused'])
  expect(await reasons({ from: '09:00', to: '09:01', limit: '1' })).toEqual(['08:00 bob already'])
})

test('when there are more than were asked for by default, it says so; when a number was named, it does not', async () => {
  expect((await logged({ limit: '3' })).err).toBe('')
  expect((await logged({ limit: '3' })).out.split('\n').length).toBe(5)
})

test.each([
  [{ reason: 'mappped' }, EXIT.couldNotRun, 'There is no reason "mappped"; did you mean "mapped"?\n'],
  [{ limit: 'many' }, EXIT.couldNotRun, '--limit is a number, not "many".\n'],
  [
    { agent: 'bbo@acme.example' },
    EXIT.no,
    'The journal knows nobody called "bbo@acme.example"; did you mean "bob@acme.example"?\nWho was not found on both sides is not kept in step: "presence-bridge log --reason unknown_agent" lists them by their ids.\n',
  ],
])('what is not understood is said: %o', async (options, code, err) => {
  expect(await logged(options)).toEqual({ code, out: '', err })
})
