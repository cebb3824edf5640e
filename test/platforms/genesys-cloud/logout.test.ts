// Logging out for real, where the settings ask for it.

import { afterEach, expect, test } from '@jest/globals'
import { eventually } from '../../sandbox/genesys-cloud/support.ts'
import { type Ear, openEar, writeOptions } from './bridge-ear.ts'

const ears: Ear[] = []
afterEach(async () => {
  for (const ear of ears.splice(0)) await ear.close()
})

async function open(logOut: 'presence' | 'tokens' | undefined): Promise<Ear> {
  const ear = await openEar({ settings: logOut ? { logOut } : {} })
  ears.push(ear)
  await ear.adapter.catalogue()
  await ear.start()
  return ear
}

const write = (ear: Ear, label: string) => ear.adapter.setStatus(ear.jane, ear.id(label), writeOptions())
const jane = (ear: Ear) => ear.organisation.model.user(ear.jane)

test.each(['presence', undefined] as const)(
  'with log_out %s Offline is a presence, and nobody is logged out',
  async (how) => {
    const ear = await open(how)
    ear.organisation.model.setPresence(ear.jane, 'On Queue')
    expect(await write(ear, 'Offline')).toEqual({ kind: 'accepted' })
    expect(jane(ear)).toMatchObject({ presence: { label: 'Offline' }, loggedOut: 0 })
  },
)

test('with log_out tokens Offline takes off the queue first, then logs out; other statuses log nobody out', async () => {
  const ear = await open('tokens')
  const { model } = ear.organisation
  model.setPresence(ear.jane, 'On Queue')
  expect(await write(ear, 'Break')).toEqual({ kind: 'accepted' })
  expect(jane(ear)?.loggedOut).toBe(0)
  model.setPresence(ear.jane, 'On Queue')
  const seen: string[] = []
  model.onChange((change) => {
    if (change.kind === 'presence')
      seen.push(`${change.user.presence.label}, logged out ${change.user.loggedOut} times`)
  })
  expect(await write(ear, 'Offline')).toEqual({ kind: 'accepted' })
  expect(seen).toEqual(['Offline, logged out 0 times'])
  expect(jane(ear)).toMatchObject({ presence: { label: 'Offline' }, routing: 'OFF_QUEUE', loggedOut: 1 })
  await ear.untilStatus(ear.jane, 'Offline')
})

test('nobody is logged out in the middle of a conversation: it would be cut off', async () => {
  const ear = await open('tokens')
  const { model } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  await ear.untilWork(ear.jane, 'accepted')
  expect(await write(ear, 'Offline')).toEqual({ kind: 'accepted' })
  expect(jane(ear)?.loggedOut).toBe(0)
  expect(call.endedAt).toBeNull()
  expect(ear.logged).toContainEqual(expect.objectContaining({ code: 'genesys.log_out_waits', user: ear.jane }))
  model.hangUp(call.id, { wrapUp: true })
  await ear.untilWork(ear.jane, 'wrap_up')
  expect(jane(ear)?.loggedOut).toBe(0)
  model.finishWrapUp(call.id)
  await eventually('the log-out after the work', () => jane(ear)?.loggedOut === 1)
})

test('who has chosen another status by the end of the work is not logged out', async () => {
  const ear = await open('tokens')
  const { model } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  await ear.untilWork(ear.jane, 'accepted')
  expect(await write(ear, 'Offline')).toEqual({ kind: 'accepted' })
  await ear.untilStatus(ear.jane, 'Offline')
  model.setPresence(ear.jane, 'Available')
  await ear.untilStatus(ear.jane, 'Available')
  model.hangUp(call.id)
  await ear.untilWork(ear.jane, 'closed')
  expect(await write(ear, 'Break')).toEqual({ kind: 'accepted' })
  expect(jane(ear)).toMatchObject({ presence: { label: 'Break' }, loggedOut: 0 })
})

test('a late log-out that is refused is told', async () => {
  const ear = await open('tokens')
  const { model, server } = ear.organisation
  const call = model.offer(ear.jane, 'call')
  model.answer(call.id)
  await ear.untilWork(ear.jane, 'accepted')
  await write(ear, 'Offline')
  server.faults.forbid('DELETE /api/v2/tokens')
  model.hangUp(call.id)
  await eventually('the refusal', () => ear.logged.some(({ code }) => code === 'genesys.log_out_failed'))
  expect(jane(ear)).toMatchObject({ presence: { label: 'Offline' }, loggedOut: 0 })
})

test('without the right to delete tokens the permission is named, and the person shows Offline', async () => {
  const ear = await open('tokens')
  ear.organisation.model.setPresence(ear.jane, 'Meal')
  ear.organisation.server.faults.forbid('DELETE /api/v2/tokens')
  const result = await write(ear, 'Offline')
  expect(result).toMatchObject({ kind: 'refused', words: expect.stringContaining('oauth:token:delete') })
  expect(jane(ear)).toMatchObject({ presence: { label: 'Offline' }, loggedOut: 0 })
})

test('where the presence is refused nobody is logged out', async () => {
  const ear = await open('tokens')
  ear.organisation.model.setPresence(ear.jane, 'Meal')
  ear.organisation.server.faults.refuseWrites(ear.jane)
  expect(await write(ear, 'Offline')).toMatchObject({ kind: 'refused' })
  expect(jane(ear)).toMatchObject({ presence: { label: 'Meal' }, loggedOut: 0 })
})
