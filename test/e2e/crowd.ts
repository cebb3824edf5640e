// People who never rest: they choose statuses on both sides, log out and in, and are given chats and calls, faster than anybody works.
// What a seed decides is who does what in which order; the machine decides when.

import type { ContactCentre } from '../../src/sandbox/contact-centre.ts'
import { type Chance, createChance } from '../sim/chance.ts'
import type { Agent } from './person.ts'

/** Between two acts, all people together, ms. */
const PACE_MS = { low: 5, high: 45 }
const CHATS_MAX = 2
const CRM = ['On_Queue', 'On_Queue', 'On_Queue', 'Lunch', 'Break', 'Busy', 'Away']
const TELEPHONY = ['On Queue', 'On Queue', 'On Queue', 'Available', 'Meal', 'Break', 'Training']

export type Crowd = {
  start(): void
  /** Nobody does anything any more; what is open stays open, and what rings is answered. */
  rest(): void
  /** Ends all work that is open or waits. */
  endWork(): void
  /** Everybody goes on queue on both sides. */
  everybodyOnQueue(): void
}

export function createCrowd(args: {
  readonly centre: ContactCentre
  readonly agents: readonly Agent[]
  readonly seed: number
}): Crowd {
  const { centre, agents } = args
  const crm = centre.salesforce.model
  const telephony = centre.genesys.model
  const chance: Chance = createChance(args.seed)
  const plans = new Set<NodeJS.Timeout>()
  const handled = new Set<string>()
  let busy = false

  function later(low: number, high: number, act: () => void): void {
    const plan = setTimeout(
      () => {
        plans.delete(plan)
        act()
      },
      chance.between(low, high),
    )
    plans.add(plan)
  }

  function live(): void {
    act(chance.pick(agents))
    later(PACE_MS.low, PACE_MS.high, live)
  }

  function act(agent: Agent): void {
    const dice = chance.next()
    if (dice < 0.3) agent.inTelephony(chance.pick(TELEPHONY))
    else if (dice < 0.6) agent.inCrm(chance.pick(CRM))
    else if (dice < 0.62) agent.inTelephony('Offline')
    else if (dice < 0.64) agent.inCrm('Offline')
    else if (dice < 0.8) giveChat(agent)
    else if (dice < 0.88) telephony.arrive('call')
    else if (!isOnCall(agent)) agent.ring()
  }

  function giveChat(agent: Agent): void {
    if (crm.work.openOf(agent.crm).length < CHATS_MAX) agent.offerChat()
  }

  function isOnCall({ telephony: user }: Agent): boolean {
    return telephony
      .conversations()
      .some(({ endedAt, participants }) => endedAt === null && participants.some((one) => one.userId === user))
  }

  crm.on((happening) => {
    if (!busy || happening.kind !== 'work' || happening.state !== 'assigned') return
    const { Id } = happening.work
    if (chance.hits(0.1)) later(100, 600, () => crm.work.decline(Id))
    later(100, 900, () => crm.work.accept(Id))
    later(1_000, 2_500, () => crm.work.close(Id))
  })
  telephony.onChange((change) => {
    if (!busy || change.kind !== 'conversation') return
    const { id, participants } = change.conversation
    if (handled.has(id) || !participants.some((one) => one.userId !== null && one.state === 'alerting')) return
    handled.add(id)
    if (chance.hits(0.8)) later(100, 900, () => telephony.answer(id))
    const wrapUp = chance.hits(0.3)
    later(1_000, 2_500, () => {
      telephony.hangUp(id, { wrapUp })
      if (hasWrapUp(id)) later(100, 800, () => telephony.finishWrapUp(id))
    })
  })

  function hasWrapUp(id: string): boolean {
    const { participants } = telephony.conversation(id) ?? { participants: [] }
    return participants.some((one) => one.wrapupRequired && one.acwEndedAt === null)
  }

  return {
    start() {
      busy = true
      live()
    },
    rest() {
      busy = false
      for (const plan of plans) clearTimeout(plan)
      plans.clear()
      for (const { id, participants } of telephony.conversations())
        if (participants.some((one) => one.userId !== null && one.state === 'alerting')) telephony.answer(id)
    },
    endWork() {
      for (const { id, endedAt } of telephony.conversations()) if (endedAt === null) telephony.hangUp(id)
      for (const { id } of telephony.conversations()) if (hasWrapUp(id)) telephony.finishWrapUp(id)
      // What waits is given to whoever becomes free, so it comes up again and again until nothing is left.
      const open = () => agents.flatMap((agent) => crm.work.openOf(agent.crm))
      for (let work = open(); work.length > 0; work = open())
        for (const { Id } of work) {
          crm.work.accept(Id)
          crm.work.close(Id)
        }
    },
    everybodyOnQueue() {
      for (const agent of agents) {
        agent.inCrm('On_Queue')
        agent.inTelephony('On Queue')
      }
    },
  }
}
