// Salesforce through the suite that every adapter passes, over each transport of its event stream.

import { describe } from '@jest/globals'
import type { PlatformUserId } from '../../../src/domain/side.ts'
import type { StreamSettings } from '../../../src/platforms/salesforce/settings.ts'
import { type CompanionClient, createCompanionClient } from '../../../src/sandbox/salesforce/companion-client.ts'
import { freePorts } from '../../e2e/free-ports.ts'
import type { Bed } from '../bed.ts'
import { conforms } from '../conformance.ts'
import { AUDIENCE, cleanup, createWorld, ORIGIN, publicKeyPem, sign, until } from './kit.ts'

/** API names; the first takes work. */
const STATUSES = ['Online', 'Busy', 'Lunch'] as const

async function makeBed(transport: StreamSettings['transport']): Promise<Bed> {
  const [port = 0] = await freePorts(1)
  const listen = { host: '127.0.0.1', port }
  const world = await createWorld({
    transport,
    settings: {
      callsPerMinute: 6_000,
      companion: { listen, path: '/companion', origins: [ORIGIN], publicKeyPem, audience: AUDIENCE, tls: null },
    },
    server: { pollTimeoutMs: 100 },
    adapter: { livenessMs: 400, holdMs: 60, callMs: 500 },
  })
  const { model, server, adapter, clock } = world
  const { faults } = server
  model.addStatus({ apiName: 'Lunch', label: 'Lunch', channels: [] })
  const consoles: CompanionClient[] = []
  const people = [addUser('ann@acme.example'), addUser('bob@acme.example'), addUser('cat@acme.example')] as const

  function addUser(username: string): PlatformUserId {
    const user = model.addUser({ username }) as PlatformUserId
    model.setPresence({ user, apiName: 'Online', by: 'agent' })
    const console = createCompanionClient({
      url: `ws://127.0.0.1:${port}/companion`,
      origin: ORIGIN,
      signToken: () => sign(user, AUDIENCE),
      userId: user,
      tab: 'tab',
      // It carries out and tells nothing: the event stream is the only witness.
      model: { ...model, on: () => () => {} },
      clock,
      random: () => 0.05,
    })
    cleanup(console.close)
    consoles.push(console)
    return user
  }
  const channel = model.channel('chat')?.Id ?? ''
  return {
    adapter,
    people,
    statuses: STATUSES,
    // What a console says when it connects is not to be mistaken for what the stream told.
    ready: async () => {
      await until('all consoles', () => consoles.every((console) => console.state().connected))
    },
    choose: (user, status) => void model.setPresence({ user, apiName: status, by: 'agent' }),
    shown: (user) => model.presence(user),
    offer: (user) => model.work.assign(channel, user),
    accept: (work) => void model.work.accept(work),
    finish: (work) => void model.work.close(work),
    refuse: (user) => model.refuse(user, true),
    ignore: 'A console answers when the toolkit has done it: there is no acceptance without the deed.',
    troubles: {
      'the stream is cut': () => {
        faults.restart()
        return () => {}
      },
      'everything is silent': () => {
        faults.blackHole(true)
        return () => faults.blackHole(false)
      },
      'the token is no longer good': () => {
        faults.expireTokens()
        return () => {}
      },
      'the subscription is forgotten': () => {
        faults.unknownClients()
        return () => {}
      },
      'the position is refused': () => {
        faults.rejectReplay(true)
        faults.unknownClients()
        return () => {}
      },
      'calls fail': () => {
        faults.failNext(3, 503)
        faults.unknownClients()
        return () => faults.failNext(0, 503)
      },
      'calls are limited': () => {
        faults.failNext(2, 403)
        faults.unknownClients()
        return () => faults.failNext(0, 403)
      },
      'events come twice': () => {
        faults.duplicateEvents(true)
        return () => faults.duplicateEvents(false)
      },
      'a gap is told': () => {
        faults.loseEvents(true)
        return () => {
          faults.loseEvents(false)
          faults.gapEvent()
        }
      },
      'events are lost': () => {
        faults.loseEvents(true)
        return () => faults.loseEvents(false)
      },
    },
  }
}

describe('Salesforce over CometD', () => conforms(() => makeBed('cometd')))
describe('Salesforce over the Pub/Sub API', () => conforms(() => makeBed('pubsub')))
