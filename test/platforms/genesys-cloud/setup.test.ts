// What of the organisation's settings an admin is told.

import { afterEach, expect, test } from '@jest/globals'
import { type Ear, type EarOptions, openEar } from './bridge-ear.ts'

const ears: Ear[] = []
afterEach(async () => {
  for (const ear of ears.splice(0)) await ear.close()
})

async function setupOf(options: EarOptions, forbid?: string) {
  const ear = await openEar(options)
  ears.push(ear)
  if (forbid) ear.organisation.server.faults.forbid(forbid)
  const setup = await ear.adapter.setup?.()
  const table = setup?.tables[0]
  return { setup, table, notResponding: ear.id('Not Responding') }
}

test('that going off the queue is only a request is told before it surprises', async () => {
  const { table } = await setupOf({ requestingOffQueue: true })
  expect(table?.rows).toContainEqual(['off the queue during work', 'a request until the work is done'])
  expect(table?.warnings).toHaveLength(1)
})

test('what is as everybody expects it warns of nothing', async () => {
  const { setup, table, notResponding } = await setupOf({})
  expect(table?.rows).toEqual([
    ['off the queue during work', 'at once'],
    ['after a lost connection', 'the status before within 60 s, also On Queue'],
    ['primary source of presence', 'PURECLOUD'],
  ])
  expect(table?.warnings).toEqual([])
  expect(setup?.setByItself).toEqual([{ status: notResponding, when: 'when an offer is not answered' }])
})

test('settings that may not be read are told as such, and nothing else fails', async () => {
  const { setup, table } = await setupOf({}, 'GET /api/v2/presence/settings')
  expect(table).toMatchObject({ rows: [], warnings: [expect.stringContaining('could not be read')] })
  expect(setup?.setByItself).toHaveLength(1)
})
