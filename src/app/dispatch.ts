// The way of orders from the engine to the outbox: of one batch only the newest a side and agent, and nothing before the commit.

import type { DecisionSeq } from '../domain/journal.ts'
import type { Write } from '../domain/outbox.ts'
import type { LogRecord } from '../domain/record.ts'
import type { Side, StatusId } from '../domain/side.ts'
import type { Order } from '../engine/conclude.ts'
import type { AgentEntry } from './agents.ts'
import type { CommitPace } from './commit-pace.ts'

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
  /** First on disk, then on the wire: this order is what the bridge promises. Returns the gap before the next batch, ms. */
  send(): number
}

export function createDispatch(deps: {
  readonly outbox: () => WriteQueue
  readonly commit: () => void
  readonly pace: CommitPace
  readonly superseded: (write: Write) => void
}): Dispatch {
  /** `write` null: what may still be queued is not wanted any more, or not to be written now. */
  const batch = new Map<string, { entry: AgentEntry; side: Side; write: Write | null }>()

  return {
    collect(entry, orders, decided) {
      for (const order of orders) {
        const key = `${order.side} ${entry.member.agent}`
        const waiting = batch.get(key)?.write
        if (waiting) deps.superseded(waiting)
        const write = order.kind === 'write' && decided !== null ? writeOf(entry, order, decided) : null
        batch.set(key, { entry, side: order.side, write })
      }
    },
    seen(entry, side) {
      deps.outbox().seen(entry.member.agent, side, entry.state[side].observed)
    },
    send() {
      if (batch.size === 0) return 0
      const began = performance.now()
      deps.commit()
      const ended = performance.now()
      const outbox = deps.outbox()
      for (const { entry, side, write } of batch.values()) {
        // What was seen between the decision and now is already in the state.
        const expect = entry.state[side].observed
        const old =
          write === null ? outbox.cancel(entry.member.agent, side) : outbox.put({ ...write, expect }).superseded
        if (old !== undefined) deps.superseded(old)
      }
      batch.clear()
      return deps.pace.ended(ended, ended - began)
    },
  }
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
