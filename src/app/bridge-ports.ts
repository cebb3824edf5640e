// What the host loop needs from outside, and what it tells.

import type { Clock } from '../domain/clock.ts'
import type { Journal, JournalEntry, OutcomeEntry } from '../domain/journal.ts'
import type { Log } from '../domain/log.ts'
import type { ExposureRecord, LogRecord } from '../domain/record.ts'
import type { Rules } from '../domain/rules.ts'
import type { AgentId, Side } from '../domain/side.ts'
import type { AgentEntry, Agents } from './agents.ts'
import type { Arrivals } from './arrivals.ts'
import type { WriteQueue } from './dispatch.ts'

/** What the host loop tells about itself; counters, logs and pages are somebody else's business. */
export type BridgeObserver = {
  decided(entry: JournalEntry): void
  /** `record`: of the decision that asked for the write. */
  outcome(outcome: OutcomeEntry, record: LogRecord): void
  /** Once for each decision: when its writes are settled, or after a while with what is known. */
  finished(entry: JournalEntry): void
  committed(seconds: number): void
  /** Work could have reached an agent on the side for so much longer while they worked on the other one; told in pieces. */
  exposed(exposure: ExposureRecord & { readonly ms: number }): void
  /** Something about this agent may be different from what was shown of them. */
  touched(agent: AgentId): void
  /** A decision about this agent broke a promise of the engine: the agent is paused. */
  faulty(agent: AgentId): void
}

export type BridgeDeps = {
  readonly agents: Agents
  readonly rules: Rules
  readonly journal: Journal
  readonly clock: Clock
  readonly arrivals: Arrivals
  readonly log: Log
  readonly observer: BridgeObserver
  readonly shadow: boolean
  /** R17: a write was not reported back; the side is to be read. */
  readonly readBack: (side: Side, entry: AgentEntry) => void
  /** The inbox is full and something was dropped: both sides must be read again. */
  readonly overflow: () => void
  /** Made by the caller because the outbox calls back into the bridge. */
  readonly outbox: () => WriteQueue
}
