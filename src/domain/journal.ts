// The port to durable memory: decisions, and each agent's state as it was after the last of them.

import type { MappingEntry, MinuteFigures, PersonEntry, ServiceEvent, Span } from './history.ts'
import type { Reason } from './reason.ts'
import type { DecisionSeq, LogRecord, WriteOutcome } from './record.ts'
import type { AgentId, Side } from './side.ts'

export type JournalEntry = { readonly seq: DecisionSeq; readonly record: LogRecord }

/** How a decision's write went, or why it waits. */
export type OutcomeEntry = {
  readonly seq: DecisionSeq
  readonly side: Side
  readonly outcome: WriteOutcome
  readonly ms: number
  readonly words?: string
  readonly waited?: string
}

export type JournalBatch = {
  readonly entries: readonly JournalEntry[]
  /** The agents' newest state as JSON text; replaces the stored one. */
  readonly states: ReadonlyMap<AgentId, string>
  readonly outcomes: readonly OutcomeEntry[]
  /** Stream positions and other small memory of adapters; replaces what was stored under the key. */
  readonly marks: ReadonlyMap<string, string>
  /** What only those who read need; a journal in memory does not keep it. */
  readonly history?: HistoryBatch
}

/** Each replaces what is there under the same agent, hash or minute. */
export type HistoryBatch = {
  readonly people: readonly PersonEntry[]
  readonly mappings: readonly MappingEntry[]
  readonly service: readonly ServiceEvent[]
  readonly figures: readonly MinuteFigures[]
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

/** What a walk goes through: everything, in the order of time. */
export type WalkFilter = Span & {
  readonly agent?: AgentId
  /** Only records with `exposed` or `overlaps`. */
  readonly overlapping?: boolean
}

/** For those who only read, also while a bridge is writing. */
export type JournalReader = Pick<Journal, 'lastSeq' | 'states' | 'mark' | 'query'> & {
  /** One record after the other, the oldest first, however many there are; the journal must not be closed meanwhile. */
  walk(filter: WalkFilter): Iterable<JournalEntry>
  /** How many a walk would find, counted in the index. */
  count(filter: WalkFilter): number
  /** An agent's stored state. */
  state(agent: AgentId): string | undefined
  /** By any of their names, whatever the case. */
  person(name: string): PersonEntry | null
  people(): Iterable<PersonEntry>
  /** In force at the time; the newest one where no hash is given. */
  mapping(hash?: string): MappingEntry | null
  /** In the order of time. */
  service(span: Span): readonly ServiceEvent[]
  figures(span: Span): readonly MinuteFigures[]
  /** What the file takes on the disk, bytes, without its log. */
  bytes(): number
  close(): void
}
