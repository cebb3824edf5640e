import { expect, test } from '@jest/globals'
import { SILENT } from '../../../src/domain/log.ts'
import { OFFLINE, type PlatformUserId, type StatusId } from '../../../src/domain/side.ts'
import type { SalesforceClient } from '../../../src/platforms/salesforce/client.ts'
import { createMemory } from '../../../src/platforms/salesforce/memory.ts'
import { createReadings } from '../../../src/platforms/salesforce/readings.ts'
import { recorder } from './kit.ts'

const JANE = '005000000000001AAA' as PlatformUserId
const NOW = 1_800_000_000_000

test('someone who logs in while everybody is read is not taken for one who left since', async () => {
  const memory = createMemory()
  memory.watch([JANE], recorder().sink)
  const logIn = () =>
    memory.tell(JANE, { kind: 'status', status: '0N5000000000001AAA' as StatusId, stamp: { at: NOW }, by: 'agent' })
  const client: SalesforceClient = {
    authorize: () => Promise.reject(new Error('not asked for')),
    // Presence is read first, and nobody is there yet.
    query: async (operation) => {
      if (operation === 'work') logIn()
      return []
    },
    usage: () => null,
    stop() {},
  }
  const clock = { now: () => NOW, after: () => () => {}, soon() {} }
  const readings = createReadings({ client, clock, log: SILENT, memory })
  const reading = (await readings.snapshot([JANE])).get(JANE)
  expect(reading?.status).toBe(OFFLINE)
  expect(reading?.stamp.at).toBeLessThan(memory.lastAt(JANE))
})
