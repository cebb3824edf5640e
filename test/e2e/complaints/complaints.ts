// What support staff are asked, how it comes about between the two platforms, and the one command that names the cause.

import { setTimeout as pause } from 'node:timers/promises'
import type { BridgeProcess } from '../bridge-process.ts'
import { eventually, type Floor } from '../harness.ts'
import type { Agent } from '../person.ts'
import { A_MOMENT_MS } from './mapping.ts'

/** The agent is on queue on both sides when their part begins. */
type Stage = {
  readonly floor: Floor
  readonly bridge: BridgeProcess
  readonly agent: Agent
  readonly index: number
}

export type Complaint = {
  /** Of the place in the guide where its output stands. */
  readonly id: string
  /** Index of the agent; each has one part only. */
  readonly agent: number
  readonly happen: (stage: Stage) => Promise<void>
  readonly command: (name: string) => readonly string[]
  /** What of the output names the cause. */
  readonly cause: RegExp
}

const moment = () => pause(A_MOMENT_MS)

async function shows({ agent }: Stage, crm: string, telephony: string): Promise<void> {
  await eventually(() => {
    const shown = agent.shows()
    if (shown.crm !== crm || shown.telephony !== telephony)
      throw new Error(`${agent.name} shows ${JSON.stringify(shown)}`)
  })
}

/** A call that the agent answers. */
async function talk({ floor, agent }: Stage): Promise<string> {
  const call = agent.ring()
  await moment()
  floor.centre.genesys.model.answer(call)
  return call
}

export const COMPLAINTS: readonly Complaint[] = [
  {
    id: 'chat-during-a-call',
    agent: 0,
    async happen(stage) {
      const { floor, agent, index, bridge } = stage
      floor.closeConsole(index)
      await moment()
      const call = await talk(stage)
      await moment()
      const chat = agent.offerChat()
      await moment()
      agent.accept(chat)
      await bridge.decides({ agent: agent.name, side: 'crm', reason: 'overlap' })
      await pause(1_200)
      agent.closeChat(chat)
      await moment()
      floor.centre.genesys.model.hangUp(call)
      await eventually(async () => {
        const { telephony } = await floor.ops.agent(agent.name)
        if (telephony.work.length > 0) throw new Error('the call still stands')
      })
    },
    command: (name) => ['overlap', '--agent', name],
    cause: /console/i,
  },
  {
    id: 'she-chose-it-herself',
    agent: 1,
    async happen(stage) {
      const { agent, floor, bridge } = stage
      const call = await talk(stage)
      await shows(stage, 'Transition', 'On Queue')
      for (let choice = 0; choice < 3; choice += 1) {
        await moment()
        agent.inCrm('On_Queue')
        await shows(stage, 'Transition', 'On Queue')
      }
      await moment()
      agent.inCrm('On_Queue')
      await bridge.decides({ agent: agent.name, side: 'crm', reason: 'overridden' })
      await moment()
      const chat = agent.offerChat()
      agent.accept(chat)
      await pause(1_200)
      agent.closeChat(chat)
      floor.centre.genesys.model.hangUp(call)
    },
    command: (name) => ['overlap', '--agent', name],
    cause: /chose|override|gave way/i,
  },
  {
    id: 'my-status-jumps-back',
    agent: 2,
    async happen(stage) {
      const { agent, bridge } = stage
      await talk(stage)
      await shows(stage, 'Transition', 'On Queue')
      await moment()
      agent.inCrm('On_Queue')
      await bridge.decides({ agent: agent.name, side: 'crm', reason: 'reasserted', outcome: 'confirmed' })
      await shows(stage, 'Transition', 'On Queue')
    },
    command: (name) => ['log', '--agent', name, '--reason', 'reasserted'],
    cause: /work is open in telephony/,
  },
  {
    id: 'still-blocked-after-the-call',
    agent: 3,
    async happen(stage) {
      const call = await talk(stage)
      await shows(stage, 'Transition', 'On Queue')
      await pause(700)
      stage.floor.centre.genesys.model.hangUp(call, { by: 'customer', wrapUp: true })
      await stage.bridge.decides({ agent: stage.agent.name, side: 'crm', reason: 'still_blocked' })
    },
    command: (name) => ['why', name],
    cause: /wrap/i,
  },
  {
    id: 'nothing-follows-training',
    agent: 4,
    async happen(stage) {
      stage.agent.inTelephony('Training')
      await shows(stage, 'Transition', 'Training')
      await moment()
      stage.agent.inTelephony('Meeting')
      await stage.bridge.decides({ agent: stage.agent.name, side: 'crm', reason: 'unmapped' })
    },
    command: (name) => ['why', name],
    cause: /no rule|not.*mapp|no row/i,
  },
  {
    id: 'the-crm-did-not-follow',
    agent: 5,
    async happen(stage) {
      stage.agent.inCrm('Offline')
      await moment()
      stage.agent.inTelephony('Meal')
      await stage.bridge.decides({ agent: stage.agent.name, side: 'crm', reason: 'logged_out' })
    },
    command: (name) => ['why', name],
    cause: /logged (in|out)/,
  },
  {
    id: 'refused',
    agent: 6,
    async happen(stage) {
      const { model } = stage.floor.centre.salesforce
      model.refuse(stage.agent.crm, true)
      stage.agent.inTelephony('Meal')
      await stage.bridge.decides({ agent: stage.agent.name, side: 'crm', reason: 'mapped', outcome: 'refused' })
    },
    command: (name) => ['why', name],
    cause: /refused|not granted/i,
  },
  {
    id: 'only-a-pilot',
    agent: 7,
    async happen(stage) {
      stage.agent.inTelephony('Meal')
      await stage.bridge.decides({ agent: stage.agent.name, side: 'crm', reason: 'mapped', outcome: 'shadow' })
    },
    command: (name) => ['why', name],
    cause: /shadow/i,
  },
  {
    id: 'somebody-changed-my-status',
    agent: 8,
    async happen(stage) {
      const { model } = stage.floor.centre.salesforce
      model.setPresence({ user: stage.agent.crm, apiName: 'Lunch', by: 'supervisor' })
      await shows(stage, 'Lunch', 'Meal')
    },
    command: (name) => ['timeline', name],
    cause: /supervisor/i,
  },
  {
    id: 'nothing-happens-any-more',
    agent: 9,
    async happen(stage) {
      const { agent, floor, bridge } = stage
      await floor.ops.order('pause', { agent: agent.name, reason: 'tries the new headset', by: 'maria' })
      await moment()
      agent.inTelephony('Meal')
      await bridge.decides({ agent: agent.name, side: 'crm', reason: 'mapped', outcome: 'paused' })
    },
    command: (name) => ['why', name],
    cause: /maria/,
  },
  {
    id: 'both-at-once',
    agent: 11,
    async happen(stage) {
      const { agent, bridge } = stage
      agent.inCrm('Lunch')
      await pause(50) // so that one is the later one by the platforms' own times
      agent.inTelephony('Break')
      await bridge.decides({ agent: agent.name, reason: 'conflict' })
    },
    command: (name) => ['log', '--agent', name, '--reason', 'conflict'],
    cause: /same time/,
  },
]

/** Before the others are there: what one misses is offered to the next. */
export const MISSED_CALL: Complaint = {
  id: 'missed-call',
  agent: 10,
  async happen(stage) {
    const call = stage.agent.ring()
    await moment()
    stage.floor.centre.genesys.model.miss(call)
    stage.floor.centre.genesys.model.hangUp(call, { by: 'customer' })
    await eventually(() => {
      if (stage.agent.shows().crm !== 'Missed_Call') throw new Error(`the CRM shows ${stage.agent.shows().crm}`)
    })
  },
  command: (name) => ['log', '--agent', name, '--reason', 'mapped', '--limit', '1'],
  cause: /Telephony itself set/,
}

/** After all the others: it concerns everybody. */
export const OUTAGE: Complaint = {
  id: 'everybody-was-out-of-step',
  agent: 0,
  async happen({ floor, agent, bridge }) {
    await floor.openConsoles()
    floor.centre.genesys.server.faults.refuseUpgrades(3, 503)
    floor.centre.genesys.server.faults.dropSockets()
    await bridge.says('link_down')
    agent.inTelephony('Break')
    await eventually(() => {
      if (agent.shows().crm !== 'Break') throw new Error(`the CRM shows ${agent.shows().crm}`)
    }, 20_000)
  },
  command: (name) => ['timeline', name],
  cause: /telephony.*(not reachable|down|lost|no connection)/i,
}
