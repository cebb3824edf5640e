// A small Genesys Cloud organisation in memory: presence and routing status of users, and conversations that are queued,
// offered, answered, missed, held, transferred and wrapped up. It knows no HTTP; server.ts gives it the platform's wire protocol.
//
// NOT imitated: skills, languages, bullseye and preferred-agent routing (the user idle for longest is offered the oldest
// conversation); utilisation other than one piece of work at a time; several queues, queue membership and divisions; stations;
// monitoring; consults that are a conversation of their own; the routing status COMMUNICATING; presence of other sources; what the
// customer says.

import type { Cancel, Clock } from '../../domain/clock.ts'
import { type Conversations, createConversations } from './conversations.ts'
import { createDefinitions, type PresenceDefinition, SYSTEM_IDS } from './definitions.ts'
import type { ModelChange, SandboxUser } from './model-types.ts'

export type GenesysModelDeps = {
  readonly clock: Clock
  /** [0, 1); all ids come from it, so a seed gives the same organisation. */
  readonly random: () => number
  /** An offer rings so long before it counts as missed, ms; null: until `miss` is called. */
  readonly alertingTimeoutMs?: number | null
  /** Going off the queue during work is only a request until the work is done. */
  readonly requestingOffQueue?: boolean
}

export type PresenceAnswer = { readonly kind: 'done' } | { readonly kind: 'no_such_user' | 'no_such_definition' }

export type GenesysModel = Conversations & {
  readonly clock: Clock
  readonly definitions: readonly PresenceDefinition[]
  /** Going off the queue during work is only a request. */
  readonly requestingOffQueue: boolean
  newId(): string
  addUser(person: { readonly name: string; readonly email: string; readonly department?: string }): SandboxUser
  users(): readonly SandboxUser[]
  user(id: string): SandboxUser | undefined
  /** By definition id, or by label for tests and stories. */
  definition(idOrLabel: string): PresenceDefinition | undefined
  setPresence(userId: string, definition: string): PresenceAnswer
  /** What PUT routingstatus does: only On Queue users can be made IDLE, everything else is left as it is. */
  setIdle(userId: string): PresenceAnswer
  /** The user's own doing, in the desktop. */
  setOutOfOffice(userId: string, active: boolean): void
  /** What deleting all tokens of a user does: off the queue, Offline, and every conversation is cut off. */
  logOut(userId: string): PresenceAnswer
  onChange(listener: (change: ModelChange) => void): Cancel
  /** No timer remains. */
  stop(): void
}

export function createGenesysModel(deps: GenesysModelDeps): GenesysModel {
  const { clock } = deps
  const users = new Map<string, SandboxUser>()
  const listeners = new Set<(change: ModelChange) => void>()
  const newId = () => uuid(deps.random)
  const definitions = createDefinitions(newId)
  const byId = new Map(definitions.map((definition) => [definition.id, definition]))
  let previousAt = 0

  // Every change has a time of its own, so that "newer" is always decided.
  function tick(): number {
    previousAt = Math.max(clock.now(), previousAt + 1)
    return previousAt
  }

  function emit(change: ModelChange): void {
    for (const listener of listeners) listener(change)
  }

  function definition(idOrLabel: string): PresenceDefinition | undefined {
    return byId.get(idOrLabel) ?? definitions.find((candidate) => candidate.label === idOrLabel)
  }

  const conversations = createConversations({
    clock,
    newId,
    tick,
    emit,
    alertingTimeoutMs: deps.alertingTimeoutMs ?? null,
    users: () => [...users.values()],
    user: (id) => users.get(id),
    onWorkChanged: settle,
    // Only who is on the queue can be taken from it.
    onMissed: (user) => user.presence.systemPresence === 'On Queue' && setRouting(user, 'NOT_RESPONDING'),
  })

  // After every change of presence or work: the routing status that follows from both.
  function settle(user: SandboxUser): void {
    const working = conversations.isWorking(user.id)
    if (user.futurePresence && !working) applyPresence(user, user.futurePresence)
    if (user.presence.systemPresence !== 'On Queue') setRouting(user, working ? 'INTERACTING' : 'OFF_QUEUE')
    else if (user.routing !== 'NOT_RESPONDING') setRouting(user, working ? 'INTERACTING' : 'IDLE')
  }

  function setRouting(user: SandboxUser, routing: SandboxUser['routing']): void {
    if (user.routing === routing) return
    user.routing = routing
    user.routingAt = tick()
    emit({ kind: 'routing', user })
  }

  function applyPresence(user: SandboxUser, presence: PresenceDefinition): void {
    user.futurePresence = null
    user.presence = presence
    user.presenceAt = tick()
    emit({ kind: 'presence', user })
  }

  function changePresence(user: SandboxUser, presence: PresenceDefinition): void {
    const leavesQueue = user.presence.systemPresence === 'On Queue' && presence.systemPresence !== 'On Queue'
    if (deps.requestingOffQueue && leavesQueue && conversations.isWorking(user.id)) {
      user.futurePresence = presence
      emit({ kind: 'presence', user })
      return
    }
    applyPresence(user, presence)
    settle(user)
    conversations.route()
  }

  return {
    ...conversations,
    clock,
    definitions,
    requestingOffQueue: deps.requestingOffQueue ?? false,
    newId,
    definition,
    addUser({ name, email, department }) {
      const offline = byId.get(SYSTEM_IDS.Offline)
      if (!offline) throw new Error('the organisation has no Offline definition')
      const at = tick()
      const status = {
        presence: offline,
        presenceAt: at,
        futurePresence: null,
        routing: 'OFF_QUEUE',
        routingAt: at,
      } as const
      const rest = { outOfOffice: { active: false, at }, loggedOut: 0 }
      const user: SandboxUser = { id: newId(), name, email, department: department ?? 'Support', ...status, ...rest }
      users.set(user.id, user)
      return user
    },
    users: () => [...users.values()],
    user: (id) => users.get(id.toLowerCase()),
    setPresence(userId, wanted) {
      const user = users.get(userId.toLowerCase())
      const presence = definition(wanted)
      if (!user) return { kind: 'no_such_user' }
      if (!presence || presence.deactivated) return { kind: 'no_such_definition' }
      changePresence(user, presence)
      return { kind: 'done' }
    },
    setIdle(userId) {
      const user = users.get(userId.toLowerCase())
      if (!user) return { kind: 'no_such_user' }
      if (user.presence.systemPresence === 'On Queue') {
        setRouting(user, conversations.isWorking(user.id) ? 'INTERACTING' : 'IDLE')
        conversations.route()
      }
      return { kind: 'done' }
    },
    setOutOfOffice(userId, active) {
      const user = users.get(userId.toLowerCase())
      if (!user) throw new Error(`no user ${userId}`)
      user.outOfOffice = { active, at: tick() }
      emit({ kind: 'out of office', user })
    },
    logOut(userId) {
      const user = users.get(userId.toLowerCase())
      const offline = byId.get(SYSTEM_IDS.Offline)
      if (!user || !offline) return { kind: 'no_such_user' }
      user.loggedOut += 1
      for (const id of conversations.ofUser(user.id)) conversations.hangUp(id)
      if (user.presence.systemPresence !== 'Offline') changePresence(user, offline)
      return { kind: 'done' }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop() {
      listeners.clear()
      conversations.stop()
    },
  }
}

function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}
