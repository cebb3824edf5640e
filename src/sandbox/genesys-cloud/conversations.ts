// The conversations of the stand-in organisation and who is offered them. Each agent's turn is a participant of its own, as on
// the platform: a missed offer leaves one behind that was never connected.

import type { Cancel, Clock } from '../../domain/clock.ts'
import { createHandovers, type Handovers } from './handovers.ts'
import type { Medium, ModelChange, SandboxConversation, SandboxParticipant, SandboxUser } from './model-types.ts'
import { inWrapUp, isEnded, newParticipant } from './participants.ts'

/** Ended conversations that can still be read. */
const ENDED_KEPT_MAX = 1_000

export type ConversationsDeps = {
  readonly clock: Clock
  readonly newId: () => string
  readonly tick: () => number
  readonly emit: (change: ModelChange) => void
  readonly alertingTimeoutMs: number | null
  readonly users: () => readonly SandboxUser[]
  readonly user: (id: string) => SandboxUser | undefined
  readonly onWorkChanged: (user: SandboxUser) => void
  readonly onMissed: (user: SandboxUser) => void
}

type WrapUp = {
  readonly wrapUp?: boolean
  /** With it the after-call work ends by itself, ms. */
  readonly wrapUpTimeoutMs?: number
}

export type Conversations = Handovers & {
  /** Someone from outside wants to talk: queued, and offered to the user idle for longest. */
  arrive(medium: Medium): SandboxConversation
  /** Offers straight to this user, whatever the status. */
  offer(userId: string, medium: Medium): SandboxConversation
  /** The user dials out: no queue, no after-call work. */
  placeCall(userId: string): SandboxConversation
  answer(conversationId: string): void
  /** Nobody answers: the agent becomes Not Responding, the conversation goes back to the queue. */
  miss(conversationId: string): void
  /** The agent says no: the same, but the end tells it was the agent [derived]. */
  decline(conversationId: string): void
  hold(conversationId: string, held: boolean): void
  /** The agent gives it back to the queue. */
  transfer(conversationId: string, options?: WrapUp): void
  hangUp(conversationId: string, options?: WrapUp & { readonly by?: 'agent' | 'customer' }): void
  /** The agent has finished the after-call work. */
  finishWrapUp(conversationId: string): void
  conversation(id: string): SandboxConversation | undefined
  conversations(): readonly SandboxConversation[]
  /** Conversations that this user is in now. */
  ofUser(userId: string): readonly string[]
  /** Connected work or after-call work of this user that came through a queue. */
  isWorking(userId: string): boolean
  /** Offers what waits to those who are free. */
  route(): void
  stop(): void
}

export function createConversations(deps: ConversationsDeps): Conversations {
  const { clock, emit, newId, tick } = deps
  const all = new Map<string, SandboxConversation>()
  const timeouts = new Map<string, Cancel>()

  function begin(medium: Medium, purpose: 'customer' | 'user', userId: string | null): SandboxConversation {
    const startedAt = tick()
    const conversation: SandboxConversation = { id: newId(), medium, startedAt, endedAt: null, participants: [] }
    const state = purpose === 'customer' ? 'connected' : 'dialing'
    conversation.participants.push(newParticipant(deps, { purpose, userId, state }))
    all.set(conversation.id, conversation)
    forgetOldest()
    return conversation
  }

  function forgetOldest(): void {
    if (all.size <= ENDED_KEPT_MAX) return
    for (const [id, conversation] of all) {
      if (conversation.endedAt === null) continue
      all.delete(id)
      return
    }
  }

  function mustFind(id: string): SandboxConversation {
    const conversation = all.get(id)
    if (!conversation) throw new Error(`no conversation ${id}`)
    return conversation
  }

  /** The agent (or dialling user) who has it now, or is offered it. */
  function holder(conversation: SandboxConversation): SandboxParticipant | undefined {
    return conversation.participants.findLast((one) => one.userId !== null && !isEnded(one))
  }

  function mustHold(id: string): { conversation: SandboxConversation; agent: SandboxParticipant; user: SandboxUser } {
    const conversation = mustFind(id)
    const agent = holder(conversation)
    const user = agent?.userId ? deps.user(agent.userId) : undefined
    if (!agent || !user) throw new Error(`nobody has conversation ${id}`)
    return { conversation, agent, user }
  }

  function ring(conversation: SandboxConversation, user: SandboxUser, consultedBy?: string): void {
    const offered = { purpose: 'agent', userId: user.id, state: 'alerting' } as const
    conversation.participants.push(newParticipant(deps, { ...offered, ...(consultedBy && { consultedBy }) }))
    emit({ kind: 'conversation', conversation })
    if (deps.alertingTimeoutMs === null) return
    timeouts.set(
      conversation.id,
      clock.after(deps.alertingTimeoutMs, () => miss(conversation.id)),
    )
  }

  function quiet(id: string): void {
    timeouts.get(id)?.()
    timeouts.delete(id)
  }

  function end(one: SandboxParticipant, disconnectType: string): void {
    one.state = 'disconnected'
    one.held = false
    one.disconnectedAt = tick()
    one.disconnectType = disconnectType
    if (one.call && one.call.disconnectedAt === null) {
      one.call.state = 'disconnected'
      one.call.disconnectedAt = one.disconnectedAt
    }
  }

  // The platform tells the end twice, back to back.
  function terminate(conversation: SandboxConversation, ...ended: readonly SandboxParticipant[]): void {
    emit({ kind: 'conversation', conversation })
    for (const one of ended) {
      one.state = 'terminated'
      if (one.call) one.call.state = 'terminated'
    }
    emit({ kind: 'conversation', conversation })
  }

  function startWrapUp(id: string, one: SandboxParticipant, timeoutMs: number | undefined): void {
    one.wrapupRequired = true
    one.acwStartedAt = tick()
    if (timeoutMs === undefined) return
    one.wrapupTimeoutMs = timeoutMs
    timeouts.set(
      one.id,
      clock.after(timeoutMs, () => finishWrapUp(id, one)),
    )
  }

  function finishWrapUp(id: string, agent: SandboxParticipant): void {
    quiet(agent.id)
    agent.acwEndedAt = tick()
    emit({ kind: 'conversation', conversation: mustFind(id) })
    const user = deps.user(agent.userId ?? '')
    if (user) deps.onWorkChanged(user)
    route()
  }

  function miss(id: string): void {
    const { conversation, agent, user } = mustHold(id)
    quiet(id)
    end(agent, 'system')
    terminate(conversation, agent)
    deps.onMissed(user)
    route()
  }

  function route(): void {
    for (const conversation of all.values()) {
      if (
        conversation.endedAt !== null ||
        holder(conversation) ||
        conversation.participants[0]?.purpose !== 'customer'
      ) {
        continue
      }
      const free = deps
        .users()
        .filter((user) => user.presence.systemPresence === 'On Queue' && user.routing === 'IDLE' && !isOffered(user.id))
        .toSorted((one, other) => one.routingAt - other.routingAt)[0]
      if (!free) return
      ring(conversation, free)
    }
  }

  function turns(userId: string): readonly SandboxParticipant[] {
    return [...all.values()].flatMap(({ participants }) => participants.filter((one) => one.userId === userId))
  }

  function isOffered(userId: string): boolean {
    return turns(userId).some((one) => one.state === 'alerting')
  }

  const handovers = createHandovers({
    ...{ clock, emit, newId, tick, mustHold, ring, end, terminate, startWrapUp, quiet, route },
    user: deps.user,
    onWorkChanged: deps.onWorkChanged,
  })

  return {
    ...handovers,
    arrive(medium) {
      const conversation = begin(medium, 'customer', null)
      conversation.participants.push(newParticipant(deps, { purpose: 'acd', userId: null, state: 'connected' }))
      route()
      return conversation
    },
    offer(userId, medium) {
      const user = deps.user(userId)
      if (!user) throw new Error(`no user ${userId}`)
      const conversation = begin(medium, 'customer', null)
      ring(conversation, user)
      return conversation
    },
    placeCall(userId) {
      const conversation = begin('call', 'user', userId)
      emit({ kind: 'conversation', conversation })
      return conversation
    },
    answer(id) {
      const { conversation, agent, user } = mustHold(id)
      quiet(id)
      agent.state = 'connected'
      agent.connectedAt = tick()
      emit({ kind: 'conversation', conversation })
      deps.onWorkChanged(user)
    },
    decline(id) {
      const { conversation, agent, user } = mustHold(id)
      quiet(id)
      end(agent, 'client')
      terminate(conversation, agent)
      deps.onMissed(user)
      route()
    },
    miss,
    hold(id, held) {
      const { conversation, agent } = mustHold(id)
      agent.held = held
      emit({ kind: 'conversation', conversation })
    },
    transfer(id, { wrapUp = false, wrapUpTimeoutMs } = {}) {
      const { conversation, agent, user } = mustHold(id)
      end(agent, 'transfer')
      if (wrapUp) startWrapUp(id, agent, wrapUpTimeoutMs)
      terminate(conversation, agent)
      deps.onWorkChanged(user)
      route()
    },
    hangUp(id, { by = 'agent', wrapUp = false, wrapUpTimeoutMs } = {}) {
      const conversation = mustFind(id)
      const agents = conversation.participants.filter((one) => one.userId !== null && !isEnded(one))
      quiet(id)
      for (const one of conversation.participants) {
        if (isEnded(one)) continue
        end(one, (one.purpose === 'customer') === (by === 'customer') ? 'client' : 'peer')
      }
      conversation.endedAt = tick()
      if (agents.length === 0) return emit({ kind: 'conversation', conversation })
      for (const agent of agents) if (wrapUp && agent.connectedAt !== null) startWrapUp(id, agent, wrapUpTimeoutMs)
      terminate(conversation, ...agents)
      for (const { userId } of agents) {
        const user = deps.user(userId ?? '')
        if (user) deps.onWorkChanged(user)
      }
      route()
    },
    finishWrapUp(id) {
      const agent = mustFind(id).participants.findLast(inWrapUp)
      if (!agent) throw new Error(`nobody wraps up conversation ${id}`)
      finishWrapUp(id, agent)
    },
    conversation: (id) => all.get(id),
    conversations: () => [...all.values()],
    ofUser: (userId) =>
      [...all.values()].flatMap(({ id, participants }) =>
        participants.some((one) => one.userId === userId && !isEnded(one)) ? [id] : [],
      ),
    isWorking: (userId) =>
      turns(userId).some((one) => one.purpose === 'agent' && (one.state === 'connected' || inWrapUp(one))),
    route,
    stop() {
      for (const cancel of timeouts.values()) cancel()
      timeouts.clear()
    },
  }
}
