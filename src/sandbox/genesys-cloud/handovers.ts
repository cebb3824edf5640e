// How a conversation passes between agents of the stand-in organisation, and what one agent does with it beside talking: transfers
// to a person, consults, conferences, parking, and the call that is made for a callback.

import type { ModelChange, SandboxConversation, SandboxParticipant, SandboxUser } from './model-types.ts'
import { isEnded } from './participants.ts'

type Holding = {
  readonly conversation: SandboxConversation
  readonly agent: SandboxParticipant
  readonly user: SandboxUser
}

export type HandoverDeps = {
  readonly newId: () => string
  readonly tick: () => number
  readonly emit: (change: ModelChange) => void
  readonly user: (id: string) => SandboxUser | undefined
  readonly mustHold: (id: string) => Holding
  readonly ring: (conversation: SandboxConversation, user: SandboxUser, consultedBy?: string) => void
  readonly end: (one: SandboxParticipant, disconnectType: string) => void
  readonly terminate: (conversation: SandboxConversation, ...ended: readonly SandboxParticipant[]) => void
  readonly startWrapUp: (id: string, one: SandboxParticipant, timeoutMs: number | undefined) => void
  readonly quiet: (id: string) => void
  readonly route: () => void
  readonly onWorkChanged: (user: SandboxUser) => void
}

export type Handovers = {
  /** Blind: the agent leaves and the other one is offered it. `ringFirst`: the platform tells the offer before the end. */
  transferTo(
    conversationId: string,
    userId: string,
    options?: { readonly wrapUp?: boolean; readonly ringFirst?: boolean },
  ): void
  /** The customer is held while the other agent is asked. */
  consult(conversationId: string, userId: string): void
  /** The one who was asked leaves, and the agent goes on with the customer. */
  endConsult(conversationId: string): void
  /** The agent leaves, and the one who was asked goes on with the customer. */
  completeConsult(conversationId: string): void
  /** All three talk. */
  confer(conversationId: string): void
  park(conversationId: string): void
  unpark(conversationId: string): void
  /** The call that a callback is for. */
  callBack(conversationId: string): void
}

export function createHandovers(deps: HandoverDeps): Handovers {
  const { emit, mustHold, tick } = deps

  function mustKnow(userId: string): SandboxUser {
    const user = deps.user(userId)
    if (!user) throw new Error(`no user ${userId}`)
    return user
  }

  function leave(conversation: SandboxConversation, agent: SandboxParticipant, disconnectType: string): void {
    deps.end(agent, disconnectType)
    deps.terminate(conversation, agent)
    const user = deps.user(agent.userId ?? '')
    if (user) deps.onWorkChanged(user)
    deps.route()
  }

  /** The agent who asked, and the one who is asked. */
  function consulting(id: string): {
    asks: SandboxParticipant
    conversation: SandboxConversation
    asked: SandboxParticipant
  } {
    const { conversation, agent: asked } = mustHold(id)
    const asks = conversation.participants.find((one) => one.id === asked.consultedBy && !isEnded(one))
    if (!asks) throw new Error(`nobody is consulted in conversation ${id}`)
    return { asks, conversation, asked }
  }

  return {
    transferTo(id, userId, { wrapUp = false, ringFirst = false } = {}) {
      const { conversation, agent, user } = mustHold(id)
      const next = mustKnow(userId)
      if (ringFirst) deps.ring(conversation, next)
      deps.end(agent, 'transfer')
      if (wrapUp) deps.startWrapUp(id, agent, undefined)
      deps.terminate(conversation, agent)
      deps.onWorkChanged(user)
      if (!ringFirst) deps.ring(conversation, next)
      deps.route()
    },
    consult(id, userId) {
      const { conversation, agent } = mustHold(id)
      agent.held = true
      deps.ring(conversation, mustKnow(userId), agent.id)
    },
    endConsult(id) {
      const { asks, asked, conversation } = consulting(id)
      deps.quiet(id)
      asks.held = false
      leave(conversation, asked, 'client')
    },
    completeConsult(id) {
      const { asks, conversation } = consulting(id)
      leave(conversation, asks, 'transfer.consult')
    },
    confer(id) {
      const { asks, conversation } = consulting(id)
      asks.held = false
      emit({ kind: 'conversation', conversation })
    },
    park(id) {
      const { agent, conversation, user } = mustHold(id)
      agent.state = 'parked'
      agent.parkedAt = tick()
      emit({ kind: 'conversation', conversation })
      deps.onWorkChanged(user)
      deps.route()
    },
    unpark(id) {
      const { agent, conversation, user } = mustHold(id)
      agent.state = 'connected'
      agent.resumedAt = tick()
      emit({ kind: 'conversation', conversation })
      deps.onWorkChanged(user)
    },
    callBack(id) {
      const { agent, conversation } = mustHold(id)
      if (conversation.medium !== 'callback') throw new Error(`conversation ${id} is no callback`)
      agent.call = { legId: deps.newId(), state: 'connected', connectedAt: tick(), disconnectedAt: null }
      emit({ kind: 'conversation', conversation })
    },
  }
}
