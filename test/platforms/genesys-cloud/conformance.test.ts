// Genesys Cloud through the suite that every adapter passes.

import { afterEach, describe } from '@jest/globals'
import type { PlatformUserId } from '../../../src/domain/side.ts'
import type { Bed } from '../bed.ts'
import { conforms } from '../conformance.ts'
import { type Ear, openEar } from './bridge-ear.ts'

const ears: Ear[] = []
afterEach(async () => {
  for (const ear of ears.splice(0)) await ear.close()
})

async function makeBed(): Promise<Bed> {
  const ear = await openEar({
    settings: { callsPerMinute: 6_000 },
    callsPerMinute: 6_000,
    timing: { callMs: 300, dialMs: 300, pingAfterMs: 50, silenceMs: 150 },
    heartbeatMs: 40,
  })
  ears.push(ear)
  const { model, server } = ear.organisation
  const { faults } = server
  const statuses = ['On Queue', 'Break', 'Meal'] as const
  const cat = model.addUser({ name: 'Cat', email: 'cat@acme.example' }).id as PlatformUserId
  const people = [ear.jane, ear.lee, cat] as const
  for (const user of people) model.setPresence(user, statuses[0])
  const choose = (user: PlatformUserId, status: string) => void model.setPresence(user, status)
  return {
    adapter: ear.adapter,
    people,
    statuses,
    ready: async () => {},
    choose,
    shown: (user) => model.user(user)?.presence.label ?? '',
    offer: (user) => model.offer(user, 'call').id,
    accept: (work) => model.answer(work),
    finish: (work) => model.hangUp(work),
    refuse: (user) => faults.refuseWrites(user),
    ignore: (user) => faults.ignoreWrites(user),
    troubles: {
      'the stream is cut': () => {
        faults.dropSockets()
        return () => {}
      },
      'everything is silent': () => {
        faults.silence(true)
        faults.hang(true)
        return () => {
          faults.silence(false)
          faults.hang(false)
        }
      },
      'the token is no longer good': () => {
        faults.expireTokens()
        faults.dropSockets()
        return () => {}
      },
      'the subscription is forgotten': () => {
        faults.evictChannels()
        return () => {}
      },
      'the position is refused': 'Genesys Cloud keeps no position: a new channel hears what is new.',
      'calls fail': () => {
        faults.failNext(4, 503)
        faults.dropSockets()
        return () => faults.failNext(0, 503)
      },
      'calls are limited': () => {
        faults.rateLimitNext(2, 1)
        faults.dropSockets()
        return () => {}
      },
      'events come twice': () => {
        faults.repeatEvents(true)
        return () => faults.repeatEvents(false)
      },
      'a gap is told': 'Genesys Cloud does not tell of lost events; each new connection is followed by a reading.',
      'events are lost': () => {
        faults.loseEvents(true)
        return () => faults.loseEvents(false)
      },
    },
  }
}

describe('Genesys Cloud', () => conforms(makeBed))
