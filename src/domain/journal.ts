// The port to durable memory: decisions, and each agent's state as it was after the last of them.

import type { Reason } from './reason.ts'
import type { LogRecord, WriteOutcome } from './record.ts'
import type { AgentId, Side } from './side.ts'

/** Grows by one with every decision of a journal; never reused. */
export type DecisionSeq = number

export type JournalEntry = { readonly seq: DecisionSeq; readonly record: LogRecord }

/** The settled outcome of a decision's write. */
export type OutcomeEntry = {
  readonly seq: DecisionSeq
  readonly side: Side
  readonly outcome: WriteOutcome
  readonly ms: number
  readonly words?: string
}

export type JournalBatch = {
  readonly entries: readonly JournalEntry[]
  /** The agents' newest state as JSON text; replaces the stored one. */
  readonly states: ReadonlyMap<AgentId, string>
  readonly outcomes: readonly OutcomeEntry[]
  /** Stream positions and other small memory of adapters; replaces what was stored under the key. */
  readonly marks: ReadonlyMap<string, string>
}

export type LogFilter = {
  readonly agent?: AgentId
  /** Inclusive, ISO 8601 or ms since 1970 turned into it. */
  readonly from?: string
  /** Exclusive. */
  readonly to?: string
  readonly reason?: Reason
  /** Only decisions after this one. */
  readonly afterSeq?: DecisionSeq
  /** At most so many, the newest ones; in the order in which they were decided. */
  readonly limit: number
}

export type Journal = {
  /** Durable when it resolves: all of the batch or, when it rejects, nothing. The batch is taken as it is at the call. */
  append(batch: JournalBatch): Promise<void>
  /** 0 when empty. */
  lastSeq(): DecisionSeq
  states(): Iterable<readonly [AgentId, string]>
  mark(key: string): string | undefined
  /** Records with their newest outcomes. */
  query(filter: LogFilter): readonly JournalEntry[]
  /** Waits for what is being appended. */
  close(): Promise<void>
}

/** The part for those who only read. */
export type JournalReader = Pick<Journal, 'lastSeq' | 'states' | 'mark' | 'query'> & { close(): void }
