// The way of orders from the engine to the outbox: the newest a side and agent, and nothing before its decision is on the disk.

import type { Write } from '../domain/outbox.ts'
import type { DecisionSeq, LogRecord } from '../domain/record.ts'
import { type BySide, SIDES, type Side, type StatusId } from '../domain/side.ts'
import type { Order } from '../engine/conclude.ts'
import type { AgentEntry } from './agents.ts'

/** The outbox, as far as this needs it. */
export type WriteQueue = {
  put(write: Write): { readonly superseded?: Write }
  cancel(agent: Write['agent'], side: Side): Write | undefined
  seen(agent: Write['agent'], side: Side, status: StatusId): void
}

type Decided = { readonly seq: DecisionSeq; readonly record: LogRecord; readonly now: number }

export type Dispatch = {
  collect(entry: AgentEntry, orders: readonly Order[], decided: Decided | null): void
  /** The agent shows something else now: a write that waits must expect that, or it would be turned away for ever. */
  seen(entry: AgentEntry, side: Side): void
  /** First on disk, then on the wire: this order is what the bridge promises. What is ordered while the disk works goes next. */
  send(): void
  /** Nothing goes out any more. */
  stop(): void
}

type Load = BySide<Map<AgentEntry, Write>>

export function createDispatch(deps: {
  readonly outbox: () => WriteQueue
  /** Resolves when all that was decided so far is on the disk. */
  readonly durable: () => Promise<void>
  readonly superseded: (write: Write) => void
}): Dispatch {
  let collecting = newLoad()
  /** Waits for the disk. */
  let leaving: Load | null = null
  let stopped = false

  /** The engine has forgotten what was not sent yet, so it must not be sent any more, wherever on its way it is. */
  function forget(entry: AgentEntry, side: Side): void {
    for (const load of [collecting, leaving]) {
      const write = load?.[side].get(entry)
      if (write === undefined) continue
      load?.[side].delete(entry)
      deps.superseded(write)
    }
    const queued = deps.outbox().cancel(entry.member.agent, side)
    if (queued !== undefined) deps.superseded(queued)
  }

  function send(): void {
    if (leaving !== null || SIDES.every((side) => collecting[side].size === 0)) return
    leaving = collecting
    collecting = newLoad()
    void deps.durable().then(() => {
      if (leaving !== null && !stopped) for (const side of SIDES) hand(leaving[side], side)
      leaving = null
      send()
    })
  }

  function hand(writes: ReadonlyMap<AgentEntry, Write>, side: Side): void {
    const outbox = deps.outbox()
    for (const [entry, write] of writes) {
      // What was seen between the decision and now is already in the state.
      const old = outbox.put({ ...write, expect: entry.state[side].observed }).superseded
      if (old !== undefined) deps.superseded(old)
    }
  }

  return {
    collect(entry, orders, decided) {
      for (const order of orders) {
        forget(entry, order.side)
        if (order.kind === 'write' && decided !== null)
          collecting[order.side].set(entry, writeOf(entry, order, decided))
      }
    },
    seen(entry, side) {
      deps.outbox().seen(entry.member.agent, side, entry.state[side].observed)
    },
    send,
    stop() {
      stopped = true
    },
  }
}

function newLoad(): Load {
  return { crm: new Map(), telephony: new Map() }
}

function writeOf(entry: AgentEntry, order: Extract<Order, { kind: 'write' }>, { seq, record, now }: Decided): Write {
  return {
    seq,
    agent: entry.member.agent,
    side: order.side,
    user: entry.member.users[order.side],
    status: order.status,
    expect: order.expect,
    urgency: order.urgency,
    sentence: record.sentence,
    decidedAt: now,
  }
}
