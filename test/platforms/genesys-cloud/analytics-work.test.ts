// What the search alone tells of a conversation, and where it tells too little.

import { expect, test } from '@jest/globals'
import { SILENT } from '../../../src/domain/log.ts'
import type { PlatformUserId } from '../../../src/domain/side.ts'
import { itemOf } from '../../../src/platforms/genesys-cloud/analytics-work.ts'
import type { Client } from '../../../src/platforms/genesys-cloud/client.ts'
import { findOpen } from '../../../src/platforms/genesys-cloud/open-search.ts'
import { createSurprises } from '../../../src/platforms/genesys-cloud/surprises.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const JANE = 'abcdef00-0000-4000-a000-000000000001' as PlatformUserId
const from = '2026-11-21T10:00:00.000Z'
const over = { segmentStart: from, segmentEnd: '2026-11-21T10:00:10.000Z' }
const open = (segmentType: string) => ({ segmentType, segmentStart: from })

function told(...sessions: { mediaType: string; segments: Record<string, unknown>[] }[]) {
  return itemOf({ conversationId: 'c1', participants: [{ userId: JANE.toUpperCase(), sessions }] }, JANE)
}

test.each([
  ['voice', 'alert', 'call', 'offered'],
  ['voice', 'contacting', 'call', 'offered'],
  ['voice', 'dialing', 'call', 'accepted'],
  ['voice', 'hold', 'call', 'accepted'],
  ['chat', 'interact', 'chat', 'accepted'],
  ['callback', 'interact', 'callback', 'accepted'],
  ['email', 'wrapup', 'email', 'wrap_up'],
  ['message', 'Interact', 'message', 'accepted'],
  ['video', 'interact', 'video', 'accepted'],
])('%s with an open segment %s is a %s %s', (mediaType, segmentType, channel, state) => {
  const segments = [{ segmentType: 'alert', ...over }, open(segmentType)]
  expect(told({ mediaType, segments })).toEqual({ item: 'c1', channel, state, progress: 0, at: Date.parse(from) })
})

test.each([
  ['nothing is open', [{ mediaType: 'voice', segments: [{ segmentType: 'interact', ...over }] }]],
  [
    'there are two media',
    [
      { mediaType: 'callback', segments: [open('interact')] },
      { mediaType: 'voice', segments: [] },
    ],
  ],
  ['two segments are open', [{ mediaType: 'voice', segments: [open('interact'), open('hold')] }]],
  ['the medium is not known', [{ mediaType: 'hologram', segments: [open('interact')] }]],
  ['the segment is not known', [{ mediaType: 'voice', segments: [open('parked')] }]],
  ['there are no sessions', []],
])('where %s the conversation must be read', (_, sessions) => {
  expect(told(...sessions)).toBeUndefined()
})

test('what the search finds ended is not open, whatever its segments say', async () => {
  const participants = [{ userId: JANE, sessions: [{ mediaType: 'voice', segments: [open('interact')] }] }]
  const conversations = [
    { conversationId: 'over', conversationEnd: '2026-11-21T11:00:00.000Z', participants },
    { conversationId: 'open', participants },
    { conversationId: 'of others', participants: [{ userId: 'lee' }] },
  ]
  const client: Client = { call: async () => ({ kind: 'ok', body: { conversations } }) }
  const found = await findOpen({ client, clock: createVirtualClock(), surprises: createSurprises(SILENT) }, [JANE])
  expect(found).toMatchObject([{ conversation: 'open', user: JANE, item: { state: 'accepted' } }])
})

test('what others have open is not this person’s', () => {
  const sessions = [{ mediaType: 'voice', segments: [open('interact')] }]
  expect(itemOf({ conversationId: 'c1', participants: [{ userId: 'lee', sessions }] }, JANE)).toBeUndefined()
  expect(itemOf({ conversationId: 'c1', participants: null }, JANE)).toBeUndefined()
})
