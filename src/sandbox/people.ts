// The people of the sandbox contact centre: they log in, go on queue, take calls and chats, have lunch, miss calls.
// A day of theirs takes minutes. They act on the two models only; what follows from it is the bridge's business.
//
// NOT imitated: supervisors, shift plans, people who do two things at once.

import type { Cancel, Clock } from '../domain/clock.ts'
import type { GenesysModel } from './genesys-cloud/model.ts'
import type { SandboxConversation } from './genesys-cloud/model-types.ts'
import type { SalesforceModel } from './salesforce/model.ts'

export type SandboxPerson = {
  readonly name: string
  /** Their user name in the CRM. */
  readonly username: string
  readonly crm: string
  readonly telephony: string
}

export type PeopleDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly salesforce: SalesforceModel
  readonly genesys: GenesysModel
  /** Their user ids on both sides. */
  readonly people: readonly SandboxPerson[]
}

export type People = {
  start(): void
  stop(): void
}

/** Something new from outside comes this often on average, ms: much more often, and the breaker of the example mapping (ten writes a minute) freezes people. */
const ARRIVAL_MS = 6_000
const BETWEEN_LOGINS_MS = 150

export function createPeople(deps: PeopleDeps): People {
  const { clock, random, salesforce, genesys } = deps
  const off: (() => void)[] = []
  const plans = new Set<Cancel>()

  function later(fromMs: number, toMs: number, act: () => void): void {
    const cancel = clock.after(fromMs + random() * (toMs - fromMs), () => {
      plans.delete(cancel)
      act()
    })
    plans.add(cancel)
  }

  function logIn(person: SandboxPerson): void {
    salesforce.setPresence({ user: person.crm, apiName: 'On_Queue', by: 'agent', reason: 'OmniLoginStatusChange' })
    later(300, 900, () => genesys.setPresence(person.telephony, 'Available'))
    later(12_000, 40_000, () => liveOn(person))
  }

  /** What somebody does of their own accord, again and again. */
  function liveOn(person: SandboxPerson): void {
    const dice = random()
    if (dice < 0.3) leaveFor(person, 'Meal')
    else if (dice < 0.5) takeTimeOff(person, () => chooseInCrm(person, 'Coaching'))
    else if (dice < 0.7) leaveFor(person, 'Available')
    else if (dice < 0.8) leaveFor(person, 'Training')
    else later(5_000, 20_000, () => liveOn(person))
  }

  /** Somebody who is on queue and has nothing to do; a little later where nobody is. */
  function someoneLeavesFor(status: string): void {
    const person = deps.people.find(
      ({ crm, telephony }) =>
        genesys.user(telephony)?.presence.label === 'On Queue' &&
        salesforce.presence(crm) === 'On_Queue' &&
        !genesys.isWorking(telephony) &&
        salesforce.work.openOf(crm).length === 0,
    )
    if (person === undefined) later(300, 300, () => someoneLeavesFor(status))
    else leaveFor(person, status)
  }

  function leaveFor(person: SandboxPerson, status: string): void {
    takeTimeOff(person, () => genesys.setPresence(person.telephony, status))
  }

  function takeTimeOff(person: SandboxPerson, leave: () => void): void {
    leave()
    later(6_000, 15_000, () => {
      if (random() < 0.5) genesys.setPresence(person.telephony, 'On Queue')
      else chooseInCrm(person, 'On_Queue')
      later(10_000, 40_000, () => liveOn(person))
    })
  }

  function chooseInCrm(person: SandboxPerson, apiName: string): void {
    salesforce.setPresence({ user: person.crm, apiName, by: 'agent' })
  }

  function arrive(channel: string): void {
    const id = salesforce.channel(channel)?.Id
    if (id !== undefined) salesforce.work.arrive(id)
  }

  function arrivals(): void {
    if (random() < 0.5) arrive(random() < 0.7 ? 'chat' : 'case')
    else genesys.arrive('call')
    later(ARRIVAL_MS / 2, ARRIVAL_MS * 1.5, arrivals)
  }

  function takeChat(work: string): void {
    if (random() < 0.1) later(1_000, 2_000, () => salesforce.work.decline(work))
    else {
      later(700, 1_800, () => salesforce.work.accept(work))
      later(4_000, 10_000, () => salesforce.work.close(work))
    }
  }

  const ringing = new Set<string>()
  let calls = 0

  /** A call that rings is answered or missed once, however often it is told. */
  function hearRinging(conversation: SandboxConversation): void {
    const leg = conversation.participants.findLast((p) => p.userId !== null && p.state === 'alerting')
    if (leg === undefined || ringing.has(leg.id)) return
    ringing.add(leg.id)
    const person = deps.people.find((p) => p.telephony === leg.userId)
    later(30_000, 30_000, () => ringing.delete(leg.id))
    calls += 1
    const showpiece = calls === 1 // the first one is short and simple
    if (random() < 0.12 && !showpiece) {
      later(4_000, 6_000, () => genesys.miss(conversation.id))
      if (person !== undefined) later(9_000, 14_000, () => chooseInCrm(person, 'On_Queue'))
      return
    }
    later(500, 1_500, () => genesys.answer(conversation.id))
    const wrapUp = random() < 0.5 && !showpiece
    later(3_000, showpiece ? 3_000 : 8_000, () => {
      genesys.hangUp(conversation.id, { wrapUp })
      if (wrapUp) later(2_000, 4_000, () => genesys.finishWrapUp(conversation.id))
    })
  }

  return {
    start() {
      deps.people.forEach((person, index) => {
        later(index * BETWEEN_LOGINS_MS, index * BETWEEN_LOGINS_MS, () => logIn(person))
      })
      // Something of everything within the first seconds, for whoever looks on.
      later(1_500, 1_500, () => genesys.arrive('call'))
      later(2_500, 2_500, () => arrive('chat'))
      later(3_000, 3_000, () => someoneLeavesFor('Available'))
      later(3_500, 3_500, () => someoneLeavesFor('Meal'))
      later(3_000, 5_000, arrivals)
      off.push(
        salesforce.on((happening) => {
          if (happening.kind === 'work' && happening.state === 'assigned') takeChat(happening.work.Id)
        }),
        genesys.onChange((change) => {
          if (change.kind === 'conversation') hearRinging(change.conversation)
        }),
      )
    },
    stop() {
      for (const cancel of plans) cancel()
      for (const end of off) end()
    },
  }
}
