// What is to be written, per side: the newest write per agent, the most urgent first, until the platform took it, refused it or it is given up.
// The host puts a write only after its decision is journalled. Never here: deciding what an agent's status should be.

import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { OutboxEvents, Urgency, Write } from '../domain/outbox.ts'
import { type AgentId, type BySide, SIDES, type Side, type StatusId } from '../domain/side.ts'
import type { StatusSetter } from './attempt.ts'
import type { PendingWrite } from './job.ts'
import { Lane } from './lane.ts'
import { CONCURRENCY_DEFAULT } from './limits.ts'

export type { PendingWrite } from './job.ts'

export type OutboxDeps = {
  readonly adapters: BySide<StatusSetter>
  readonly clock: Clock
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  readonly log: Log
  readonly events: OutboxEvents
  /** Writes under way at once. */
  readonly concurrency?: BySide<number>
}

export type Outbox = {
  /** Nothing starts before the caller's turn is over. `superseded`: what this one takes the place of; no event follows for it. */
  put(write: Write): { readonly superseded?: Write }
  /**
   * Drops what is not under way and returns it; no event follows for it. What is under way is not tried again and settles by itself:
   * as `failed` with words that begin with "superseded" where the attempt does not succeed. The same goes for one that a newer write waits behind.
   */
  cancel(agent: AgentId, side: Side): Write | undefined
  /** The agent is in this status by now: what the next attempts expect. */
  seen(agent: AgentId, side: Side, status: StatusId): void
  /** Someone is there again to carry out what was `unreachable`. */
  reachable(agent: AgentId, side: Side): void
  /** While down nothing starts; once up again the side goes on only after `resume`. Up and going on to begin with. */
  link(side: Side, up: boolean): void
  /** After a reading of the side; also gives what was unreachable another try. Without effect while the link is down. */
  resume(side: Side): void
  /** What waits, without what is under way. */
  depth(): BySide<Record<Urgency, number>>
  /** Since when the oldest write of this urgency waits to be taken, also one that is under way, ms since 1970; null: none does. */
  oldest(urgency: Urgency): BySide<number | null>
  waiting(agent: AgentId): readonly PendingWrite[]
  /** Nothing is under way, and nothing will be before time passes or something happens outside. */
  idle(): boolean
  /** Starts nothing more, gives what is under way a moment to finish, and hands back what is not settled; no event follows for that. */
  stop(): Promise<readonly Write[]>
}

export function createOutbox(deps: OutboxDeps): Outbox {
  const { adapters, clock, random, log, events } = deps
  const lane = (side: Side) => {
    const concurrency = deps.concurrency?.[side] ?? CONCURRENCY_DEFAULT
    return new Lane({ side, adapter: adapters[side], clock, random, log, events, concurrency })
  }
  const lanes: BySide<Lane> = { crm: lane('crm'), telephony: lane('telephony') }
  return {
    put: (write) => lanes[write.side].put(write),
    cancel: (agent, side) => lanes[side].cancel(agent),
    seen: (agent, side, status) => lanes[side].seen(agent, status),
    reachable: (agent, side) => lanes[side].reachable(agent),
    link: (side, up) => lanes[side].link(up),
    resume: (side) => lanes[side].resume(),
    depth: () => ({ crm: lanes.crm.depth(), telephony: lanes.telephony.depth() }),
    oldest: (urgency) => ({ crm: lanes.crm.oldest(urgency), telephony: lanes.telephony.oldest(urgency) }),
    waiting: (agent) => SIDES.flatMap((side) => lanes[side].pending(agent)),
    idle: () => SIDES.every((side) => lanes[side].idle()),
    stop: async () => (await Promise.all(SIDES.map((side) => lanes[side].stop()))).flat(),
  }
}
