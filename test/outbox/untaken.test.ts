// Whether a report can be the echo of a write hangs on whether the platform may have taken it.

import { expect, test } from '@jest/globals'
import type { WriteResult } from '../../src/domain/platform.ts'
import { ACCEPTED, agentId, BUSY, createBench, NOBODY, NOT_GRANTED } from './bench.ts'

const LIMITED: WriteResult = { kind: 'rate_limited', untilMs: 0, words: 'too many' }

test.each([NOBODY, NOT_GRANTED, LIMITED])(
  'a write that the platform turned away ($kind) was not taken',
  async (answer) => {
    const answers = [answer]
    const b = createBench(() => answers.shift() ?? ACCEPTED)
    b.put('jane', 'Busy')
    await b.clock.settle()
    expect(b.untaken.map(({ status }) => status)).toEqual(['Busy'])
  },
)

test('one that nobody wants any more when it is turned away was not taken either', async () => {
  const b = createBench(() => undefined)
  b.put('jane', 'Busy')
  await b.clock.settle()
  b.outbox.cancel(agentId('jane'), 'crm')
  b.crm.asked[0]?.answer(NOBODY)
  await b.clock.settle()
  expect(b.untaken).toHaveLength(1)
})

test.each([[[ACCEPTED]], [[BUSY, ACCEPTED]], [[BUSY, NOBODY]]])(
  'one that was taken, or may have been at an earlier attempt, is not said to be untaken (%j)',
  async (answers: WriteResult[]) => {
    const b = createBench(() => answers.shift())
    b.put('jane', 'Busy')
    await b.clock.advance(1_000)
    expect(answers).toEqual([])
    expect(b.untaken).toEqual([])
  },
)
